package puppet

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
