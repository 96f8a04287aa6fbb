package assemble

import (
	"fmt"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/program"
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// program makes a unit of a Python program that sets up a hub; false if nothing that it does could be followed. Where some
// of it could not, what it may set is unknown.
func (l *loader) program(src *span.Source) bool {
	r := program.Read(src.Whole(), shell.Options{Files: l.tree, Dir: dirOf(src.File)})
	car := step.Carrier{File: src.File, Format: "python", At: src.Span(0, 0), Steps: r.Steps, Uses: r.Uses, Problems: r.Problems}
	u := l.newUnit(src.File, car)
	if !u.relevant() {
		return false
	}
	l.use(r.Uses)
	if at := missed(src, r.Steps); !at.IsZero() {
		u.opaque = true
		car.Problems = append(car.Problems, step.Problem{At: at, Msg: fmt.Sprintf(
			"%s configures the hub here in a way that could not be followed; what it may set is unknown", src.File)})
		u.carriers = []step.Carrier{car}
	}
	l.units = append(l.units, u)
	return true
}

// missed is the first place in the strings of a program that speaks of configuring TLJH and is part of no step.
func missed(src *span.Source, steps []step.Step) span.Span {
	type part struct{ from, to int }
	var seen []part
	add := func(ts ...span.Text) {
		for _, t := range ts {
			if at := t.Span(); at.File == src.File {
				seen = append(seen, part{src.Offset(at.Start), src.Offset(at.End)})
			}
		}
	}
	for i := range steps {
		s := &steps[i]
		add(s.Argv...)
		add(s.Upstream...)
		add(s.Dest, s.Content)
		if s.Stdin != nil {
			add(*s.Stdin)
		}
		for _, a := range s.Env {
			add(a.Value)
		}
	}
	sort.Slice(seen, func(i, j int) bool { return seen[i].from < seen[j].from })
	covered := func(at int) bool {
		for _, p := range seen {
			if p.from <= at && at <= p.to {
				return true
			}
		}
		return false
	}
	ts, _ := syntax.Tokenize(src.Text)
	for i, t := range ts {
		alone := (i == 0 || ts[i-1].Kind >= syntax.Newline) && i+1 < len(ts) && ts[i+1].Kind >= syntax.Newline // a docstring
		if t.Kind != syntax.String || alone {
			continue
		}
		for _, re := range []interface{ FindAllStringIndex(string, int) [][]int }{anyVerb, installer, configPath} {
			for _, m := range re.FindAllStringIndex(t.Text, 1000) {
				line := t.Text[strings.LastIndexByte(t.Text[:m[0]], '\n')+1 : m[0]]
				if !strings.HasPrefix(strings.TrimSpace(line), "#") && !covered(t.Start+m[0]) {
					return src.Span(t.Start+m[0], t.Start+m[1])
				}
			}
		}
	}
	return span.Span{}
}
