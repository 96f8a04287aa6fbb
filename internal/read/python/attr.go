package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// dictMethods are names of the configuration that are methods, not options.
var dictMethods = map[string]bool{"update": true, "merge": true, "clear": true, "pop": true, "popitem": true, "setdefault": true, "get": true, "keys": true, "values": true, "items": true, "copy": true, "has_key": true, "collisions": true}

// attr is base.name.
func (e *evaluator) attr(base *Value, name string, x syntax.Node) *Value {
	at := e.at(x)
	if insides[name] && base.Kind != Ref {
		e.open("code gets at the variables of the program, "+e.quote(x), at)
		return &Value{Kind: Unknown, Why: "it is a part of the running program", At: at, Tainted: true}
	}
	switch base.Kind {
	case Config:
		if strings.HasPrefix(name, "_") || dictMethods[name] {
			return &Value{Kind: Unknown, Why: "it depends on the whole configuration", At: at, Tainted: true}
		}
		if span.IsUnknown(name) {
			return &Value{Kind: Unknown, Why: span.Reason(name), At: at, Tainted: true}
		}
		if upper(name) {
			return &Value{Kind: SectionOf, Name: name, At: at}
		}
		return &Value{Kind: Lazy, Lazy: &Edits{}, At: at} // an option of no class, which nothing reads
	case SectionOf:
		if strings.HasPrefix(name, "_") || dictMethods[name] {
			return &Value{Kind: Unknown, Why: "it depends on the whole configuration", At: at, Tainted: true}
		}
		return e.trait(base.Name, name, at)
	case Ref:
		return e.member(base, name, x)
	case Lazy:
		if !lazyNames()[name] {
			e.raised = &Issue{"a setting that this file has not set has no ." + name + "; this raises an AttributeError", at}
		}
		return unknownAt("it is a part of a setting that this file has not set", at)
	case Unknown:
		if e.opts.Outside != nil && base.Name == OpenFile {
			if v := e.pathAttr(base, name, x); v != nil {
				return v
			}
		} else if e.opts.Outside != nil { // of something that is not known; its methods may still matter
			return &Value{Kind: Thing, Name: "." + name, Why: firstOf(base.Why, "it is not known"), At: at, Object: &Object{On: base, Attr: name}}
		}
		return &Value{Kind: Unknown, Why: base.Why, At: at, Tainted: base.Tainted}
	case Thing:
		return e.attribute(base, name, x)
	case Local:
		if v, owner := e.inherited(base, name, 0); v != nil && v.Kind == Function && v.fn.how != "" {
			return v.bound(base, owner)
		} else if v != nil && v.Kind != Ref {
			return v
		}
		return unknownAt("it is a part of the class "+base.Name+", whose code is not read", at)
	case Either:
		var out *Value
		for i, alt := range base.Items {
			if alt == nil {
				continue
			}
			if v := e.attr(alt, name, x); i == 0 || out == nil {
				out = v
			} else {
				out = either(base.Why, out, v)
			}
		}
		if out != nil {
			return out
		}
	}
	return unknownAt(firstOf(base.Reason(), "it is worked out by code that is not followed"), at)
}

// item is base[key].
func (e *evaluator) item(base, key *Value, x syntax.Node) *Value {
	at := e.at(x)
	name, isName := key.Str()
	switch base.Kind {
	case Config:
		if isName {
			return e.attr(base, name, x)
		}
		return &Value{Kind: Unknown, Why: "it is a part of the configuration that is not known", At: at, Tainted: true}
	case SectionOf:
		if isName {
			return e.trait(base.Name, name, at)
		}
		return &Value{Kind: Unknown, Why: "it is an option that is not known", At: at, Tainted: true}
	case Lazy:
		e.raised = &Issue{"a setting that this file has not set cannot be read; this raises a TypeError", at}
	case Thing:
		return &Value{Kind: Thing, Name: ItemOf, Why: base.Why, At: at, Object: &Object{On: base, Attr: ItemOf}}
	case Ref:
		if base.Name == "os.environ" {
			if isName {
				if v := e.st.globals.vars[environment+name]; v != nil && v.Kind != Either {
					return v
				}
				e.may(at, "it needs the environment variable "+name+" in the hub's service, and stops the hub without it")
				return e.environ(name, nil, x)
			}
			return e.unknownText("it comes from the environment of the hub's service", e.slice(x))
		}
	case Dict:
		if i, sure := base.find(key); i >= 0 {
			return base.Items[i]
		} else if sure {
			e.raised = &Issue{"the key " + key.Show() + " is not there, which raises a KeyError", at}
		}
	case List, Tuple:
		if key.Kind == Int || key.Kind == Bool {
			if i := index(key.Int, len(base.Items)); i >= 0 {
				return base.Items[i]
			}
			e.raised = &Issue{"there is no item " + key.Show() + ", which raises an IndexError", at}
		}
	case Text:
		if s, ok := base.Str(); ok && key.Kind == Int && ascii(s) {
			if i := index(key.Int, len(s)); i >= 0 {
				return textOf(base.Text.Slice(i, i+1))
			}
		}
		return e.unknownText(firstOf(base.Reason(), "it is a part of a text that is not known"), e.slice(x))
	case Either:
		var out *Value
		for _, alt := range base.Items {
			if alt != nil {
				v := e.item(alt, key, x)
				if out == nil {
					out = v
				} else {
					out = either(base.Why, out, v)
				}
			}
		}
		if out != nil {
			return out
		}
	}
	return &Value{Kind: Unknown, Why: firstOf(base.Reason(), firstOf(key.Reason(), "it is worked out by code that is not followed")), At: at, Tainted: base.Tainted}
}
