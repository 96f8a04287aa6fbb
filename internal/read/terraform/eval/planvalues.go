package eval

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"

	"github.com/zclconf/go-cty/cty"
)

var nothing = &jsonValue{}

// get is a member of an object, down a path; a value of no kind if there is none.
func (v *jsonValue) get(path ...string) *jsonValue {
	for _, name := range path {
		next := nothing
		if v != nil {
			for _, m := range v.members {
				if m.key.text == name {
					next = m.value
				}
			}
		}
		v = next
	}
	return v
}

func (v *jsonValue) isTrue() bool { return v != nil && v.kind == 't' && v.text == "true" }

// at is element i of a list.
func (v *jsonValue) at(i int) *jsonValue {
	if v == nil || i >= len(v.items) {
		return nothing
	}
	return v.items[i]
}

func (p *Plan) place(v *jsonValue) Place { return Place{p.text, v.start, v.end} }

// value is a JSON value of the plan, placed where it stands.
func (p *Plan) value(v *jsonValue) *Val { return p.resolved(v, nothing, nothing, 0) }

// resolved is a value with what the plan does not know, or holds secret, left unknown.
func (p *Plan) resolved(v, unknowns, secret *jsonValue, depth int) *Val {
	at := p.place(v)
	switch {
	case secret.isTrue():
		u := unknown("the plan marks it as sensitive", at)
		u.Sensitive = true
		return u
	case unknowns.isTrue():
		return unknown("known only after apply", at)
	case depth > 60:
		return unknown("nested too deeply", at)
	}
	switch v.kind {
	case '{':
		out := newMap(at)
		for _, m := range v.members {
			out.put(m.key.text, p.resolved(m.value, unknowns.get(m.key.text), secret.get(m.key.text), depth+1))
		}
		for _, m := range unknowns.members {
			if _, ok := out.Child[m.key.text]; !ok && m.value.isTrue() {
				out.put(m.key.text, unknown("known only after apply", at))
			}
		}
		return out
	case '[':
		out := list(at)
		for i, it := range v.items {
			if i == maxItems {
				return unknown("a list that is too long", at)
			}
			out.Items = append(out.Items, p.resolved(it, unknowns.at(i), secret.at(i), depth+1))
		}
		return out
	case '"':
		return text(unescapeJSON(p.src, v.start+1, v.end-1), Place{p.text, v.start + 1, v.end - 1})
	case '0':
		if n, err := cty.ParseNumberVal(v.text); err == nil {
			return fromCty(n, at, "", 0)
		}
	case 't':
		return boolean(v.text == "true", at)
	}
	return &Val{At: at}
}

// attr is what the plan says of an attribute; nil where it says nothing.
func (r *planned) attr(name string) *Val {
	v := r.after.get(name)
	if v == nothing && !r.unknown.get(name).isTrue() {
		return nil
	}
	return r.plan.resolved(v, r.unknown.get(name), r.sensitives.get(name), 0)
}

var digested = lazyregexp.New(`^[0-9a-f]{40}$`)

// filled is v, the configuration's value, with what it does not know taken from the plan. What the configuration knows
// stays, and references stay references: joins need them.
func filled(v, p *Val, depth int) *Val {
	if p == nil || p.Kind == Unknown || p.Kind == Null || depth > 20 {
		return v
	}
	switch {
	case v.IsNull():
		if s, ok := p.Str(); ok && s != "" {
			return p // what the provider fills in
		}
	case v.Kind == Unknown, v.Kind == Ref && v.From.Res.Data:
		if s, ok := p.Str(); ok && digested.MatchString(s) {
			return v // some providers plan a digest of the user data
		}
		return p.linked(v.From)
	case v.Kind == String && p.Kind == String && span.IsUnknown(v.T.String()) && !v.Base64 && !v.Gzip:
		if t, ok := aligned(v.T, p.T.String()); ok {
			c := *v
			c.T = t
			return &c
		}
	case v.Kind == List && p.Kind == List && len(v.Items) == 1:
		if v.Items[0].Kind == Unknown {
			return p.linked(v.From)
		}
		if len(p.Items) == 1 {
			c := *v
			c.Items = []*Val{filled(v.Items[0], p.Items[0], depth+1)}
			return &c
		}
	case v.Kind == Map && p.Kind == Map && v.res == nil && v.mod == nil:
		c := *v
		c.Keys, c.Child = append([]string(nil), v.Keys...), make(map[string]*Val, len(v.Child))
		for _, k := range v.Keys {
			c.Child[k] = filled(v.Child[k], p.Child[k], depth+1)
		}
		for _, k := range p.Keys {
			if f := filled(null, p.Child[k], depth+1); v.Child[k] == nil && v.block && !f.IsNull() {
				c.put(k, f)
			}
		}
		return &c
	}
	return v
}

// aligned is t, a text with unknown parts, with these taken from whole: the known parts have to follow each other in it.
func aligned(t span.Text, whole string) (span.Text, bool) {
	var out []span.Text
	pos := 0
	var gap *span.Text
	for i := 0; i < t.Len(); {
		start, end := t.SegmentAt(i)
		seg := t.Slice(start, end)
		i = max(end, i+1)
		s := seg.String()
		if span.IsUnknown(s) {
			if gap == nil {
				gap = &seg
			}
			continue
		}
		at := strings.Index(whole[pos:], s)
		if at < 0 || gap == nil && at != 0 {
			return t, false
		}
		if gap != nil {
			out = append(out, span.Literal(whole[pos:pos+at], *gap))
			gap = nil
		}
		out = append(out, seg)
		pos += at + len(s)
	}
	if gap != nil {
		out = append(out, span.Literal(whole[pos:], *gap))
		pos = len(whole)
	}
	return span.Concat(out...), pos == len(whole)
}
