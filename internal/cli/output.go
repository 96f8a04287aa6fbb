package cli

import (
	"bytes"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// formats are what check can write.
var formats = []string{"text", "json"}

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

// write writes a report in one format.
func write(w io.Writer, format string, r *report.Report, sources *report.Sources, colour bool) error {
	if format == "json" {
		return report.JSON(w, r)
	}
	return report.Text(w, r, sources, colour)
}

// writeAll writes the report to the standard output and to the files that were asked for.
func writeAll(s Streams, o *checkOptions, r *report.Report, sources *report.Sources) error {
	var failed error
	if err := write(s.Out, o.format, r, sources, useColour(s, o.colour)); err != nil {
		failed = unevaluated("the report could not be written: %v", err)
	}
	for _, out := range o.outputs {
		var b bytes.Buffer
		err := write(&b, out.format, r, sources, false)
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
