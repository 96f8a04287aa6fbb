package host

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// cronFile is a crontab (user: its lines name a user), or a script that cron runs every so many hours.
type cronFile struct {
	s     step.Step
	file  string // its path, or "crontab of" whom
	text  span.Text
	user  bool
	every float64
}

// cronName is what Debian's cron and run-parts take for a file of theirs: no dot, so none that ends in .sh.
var cronName = lazyregexp.New(`^[A-Za-z0-9_-]+$`)

// ignored says that cron passes over the file because of its name; nil when it does not.
func (c *cronFile) ignored() *doc.Node {
	if !strings.HasPrefix(c.file, "/etc/cron.") || span.IsUnknown(c.file) || cronName.MatchString(base(c.file)) {
		return nil
	}
	return doc.Of(false, doc.Set, c.s.At)
}

// scheduled keeps a crontab. One that is written anew takes the place of what it held before.
func (i *interp) scheduled(c cronFile, more bool) {
	if !more && maybe(&c.s) == "" {
		i.forget(c.file)
	} else if job := c.job(); job != "" {
		i.removeJob(&c.s, job)
	}
	i.crons = append(i.crons, c)
	if c.ignored() != nil {
		i.problem(c.s.At, "cron passes over "+c.file+", because there is a dot in its name; leave the dot out")
	}
}

// job is the name of the line that a step adds, where it has one.
func (c *cronFile) job() string {
	name, _ := strings.CutPrefix(c.text.String(), step.CronMark)
	name, _, named := strings.Cut(name, "\n")
	if !named || strings.HasPrefix(name, "#") || !strings.HasPrefix(c.text.String(), step.CronMark) {
		return ""
	}
	return name
}

// removeJob takes away the line of that name.
func (i *interp) removeJob(s *step.Step, job string) {
	why := maybe(s)
	i.crons = slices.DeleteFunc(i.crons, func(c cronFile) bool { return why == "" && c.job() == job })
	for k := range i.crons {
		if c := &i.crons[k]; c.job() == job && c.s.Cond == nil {
			c.s.Cond = &step.Cond{Why: "it may be taken away again or changed: " + why, At: s.At}
		}
	}
}

func (i *interp) forget(file string) {
	i.crons = slices.DeleteFunc(i.crons, func(c cronFile) bool { return c.file == file })
}

// unschedule is rm of a crontab, or crontab -r. Where that may not happen, nobody knows whether the jobs stay.
func (i *interp) unschedule(s *step.Step, file string) {
	why := maybe(s)
	if why == "" {
		i.forget(file)
		return
	}
	for k := range i.crons {
		if c := &i.crons[k]; c.file == file && c.s.Cond == nil {
			c.s.Cond = &step.Cond{Why: "it may be removed again: " + why, At: s.At}
		}
	}
}

// crontab is the command of that name.
func (i *interp) crontab(s *step.Step, args []string) {
	whose := "root"
	for n := 0; n < len(args); n++ {
		switch a := args[n]; {
		case a == "-u":
			if n++; n < len(args) {
				whose = args[n]
			}
		case a == "-r":
			i.unschedule(s, "crontab of "+whose)
			return
		case a == "-l" || a == "-e":
			return
		case a != "-" && !strings.HasPrefix(a, "-"):
			if t, _, ok := i.open(s, a); ok {
				i.scheduled(cronFile{s: *s, file: "crontab of " + whose, text: t}, false)
			}
			return
		}
	}
	if s.Stdin != nil {
		// What is not known of it is what was there before: (crontab -l; echo …) | crontab -
		i.scheduled(cronFile{s: *s, file: "crontab of " + whose, text: *s.Stdin}, span.IsUnknown(s.Stdin.String()))
	}
}
