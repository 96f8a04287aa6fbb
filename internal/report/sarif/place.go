package sarif

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// place is a location for a span. Code scanning shows an alert on a pull request only when all lines of its region are in the
// difference, so the region is what stands on the first line; the whole is its context.
func (w *writer) place(s span.Span) location {
	full := region{max(s.Start.Line, 1), max(s.Start.Column, 1), max(s.End.Line, s.Start.Line, 1), max(s.End.Column, 1)}
	at := full
	if at.EndLine > at.StartLine {
		at.EndLine, at.EndColumn = at.StartLine, at.StartColumn+1
		if src := w.Sources.File(s.File); src != nil {
			at.EndColumn = utf8.RuneCountInString(src.Line(at.StartLine)) + 1
		}
	}
	at.EndColumn = max(at.EndColumn, at.StartColumn+1)
	p := physical{Artifact: artifact{URI(path.Join(w.Prefix, s.File))}, Region: at}
	if full.EndLine > full.StartLine {
		p.Context = &full
	}
	return location{Physical: p}
}

// URI is a file's path as a relative reference.
func URI(file string) string {
	parts := strings.Split(file, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), ":", "%3A")
	}
	return strings.Join(parts, "/")
}

// fallback is where a finding goes that has no place: every result needs one.
func (w *writer) fallback(hub string) span.Span {
	start := span.Pos{Line: 1, Column: 1}
	for _, h := range w.report.Hubs {
		if h.Name == hub && len(h.Sources) > 0 {
			return span.Span{File: h.Sources[0], Start: start, End: start}
		}
	}
	for _, p := range w.report.Problems {
		if p.Location != nil {
			return *p.Location
		}
	}
	return span.Span{File: ".tljh-policy.yaml", Start: start, End: start}
}

// lineHash is code scanning's fingerprint of a line; "" when the file cannot be had.
func (w *writer) lineHash(s span.Span) string {
	hashes, ok := w.hashes[s.File]
	if !ok {
		if src := w.Sources.File(s.File); src != nil {
			hashes = lineHashes(src.Text)
		}
		w.hashes[s.File] = hashes
	}
	if n := max(s.Start.Line, 1); n <= len(hashes) {
		return hashes[n-1]
	}
	return ""
}

func (w *writer) related(f *report.Finding) []location {
	var out []location
	for _, r := range f.Related {
		if r.Location == nil || len(out) == maxRelated {
			continue
		}
		l := w.place(*r.Location)
		id := len(out) + 1
		l.ID, l.Message = &id, &message{Text: "see also"}
		out = append(out, l)
	}
	return out
}
