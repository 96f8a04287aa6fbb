package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

func (e *evaluator) sectionMethod(s *Value, name string, a *arguments, x *syntax.Call) *Value {
	at := e.at(x)
	none := &Value{Kind: None, At: at}
	arg := a.get(0, "")
	sec := e.st.conf.section(s.Name, at)
	switch name {
	case "update", "merge":
		d := &Value{Kind: Dict}
		if e.update(d, a) {
			for i, k := range d.Keys {
				if n, ok := k.Str(); ok {
					e.setTrait(s.Name, n, d.Items[i], at)
				} else {
					e.openSection(sec, located("an option is set whose name is not known", at), at)
				}
			}
			return none
		}
	case "clear":
		if !e.st.live && sec.Open == nil {
			for _, k := range append([]string(nil), sec.Order...) {
				sec.remove(k)
			}
			return none
		}
	case "get", "setdefault":
		if n, ok := arg.Str(); ok {
			if v := sec.Traits[n]; v != nil {
				return v
			}
			if !e.st.live && sec.Open == nil && e.st.conf.open == nil {
				other := firstValue(a.get(1, ""), none)
				if name == "setdefault" {
					e.setTrait(s.Name, n, other, at)
				}
				return other
			}
			if name == "get" {
				return unknownAt("what it was before is not known", at)
			}
		}
	case "pop":
		n, ok := arg.Str()
		if ok && sec.Traits[n] == nil && !e.st.live && sec.Open == nil && e.st.conf.open == nil {
			if len(a.list) > 1 {
				return a.list[1]
			}
			e.raised = &Issue{"the option " + n + " is not there, which raises a KeyError", at}
			return none
		}
		if ok && sec.Traits[n] != nil {
			v := sec.Traits[n]
			e.remove(s, n, at)
			return v
		}
	case "has_key", "keys", "items", "values", "copy":
		return unknownAt("it depends on the whole configuration", at)
	}
	e.openSection(sec, located("it is changed in a way that is not followed", at), at)
	for _, v := range a.all() {
		e.touch(v, "it is given to the configuration", at)
	}
	return unknownAt("it is worked out by code that is not followed", at)
}

func (e *evaluator) configMethod(name string, a *arguments, x *syntax.Call) *Value {
	at := e.at(x)
	none := &Value{Kind: None, At: at}
	if (name == "merge" || name == "update" && !e.st.live && len(e.st.conf.sections) == 0) && len(a.list) == 1 && a.list[0].Kind == Dict {
		for i, k := range a.list[0].Keys {
			class, isName := k.Str()
			traits := a.list[0].Items[i]
			if !isName || traits.Kind != Dict {
				e.open("the configuration is changed in a way that is not followed", at)
				continue
			}
			for j, t := range traits.Keys {
				if n, isName := t.Str(); isName {
					e.setTrait(class, n, traits.Items[j], at)
				}
			}
		}
		return none
	}
	if name == "clear" && !e.st.live {
		e.st.conf = newConfig()
		return none
	}
	if name == "get" || name == "keys" || name == "items" || name == "has_key" || name == "copy" {
		return &Value{Kind: Unknown, Why: "it depends on the whole configuration", At: at, Tainted: name != "keys" && name != "has_key"}
	}
	e.open("the configuration is changed in a way that is not followed, "+e.quote(x), at)
	return unknownAt("it is worked out by code that is not followed", at)
}
