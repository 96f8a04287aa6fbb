package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

// method is base.name(…).
func (e *evaluator) method(base *Value, name string, a *arguments, x *syntax.Call) *Value {
	none := &Value{Kind: None, At: e.at(x)}
	switch base.Kind {
	case Thing:
		return e.thingMethod(base, name, a, x)
	case Text:
		return e.textMethod(base, name, a, x)
	case List:
		if e.listMethod(base, name, a, x) {
			return none
		}
	case Set:
		if e.setMethod(base, name, a, x) {
			return none
		}
	case Dict:
		return e.dictMethod(base, name, a, x)
	case Lazy:
		e.lazyMethod(base, name, a, x)
		return none
	case SectionOf:
		if e.unsetTrait(base, name) && e.unset(e.attr(base, name, x), "this calls", e.at(x)) {
			return none
		}
		return e.sectionMethod(base, name, a, x)
	case Config:
		if upper(name) {
			e.raised = &Issue{"a section of the configuration is called, which raises a TypeError", e.at(x)}
			return none
		}
		return e.configMethod(name, a, x)
	case Either:
		var out *Value
		for _, alt := range base.Items {
			if alt == nil {
				continue
			}
			if e.opts.Outside != nil {
				e.doubts = append(e.doubts, base.Why)
			}
			v := e.method(alt, name, a, x)
			if e.opts.Outside != nil {
				e.doubts = e.doubts[:len(e.doubts)-1]
			}
			if out == nil {
				out = v
			} else {
				out = either(base.Why, out, v)
			}
		}
		if out != nil {
			return out
		}
	}
	if base.Kind == List || base.Kind == Set {
		switch name {
		case "copy":
			return &Value{Kind: base.Kind, Items: append([]*Value(nil), base.Items...), At: base.At}
		case "index", "count", "union", "intersection", "difference", "issubset", "issuperset", "isdisjoint":
			return e.unknown(x, "%s", "it is worked out by code that is not followed")
		}
		e.spoil(base, "it is changed in a way that is not followed", e.at(x))
		return none
	}
	if e.opts.Outside != nil {
		if base.Kind == Unknown && base.Name == OpenFile {
			if v := e.pathMethod(base, name, a, x); v != nil {
				return v
			}
		}
		return e.outside(&Call{Name: "." + name, On: base}, a, x)
	}
	f := &Value{Kind: Unknown, Why: base.Reason(), Tainted: base.Tainted}
	return e.opaqueCall(f, a, x)
}

// unsetTrait says whether section.name is an option, and no method, that nothing has set.
func (e *evaluator) unsetTrait(section *Value, name string) bool {
	s := e.st.conf.byName[section.Name]
	return !dictMethods[name] && name != "" && name[0] != '_' && !upper(name) && !e.st.live && (s == nil || s.Open == nil && s.Traits[name] == nil)
}
