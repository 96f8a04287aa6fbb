// Package sarif writes a report as SARIF 2.1.0, for GitHub's code scanning above all: what it cannot show is not in it, and
// its limits are kept (reference: docs "SARIF support for code scanning").
package sarif

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Options are what the file needs besides the report.
type Options struct {
	Prefix   string          // the checked directory within the repository; "" for its root
	Category string          // tells apart several checks of one repository
	Sources  *report.Sources // for the fingerprints of lines
}

// The limits. Code scanning shows 5,000 results of a run, and takes 10 MB of gzip.
const (
	maxResults = 5000
	maxRelated = 20
	maxText    = 1024
	maxZipped  = 9_500_000
)

// Write writes what fails, what is accepted for now, and what cannot be decided. What is in order is left out: code scanning would
// show it as an alert.
func Write(out io.Writer, r *report.Report, o Options) error {
	for most := maxResults; ; most /= 2 {
		w := &writer{Options: o, report: r, index: map[string]int{}, hashes: map[string][]string{}, rules: []descriptor{}, most: most}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(w.log()); err != nil {
			return err
		}
		if most > 1 && zipped(b.Bytes()) > maxZipped {
			continue
		}
		_, err := out.Write(sanitize.JSON(b.Bytes()))
		return err
	}
}

// zipped is how large a text is once it is packed for uploading; short texts are not worth the work.
func zipped(text []byte) int {
	if len(text) <= maxZipped {
		return len(text)
	}
	var n counter
	z := gzip.NewWriter(&n)
	_, _ = z.Write(text) // a counter takes everything
	_ = z.Close()
	return int(n)
}

type counter int

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }

type writer struct {
	Options
	report *report.Report
	rules  []descriptor
	index  map[string]int
	hashes map[string][]string // by file
	most   int                 // how many results and notifications are written
}

func (w *writer) log() log {
	r := w.report
	items := w.items()
	notes := w.notifications()
	if left := len(items) - w.most; left > 0 {
		items = items[:w.most]
		notes = append(notes, notification{Level: "warning", Message: text(fmt.Sprintf("%d more findings are left out, the least severe ones: code scanning shows no more than %d, and takes files of 10 MB.", left, maxResults))})
	}
	results := []result{}
	for _, it := range items {
		results = append(results, w.result(it))
	}
	return log{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []run{{
			Tool: tool{driver{
				Name: r.Tool.Name, Version: r.Tool.Version, InformationURI: "https://github.com/tljh-policy/tljh-policy", Rules: w.rules,
			}},
			Automation: automation{category(w.Category, w.Prefix)}, ColumnKind: "unicodeCodePoints",
			Invocations: []invocation{{r.ExitCode != report.ExitUnevaluated, r.ExitCode, sanitize.Line(r.ExitReason), notes}},
			Results:     results,
		}},
	}
}

// category tells apart the runs of one tool; without one, the checked directory does. It is split at its last slash, and what follows
// that is taken for the number of a run.
func category(s, prefix string) string {
	if strings.Trim(s, "/ ") == "" {
		s = "tljh-policy/" + prefix
	}
	return strings.Trim(cut(sanitize.Line(s), 200), "/ ") + "/"
}

func (w *writer) result(it item) result {
	at := w.fallback(it.res.Hub)
	if it.f.Location != nil {
		at = *it.f.Location
	}
	v, lev, says := failing, level(it.res.Severity), it.f.Message
	switch {
	case it.f.Outcome == report.RuleError:
		v, lev = broken, "error"
	case it.f.Waiver != nil:
		v, lev = accepted, "note"
	case it.f.Outcome == report.Unknown:
		v, lev = undecided, "note"
	}
	if len(w.report.Hubs) > 1 && it.res.Hub != "" {
		says = "Hub " + it.res.Hub + ": " + says
	}
	i := w.describe(it.res, v)
	out := result{
		RuleID: w.rules[i].ID, RuleIndex: i, Level: lev, Message: text(says), Locations: []location{w.place(at)}, Related: w.related(it.f),
		Fingerprints: map[string]string{"tljhPolicy/v1": it.f.Fingerprint},
		Properties:   resultProperties{cut(sanitize.Line(it.res.Hub), 200), string(it.f.Outcome)},
	}
	if hash := w.lineHash(at); hash != "" {
		out.Fingerprints["primaryLocationLineHash"] = hash
	}
	if wv := it.f.Waiver; wv != nil {
		kind := map[string]string{"comment": "inSource", "settings": "external"}[wv.Kind]
		s := suppression{Kind: kind, Status: "accepted", Justification: text(fmt.Sprintf("%s (until %s)", wv.Reason, wv.Expires)).Text}
		if wv.Location != nil {
			l := w.place(*wv.Location)
			s.Location = &l
		}
		out.Suppressions = []suppression{s}
	}
	if w.report.Comparison != nil {
		out.Baseline = "new"
		if it.f.Change == report.Existing {
			out.Baseline = "unchanged"
		}
	}
	return out
}

// notifications are what could not be read or evaluated.
func (w *writer) notifications() []notification {
	out := []notification{}
	for i, p := range w.report.Problems {
		if i == w.most {
			break
		}
		n := notification{Level: "warning", Message: text(p.Message)}
		if p.Fatal {
			n.Level = "error"
		}
		if p.Location != nil {
			n.Locations = []location{w.place(*p.Location)}
		}
		out = append(out, n)
	}
	return out
}

// text is a text in plain words: one line without links, which SARIF makes of "[…](…)".
func text(s string) message {
	s = cut(sanitize.Line(s), maxText)
	if s == "" {
		s = "No reason is given."
	}
	return message{Text: unlinked(s)}
}

func unlinked(s string) string { return strings.ReplaceAll(s, "](", "]\u200b(") }

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
