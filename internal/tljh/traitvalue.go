package tljh

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// traitNode is what a trait becomes that a file gives the value v, where before is its value so far (nil: the class's own
// default); isSet says whether it is a set to Python. A nil node means that nothing changes.
func (s *state) traitNode(class, name string, v *python.Value, before *doc.Node) (n *doc.Node, isSet bool) {
	switch v.Kind {
	case python.Either:
		return s.eitherNode(class, name, v, before)
	case python.Lazy:
		if v.Lazy.Empty() {
			return before, s.sets[class+"."+name]
		}
		return s.extend(class, name, v, before), s.sets[class+"."+name]
	}
	c := &converter{classes: strings.HasSuffix(name, "_class"), secret: mayBeSecret(name)}
	n = c.node(v)
	if c.nodes > maxNodes {
		n = doc.UnknownOf("the value is larger than is followed", v.At)
	}
	return n, v.Kind == python.Set
}

// eitherNode is what the values that a trait may get have in common.
func (s *state) eitherNode(class, name string, v *python.Value, before *doc.Node) (*doc.Node, bool) {
	why := v.Why
	if !mayBeSecret(name) {
		why += named(v)
	}
	var out *doc.Node
	isSet := false
	for i, alt := range v.Items {
		n, set := before, s.sets[class+"."+name]
		if alt != nil {
			n, set = s.traitNode(class, name, alt, before)
		}
		if i == 0 {
			out, isSet = n, set
			continue
		}
		out, isSet = joinTrait(out, n, why), isSet && set
	}
	if out != nil && out != before && out.At.IsZero() {
		out.At = v.At
	}
	return out, isSet
}

// joinTrait joins two values of a trait; of two lists, what both hold is kept.
func joinTrait(a, b *doc.Node, why string) *doc.Node {
	if a == nil && b == nil {
		return nil
	}
	if a != nil && b != nil {
		if pyEqual(a, b) {
			return a
		}
		if a.Kind == doc.List && b.Kind == doc.List {
			l := doc.NewList(doc.Unknown, a.At).Because(why)
			for _, x := range a.Items {
				for _, y := range b.Items {
					if pyEqual(x, y) || doc.Same(x, y) && len(x.Child) > 0 {
						l.Add(x)
						break
					}
				}
			}
			return l
		}
	}
	at := span.Span{}
	for _, n := range []*doc.Node{b, a} {
		if n != nil && !place(n).IsZero() {
			at = place(n)
		}
	}
	if text(a) && text(b) {
		return doc.Of(span.Unknown(why), doc.Unknown, at).Because(why)
	}
	return doc.UnknownOf(why, at)
}

func text(n *doc.Node) bool { return n != nil && n.Kind == doc.String }

// named tells the values of an Either: "…; it may be "2G" (a.py:3:4), or what it was".
func named(v *python.Value) string {
	var out []string
	was := false
	for _, alt := range v.Items {
		switch {
		case alt == nil:
			was = true
		case !alt.At.IsZero():
			out = append(out, alt.Show()+" ("+alt.At.String()+")")
		default:
			out = append(out, alt.Show())
		}
	}
	if was {
		out = append(out, "what it is without this file")
	}
	return "; it may be " + strings.Join(out, ", or ")
}

// mayBeSecret says whether an option of that name may hold a secret, so that no reason tells its values.
func mayBeSecret(name string) bool {
	if secretTraits[name] != "" || name == "db_url" {
		return true
	}
	name = strings.ToLower(name)
	for _, w := range []string{"secret", "passw", "token", "_key", "pwd", "credential"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// maxNodes bounds the nodes of one value: shared values can be spelt in few bytes and be huge.
const maxNodes = 20_000

// converter turns a value of Python into a node.
type converter struct {
	classes bool // names of classes stand for themselves
	secret  bool // values are not named in reasons
	nodes   int
}

func (c *converter) node(v *python.Value) *doc.Node {
	if c.nodes++; c.nodes > maxNodes {
		return doc.UnknownOf("the value is larger than is followed", v.At)
	}
	n := c.plain(v)
	n.KeyAt = v.KeyAt
	return n
}

func (c *converter) plain(v *python.Value) *doc.Node {
	switch v.Kind {
	case python.None:
		return doc.Of(nil, doc.Set, v.At)
	case python.Bool:
		return doc.Of(v.Int != 0, doc.Set, v.At)
	case python.Int:
		return doc.Of(v.Int, doc.Set, v.At)
	case python.Float:
		return doc.Of(v.Float, doc.Set, v.At)
	case python.Text:
		s := v.Text.String()
		n := doc.Of(s, doc.Set, v.At)
		if span.IsUnknown(s) {
			n.State, n.Why = doc.Unknown, span.Reason(s)
			if c.secret { // neither the parts that are known nor the default are told
				n.Why, _, _ = strings.Cut(n.Why, "; without it, ")
				n.Value = span.Unknown(n.Why)
			}
		}
		return n
	case python.List, python.Tuple, python.Set:
		l := doc.NewList(doc.Set, v.At)
		for _, it := range v.Items {
			l.Add(c.node(it))
		}
		return l
	case python.Dict:
		m := doc.NewMap(doc.Set, v.At)
		for i, k := range v.Keys {
			key, ok := k.Str()
			if !ok {
				key = "$key:" + strconv.Itoa(i)
			}
			outer := c.secret
			c.secret = outer || mayBeSecret(key)
			n := c.node(v.Items[i])
			c.secret = outer
			n.KeyAt = k.At
			m.Put(key, n)
		}
		return m
	case python.Ref, python.Local:
		if c.classes {
			return doc.Of(v.Name, doc.Set, v.At)
		}
		return doc.UnknownOf("it is code, which is not read", v.At)
	case python.Either:
		why := v.Why
		if !c.secret {
			why += named(v)
		}
		for _, it := range v.Items {
			if it == nil || it.Kind != python.Text {
				return doc.UnknownOf(why, v.At)
			}
		}
		return doc.Of(span.Unknown(why), doc.Unknown, v.At).Because(why)
	}
	why := v.Reason()
	if c.secret {
		why, _, _ = strings.Cut(why, "; without it, ")
	}
	if why == "" {
		why = "it is code, which is not read"
	}
	return doc.UnknownOf(why, v.At)
}

// extend adds to a list, set or mapping, whatever set it before; to nothing, it adds to the class's own default
// (TRT: LazyConfigValue.get_value: what does not fit the kind of the value is left out).
func (s *state) extend(class, name string, v *python.Value, before *doc.Node) *doc.Node {
	sec := s.sectionOf(class)
	c := &converter{}
	isSet, isDictionary := s.sets[class+"."+name], isDict(before)
	if before == nil {
		kind := s.traitKind(class, name)
		isSet, isDictionary = strings.HasPrefix(kind, "set"), strings.HasPrefix(kind, "dict") || kind == "" && v.Lazy.Update != nil && v.Lazy.Update.Kind == python.Dict
		if kind == "" && v.Lazy.Update != nil && v.Lazy.Update.Kind == python.Set {
			isSet = true
		}
		switch {
		case isOpen(sec):
			return doc.UnknownOf(sec.Why, v.At)
		case !emptyByDefault(name):
			return doc.UnknownOf("it adds to the default of "+class+"."+name+", which is not in the repository", v.At)
		}
		before = doc.NewList(doc.Set, v.At)
		if isDictionary {
			before = doc.NewMap(doc.Set, v.At)
		}
	}
	switch {
	case before.State == doc.Unknown:
		return before
	case isDictionary:
		if u := v.Lazy.Update; u != nil && u.Kind == python.Dict {
			n := copyAlong(before, nil)
			m := c.node(u)
			for _, k := range m.Keys {
				n.Put(k, m.Child[k])
			}
			return n
		}
		return before
	case before.Kind != doc.List:
		return doc.UnknownOf("something is added to it that does not fit", v.At)
	}
	n := copyAlong(before, nil)
	if n.State = doc.Set; n.At.IsZero() {
		n.At = v.At
	}
	nodes := func(vs []*python.Value) (out []*doc.Node) {
		for _, x := range vs {
			out = append(out, c.node(x))
		}
		return out
	}
	if isSet {
		if u := v.Lazy.Update; u != nil {
			vs := u.Items
			if u.Kind == python.Dict {
				vs = u.Keys
			}
			n.Items = append(append([]*doc.Node(nil), n.Items...), nodes(vs)...)
		}
		return n
	}
	items := append([]*doc.Node(nil), n.Items...)
	for _, in := range v.Lazy.Inserts {
		at := in.I
		if at < 0 {
			at += int64(len(items))
		}
		at = max(0, min(at, int64(len(items))))
		items = append(append(append([]*doc.Node(nil), items[:at]...), c.node(in.V)), items[at:]...)
	}
	items = append(nodes(v.Lazy.Prepend), items...)
	n.Items = append(items, nodes(v.Lazy.Extend)...)
	return n
}

// traitKind is the declared type of a trait, "" if it is not known.
func (s *state) traitKind(class, name string) string {
	if c := classes().byName[class]; c != nil {
		if t, ok := c.trait(name, s.v.major); ok {
			return t.kind
		}
	}
	return ""
}

// emptyByDefault says whether the default of a collection trait is known to be empty.
func emptyByDefault(trait string) bool {
	for _, p := range []string{"allow", "admin", "blocked_", "whitelist", "services", "load_groups", "load_roles", "user_groups", "api_tokens", "environment", "unit_extra_properties", "idps", "template_paths", "template_vars", "args", "volumes", "extra_"} {
		if strings.HasPrefix(trait, p) {
			return true
		}
	}
	return false
}
