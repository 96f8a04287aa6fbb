package ansible

import (
	"fmt"
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
