package puppet

import (
	"maps"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
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

// defaultsOf sets what resources of a type have by default where s is, if attrs does not say otherwise.
func (r *run) defaultsOf(kind string, s *scope, attrs map[string]value) {
	for c := s; c != nil && r.spend(len(c.defaults[kind])/8); {
		for k, v := range c.defaults[kind] {
			if _, had := attrs[k]; !had {
				attrs[k] = v
			}
		}
		if c.caller != nil {
			c = c.caller
		} else {
			c = c.up
		}
	}
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

// Kinds of resources that Puppet does not have.
const (
	missingKind = "(missing)"
	opaqueKind  = "(opaque)"
)

// resource is one resource of the machine.
type resource struct {
	kind    string
	title   span.Text
	attrs   map[string]value
	refs    []string // its own first, then those of what it stands in
	cond    *step.Cond
	loop    bool
	at      span.Text
	virtual bool
	hollow  bool // its type is defined here: what that declares counts
	ran     bool
	visited bool
}

func (x *resource) own() string { return x.refs[0] }

// name is a resource as manifests refer to it.
func name(kind, title string) string {
	kind = strings.ToLower(strings.TrimPrefix(kind, "::"))
	if kind == "class" {
		title = strings.ToLower(strings.TrimPrefix(title, "::"))
	}
	if kind == "file" && len(title) > 1 {
		title = strings.TrimSuffix(title, "/")
	}
	return kind + "[" + title + "]"
}

// add puts a resource into the catalog.
func (r *run) add(x *resource, s *scope) {
	if len(r.catalog) >= maxResources || !r.spend(4) {
		r.broke = true
		return
	}
	x.refs = []string{name(x.kind, x.title.String()), x.kind + "[*]"}
	if s != nil {
		x.refs = append(x.refs, s.refs...)
	}
	if x.cond == nil {
		x.cond = r.cond
	}
	x.loop = r.loop
	r.catalog = append(r.catalog, x)
	for _, ref := range x.refs {
		r.byRef[ref] = append(r.byRef[ref], x)
	}
}

// declare is a statement that declares resources; it gives references to them.
func (r *run) declare(n *node, s *scope) value {
	kind := n.word
	if name, ok := strings.CutPrefix(kind, "$"); ok {
		kind = r.asText(r.lookup(name, s, n.text())).String()
	}
	kind = strings.ToLower(strings.TrimPrefix(kind, "::"))
	out := value{kind: list, at: n.text()}
	var extra map[string]value
	for _, k := range n.kids {
		title := r.eval(k.kids[0], s)
		attrs := r.attributes(k.attrs, s)
		if title.kind == dflt && title.rest == "" {
			extra = attrs
			continue
		}
		for key, v := range extra {
			if _, had := attrs[key]; !had {
				attrs[key] = v
			}
		}
		titles := title.all()
		if title.kind == unknown {
			titles = []value{title}
		}
		for _, t := range titles {
			text := r.asText(t)
			if text.Len() == 0 {
				continue
			}
			r.one(kind, text, attrs, k.text(), s, n.op == "virtual")
			out.items = append(out.items, value{kind: ref, text: span.Plain(kind), items: []value{strValue(text)}})
			if len(out.items) > maxResources {
				r.broke = true
				return out
			}
		}
	}
	return out
}

// attributes are arguments with their values.
func (r *run) attributes(as []attr, s *scope) map[string]value {
	out := map[string]value{}
	for _, a := range as {
		v := r.eval(a.value, s)
		if a.name != "*" {
			out[a.name] = v
			continue
		}
		for i, k := range v.keys {
			if _, had := out[k]; !had {
				out[k] = v.items[i]
			}
		}
		if v.kind != hash || v.rest != "" {
			out["*"] = v
		}
	}
	return out
}

// one declares one resource.
func (r *run) one(kind string, title span.Text, attrs map[string]value, at span.Text, s *scope, virtual bool) {
	if kind == "class" {
		r.ordered(name(kind, title.String()), attrs)
		r.include(title.String(), at, attrs, false)
		return
	}
	full := maps.Clone(attrs)
	r.spend(len(full) / 8)
	if !native[kind] {
		r.defaultsOf(kind, s, full)
	}
	x := &resource{kind: kind, title: title, attrs: full, at: at, virtual: virtual}
	if span.IsUnknown(title.String()) {
		x.at = at
	}
	r.add(x, s)
	if r.broke {
		return
	}
	r.ordered(x.own(), full)
	if native[kind] {
		r.waiting = append(r.waiting, func() { // they hold wherever they stand
			had := map[string]bool{}
			for _, k := range order {
				_, had[k] = full[k]
			}
			r.defaultsOf(kind, s, full)
			more := map[string]value{}
			for _, k := range order {
				if !had[k] {
					more[k] = full[k]
				}
			}
			r.ordered(x.own(), more)
		})
		return
	}
	d := r.find(kind, s)
	switch {
	case d != nil && d.op == "define":
		x.hollow = true
		was := r.cond
		if virtual && r.cond == nil {
			r.cond = &step.Cond{Why: "the resource is virtual, and whether it is realized is not followed", At: at.Span()}
		}
		r.instance(d, x, s)
		r.cond = was
	case d != nil && d.op == "broken":
		x.hollow = true
	}
}

// edge says that something comes before something else, and whether it tells that of a change.
type edge struct {
	from   string
	notify bool
}

// order are the arguments of any resource that say what comes before what.
var order = []string{"require", "subscribe", "before", "notify"}

// ordered notes what a resource says of its order.
func (r *run) ordered(own string, attrs map[string]value) {
	for _, k := range []string{"require", "subscribe"} {
		for _, other := range r.refs(attrs[k]) {
			r.order(other, own, k == "subscribe")
		}
	}
	for _, k := range []string{"before", "notify"} {
		for _, other := range r.refs(attrs[k]) {
			r.order(own, other, k == "notify")
		}
	}
}

func (r *run) order(first, then string, notify bool) {
	if r.spend(1) {
		r.before[then] = append(r.before[then], edge{first, notify})
	}
}

// refs are the resources that a value refers to.
func (r *run) refs(v value) []string {
	var out []string
	switch v.kind {
	case list:
		for _, x := range v.items {
			if !r.spend(1) {
				return out
			}
			out = append(out, r.refs(x)...)
		}
	case ref:
		for _, t := range v.items {
			out = append(out, name(v.text.String(), r.asText(t).String()))
		}
	}
	return out
}

// chain is "a -> b": it gives what its last part refers to.
func (r *run) chain(n *node, s *scope) value {
	a, b := r.eval(n.kids[0], s), r.eval(n.kids[1], s)
	first, then := a, b
	if n.word[0] == '<' {
		first, then = b, a
	}
	xs, ys := r.refs(first), r.refs(then)
	for _, x := range xs {
		for _, y := range ys {
			r.order(x, y, strings.Contains(n.word, "~"))
		}
	}
	return b
}

// override sets arguments of resources that are declared elsewhere.
func (r *run) override(n *node, s *scope) {
	v := value{kind: ref, text: span.Plain(n.kids[0].word)}
	for _, k := range n.kids[1:] {
		v.items = append(v.items, r.eval(k, s).all()...)
	}
	attrs := r.attributes(n.attrs, s)
	r.change(r.refs(v), attrs, "", n.text())
}

// change sets arguments, when all is declared; under a condition, or for some only, what they are is not known.
func (r *run) change(refs []string, attrs map[string]value, why string, at span.Text) {
	if r.cond != nil {
		why = r.cond.Why
	}
	r.waiting = append(r.waiting, func() {
		for _, ref := range refs {
			for _, x := range r.byRef[ref] {
				if x.own() != ref && !strings.HasSuffix(ref, "[*]") || x.attrs == nil || !r.spend(1+len(attrs)) {
					continue
				}
				for k, v := range attrs {
					if old := x.attrs[k]; why != "" && !same(old, v) {
						v = unknownValue(why, at)
					}
					x.attrs[k] = v
				}
				r.ordered(x.own(), attrs)
			}
		}
	})
}

// collect realizes virtual resources, and sets arguments of all of a type.
func (r *run) collect(n *node, s *scope) value {
	kind := strings.ToLower(n.word)
	all := kind + "[*]"
	cond, why := r.cond, ""
	if len(n.kids) > 0 {
		why = "which resources are meant is not followed"
		if cond == nil {
			cond = &step.Cond{Why: why, At: n.text().Span()}
		}
	}
	r.waiting = append(r.waiting, func() {
		for _, x := range r.byRef[all] {
			if x.virtual {
				x.virtual = false
				if x.cond == nil {
					x.cond = cond
				}
			}
		}
	})
	if len(n.attrs) > 0 {
		r.change([]string{all}, r.attributes(n.attrs, s), why, n.text())
	}
	return value{kind: ref, text: span.Plain(kind), items: []value{strValue(span.Plain("*"))}}
}

// late does what counts when everything is declared.
func (r *run) late() {
	for len(r.waiting) > 0 && !r.broke {
		w := r.waiting
		r.waiting = nil
		for _, f := range w {
			f()
		}
	}
}

// apply sees to the resources in their order: as they are written, each behind what it needs.
func (r *run) apply() {
	needed := map[string]bool{}
	var visit func(x *resource, depth int)
	need := func(ref string, depth int) {
		if needed[ref] || depth > 3000 {
			return
		}
		needed[ref] = true
		for _, e := range r.before[ref] {
			for _, y := range r.byRef[e.from] {
				visit(y, depth+1)
			}
		}
	}
	visit = func(x *resource, depth int) {
		if x.visited {
			return
		}
		x.visited = true
		for _, ref := range x.refs {
			need(ref, depth+1)
		}
		r.see(x)
	}
	for _, x := range r.catalog {
		visit(x, 0)
	}
	if r.broke {
		at := span.Text{}
		if len(r.catalog) > 0 {
			at = r.catalog[len(r.catalog)-1].at
		}
		r.res.Problems = append(r.res.Problems, step.Problem{At: at.Span(), Msg: "the manifests do more than can be followed; split them", Fatal: true})
		r.res.Steps = append(r.res.Steps, opaqueStep(at, "the manifests do more than can be followed"))
	}
	if r.failed != nil {
		for i := range r.res.Steps {
			if r.res.Steps[i].Cond == nil {
				r.res.Steps[i].Cond = r.failed
			}
		}
	}
}
