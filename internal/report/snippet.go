package report

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Sources gives the lines of a repository's files for showing them, except those that hold a secret.
type Sources struct {
	open    []func(file string) *span.Source
	secrets []span.Span
	once    sync.Once
	values  []string // what stands there
}

// NewSources takes the files and the known secrets of hubs.
func NewSources(docs []*hub.Document, more ...*span.Source) *Sources {
	s := &Sources{}
	for _, d := range docs {
		if d.Source != nil {
			s.open = append(s.open, d.Source)
		}
		s.hide(d.Root.Get("secrets"))
	}
	for _, src := range more {
		if src != nil {
			s.open = append(s.open, func(file string) *span.Source {
				if file == src.File {
					return src
				}
				return nil
			})
		}
	}
	return s
}

// hide notes the places of a tree's nodes.
func (s *Sources) hide(n *doc.Node) {
	if n == nil {
		return
	}
	if !n.At.IsZero() {
		s.secrets = append(s.secrets, n.At)
	}
	for _, c := range n.Items {
		s.hide(c)
	}
	for _, c := range n.Child {
		s.hide(c)
	}
}

// looksSecret are lines that nobody listed as a secret but that may well hold one. Showing a line too few is harmless.
var looksSecret = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(passw(or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|authkey|credential)[\w.\-]*["']?\s*[:=, ]\s*["']?[^\s"'$<{(]{4,}` +
		`|BEGIN [A-Z ]*PRIVATE KEY|--admin[= ]+["']?[^\s:$]+:\S|://[^/\s:@]+:[^@\s/$]+@|\b(gh[pousr]_|github_pat_|AKIA|xox[bap]-|glpat-)\w{8}`)
})

// line is the source line at the start of a place. secret says that there is one but it must not be shown.
func (s *Sources) line(at span.Span) (text string, secret, ok bool) {
	for _, open := range s.open {
		src := open(at.File)
		if src == nil {
			continue
		}
		text = src.Line(at.Start.Line)
		if strings.TrimSpace(text) == "" || !utf8.ValidString(text) || len(text) > 1<<16 {
			return "", false, false
		}
		for _, h := range s.secrets {
			if h.File == at.File && h.Start.Line <= at.Start.Line && at.Start.Line <= max(h.Start.Line, h.End.Line) {
				return "", true, true
			}
		}
		return text, s.Secret(text), true
	}
	return "", false, false
}

// Line is a line of a file for showing it; not ok when there is none, or when it must not be shown because it holds a
// secret or may hold one.
func (s *Sources) Line(file string, n int) (text string, ok bool) {
	if s == nil {
		return "", false
	}
	text, secret, ok := s.line(span.Span{File: file, Start: span.Pos{Line: n, Column: 1}})
	return text, ok && !secret
}

// File is the whole of a file, for measuring it; nil when it is not there. Nothing of it may be shown: see Line.
func (s *Sources) File(file string) *span.Source {
	if s == nil {
		return nil
	}
	for _, open := range s.open {
		if src := open(file); src != nil {
			return src
		}
	}
	return nil
}

// Blank says whether a line of a file is there and empty.
func (s *Sources) Blank(file string, n int) bool {
	src := s.File(file)
	return src != nil && n > 0 && n <= strings.Count(src.Text, "\n")+1 && strings.TrimSpace(src.Line(n)) == ""
}

// Secret says whether a line of text may not be shown: it looks as if it held a secret, or holds one that stands elsewhere too.
func (s *Sources) Secret(line string) bool {
	if LooksSecret(line) {
		return true
	}
	if s == nil {
		return false
	}
	s.once.Do(s.readSecrets)
	for _, v := range s.values {
		if strings.Contains(line, v) {
			return true
		}
	}
	return false
}

// minSecret is how long a secret must be to be looked for elsewhere: shorter ones are in many words.
const minSecret = 6

// readSecrets notes what stands where secrets are.
func (s *Sources) readSecrets() {
	for _, at := range s.secrets {
		src := s.File(at.File)
		if src == nil || at.End.Line != at.Start.Line {
			continue
		}
		runes := []rune(src.Line(at.Start.Line))
		from := min(max(at.Start.Column-1, 0), len(runes))
		text := strings.Trim(string(runes[from:min(max(at.End.Column-1, from), len(runes))]), "\"' ")
		if _, password, ok := strings.Cut(text, ":"); ok { // NAME:PASSWORD
			text = strings.Trim(password, "\"' ")
		}
		if len(text) >= minSecret {
			s.values = append(s.values, text)
		}
	}
}

// LooksSecret says whether a line of text may hold a secret.
func LooksSecret(line string) bool { return looksSecret().MatchString(line) }

// snippetWidth is how many columns of a source line are shown.
const snippetWidth = 100

// snippet makes two lines to print under each other: a source line, and a line that underlines at. Characters that a
// terminal must not get are shown as escapes, wide ones count as two columns, and a long line is cut around the place.
func snippet(text string, at span.Span) (line, carets string) {
	runes := []rune(text)
	from := min(max(at.Start.Column-1, 0), len(runes))
	to := len(runes)
	if at.End.Line == at.Start.Line {
		to = min(max(at.End.Column-1, from), len(runes))
	}
	before, marked, after := show(runes[:from]), show(runes[from:to]), show(runes[to:])
	before = strings.TrimLeft(before, " ")
	if lead := uniseg.StringWidth(before); lead > snippetWidth/2 {
		before = "…" + cutLeft(before, snippetWidth/2-1)
	}
	marked = cutRight(marked, snippetWidth-uniseg.StringWidth(before))
	rest := snippetWidth - uniseg.StringWidth(before) - uniseg.StringWidth(marked)
	line = before + marked + cutRight(after, rest)
	width := max(uniseg.StringWidth(strings.TrimRight(marked, " ")), 1)
	return strings.TrimRight(line, " "), strings.Repeat(" ", uniseg.StringWidth(before)) + strings.Repeat("^", width)
}

func show(runes []rune) string {
	s := strings.ReplaceAll(string(runes), "\t", "    ")
	// The sanitizer guards the start of a line; a piece of one is guarded by the gutter in front of it.
	return strings.ReplaceAll(sanitize.Line(s), "\u200b", "")
}

// cutRight shortens s to width columns, with "…" at the end.
func cutRight(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var b strings.Builder
	used := 1
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if used += g.Width(); used > width {
			break
		}
		b.WriteString(g.Str())
	}
	if width < 1 {
		return ""
	}
	return b.String() + "…"
}

// cutLeft is the end of s that fits in width columns.
func cutLeft(s string, width int) string {
	drop := uniseg.StringWidth(s) - width
	for g := uniseg.NewGraphemes(s); drop > 0 && g.Next(); {
		drop -= g.Width()
		s = s[len(g.Str()):]
	}
	return s
}
