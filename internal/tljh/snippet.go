package tljh

import (
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/tljh/pysnippet"
)

// runSnippets applies jupyterhub_config.d after everything else, in byte order of the names; other suffixes, hidden files
// and sub-folders are not loaded (reference/tljh.md §12).
func (s *state) runSnippets() {
	var names []string
	for n := range s.r.snippets {
		switch {
		case span.IsUnknown(n):
			sn := s.r.snippets[n]
			s.openTraits("a snippet is written whose name is not known")
			s.hub.unknowns = append(s.hub.unknowns, issue{s.traits.Why, sn.text.Span()})
		case strings.HasSuffix(n, ".py") && !strings.HasPrefix(n, ".") && !strings.Contains(n, "/"):
			names = append(names, n)
		}
	}
	sort.Strings(names)
	for _, n := range names {
		s.runSnippet(s.r.snippets[n])
	}
}

func (s *state) runSnippet(sn *snippet) {
	for _, t := range sn.other {
		s.runSnippet(&snippet{name: sn.name, text: t, maybe: sn.maybe})
	}
	res := pysnippet.Read(sn.text)
	if sn.maybe != "" && (len(res.Actions) > 0 || res.Raises != nil || len(res.May) > 0) {
		s.hub.unknowns = append(s.hub.unknowns, issue{"the snippet " + sn.name + " may not be there: " + sn.maybe, sn.text.Span()})
	}
	for _, c := range res.Classes {
		s.local[c.Name] = s.localClass(c)
	}
	for i := range res.Actions {
		a := &res.Actions[i]
		if sn.maybe != "" {
			s.perhaps(a, sn.maybe)
			continue
		}
		s.act(a)
	}
	if sn.maybe != "" {
		return
	}
	for _, m := range res.May {
		s.hub.unknowns = append(s.hub.unknowns, issue{"the snippet " + sn.name + ": " + m.Why, m.At})
	}
	if res.Raises != nil {
		s.hub.errs = append(s.hub.errs, issue{"the snippet " + sn.name + " fails: " + res.Raises.Why, res.Raises.At})
	}
}

// act performs one action of a snippet on the traits.
func (s *state) act(a *pysnippet.Action) {
	switch {
	case a.Verb == pysnippet.Unknown && a.Class == "":
		s.openTraits(a.Why)
		s.hub.unknowns = append(s.hub.unknowns, issue{a.Why, a.At})
	case a.Verb == pysnippet.Unknown && a.Trait == "":
		c := s.sectionOf(a.Class)
		c.State, c.Why = doc.Unknown, a.Why
		for _, k := range c.Keys {
			c.Child[k] = doc.UnknownOf(a.Why, a.At)
		}
	case a.Verb == pysnippet.Unknown:
		s.set(a.Class, a.Trait, doc.UnknownOf(a.Why, a.At))
	case a.Verb == pysnippet.Assign:
		s.set(a.Class, a.Trait, a.Value)
	default:
		s.extend(a)
	}
}

// extend adds to a list, set or mapping, whatever set it before; to nothing, it adds to the class's own default.
func (s *state) extend(a *pysnippet.Action) {
	c := s.sectionOf(a.Class)
	old := c.Child[a.Trait]
	switch {
	case old == nil && isOpen(c):
		s.set(a.Class, a.Trait, doc.UnknownOf(c.Why, a.At))
	case old == nil && !emptyByDefault(a.Trait):
		s.set(a.Class, a.Trait, doc.UnknownOf("it adds to the default of "+a.Class+"."+a.Trait+", which is not in the repository", a.At))
	case old == nil:
		v := a.Value.Copy()
		v.At = a.At
		s.set(a.Class, a.Trait, v)
	case old.State == doc.Unknown:
	case old.Kind == doc.List:
		n := copyAlong(old, nil)
		if n.State = doc.Set; n.At.IsZero() {
			n.At = a.At
		}
		items := a.Value.Items
		if a.Value.Kind == doc.Map {
			items = nil
			for _, k := range a.Value.Keys {
				items = append(items, doc.Of(k, doc.Set, a.Value.Child[k].KeyAt))
			}
		}
		n.Add(items...)
		s.set(a.Class, a.Trait, n)
	case isDict(old) && a.Value.Kind == doc.Map:
		n := copyAlong(old, nil)
		for _, k := range a.Value.Keys {
			n.Put(k, a.Value.Child[k])
		}
		s.set(a.Class, a.Trait, n)
	default:
		s.set(a.Class, a.Trait, doc.UnknownOf("something is added to it that does not fit", a.At))
	}
}

// emptyByDefault says whether the default of a collection trait is known to be empty.
func emptyByDefault(trait string) bool {
	for _, p := range []string{"allow", "admin", "blocked_", "whitelist", "services", "load_groups", "load_roles", "user_groups", "api_tokens", "environment", "unit_extra_properties", "idps"} {
		if strings.HasPrefix(trait, p) {
			return true
		}
	}
	return false
}

// perhaps performs an action that may not happen: what it would change becomes unknown.
func (s *state) perhaps(a *pysnippet.Action, why string) {
	if a.Verb == pysnippet.Assign && pyEqual(s.sectionOf(a.Class).Child[a.Trait], a.Value) {
		return
	}
	b := *a
	b.Verb, b.Why = pysnippet.Unknown, why
	s.act(&b)
}

// localClass makes a class of a snippet known: it reads its bases' sections, and its own code is not read.
func (s *state) localClass(c pysnippet.Class) *class {
	out := &class{name: c.Name, full: "builtins." + c.Name, family: "custom", traits: map[string]trait{}, custom: !c.Plain}
	for _, b := range c.Bases {
		base := classes().byPath[b]
		if l := s.local[b]; l != nil {
			base = l
		}
		if base == nil {
			out.custom = true
			out.bases = append(out.bases, b[strings.LastIndexByte(b, '.')+1:])
			continue
		}
		if base.family != "custom" && out.family == "custom" {
			out.family, out.provider = base.family, base.provider
		}
		out.custom = out.custom || base.custom
		out.bases = append(append(out.bases, base.name), base.bases...)
	}
	if !contains(out.bases, "Authenticator") {
		out.bases = append(out.bases, "Authenticator")
	}
	return out
}
