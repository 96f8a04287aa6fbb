package puppet

import "strings"

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
