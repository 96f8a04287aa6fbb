package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/tljh-policy/tljh-policy/internal/comment"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/annotate"
	"github.com/tljh-policy/tljh-policy/internal/report/junit"
	"github.com/tljh-policy/tljh-policy/internal/report/sarif"
)

// formats are what check can write.
var formats = []string{"text", "json", "sarif", "junit", "markdown", "github"}

// aboutFormats says what they are for.
const aboutFormats = `Formats: text for people, json for programs (its schema: schema report), sarif for
GitHub's code scanning and editors, junit for test dashboards, markdown for a wiki
or a job's summary, github for annotations in a workflow's log.
`

// output is one --output FORMAT=FILE.
type output struct{ format, file string }

func parseOutputs(values []string) ([]output, error) {
	var out []output
	for _, v := range values {
		format, file, ok := strings.Cut(v, "=")
		if !ok || file == "" {
			return nil, usage("--output %q is not FORMAT=FILE, such as json=report.json", v)
		}
		if err := oneOf("output", format, formats...); err != nil {
			return nil, err
		}
		out = append(out, output{format, file})
	}
	return out, nil
}

// write writes a report in one format. dir is the directory that was checked.
func write(w io.Writer, format, dir string, r *report.Report, sources *report.Sources, colour bool) error {
	switch format {
	case "json":
		return report.JSON(w, r)
	case "sarif":
		return sarif.Write(w, r, sarif.Options{Prefix: withinRepository(dir), Sources: sources})
	case "junit":
		return junit.Write(w, r)
	case "markdown":
		_, err := io.WriteString(w, comment.JobSummary(r, comment.Options{Sources: sources}))
		return err
	case "github":
		return annotate.Write(w, r, annotate.Options{Prefix: withinRepository(dir)})
	}
	return report.Text(w, r, sources, colour)
}

// withinRepository is where a directory lies in its Git repository, "" for its root: GitHub wants files named from there.
func withinRepository(dir string) string {
	full, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	for root := full; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			rel, err := filepath.Rel(root, full)
			if err != nil || rel == "." {
				return ""
			}
			return filepath.ToSlash(rel)
		}
		if root == filepath.Dir(root) {
			return ""
		}
	}
}

// writeAll writes the report to the standard output and to the files that were asked for.
func writeAll(s Streams, o *checkOptions, r *report.Report, sources *report.Sources) error {
	var failed error
	if err := write(s.Out, o.format, o.dir, r, sources, useColour(s, o.colour)); err != nil {
		failed = unevaluated("the report could not be written: %v", err)
	}
	for _, out := range o.outputs {
		var b bytes.Buffer
		err := write(&b, out.format, o.dir, r, sources, false)
		if err == nil {
			err = os.WriteFile(out.file, b.Bytes(), 0o644)
		}
		if err != nil {
			failed = unevaluated("the report could not be written: %v", err)
		}
	}
	return failed
}

// useColour decides about colour: --color, then NO_COLOR, CLICOLOR_FORCE, and whether the output is a terminal.
func useColour(s Streams, choice string) bool {
	switch {
	case choice == "always":
		return true
	case choice == "never", s.Env("NO_COLOR") != "":
		return false
	}
	if force := s.Env("CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	f, ok := s.Out.(*os.File)
	return ok && s.Env("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
