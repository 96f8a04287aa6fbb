package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// assign gives a value to a target.
func (e *evaluator) assign(target syntax.Expr, v *Value) {
	switch t := target.(type) {
	case *syntax.Ident:
		if span.IsUnknown(t.Name) {
			e.open("a name is filled in from elsewhere: "+span.Reason(t.Name), e.at(t))
			return
		}
		e.set(t.Name, v)
	case *syntax.Attr:
		e.assignAttr(t, v)
	case *syntax.Index:
		e.assignItem(t, v)
	case *syntax.Star:
		e.assign(t.X, v)
	case *syntax.Seq:
		e.unpack(t, v)
	}
}

// unpack assigns the members of v to several targets.
func (e *evaluator) unpack(t *syntax.Seq, v *Value) {
	items, known := e.iterate(v)
	star := -1
	for i, x := range t.Items {
		if _, ok := x.(*syntax.Star); ok {
			star = i
		}
	}
	n := len(t.Items)
	if !known || star < 0 && len(items) != n || star >= 0 && len(items) < n-1 {
		if known {
			e.raised = &Issue{"the number of values does not fit the names on the left", e.at(t)}
		}
		for _, x := range t.Items {
			u := e.unknown(x, "%s", firstOf(v.Reason(), "it is a part of something that is not known"))
			u.Tainted = reaches(v)
			e.assign(x, u)
		}
		return
	}
	for i, x := range t.Items {
		switch {
		case i == star:
			e.assign(x, &Value{Kind: List, Items: append([]*Value(nil), items[i:len(items)-(n-1-i)]...), At: v.At})
		case star >= 0 && i > star:
			e.assign(x, items[len(items)-n+i])
		default:
			e.assign(x, items[i])
		}
	}
}

func (e *evaluator) assignAttr(t *syntax.Attr, v *Value) {
	base := e.eval(t.X)
	at := e.at(t)
	if e.opts.Outside != nil && base.Kind == Thing {
		e.setField(base, t.Name, v, at)
		return
	}
	if e.opts.Outside != nil && base.Kind == Either {
		for _, alt := range base.Items {
			if alt != nil && alt.Kind == Thing {
				e.doubts = append(e.doubts, base.Why)
				e.assigned(alt, t.Name, unknownAt(base.Why, at), at)
				e.doubts = e.doubts[:len(e.doubts)-1]
				e.st.objects.vars[e.place(alt)+t.Name] = unknownAt(base.Why, at)
			}
		}
	}
	switch {
	case span.IsUnknown(t.Name) && (reaches(base) || base.Kind == Unknown):
		e.open("a name is filled in from elsewhere: "+span.Reason(t.Name), at)
	case base.Kind == SectionOf:
		e.setTrait(base.Name, t.Name, v, at)
	case base.Kind == Config && upper(t.Name):
		switch {
		case v.Kind == SectionOf && v.Name == t.Name:
		case v.plain():
			e.raised = &Issue{"a section of the configuration is replaced by something that is none, which raises a ValueError", at}
		default:
			e.open("a whole section of the configuration is replaced", at)
		}
	case base.Tainted:
		e.open("the configuration may be changed through this name", at)
	case base.Kind == Either:
		for _, alt := range base.Items {
			if alt != nil && alt.Kind == SectionOf {
				e.setTrait(alt.Name, t.Name, unknownAt(located(base.Why, at), at), at)
			} else if alt != nil && reaches(alt) {
				e.open("the configuration may be changed through this name", at)
			}
		}
	case base.Kind == Ref:
		// a class of JupyterHub is changed itself: its options are no longer what the configuration says
		if last := base.Name[strings.LastIndexByte(base.Name, '.')+1:]; strings.HasSuffix(last, "Authenticator") || strings.HasSuffix(last, "Spawner") || last == "JupyterHub" {
			e.openSection(e.st.conf.section(last, at), located("the class "+last+" itself is changed", at), at)
		}
	}
}

func upper(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

func (e *evaluator) assignItem(t *syntax.Index, v *Value) {
	base, key := e.eval(t.X), e.eval(t.I)
	e.setItem(base, key, v, e.at(t))
}

func (e *evaluator) setItem(base, key, v *Value, at span.Span) {
	name, isName := key.Str()
	switch base.Kind {
	case SectionOf:
		if isName {
			e.setTrait(base.Name, name, v, at)
			return
		}
		e.openSection(e.st.conf.section(base.Name, at), located("an option is set whose name is not known", at), at)
	case Config:
		if !isName || upper(name) {
			e.open("a whole section of the configuration is replaced", at)
		}
	case Lazy:
		e.raised = &Issue{"single items of a setting can be set only after this file has set the whole; this raises a TypeError", at}
		e.spoil(base, "single items are set", at)
	case Dict:
		if !key.known() {
			e.spoil(base, "a key is set that is not known", at)
			return
		}
		c := *v
		if !v.mutable() {
			c.KeyAt = key.At
			v = &c
		}
		base.put(key, v)
	case List:
		if key.Kind == Int && index(key.Int, len(base.Items)) >= 0 {
			base.Items[index(key.Int, len(base.Items))] = v
			return
		}
		e.spoil(base, "an item is set whose place is not known", at)
	case Either:
		for _, alt := range base.Items {
			if alt != nil && (alt.mutable() || reaches(alt)) {
				e.setItem(alt, key, v, at)
			}
		}
	case Ref:
		if base.Name == "os.environ" && isName {
			e.st.globals.vars[environment+name] = v
		}
	default:
		if base.Tainted {
			e.open("the configuration may be changed through this name", at)
		}
	}
}

// environment marks variables of the environment that the file sets itself, among its own.
const environment = "os.environ "

// index is where a Python index points in a list of n; -1 if outside.
func index(i int64, n int) int {
	if i < 0 {
		i += int64(n)
	}
	if i < 0 || i >= int64(n) {
		return -1
	}
	return int(i)
}
