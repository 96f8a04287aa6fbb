package puppet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var loops = lazyregexp.New(`\b(?:do|source|bash|sh)\b`)

// exec is a command; false if it is not run.
func (c *call) exec() bool {
	r, x := c.r, c.x
	why := ""
	switch v := x.attrs["refreshonly"]; {
	case v.kind == boolean && v.yes, v.kind == str && v.text.String() == "true":
		told, cond := r.told(x)
		if !told {
			return false
		}
		if x.cond == nil && cond != nil {
			x.cond = cond
		}
	case v.kind == unknown:
		why = "whether it only runs when something changes is not known: " + v.why()
	}
	cmd := c.line1("command")
	if cmd.Len() == 0 {
		cmd = x.title
	}
	if first := strings.TrimLeft(cmd.String(), "' \t\n"); !strings.HasPrefix(first, "/") && !span.IsUnknown(first) && x.attrs["path"].kind == undef && x.attrs["*"].kind == undef && c.str("provider") == "" {
		why := "Puppet refuses a command that is no full path where \"path\" is not set"
		r.problem(cmd.Span(), "%s, and does nothing at all then", why)
		if r.failed == nil {
			r.failed = &step.Cond{Why: why, At: cmd.Span()}
		}
	}
	for _, p := range x.attrs["creates"].all() {
		s := r.asText(p).String()
		if _, there := r.written[s]; there || r.sure && ofTLJH(s) {
			why = "it runs only where " + span.Show(s) + " is not there yet"
		}
	}
	if v, ok := x.attrs["*"]; ok {
		why = orElse(why, "not all of its arguments are known: "+v.why())
	}
	if span.IsUnknown(cmd.String()) && strings.TrimSpace(span.Show(cmd.String())) == "…" {
		c.emit(opaqueStep(x.at, "a command that is not known: "+span.Reason(cmd.String())))
		return true
	}
	for _, g := range []struct{ key, then string }{{"onlyif", ""}, {"unless", ":; else\n"}} {
		for _, v := range guards(x.attrs[g.key]) {
			cond := c.words(v)
			if span.IsUnknown(cond.String()) {
				why = orElse(why, "whether it runs is not known: "+span.Reason(cond.String()))
				continue
			}
			lit := func(s string) span.Text { return span.Literal(s, cond) }
			cmd = span.Concat(lit("if {\n"), cond, lit("\n}; then\n"+g.then), cmd, lit("\nfi\n"))
		}
	}
	vars := map[string]span.Text{}
	for _, e := range x.attrs["environment"].all() {
		t := r.asText(e)
		if k, _, ok := strings.Cut(t.String(), "="); ok {
			vars[k] = t.Slice(len(k)+1, t.Len())
		}
	}
	cwd := c.str("cwd")
	if cwd == "" {
		cwd = "/"
	}
	if span.IsUnknown(cwd) {
		cwd = ""
	}
	work := 20 + cmd.Len()/16
	if loops.MatchString(cmd.String()) { // much work in few words
		work += 1000
	}
	if !r.spend(work) {
		return false
	}
	res := shell.Read(cmd, shell.Options{Files: r.files, Vars: vars, Args: []span.Text{}, Written: r.written, Cwd: cwd, Shares: r.o.Shares})
	for _, p := range res.Problems {
		if len(r.res.Problems) < maxProblems {
			r.res.Problems = append(r.res.Problems, p)
		}
	}
	for _, f := range res.Uses {
		r.use(f)
	}
	emit := func() {
		for _, s := range res.Steps {
			c.emit(s)
		}
	}
	if why != "" {
		c.doubt(why, x.title, emit)
	} else {
		emit()
	}
	return true
}

// guards are the conditions of a command: one, or a list of them.
func guards(v value) []value {
	if v.kind == undef {
		return nil
	}
	return v.all()
}

// line1 is a command as a shell takes it: a text, or words.
func (c *call) line1(k string) span.Text {
	v, ok := c.x.attrs[k]
	if !ok {
		return span.Text{}
	}
	return c.words(v)
}

func (c *call) words(v value) span.Text {
	if v.kind != list {
		return c.r.asText(v)
	}
	var parts []span.Text
	for i, x := range v.items {
		if i > 0 {
			parts = append(parts, span.Plain(" "))
		}
		t := c.r.asText(x)
		if strings.Contains(t.String(), "'") {
			t = span.Literal(strings.ReplaceAll(t.String(), "'", `'\''`), t)
		}
		parts = append(parts, span.Plain("'"), t, span.Plain("'"))
	}
	return span.Concat(parts...)
}

// told says whether a resource that is seen to tells x of a change, and under which condition.
func (r *run) told(x *resource) (yes bool, cond *step.Cond) {
	for _, ref := range x.refs {
		for _, e := range r.before[ref] {
			if !e.notify {
				continue
			}
			for _, y := range r.byRef[e.from] {
				if !y.ran || !r.spend(1) {
					continue
				}
				if y.cond == nil {
					return true, nil
				}
				yes, cond = true, y.cond
			}
		}
	}
	return yes, cond
}
