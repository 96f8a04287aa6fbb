package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// lookup is the value of a variable, nil if there is none of that name.
func (e *evaluator) lookup(name string) *Value {
	for s := e.st.local; s != nil; s = s.parent {
		if s.outside[name] {
			continue
		}
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return e.st.globals.vars[name]
}

// set assigns a variable.
func (e *evaluator) set(name string, v *Value) {
	s := e.st.local
	if s == nil {
		s = e.st.globals
	} else if s.outside[name] {
		for s = s.parent; s != nil && s.vars[name] == nil; s = s.parent {
		}
		if s == nil {
			s = e.st.globals
		}
	}
	if old := s.vars[name]; s == e.st.globals && old != nil && old.Kind == Config && name == "c" && v.Kind != Config && v.Tainted {
		e.open("c stops being the configuration", v.At)
	}
	s.vars[name] = v
}

// ident is the value of a name in an expression.
func (e *evaluator) ident(x *syntax.Ident) *Value {
	if span.IsUnknown(x.Name) {
		u := e.unknown(x, "%s", span.Reason(x.Name))
		return u
	}
	if v := e.lookup(x.Name); v != nil {
		if v.Kind == Either {
			if v = e.settled(v); v == nil {
				e.raised = &Issue{x.Name + " is not set", e.at(x)}
				return e.unknown(x, "%s is not set", x.Name)
			}
		}
		return e.placed(v, x)
	}
	if builtins()[x.Name] {
		return &Value{Kind: Ref, Name: x.Name, At: e.at(x)}
	}
	if why := e.looseNames(); why != "" {
		return &Value{Kind: Unknown, Why: why, At: e.at(x)}
	}
	if e.unbound(x.Name) && e.sure() { // what follows is read all the same: it is what the file is meant to do
		if e.res.Raises == nil {
			e.res.Raises = &Issue{"the name " + x.Name + " is not defined", e.at(x)}
		}
		return e.unknown(x, "the name %s is not defined in the file", x.Name)
	}
	e.may(e.at(x), "the name "+x.Name+" is not defined anywhere in the file; without it the hub does not start")
	return e.unknown(x, "the name %s is not defined in the file", x.Name)
}

// sure says whether what is performed now is performed on every way, and ends the file if it raises an exception.
func (e *evaluator) sure() bool {
	return len(e.doubts) == 0 && len(e.exits) == 0 && e.quiet == 0 && e.trying == 0
}

// perhaps evaluates what may not be evaluated at all: an exception in it is one that may be raised.
func (e *evaluator) perhaps(x syntax.Expr, why string) *Value {
	before := e.raised
	e.raised = nil
	e.doubts = append(e.doubts, why)
	v := e.eval(x)
	e.doubts = e.doubts[:len(e.doubts)-1]
	if e.raised != nil {
		e.may(e.raised.At, e.raised.Why)
	}
	e.raised = before
	return v
}

// unbound says whether a whole file gives no value to a name anywhere, so that using it is a NameError: it stands after no
// word that defines names, before no sign that assigns, and in no list of targets.
func (e *evaluator) unbound(name string) bool {
	if e.opts.Calls != nil || e.opts.Fragment || e.st.conf.open != nil || span.IsUnknown(e.src) {
		return false
	}
	for i, t := range e.tokens {
		if t.Kind != syntax.Name || t.Text != name {
			continue
		}
		before, after := "", ""
		if i > 0 {
			before = e.tokens[i-1].Text
		}
		if i+1 < len(e.tokens) {
			after = e.tokens[i+1].Text
		}
		switch before {
		case "import", "as", "def", "class", "for", "global", "nonlocal", ",", "*", "case":
			return false
		}
		switch after {
		case "=", ":=", ",", ":", "in":
			return false
		}
	}
	return true
}

// settled drops "not set" from an Either: using it shows that it is set.
func (e *evaluator) settled(v *Value) *Value {
	for i, it := range v.Items {
		if it == nil {
			n := *v
			n.Items = append(append([]*Value(nil), v.Items[:i]...), v.Items[i+1:]...)
			if len(n.Items) == 1 {
				return n.Items[0]
			}
			return &n
		}
	}
	return v
}

func (e *evaluator) looseNames() string {
	return e.st.globals.loose
}

// placed is a value as used at x: evidence is where a value was written, and where the name of a class or function is used.
func (e *evaluator) placed(v *Value, x syntax.Node) *Value {
	code := v.Kind == Ref || v.Kind == Local || v.Kind == Function
	if v.mutable() || !v.At.IsZero() && !code {
		return v
	}
	n := *v
	n.At = e.at(x)
	return &n
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func quoted(s string) string {
	s = strings.Join(strings.Fields(span.Show(s)), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return "“" + s + "”"
}
