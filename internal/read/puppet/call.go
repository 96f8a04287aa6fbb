package puppet

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func sortedKeys(m map[string]value) []string { return slices.Sorted(maps.Keys(m)) }

// call is a function with its arguments.
func (r *run) call(n *node, s *scope) value {
	at := n.text()
	var lambda *node
	var args []value
	for _, k := range n.kids {
		switch {
		case k.op == "lambda":
			lambda = k
		case k.op == "unary" && k.word == "*":
			args = append(args, r.eval(k.kids[0], s).all()...)
		default:
			args = append(args, r.eval(k, s))
		}
	}
	arg := func(i int) value {
		if i < len(args) {
			return args[i]
		}
		return value{at: at}
	}
	switch n.word {
	case "include", "require", "contain", "hiera_include":
		if n.word == "hiera_include" {
			if v, ok := r.datum(r.asText(arg(0)).String(), at); ok {
				args = []value{v}
			} else {
				return r.notKnown("hiera_include", args, at)
			}
		}
		for _, a := range args {
			for _, x := range a.all() {
				name := r.asText(x)
				if x.kind == ref && len(x.items) == 1 {
					name = r.asText(x.items[0])
				}
				if span.IsUnknown(name.String()) {
					r.declareOpaque(at, "which class is included is not known: "+span.Reason(name.String()))
					continue
				}
				if n.word == "require" {
					for _, mine := range s.refs[:min(1, len(s.refs))] {
						r.order("class["+strings.ToLower(strings.TrimPrefix(name.String(), "::"))+"]", mine, false)
					}
				}
				r.include(name.String(), name, nil, false)
			}
		}
		return value{at: at}
	case "each", "map", "filter", "reduce", "with", "then", "lest", "tap", "any", "all", "slice", "reverse_each":
		if lambda != nil {
			return r.each(n.word, arg(0), lambda, s, at)
		}
	case "realize":
		for _, a := range args {
			for _, ref := range r.refs(a) {
				cond := r.cond
				r.waiting = append(r.waiting, func() {
					for _, x := range r.byRef[ref] {
						if x.virtual && x.own() == ref {
							x.virtual = false
							if x.cond == nil {
								x.cond = cond
							}
						}
					}
				})
			}
		}
		return value{at: at}
	case "create_resources", "ensure_resources", "ensure_resource", "ensure_packages", "stdlib::ensure_packages":
		r.create(n.word, args, s, at)
		return value{at: at}
	case "fail":
		c := &step.Cond{Why: "the manifest stops Puppet here", At: at.Span()}
		if r.cond == nil {
			r.problem(at.Span(), "the manifest stops Puppet here, so that nothing is done")
			r.failed = c
		}
		return value{at: at}
	case "notice", "debug", "info", "warning", "err", "alert", "crit", "emerg", "tag", "import", "next", "return", "break", "assert_private", "deprecation", "assert_type":
		if n.word == "return" || n.word == "next" || n.word == "break" {
			return arg(0)
		}
		return value{at: at}
	case "lookup", "hiera", "hiera_hash", "hiera_array":
		return r.lookupData(n.word, args, at)
	case "template":
		return strValue(r.templates(args, at, func(f string) span.Text { return r.erb(f, at, s) }))
	case "epp":
		return strValue(r.templates(args[:min(1, len(args))], at, func(f string) span.Text { return r.epp(f, arg(1), at, s) }))
	case "inline_template":
		var parts []span.Text
		for _, a := range args {
			parts = append(parts, r.rendered(r.asText(a), "the template", s))
		}
		return strValue(span.Concat(parts...))
	case "inline_epp":
		if t := r.asText(arg(0)); !strings.Contains(t.String(), "<%") {
			return strValue(t)
		}
	case "file":
		for _, a := range args {
			if f := r.moduleFile(r.asText(a).String(), "files"); f != "" {
				return strValue(r.whole(f, at))
			}
		}
		return unknownValue("the file "+span.Show(r.asText(arg(0)).String())+" is not in the repository", at)
	}
	if d := r.find(n.word, s); d != nil && d.op == "function" && !r.nested() {
		in := &scope{vars: map[string]value{}, up: r.top}
		given := map[string]value{}
		for i, p := range d.params {
			if i < len(args) {
				given[p.name] = args[i]
			}
		}
		r.give(d, n.word, given, in, false, false)
		var out value
		r.within(func() { out = r.statements(d.body, in) })
		return out
	}
	return r.function(n.word, args, at)
}

// notKnown is what a call gives that is not worked out.
func (r *run) notKnown(name string, args []value, at span.Text) value {
	for _, a := range args {
		if w := a.why(); w != "" {
			return unknownValue(w, at)
		}
	}
	return unknownValue("what "+name+"() gives is not worked out", at)
}

// function is one that only works something out.
func (r *run) function(name string, args []value, at span.Text) value {
	if len(args) == 0 {
		return r.notKnown(name, args, at)
	}
	a := args[0]
	switch name {
	case "pick", "pick_default":
		for _, x := range args {
			if x.kind == unknown {
				return unknownValue(x.why(), at)
			}
			if x.kind != undef && !(x.kind == str && x.text.Len() == 0) {
				return x
			}
		}
		return value{at: at}
	case "Sensitive", "unwrap", "String", "new", "Integer":
		if len(args) > 1 && name == "new" {
			a = args[1]
		}
		return a
	case "any2array":
		if a.kind == list {
			return a
		}
		return value{kind: list, items: a.all(), at: at}
	}
	for _, x := range args {
		if x.kind == unknown || x.rest != "" {
			return r.notKnown(name, args, at)
		}
	}
	text := func(f func(string) string) value {
		if a.kind != str || a.why() != "" {
			return r.notKnown(name, args, at)
		}
		return strValue(span.Literal(f(a.text.String()), at))
	}
	switch name {
	case "downcase":
		return text(strings.ToLower)
	case "upcase":
		return text(strings.ToUpper)
	case "strip":
		return text(strings.TrimSpace)
	case "chomp":
		return text(func(s string) string { return strings.TrimSuffix(s, "\n") })
	case "join":
		between := span.Literal("", at)
		if len(args) > 1 {
			between = r.asText(args[1])
		}
		if a.kind == list {
			return strValue(r.joined(a, span.Literal("", at), between, span.Text{}))
		}
	case "split":
		if sep := r.asText(args[min(1, len(args)-1)]).String(); len(args) == 2 && a.kind == str && a.why() == "" && args[1].rest == "" && !strings.ContainsAny(sep, `\[](){}.*+?^$|`) && sep != "" {
			out := value{kind: list, at: at}
			for _, p := range strings.Split(a.text.String(), sep) {
				out.items = append(out.items, strValue(span.Literal(p, a.text)))
				if !r.spend(1) {
					break
				}
			}
			return out
		}
	case "concat":
		out := value{kind: list, at: at}
		for _, x := range args {
			if out.items = append(out.items, x.all()...); len(out.items) > 5000 {
				return unknownValue("the list is too long", at)
			}
		}
		return out
	case "flatten", "unique":
		if a.kind == list && !slices.ContainsFunc(a.items, func(x value) bool { return x.kind == list || x.kind == unknown }) && name == "flatten" {
			return a
		}
	case "merge":
		out := value{kind: hash, at: at}
		for _, x := range args {
			if x.kind != hash {
				return r.notKnown(name, args, at)
			}
			out = r.merged(out, x)
		}
		return out
	case "keys":
		if a.kind == hash {
			out := value{kind: list, at: at}
			for _, k := range a.keys {
				out.items = append(out.items, strValue(span.Literal(k, a.at)))
			}
			return out
		}
	case "values":
		if a.kind == hash {
			return value{kind: list, items: a.items, at: at}
		}
	case "size", "length", "count":
		if a.kind == list || a.kind == hash {
			return number(float64(len(a.items)), at)
		}
	case "empty":
		switch a.kind {
		case list, hash:
			return boolValue(len(a.items) == 0, at)
		case undef:
			return boolValue(true, at)
		case str:
			if a.why() == "" {
				return boolValue(a.text.Len() == 0, at)
			}
		}
	case "range":
		if len(args) == 2 {
			x, err1 := strconv.Atoi(a.text.String())
			y, err2 := strconv.Atoi(args[1].text.String())
			if err1 == nil && err2 == nil && y-x < 200 {
				out := value{kind: list, at: at}
				for ; x <= y; x++ {
					out.items = append(out.items, number(float64(x), at))
				}
				return out
			}
		}
	}
	return r.notKnown(name, args, at)
}

// each runs code for every element of a collection; for one that is not known, perhaps, and with what is not known.
func (r *run) each(what string, v value, lambda *node, s *scope, at span.Text) value {
	in := func(set func(vars map[string]value)) value {
		c := &scope{vars: map[string]value{}, up: s, refs: s.refs, module: s.module}
		for i, p := range lambda.params {
			if p.value != nil && i > 0 {
				c.vars[p.name] = r.eval(p.value, s)
			}
		}
		set(c.vars)
		return r.statements(lambda.body, c)
	}
	param := func(i int) string {
		if i < len(lambda.params) {
			return lambda.params[i].name
		}
		return ""
	}
	simple := what == "each" || what == "map"
	if what == "with" || what == "then" && v.kind != undef && v.kind != unknown {
		return in(func(vars map[string]value) { vars[param(0)] = v })
	}
	if v.kind == unknown || v.rest != "" || !simple || v.kind != list && v.kind != hash {
		why := orElse(v.why(), orElse(v.rest, "what "+what+"() does is not followed"))
		was := r.loop
		r.loop = true
		r.doubt("it is in a loop that is not known: "+why, at, func() {
			in(func(vars map[string]value) {
				for _, p := range lambda.params {
					vars[p.name] = unknownValue(why, at)
				}
			})
		})
		r.loop = was
		return unknownValue(why, at)
	}
	out := value{kind: list, at: at}
	for i, x := range v.items {
		if r.broke || i > 500 {
			r.broke = true
			break
		}
		key := number(float64(i), at)
		if v.kind == hash {
			key = strValue(span.Literal(v.keys[i], v.at))
		}
		got := in(func(vars map[string]value) {
			switch {
			case len(lambda.params) > 1:
				vars[param(0)], vars[param(1)] = key, x
			case v.kind == hash:
				vars[param(0)] = value{kind: list, items: []value{key, x}, at: at}
			default:
				vars[param(0)] = x
			}
		})
		out.items = append(out.items, got)
	}
	if what == "each" {
		return v
	}
	return out
}

// create is a function that declares resources.
func (r *run) create(what string, args []value, s *scope, at span.Text) {
	get := func(i int) value {
		if i < len(args) {
			return args[i]
		}
		return value{}
	}
	attrs := func(v, defaults value) map[string]value {
		out := map[string]value{}
		for _, h := range []value{defaults, v} {
			for i, k := range h.keys {
				out[k] = h.items[i]
			}
			if h.kind == unknown || h.rest != "" {
				out["*"] = h
			}
		}
		return out
	}
	kind := strings.ToLower(r.asText(get(0)).String())
	titles, defaults := get(1), get(2)
	switch what {
	case "ensure_packages", "stdlib::ensure_packages":
		kind, titles, defaults = "package", get(0), get(1)
	case "ensure_resource":
		for _, t := range titles.all() {
			r.one(kind, r.asText(t), attrs(defaults, value{}), at, s, false)
		}
		return
	}
	switch titles.kind {
	case hash:
		for i, k := range titles.keys {
			r.one(kind, span.Literal(k, titles.items[i].at), attrs(titles.items[i], defaults), at, s, false)
		}
		if titles.rest != "" {
			r.doubt(titles.rest, at, func() { r.declareOpaque(at, titles.rest) })
		}
	case list, str:
		for _, t := range titles.all() {
			r.one(kind, r.asText(t), attrs(value{}, defaults), at, s, false)
		}
	case unknown:
		if kind != "package" || what == "create_resources" {
			r.declareOpaque(at, "which resources are declared is not known: "+titles.why())
		} else {
			r.one(kind, titles.text, attrs(value{}, defaults), at, s, false)
		}
	}
}
