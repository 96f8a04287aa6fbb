package python

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// config is traitlets' configuration object as one file sees it.
type config struct {
	sections []*Section
	byName   map[string]*Section
	open     *Issue
	applied  bool // TLJH's apply_config filled it
}

// Section is what a file sets of one class.
type Section struct {
	Name   string
	Order  []string
	Traits map[string]*Value
	Open   *Issue // other traits of the class may be set, too
	At     span.Span
}

func newConfig() *config { return &config{byName: map[string]*Section{}} }

func (c *config) add(s *Section) *Section {
	if c.byName[s.Name] == nil {
		c.sections = append(c.sections, s)
	}
	c.byName[s.Name] = s
	return s
}

func (c *config) list() []*Section {
	var out []*Section
	for _, s := range c.sections {
		if c.byName[s.Name] == s && (len(s.Order) > 0 || s.Open != nil) {
			out = append(out, s)
		}
	}
	return out
}

func (c *config) section(name string, at span.Span) *Section {
	if s := c.byName[name]; s != nil {
		return s
	}
	for i, s := range c.sections { // it was deleted
		if s.Name == name {
			c.sections = append(c.sections[:i:i], c.sections[i+1:]...)
			break
		}
	}
	return c.add(&Section{Name: name, Traits: map[string]*Value{}, At: at})
}

func (s *Section) put(trait string, v *Value) {
	if _, ok := s.Traits[trait]; !ok {
		s.Order = append(s.Order, trait)
	}
	s.Traits[trait] = v
}

func (s *Section) remove(trait string) {
	delete(s.Traits, trait)
	for i, k := range s.Order {
		if k == trait {
			s.Order = append(s.Order[:i:i], s.Order[i+1:]...)
			return
		}
	}
}

// config is the configuration object itself.
func (e *evaluator) config(at span.Span) *Value { return &Value{Kind: Config, At: at} }

// open notes that code may change everything.
func (e *evaluator) open(why string, at span.Span) {
	why = located(why, at)
	e.st.conf.open = &Issue{why, at}
	for _, s := range e.st.conf.sections {
		e.openSection(s, why, at)
	}
}

func located(why string, at span.Span) string {
	if at.IsZero() {
		return why
	}
	return fmt.Sprintf("%s (%s)", why, at)
}

// openSection notes that code may change every trait of a class.
func (e *evaluator) openSection(s *Section, why string, at span.Span) {
	s.Open = &Issue{why, at}
	for k, v := range s.Traits {
		u := unknownAt(why, at)
		if v != nil {
			u.KeyAt = v.KeyAt
		}
		s.Traits[k] = u
	}
}

// plain says whether v is certainly no part of the configuration.
func (v *Value) plain() bool {
	switch v.Kind {
	case None, Bool, Int, Float, Text, Bytes, List, Tuple, Set, Dict, Function:
		return true
	}
	return false
}

// trait is the value of c.Class.trait: what this file set, what was set before if that can be seen, or a lazy value.
func (e *evaluator) trait(class, trait string, at span.Span) *Value {
	s := e.st.conf.section(class, at)
	if v, ok := s.Traits[trait]; ok && v != nil {
		for i, alt := range v.Items {
			if v.Kind == Either && alt == nil { // on one of the ways nothing has set it
				v.Items[i] = e.before(class, trait, at)
			}
		}
		return v
	}
	v := e.before(class, trait, at)
	s.put(trait, v)
	return v
}

// before is the value of a trait that this file has not set.
func (e *evaluator) before(class, trait string, at span.Span) *Value {
	s := e.st.conf.section(class, at)
	var v *Value
	switch {
	case s.Open != nil:
		v = unknownAt(s.Open.Why, at)
	case e.st.conf.open != nil:
		v = unknownAt(e.st.conf.open.Why, at)
	case e.st.live && e.opts.Base != nil:
		before, known := e.opts.Base(class, trait)
		switch {
		case !known:
			v = unknownAt("what it was before is not known", at)
		case before != nil:
			v = before
		}
	}
	if v == nil {
		v = &Value{Kind: Lazy, Lazy: &Edits{}, At: at}
	}
	return v
}

// setTrait is c.Class.trait = v.
func (e *evaluator) setTrait(class, trait string, v *Value, at span.Span) {
	if upper(trait) && v.plain() {
		e.raised = &Issue{"the option " + trait + " looks like the name of a class, and what it is given is no configuration; this raises a ValueError", at}
		return
	}
	if v.KeyAt.IsZero() || v.mutable() || v.KeyAt != at {
		c := *v
		if v.mutable() { // shared: the place of the assignment is the first one's
			if v.KeyAt.IsZero() {
				v.KeyAt = at
			}
			e.st.conf.section(class, at).put(trait, v)
			return
		}
		c.KeyAt = at
		v = &c
	}
	e.st.conf.section(class, at).put(trait, v)
}

// reaches says whether v is the configuration, or holds it.
func reaches(v *Value) bool {
	n := bound
	return !v.deep(func(x *Value) bool { return x.Kind != Config && x.Kind != SectionOf && x.Kind != Lazy && !x.Tainted }, &n)
}

// touch makes unknown what code may change that is given v.
func (e *evaluator) touch(v *Value, why string, at span.Span) {
	switch {
	case v == nil:
	case v.Kind == SectionOf:
		e.openSection(e.st.conf.section(v.Name, at), located(why, at), at)
	case v.Kind == Config, v.Tainted:
		e.open(why, at)
	case v.Kind == Lazy:
		e.spoil(v, why, at)
	default:
		if n := bound; !v.deep(func(x *Value) bool { return x.Kind != Config && x.Kind != SectionOf && !x.Tainted }, &n) {
			e.open(why, at)
		}
		if v.mutable() && v.Kind != Tuple {
			e.spoil(v, why, at)
		}
	}
}

// spoil makes a value that is shared unknown, wherever it is used.
func (e *evaluator) spoil(v *Value, why string, at span.Span) {
	key := v.KeyAt
	*v = Value{Kind: Unknown, Why: located(why, at), At: at, KeyAt: key}
}
