package action

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// say prints lines to the log that no text of the repository can turn into a workflow command.
func (r *runner) say(text string) { fmt.Fprintln(r.host.Out, sanitize.Lines(text)) }

// write writes the verdict where no network is needed: log, annotations, files, outputs, job summary. Each stands by itself.
func (r *runner) write(v *verdict) {
	r.guard("log", func() { r.log(v) })
	r.guard("annotations", func() { r.annotate(v) })
	var sarif, full string
	r.guard("SARIF file", func() { sarif = r.file(v, v.in.sarifFile, func(b *bytes.Buffer) error { return r.sarif(v, b) }) })
	r.guard("report file", func() {
		full = r.file(v, v.in.reportFile, func(b *bytes.Buffer) error { return report.JSON(b, v.report()) })
	})
	r.guard("outputs", func() {
		err := writeOutputs(r.host.Getenv("GITHUB_OUTPUT"), append(outputs(v), value{"report", full}, value{"sarif", sarif}, value{"comment-url", ""}))
		if err != nil {
			r.say("The outputs could not be written: " + err.Error())
		}
	})
	r.guard("job's summary", func() {
		if err := writeSummary(r.host.Getenv("GITHUB_STEP_SUMMARY"), r.summary(v)); err != nil {
			r.say("The job's summary could not be written: " + err.Error())
		}
	})
}

// guard keeps a fault of one kind of output from costing the others, or the verdict.
func (r *runner) guard(what string, do func()) {
	defer func() {
		if p := recover(); p != nil {
			r.notice(fmt.Sprintf("The %s could not be written: internal error: %.200v", what, p))
		}
	}()
	do()
}

// log prints the report. Beside what sanitize does, the runner is told to obey nothing meanwhile.
func (r *runner) log(v *verdict) {
	token := rand.Text()
	fmt.Fprintf(r.host.Out, "::stop-commands::%s\n", token)
	if rep := v.report(); rep != nil {
		if err := report.Text(r.host.Out, rep, v.head.Sources, false); err != nil {
			r.say(err.Error())
		}
	}
	if v.why != "" {
		r.say(v.why)
	}
	for _, n := range v.notes {
		r.say("Note: " + n)
	}
	for _, c := range v.gate {
		r.say("This pull request " + c.text + ". It has no effect on this check before it is merged.")
	}
	fmt.Fprintf(r.host.Out, "::%s::\n", token)
}

// outputs are the step's outputs that the verdict decides. Every one is written in every run, so that none can be forged.
func outputs(v *verdict) []value {
	var s report.Summary
	made, fixed := 0, 0
	if rep := v.report(); rep != nil {
		s = rep.Summary
		if c := rep.Comparison; c != nil {
			made, fixed = c.Failures.New, c.Failures.Fixed
		}
	}
	n := strconv.Itoa
	return []value{
		{"outcome", outcome(v)}, {"exit-code", n(v.code)}, {"pass", n(s.Pass)}, {"fail", n(s.Fail)}, {"unknown", n(s.Unknown)},
		{"not-applicable", n(s.NotApplicable)}, {"waived", n(s.Waived)}, {"error", n(s.Error)}, {"new", n(made)}, {"fixed", n(fixed)},
	}
}

// outcome is the verdict in one word; what is not decided is not called passed.
func outcome(v *verdict) string {
	switch {
	case v.code == report.ExitFailed:
		return "fail"
	case v.code != report.ExitPassed:
		return "error"
	case v.report().Undecided() > 0:
		return "unknown"
	}
	return "pass"
}

// file writes a file below the workspace and returns its name; "" if none was asked for or it could not be written. A link that
// the repository has at that place is replaced, not followed, and the file belongs to the workspace's owner.
func (r *runner) file(v *verdict, name string, fill func(*bytes.Buffer) error) string {
	if name == "" || v.report() == nil {
		return ""
	}
	var b bytes.Buffer
	err := fill(&b)
	if err == nil {
		err = writeBeneath(r.workspace(), filepath.ToSlash(name), b.Bytes())
	}
	if err != nil {
		r.say(fmt.Sprintf("%s could not be written: %v", name, err))
		return ""
	}
	return name
}

func writeBeneath(dir, name string, text []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	owner := -1
	group := -1
	if info, err := root.Stat("."); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			owner, group = int(st.Uid), int(st.Gid)
		}
	}
	var made []string
	for d := path.Dir(path.Clean(name)); d != "." && d != "/"; d = path.Dir(d) {
		if _, err := root.Lstat(d); err != nil {
			made = append(made, d)
		}
	}
	if err := root.MkdirAll(path.Dir(path.Clean(name)), 0o755); err != nil {
		return err
	}
	if info, err := root.Lstat(name); err == nil && !info.IsDir() {
		if err := root.Remove(name); err != nil {
			return err
		}
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if e := f.Close(); err == nil {
		err = e
	}
	if os.Getuid() == 0 && owner > 0 {
		for _, n := range append(made, name) {
			_ = root.Lchown(n, owner, group) // a file that root owns only hinders the next checkout
		}
	}
	return err
}
