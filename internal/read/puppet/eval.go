package puppet

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// statements runs a block.
func (r *run) statements(ns []*node, s *scope) (last value) {
	for _, n := range ns {
		if r.broke {
			return
		}
		last = r.eval(n, s)
	}
	return last
}

// lookup is a variable.
func (r *run) lookup(name string, s *scope, at span.Text) value {
	if i := strings.LastIndex(name, "::"); i >= 0 {
		if name[:i] == "facts" || name[:i] == "" {
			return r.lookup(name[i+2:], r.top, at)
		}
		if m := r.done[name[:i]]; m != nil {
			if v, ok := m.scope.vars[name[i+2:]]; ok {
				return v
			}
		}
		return unknownValue("$"+name+" is a variable of a class that is not read before", at)
	}
	for c := s; c != nil; c = c.up {
		if v, ok := c.vars[name]; ok {
			return v
		}
	}
	if v, ok := r.top.vars[name]; ok {
		return v
	}
	return unknownValue("$"+name+" is a fact of the machine, or set by whoever runs Puppet", at)
}

// eval is what an expression gives, and does.
func (r *run) eval(n *node, s *scope) value {
	if !r.spend(1) || n == nil {
		return value{}
	}
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > 2000 {
		r.broke = true
		return value{}
	}
	at := n.text()
	switch n.op {
	case "single":
		return strValue(single(n))
	case "double":
		return strValue(r.interpolated(n, n.src.Slice(n.from+1, n.to-1), escapes, s))
	case "heredoc":
		t := n.doc.text
		if n.doc.dynamic {
			t = r.interpolated(n, t, n.doc.escapes, s)
		} else if n.doc.escapes != "" {
			t = unescaped(t, n.doc.escapes)
		}
		v := strValue(t)
		v.at = at
		return v
	case "num":
		return value{kind: num, text: at, at: at}
	case "name":
		return strValue(at)
	case "const":
		switch n.word {
		case "undef":
			return value{at: at}
		case "default":
			return value{kind: dflt, at: at}
		}
		return boolValue(n.word == "true", at)
	case "regex":
		return value{kind: dflt, text: n.src.Slice(n.from+1, n.to-1), at: at, rest: "regex"}
	case "var":
		return r.lookup(n.word, s, at)
	case "type":
		return value{kind: ref, text: span.Literal(n.word, at), at: at}
	case "list":
		out := value{kind: list, at: at}
		for _, k := range n.kids {
			if k.op == "unary" && k.word == "*" {
				out.items = append(out.items, r.eval(k.kids[0], s).all()...)
			} else {
				out.items = append(out.items, r.eval(k, s))
			}
			if len(out.items) > 5000 {
				return unknownValue("the list is too long", at)
			}
		}
		return out
	case "hash":
		out := value{kind: hash, at: at}
		had := map[string]int{}
		for i := 0; i+1 < len(n.kids); i += 2 {
			k := r.asText(r.eval(n.kids[i], s)).String()
			v := r.eval(n.kids[i+1], s)
			if span.IsUnknown(k) {
				out.rest = span.Reason(k)
				continue
			}
			if at, twice := had[k]; twice {
				out.items[at] = v
				continue
			}
			had[k] = len(out.keys)
			out.keys, out.items = append(out.keys, k), append(out.items, v)
		}
		return out
	case "unary":
		return r.unary(n, s)
	case "binary":
		return r.binary(n, s)
	case "assign":
		v := r.eval(n.kids[1], s)
		r.assign(n.kids[0], v, s)
		return v
	case "index":
		return r.index(n, s)
	case "call":
		return r.call(n, s)
	case "select":
		return r.choice(n, s)
	case "if":
		return r.ifElse(n, s)
	case "case":
		return r.caseOf(n, s)
	case "resource", "virtual":
		return r.declare(n, s)
	case "defaults":
		if s.defaults == nil {
			s.defaults = map[string]map[string]value{}
		}
		t := strings.ToLower(n.word)
		if s.defaults[t] == nil {
			s.defaults[t] = map[string]value{}
		}
		for _, a := range n.attrs {
			s.defaults[t][a.name] = r.eval(a.value, s)
		}
	case "override":
		r.override(n, s)
	case "collect":
		return r.collect(n, s)
	case "chain":
		return r.chain(n, s)
	}
	return value{at: at}
}

func (r *run) assign(to *node, v value, s *scope) {
	switch to.op {
	case "var":
		if len(s.vars) < 5000 {
			s.vars[to.word] = v
		}
	case "list":
		for i, k := range to.kids {
			x := unknownValue("how the value is taken apart is not known", to.text())
			if v.kind == list && i < len(v.items) {
				x = v.items[i]
			}
			r.assign(k, x, s)
		}
	}
}

func (r *run) index(n *node, s *scope) value {
	v, at := r.eval(n.kids[0], s), n.text()
	var keys []value
	for _, k := range n.kids[1:] {
		keys = append(keys, r.eval(k, s))
	}
	switch {
	case v.kind == ref:
		for _, k := range keys {
			v.items = append(v.items[:len(v.items):len(v.items)], k.all()...)
		}
		v.at = at
		return v
	case v.kind == unknown || len(keys) != 1:
		return unknownValue(v.why(), at)
	}
	k := keys[0]
	if k.why() != "" {
		return unknownValue(k.why(), at)
	}
	switch v.kind {
	case hash:
		if x, ok := v.get(r.asText(k).String()); ok {
			return x
		}
		if v.rest != "" {
			return unknownValue(v.rest, at)
		}
		return value{at: at}
	case list:
		i, err := strconv.Atoi(k.text.String())
		if err == nil && i < 0 {
			i += len(v.items)
		}
		if err == nil && i >= 0 && i < len(v.items) {
			return v.items[i]
		}
		return value{at: at}
	}
	return unknownValue("a part of a text is not worked out", at)
}
