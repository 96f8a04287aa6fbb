package python

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// moduleKey is where the state keeps the modules of the program that are loaded.
const moduleKey = "module "

// absolute is the name of a module as the program calls it: a relative one is seen from the module that imports it.
func (e *evaluator) absolute(name string) string {
	if e.opts.Outside == nil || !strings.HasPrefix(name, ".") {
		return name
	}
	rest := strings.TrimLeft(name, ".")
	pkg := e.packages[fileOf(e.text)]
	for up := len(name) - len(rest); up > 1; up-- {
		i := strings.LastIndexByte(pkg, '.')
		pkg = pkg[:max(i, 0)]
	}
	return strings.Trim(pkg+"."+rest, ".")
}

func fileOf(t span.Text) string { return t.SpanOf(0, 0).File }

// partOf makes sub, which loads a module, a part of the program that e follows.
func (sub *evaluator) partOf(e *evaluator, name string) {
	sub.instances, sub.made, sub.called, sub.packages = e.instances, e.made, e.called, e.packages
	sub.st.objects = e.st.objects
	sub.doubts = append(sub.doubts, e.doubts...)
	file := fileOf(sub.text)
	pkg := name
	if path.Base(file) != "__init__.py" {
		pkg = name[:max(strings.LastIndexByte(name, '.'), 0)]
	}
	if len(e.packages) < maxTurns {
		e.packages[file] = pkg
	}
	sub.st.globals.vars["__name__"] = textOf(span.Plain(name))
	sub.st.globals.vars["__file__"] = textOf(span.Plain("/" + file))
}

// after takes what loading a module has done.
func (e *evaluator) after(sub *evaluator, m *syntax.Module, name string) {
	e.st.objects = sub.st.objects
	e.st.objects.vars[moduleKey+name] = &Value{Kind: Ref, Name: name, scope: sub.st.globals}
	e.defined = append(e.defined, sub.defined...)
	e.spent = e.spent || sub.spent
	for _, err := range m.Errors {
		at := sub.text.SpanOf(err.At, err.At)
		e.problem(at, err.Msg)
		e.missed("the file could not be read as Python: "+err.Msg, at)
	}
	for _, x := range sub.res.Missed {
		e.missed(x.Why, x.At)
	}
	if o := sub.st.conf.open; o != nil {
		e.missed(o.Why, o.At)
	}
	if r := sub.res.Raises; r != nil {
		e.missed(r.Why, r.At)
	}
}

// submodule is a name of a module of the program, or a module in a package of it; nil if it is none.
func (e *evaluator) submodule(module, name string) *Value {
	if m := e.imported(module); m != nil {
		if v := m.vars[name]; v != nil && v.Kind == Either {
			return e.settled(v)
		} else if v != nil {
			return v
		}
	}
	full := module + "." + name
	if e.imported(full) != nil {
		return &Value{Kind: Ref, Name: full}
	}
	return nil
}
