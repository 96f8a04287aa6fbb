package puppet

import (
	"maps"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// include runs a class, once. open: whoever includes it may give it other parameters.
func (r *run) include(name string, at span.Text, given map[string]value, open bool) {
	name = strings.ToLower(strings.TrimPrefix(name, "::"))
	if m := r.done[name]; m != nil {
		r.certain(name, m)
		return
	}
	d := r.find(name, r.top)
	if d == nil || d.op != "class" {
		if d == nil || d.op != "broken" {
			r.missing("class", name, given, at)
		}
		return
	}
	if len(r.done) >= 1000 || r.nested() {
		r.broke = true
		return
	}
	s := &scope{vars: map[string]value{}, up: r.top, refs: []string{"class[" + name + "]"}, module: module(name)}
	r.done[name] = &made{scope: s, cond: r.cond}
	if len(d.kids) > 0 {
		parent := strings.ToLower(strings.TrimPrefix(d.kids[0].word, "::"))
		r.include(parent, at, nil, open)
		if m := r.done[parent]; m != nil && m.whole { // not one that inherits this in turn
			s.up = m.scope
		}
	}
	r.give(d, name, given, s, open, true)
	r.within(func() { r.statements(d.body, s) })
	r.done[name].whole = true
}

// certain takes a condition from a class that is included again without one.
func (r *run) certain(name string, m *made) {
	if m.cond == nil || r.cond != nil {
		return
	}
	for _, x := range r.byRef["class["+name+"]"] {
		if x.cond == m.cond {
			x.cond = nil
		}
	}
	m.cond = nil
}

func module(name string) string {
	m, _, _ := strings.Cut(name, "::")
	return m
}

// nested says whether classes and types stand too deep within each other.
func (r *run) nested() bool { return r.calls > maxCalls }

func (r *run) within(f func()) {
	r.calls++
	f()
	r.calls--
}

// give sets the parameters of a class, a type or a function: what is given, what the data say, or the default.
func (r *run) give(d *definition, name string, given map[string]value, s *scope, open, data bool) {
	for _, p := range d.params {
		v, ok := given[p.name]
		if !ok && data {
			v, ok = r.datum(name+"::"+p.name, d.text().Slice(0, min(1, d.to-d.from)))
		}
		switch {
		case ok && v.kind != undef:
		case open:
			why := "whoever includes the class " + name + " may give its parameter $" + p.name
			at := d.text().Slice(0, min(5, d.to-d.from))
			if p.value != nil {
				at = p.value.text()
			}
			v = unknownValue(why, at)
		case p.value != nil:
			v = r.eval(p.value, s)
		case !ok:
			v = unknownValue("the parameter $"+p.name+" of "+name+" is not given", d.text().Slice(0, min(5, d.to-d.from)))
		}
		s.vars[p.name] = v
	}
}

// instance runs a defined type for one title.
func (r *run) instance(d *definition, x *resource, s *scope) {
	if r.nested() {
		r.broke = true
		return
	}
	in := &scope{vars: map[string]value{"title": strValue(x.title), "name": strValue(x.title)}, up: r.top, refs: x.refs, module: module(d.word), caller: s}
	given := maps.Clone(x.attrs)
	r.give(d, d.word, given, in, false, false)
	r.within(func() { r.statements(d.body, in) })
}

// missing is a class or a type that is not in the repository.
func (r *run) missing(what, name string, given map[string]value, at span.Text) {
	if slices.Contains(harmless, module(name)) && what == "class" {
		return
	}
	if len(r.res.Gaps) < 200 && !slices.ContainsFunc(r.res.Gaps, func(g Gap) bool { return g.Name == name }) {
		r.res.Gaps = append(r.res.Gaps, Gap{name, at.Span()})
		r.problem(at.Span(), "the %s %s is not in the repository; what it does is not known", what, span.Show(name))
	}
	words := []string{name}
	for _, k := range slices.Sorted(maps.Keys(given)) {
		words = append(words, k, r.deep(given[k], 0))
	}
	x := &resource{kind: missingKind, title: span.Literal(strings.Join(words, " "), at), at: at}
	r.add(x, r.top)
}

// harmless are modules that do nothing to a machine by themselves, or nothing that anybody asks about.
var harmless = []string{"stdlib", "apt", "git", "python", "vcsrepo", "archive", "wget", "concat", "epel", "timezone", "locales", "ntp", "nodejs"}

// deep is all that a value holds, as words.
func (r *run) deep(v value, depth int) string {
	if depth > 10 || !r.spend(1) {
		return ""
	}
	switch v.kind {
	case list, hash, ref:
		var out []string
		n := 0
		for i, x := range v.items {
			if i < len(v.keys) {
				out = append(out, v.keys[i])
			}
			t := r.deep(x, depth+1)
			if n += len(t); n > maxText {
				break
			}
			out = append(out, t)
		}
		return strings.Join(out, " ")
	}
	return r.asText(v).String()
}

// declareOpaque is something that may do anything.
func (r *run) declareOpaque(at span.Text, why string) {
	r.add(&resource{kind: opaqueKind, title: span.Literal(why, at), at: at}, r.top)
}
