package report

import (
	"io"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Section is a piece of a page for people to read: paragraphs, and indented lines that stay as they are.
type Section struct {
	Title string // may be empty
	Text  string
}

// Page writes sections one below the other.
func Page(w io.Writer, sections []Section) error {
	p := &printer{}
	for i, s := range sections {
		if i > 0 {
			p.line("")
		}
		indent := ""
		if s.Title != "" {
			p.line(sanitize.Line(s.Title) + ":")
			indent = "  "
		}
		p.block(indent, s.Text)
	}
	_, err := w.Write(p.out.Bytes())
	return err
}
