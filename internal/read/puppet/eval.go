package puppet

import (
	"fmt"
	"math"
	"regexp"
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

func (r *run) unary(n *node, s *scope) value {
	v, at := r.eval(n.kids[0], s), n.text()
	switch n.word {
	case "!":
		yes, known := v.truth()
		if !known {
			return unknownValue(v.why(), at)
		}
		return boolValue(!yes, at)
	case "-":
		if x, err := strconv.ParseFloat(v.text.String(), 64); v.kind == num && err == nil {
			return number(-x, at)
		}
		return unknownValue("a number is not known", at)
	}
	return v
}

func number(x float64, at span.Text) value {
	return value{kind: num, text: span.Literal(strconv.FormatFloat(x, 'f', -1, 64), at), at: at}
}

// binary is an operator between two values.
func (r *run) binary(n *node, s *scope) value {
	at := n.text()
	open := func(v ...value) value {
		for _, x := range v {
			if w := x.why(); w != "" {
				return unknownValue(w, at)
			}
		}
		return unknownValue("it is not worked out", at)
	}
	a := r.eval(n.kids[0], s)
	if n.word == "and" || n.word == "or" {
		x, known := a.truth()
		if known && x == (n.word == "or") {
			return boolValue(x, at)
		}
		b := r.eval(n.kids[1], s)
		y, known2 := b.truth()
		if known2 && y == (n.word == "or") {
			return boolValue(y, at)
		}
		if !known || !known2 {
			return open(a, b)
		}
		return boolValue(y, at)
	}
	b := r.eval(n.kids[1], s)
	switch n.word {
	case "==", "!=":
		yes, known := equal(a, b)
		if !known {
			return open(a, b)
		}
		return boolValue(yes == (n.word == "=="), at)
	case "=~", "!~":
		r.spend(20)
		yes, known := matches(a, b)
		if !known {
			return open(a, b)
		}
		return boolValue(yes == (n.word == "=~"), at)
	case "in":
		return r.in(a, b, at, open)
	case "+":
		switch {
		case a.kind == list && b.kind == list && len(a.items)+len(b.items) < 5000:
			return value{kind: list, items: append(a.items[:len(a.items):len(a.items)], b.items...), at: at}
		case a.kind == list && b.kind != unknown && b.kind != hash && len(a.items) < 5000:
			return value{kind: list, items: append(a.items[:len(a.items):len(a.items)], b), at: at}
		case a.kind == hash && b.kind == hash:
			return r.merged(a, b)
		}
	case "<<":
		if a.kind == list && len(a.items) < 5000 {
			return value{kind: list, items: append(a.items[:len(a.items):len(a.items)], b), at: at}
		}
	}
	x, err1 := strconv.ParseFloat(a.text.String(), 64)
	y, err2 := strconv.ParseFloat(b.text.String(), 64)
	if err1 != nil || err2 != nil || a.kind != num && a.kind != str || b.kind != num && b.kind != str {
		return open(a, b)
	}
	switch n.word {
	case "+":
		return number(x+y, at)
	case "-":
		return number(x-y, at)
	case "*":
		return number(x*y, at)
	case "/", "%":
		if y == 0 || x != math.Trunc(x) || y != math.Trunc(y) {
			return open(a, b)
		}
		if n.word == "%" {
			return number(math.Mod(x, y), at)
		}
		return number(math.Trunc(x/y), at)
	case "<":
		return boolValue(x < y, at)
	case ">":
		return boolValue(x > y, at)
	case "<=":
		return boolValue(x <= y, at)
	case ">=":
		return boolValue(x >= y, at)
	}
	return open(a, b)
}

func (r *run) merged(a, b value) value {
	for i, k := range b.keys {
		if !r.spend(1 + len(a.keys)/16) {
			break
		}
		a = a.with(k, b.items[i])
	}
	if a.rest == "" {
		a.rest = b.rest
	}
	return a
}

func (r *run) in(a, b value, at span.Text, open func(...value) value) value {
	switch b.kind {
	case list:
		sure := true
		for _, x := range b.items {
			yes, known := equal(a, x)
			if yes && known {
				return boolValue(true, at)
			}
			sure = sure && known
		}
		if sure {
			return boolValue(false, at)
		}
	case hash:
		if _, ok := b.get(a.text.String()); ok || b.rest == "" && a.why() == "" {
			return boolValue(ok, at)
		}
	case str:
		if a.why() == "" && b.why() == "" && a.kind == str {
			return boolValue(strings.Contains(strings.ToLower(b.text.String()), strings.ToLower(a.text.String())), at)
		}
	}
	return open(a, b)
}

// matches says whether a pattern, or a type, fits a value.
func matches(v, pattern value) (yes, known bool) {
	if v.why() != "" || v.kind == unknown {
		return false, false
	}
	if pattern.kind == ref {
		switch t := pattern.text.String(); t {
		case "String":
			return v.kind == str, len(pattern.items) == 0
		case "Array":
			return v.kind == list, len(pattern.items) == 0 || v.kind != list
		case "Hash":
			return v.kind == hash, len(pattern.items) == 0 || v.kind != hash
		case "Boolean":
			return v.kind == boolean, len(pattern.items) == 0
		case "Undef":
			return v.kind == undef, true
		case "NotUndef":
			return v.kind != undef, true
		}
		return false, false
	}
	p := pattern.text.String()
	if pattern.rest != "regex" && pattern.kind != str || span.IsUnknown(p) || len(p) > 500 || v.kind != str && v.kind != num {
		return false, false
	}
	p = strings.NewReplacer(`\Z`, `\z`, `\/`, `/`).Replace(p)
	re, err := regexp.Compile("(?m)" + p)
	if err != nil {
		return false, false
	}
	return re.MatchString(v.text.String()), true
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

// fits says whether an option is for a value.
func (r *run) fits(v, option value) (yes, known bool) {
	switch {
	case option.kind == dflt && option.rest == "":
		return true, true
	case option.rest == "regex" || option.kind == ref:
		r.spend(20)
		return matches(v, option)
	case option.kind == list && v.kind != list:
		sure := true
		for _, x := range option.items {
			y, k := r.fits(v, x)
			if y && k {
				return true, true
			}
			sure = sure && k
		}
		return false, sure
	}
	return equal(v, option)
}

// choice is a selector.
func (r *run) choice(n *node, s *scope) value {
	v, at := r.eval(n.kids[0], s), n.text()
	var last *value
	for i := 1; i+1 < len(n.kids); i += 2 {
		o := r.eval(n.kids[i], s)
		if o.kind == dflt && o.rest == "" {
			x := r.eval(n.kids[i+1], s)
			last = &x
			continue
		}
		yes, known := r.fits(v, o)
		if !known {
			return unknownValue("which one is chosen is not known: "+orElse(v.why(), "it is not worked out"), at)
		}
		if yes {
			return r.eval(n.kids[i+1], s)
		}
	}
	if last != nil {
		return *last
	}
	return unknownValue("none of the options fits", at)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// branch is a way that may be gone.
type branch struct {
	why  string
	at   span.Text
	body []*node
}

// ways runs each of several blocks, of which one is run, or none if open: what they set differently is not known afterwards.
func (r *run) ways(bs []branch, open bool, s *scope) {
	before := make(map[string]value, len(s.vars))
	for k, v := range s.vars {
		before[k] = v
	}
	if !r.spend(len(before)) {
		return
	}
	var all []map[string]value
	for _, b := range bs {
		s.vars = map[string]value{}
		for k, v := range before {
			s.vars[k] = v
		}
		r.doubt(b.why, b.at, func() { r.statements(b.body, s) })
		all = append(all, s.vars)
	}
	s.vars = before
	for i, vars := range all {
		for k, v := range vars {
			if old, had := before[k]; had && same(old, v) {
				continue
			}
			agree := !open
			for _, other := range all {
				x, ok := other[k]
				agree = agree && ok && same(x, v)
			}
			if agree {
				s.vars[k] = v
			} else {
				s.vars[k] = unknownValue("$"+k+": "+bs[i].why, bs[i].at)
			}
		}
	}
}

func brief(s string) string {
	s = strings.Join(strings.Fields(span.Show(s)), " ")
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

func (r *run) ifElse(n *node, s *scope) value {
	c := r.eval(n.kids[0], s)
	yes, known := c.truth()
	switch {
	case known && yes:
		return r.statements(n.body, s)
	case known:
		return r.statements(n.rest, s)
	}
	at := n.kids[0].text()
	why := fmt.Sprintf("it depends on %q, which is not known: %s", brief(at.String()), orElse(c.why(), "it is not worked out"))
	r.ways([]branch{{why, at, n.body}, {why, at, n.rest}}, false, s)
	return unknownValue(why, at)
}

func (r *run) caseOf(n *node, s *scope) value {
	v, at := r.eval(n.kids[0], s), n.kids[0].text()
	why := fmt.Sprintf("it depends on %q, which is not known: %s", brief(at.String()), orElse(v.why(), "it is not worked out"))
	var maybe []branch
	var other *node
	for _, o := range n.rest {
		hit, sure := false, true
		for _, k := range o.kids {
			x := r.eval(k, s)
			if x.kind == dflt && x.rest == "" {
				other = o
				continue
			}
			yes, known := r.fits(v, x)
			hit = hit || yes && known
			sure = sure && known
		}
		switch {
		case hit && len(maybe) == 0:
			return r.statements(o.body, s)
		case hit:
			r.ways(append(maybe, branch{why, at, o.body}), false, s)
			return unknownValue(why, at)
		case !sure:
			maybe = append(maybe, branch{why, at, o.body})
		}
	}
	if len(maybe) == 0 {
		if other != nil {
			return r.statements(other.body, s)
		}
		return value{}
	}
	if other != nil {
		maybe = append(maybe, branch{why, at, other.body})
	}
	r.ways(maybe, other == nil, s)
	return unknownValue(why, at)
}
