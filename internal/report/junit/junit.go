// Package junit writes a report as JUnit XML, which most test dashboards read: a suite for each hub, a case for each rule.
package junit

import (
	"encoding/xml"
	"io"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []*suite `xml:"testsuite"`
}

type suite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []*testcase `xml:"testcase"`
}

type testcase struct {
	Name    string  `xml:"name,attr"`
	Class   string  `xml:"classname,attr"`
	File    string  `xml:"file,attr,omitempty"`
	Line    int     `xml:"line,attr,omitempty"`
	Failure *detail `xml:"failure"`
	Error   *detail `xml:"error"`
	Skipped *detail `xml:"skipped"`
}

type detail struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Write writes the report. What fails below the fail level, is undecided, accepted or does not apply counts as skipped: the check
// does not fail for it, but it did not pass either. What could not be read is a suite of its own.
func Write(w io.Writer, r *report.Report) error {
	all := suites{Name: "tljh-policy"}
	by := map[string]*suite{}
	in := func(name string) *suite {
		if by[name] == nil {
			by[name] = &suite{Name: name}
			all.Suites = append(all.Suites, by[name])
		}
		return by[name]
	}
	for _, res := range r.Results {
		name := "the repository as a whole"
		if res.Hub != "" {
			name = "hub " + sanitize.Line(res.Hub)
		}
		in(name).add(of(r, res))
	}
	for _, p := range r.Problems {
		if p.Fatal {
			c := &testcase{Name: "could not be read or evaluated", Class: "tljh-policy", Error: &detail{Message: sanitize.Line(p.Message)}}
			if p.Location != nil {
				c.File, c.Line = sanitize.Line(p.Location.File), p.Location.Start.Line
			}
			in("reading").add(c)
		}
	}
	for _, s := range all.Suites {
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *suite) add(c *testcase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func of(r *report.Report, res report.Result) *testcase {
	c := &testcase{Name: sanitize.Line(res.Rule), Class: "tljh-policy"}
	text := ""
	for _, f := range res.Findings {
		if f.Outcome == report.Pass {
			continue
		}
		if f.Location != nil {
			text += sanitize.Line(f.Location.String()) + ": "
		}
		text += sanitize.Line(f.Message) + "\n"
	}
	if res.Location != nil {
		c.File, c.Line = sanitize.Line(res.Location.File), res.Location.Start.Line
	}
	d := &detail{Message: sanitize.Line(res.Message), Text: text}
	switch {
	case res.Outcome == report.RuleError:
		c.Error = d
	case res.Outcome == report.Fail && r.Gates(res):
		d.Type, c.Failure = string(res.Severity), d
	case res.Outcome == report.Unknown && r.Gates(res):
		d.Type, c.Failure = "unknown", d
	case res.Outcome != report.Pass:
		d.Message = string(res.Outcome) + ": " + d.Message
		d.Type, c.Skipped = "", d
	}
	return c
}
