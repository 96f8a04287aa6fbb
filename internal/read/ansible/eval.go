package ansible

import (
	"fmt"
	"math"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Bounds of the evaluation of one playbook. A stranger writes the expressions.
const (
	maxFuel    = 300000  // expressions, values and characters (by 64) looked at
	maxValue   = 1 << 18 // bytes of one text
	maxLookups = 24      // variables that are defined by variables
	maxItems   = 500     // turns of an unrolled loop
)

// level orders where a variable is set, as Ansible's precedence does; extra variables (-e) come from outside.
type level uint8

const (
	byDefault   level = iota // a role's defaults
	byInventory              // group_vars, host_vars, the inventory itself
	byPlay
	byFiles // vars_files
	byRole  // a role's vars
	byTask  // of a block or task
	byInclude
	byFact  // set_fact, register
	byParam // given to a role or an include
	byExtra // --extra-vars
	byLoop
)

type layer struct {
	level level
	vars  map[string]value
}

// eval evaluates expressions with the variables in scope. What a variable's own template says is worked out when it is used,
// as Ansible does it.
type eval struct {
	files  step.Files
	lib    *library
	layers []layer
	magic  map[string]value // what Ansible sets: playbook_dir, inventory_hostname …
	lost   string           // a file of variables that is not in the repository
	search []string         // directories of the checkout that lookups of files look in
	fuel   *int
	depth  int
	own    bool   // values keep their own place inside a text
	watch  string // a variable of a loop
	seen   bool   // it was used
}

func (ev *eval) push(l level, vars map[string]value) { ev.layers = append(ev.layers, layer{l, vars}) }

func (ev *eval) pop() { ev.layers = ev.layers[:len(ev.layers)-1] }

func (ev *eval) spend(n int) bool {
	*ev.fuel -= n
	return *ev.fuel > 0
}

// find is a variable as it was written: of the highest level, and there the latest.
func (ev *eval) find(name string) (value, bool) {
	best, found := -1, value{}
	for _, l := range ev.layers {
		if v, ok := l.vars[name]; ok && int(l.level) >= best {
			best, found = int(l.level), v
		}
	}
	if best >= 0 {
		return found, true
	}
	v, ok := ev.magic[name]
	return v, ok
}

// lookup is the value of a variable.
func (ev *eval) lookup(name string, at span.Text) value {
	if !ev.spend(1) {
		return unknownValue("the playbook does more than can be followed", at)
	}
	v, ok := ev.find(name)
	ev.seen = ev.seen || name == ev.watch
	switch {
	case ok:
		if v.text.Len() == 0 && v.text.Span().IsZero() {
			v.text = at
		}
		return ev.ready(v)
	case strings.HasPrefix(name, "ansible_"):
		return unknownValue(fmt.Sprintf("%s is a fact of the machine, or given to Ansible when it runs", name), at)
	case ev.lost != "":
		return unknownValue(fmt.Sprintf("variable %q may be set in %s, which cannot be read here", name, ev.lost), at)
	}
	return value{why: fmt.Sprintf("variable %q is not set in the repository", name), text: at}
}

// ready renders v itself where it is a template; what it holds is rendered when it is taken out.
func (ev *eval) ready(v value) value {
	if v.kind != str || !v.raw {
		return v
	}
	if ev.depth >= maxLookups {
		return unknownValue("its variables refer to each other", v.text)
	}
	ev.depth++
	out := ev.native(v.text)
	ev.depth--
	out.item = out.item || v.item
	return out
}

// deep renders v and all that it holds.
func (ev *eval) deep(v value) value {
	v = ev.ready(v)
	if !ev.spend(1) || ev.depth > 40 {
		return unknownValue("the playbook does more than can be followed", v.text)
	}
	ev.depth++
	defer func() { ev.depth-- }()
	switch v.kind {
	case list:
		items := make([]value, len(v.items))
		for i, it := range v.items {
			it.item = it.item || v.item
			items[i] = ev.deep(it)
		}
		v.items = items
	case dict:
		child := make(map[string]value, len(v.child))
		for k, c := range v.child {
			c.item = c.item || v.item
			child[k] = ev.deep(c)
		}
		v.child = child
	}
	return v
}

// attribute is v.key and v[key].
func (ev *eval) attribute(v, key value, at span.Text) value {
	out := ev.attributeOf(v, key, at)
	out.item = out.item || v.item
	return ev.ready(out)
}

func (ev *eval) attributeOf(v, key value, at span.Text) value {
	if why, open := key.open(); open {
		return unknownValue(why, at)
	}
	switch v.kind {
	case undefined:
		return v
	case unknown:
		return unknownValue(v.why, at)
	case str:
		if key.kind != number || span.IsUnknown(v.text.String()) {
			break
		}
		r := []rune(v.text.String())
		if i, ok := index(key.n, len(r)); ok {
			return strValue(string(r[i]), v.text)
		}
	case dict:
		if c, ok := v.child[key.python()]; ok {
			return c
		}
		if v.rest != "" {
			return unknownValue(v.rest, at)
		}
	case list:
		n := key.n
		if key.kind == str {
			if _, err := fmt.Sscan(key.text.String(), &n); err != nil {
				break
			}
		}
		if i, ok := index(n, len(v.items)); ok {
			return v.items[i]
		}
	}
	return value{why: fmt.Sprintf("%s is not set in the repository", show(at)), text: at, sure: v.kind == dict || v.kind == list}
}

func index(n float64, size int) (int, bool) {
	i := int(n)
	if i < 0 {
		i += size
	}
	return i, i >= 0 && i < size
}

func (ev *eval) slice(v value, lo, hi expr, at span.Text) value {
	size := len(v.items)
	var runes []rune
	if v.kind == str && !span.IsUnknown(v.text.String()) {
		runes = []rune(v.text.String())
		size = len(runes)
	} else if v.kind != list {
		return unknownValue(openWhy(v), at)
	}
	bound := func(e expr, def int) (int, bool) {
		if e == nil {
			return def, true
		}
		n := e(ev)
		if n.kind != number {
			return 0, false
		}
		i := int(math.Max(-1e9, math.Min(1e9, n.n)))
		if i < 0 {
			i += size
		}
		return max(0, min(i, size)), true
	}
	i, ok1 := bound(lo, 0)
	j, ok2 := bound(hi, size)
	if !ok1 || !ok2 {
		return unknownValue("a part of a list whose bounds are not known", at)
	}
	j = max(i, j)
	if v.kind == str {
		return strValue(string(runes[i:j]), v.text)
	}
	return listValue(v.items[i:j], at)
}

func compare(op string, a, b value) value {
	at := a.text
	if op == "in" || op == "not in" {
		v := contains(b, a, at)
		if v.kind == boolean && op == "not in" {
			v.b = !v.b
		}
		return v
	}
	for _, v := range []value{a, b} {
		if why, open := v.open(); open {
			return unknownValue(why, at)
		}
	}
	switch op {
	case "==":
		return boolValue(a.same(b), at)
	case "!=":
		return boolValue(!a.same(b), at)
	}
	var less, equal bool
	switch {
	case a.kind == number && b.kind == number:
		less, equal = a.n < b.n, a.n == b.n
	case a.kind == str && b.kind == str:
		less, equal = a.text.String() < b.text.String(), a.text.String() == b.text.String()
	default:
		return unknownValue("a comparison of values of different types", at)
	}
	return boolValue(map[string]bool{"<": less, "<=": less || equal, ">": !less && !equal, ">=": !less}[op], at)
}

func contains(in, v value, at span.Text) value {
	for _, x := range []value{v, in} {
		if why, open := x.open(); open {
			return unknownValue(why, at)
		}
	}
	switch in.kind {
	case str:
		if v.kind == str {
			return boolValue(strings.Contains(in.text.String(), v.text.String()), at)
		}
	case list:
		for _, it := range in.items {
			if it.raw {
				return unknownValue("a list of templates", at)
			}
			if it.same(v) {
				return boolValue(true, at)
			}
		}
		return boolValue(false, at)
	case dict:
		_, ok := in.child[v.python()]
		return boolValue(ok, at)
	}
	return unknownValue("a comparison of values of different types", at)
}

func (ev *eval) arith(op string, a, b value, at span.Text) value {
	a, b = ev.ready(a), ev.ready(b)
	switch {
	case op == "+" && a.kind == str && b.kind == str:
		return ev.bounded(span.Concat(a.text, b.text), at)
	case op == "+" && a.kind == list && b.kind == list && len(a.items)+len(b.items) <= 10*maxItems:
		return listValue(append(append([]value(nil), a.items...), b.items...), at)
	}
	for _, v := range []value{a, b} {
		if why, open := v.open(); open {
			return unknownValue(why, at)
		}
	}
	if op == "%" && a.kind == str {
		return ev.format(a.text.String(), b, at)
	}
	if a.kind == boolean {
		a = numValue(b2f(a.b), at)
	}
	if a.kind != number || b.kind != number || (op == "/" || op == "//" || op == "%") && b.n == 0 {
		return unknownValue("an operation on values that do not fit", at)
	}
	var n float64
	switch op {
	case "+":
		n = a.n + b.n
	case "-":
		n = a.n - b.n
	case "*":
		n = a.n * b.n
	case "/":
		n = a.n / b.n
	case "//":
		n = math.Floor(a.n / b.n)
	case "%":
		n = a.n - b.n*math.Floor(a.n/b.n)
	default:
		n = math.Pow(a.n, b.n)
	}
	out := numValue(n, at)
	out.whole = out.whole && a.whole && b.whole && op != "/"
	return out
}

// format is Python's "%s" % value.
func (ev *eval) format(f string, v value, at span.Text) value {
	args := []value{v}
	if v.kind == list {
		args = v.items
	}
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] != '%' || i+1 == len(f) {
			b.WriteByte(f[i])
			continue
		}
		i++
		switch {
		case f[i] == '%':
			b.WriteByte('%')
		case (f[i] == 's' || f[i] == 'd') && len(args) > 0:
			b.WriteString(ev.ready(args[0]).python())
			args = args[1:]
		default:
			return unknownValue("a format that is not worked out", at)
		}
	}
	return strValue(b.String(), at)
}

// bounded is a text that was put together, unless it is too long.
func (ev *eval) bounded(t span.Text, at span.Text) value {
	if !ev.spend(1+t.Len()/64) || t.Len() > maxValue {
		return unknownValue("a text that is too long", at)
	}
	return value{kind: str, text: t}
}

func show(t span.Text) string {
	s := strings.Join(strings.Fields(span.Show(t.String())), " ")
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
