package bicep

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// unit is one file in use: the stack's own, or a module with its parameters.
type unit struct {
	r       *reader
	f       *syntax.File
	dir     string
	up      *unit // that uses this one as a module
	nested  int
	cond    string // why it may not be deployed
	given   func(name string) *eval.Val
	named   map[string]*syntax.Decl
	outputs map[string]*syntax.Decl
	brought map[string]brought
	known   eval.Once // variables and parameters
	made    eval.Once // resources and modules
}

// brought is a name that an import brings.
type brought struct {
	from *unit
	name string // "*" for all of it
	why  string // why it is not known
}

func (r *reader) unit(f *syntax.File, up *unit) *unit {
	u := &unit{r: r, f: f, dir: path.Dir(f.Src.File), up: up, named: map[string]*syntax.Decl{}, outputs: map[string]*syntax.Decl{}}
	if up != nil {
		u.nested = up.nested + 1
	}
	for _, d := range f.Decls {
		switch d.Kind {
		case "output":
			u.outputs[d.Name] = d
		case "param", "var", "resource", "module", "func":
			u.named[d.Name] = d
		}
	}
	r.units = append(r.units, u)
	return u
}

// forget evaluates variables anew when they are asked for again.
func (u *unit) forget() { u.known.Forget() }

func (u *unit) scope() *scope { return &scope{u: u} }

// once evaluates what is called key one time, and finds circles.
func (u *unit) once(key string, at eval.Place, f func() *eval.Val) *eval.Val {
	return u.known.Do(key, "it refers to itself", at, f)
}

// lookup is what a name of the file stands for; false: nothing.
func (u *unit) lookup(name string, at eval.Place) (*eval.Val, bool) {
	d := u.named[name]
	if d == nil {
		b, ok := u.imported(name)
		switch {
		case !ok:
			return nil, false
		case b.why != "":
			return eval.NotKnown(name+" is imported, and "+b.why, at), true
		case b.name == "*":
			v := eval.NotKnown("a file that is imported", at)
			u.r.objects[v] = imports{b.from}
			return v, true
		}
		return b.from.lookup(b.name, at)
	}
	switch d.Kind {
	case "param":
		return u.once(name, at, func() *eval.Val { return u.param(d, at) }), true
	case "var":
		return u.once(name, at, func() *eval.Val { return u.scope().eval(d.Value) }), true
	case "resource", "module":
		return u.symbol(d, at), true
	}
	return nil, false
}

// imports is a file that is imported as a whole.
type imports struct{ u *unit }

func (i imports) member(name string, at eval.Place) *eval.Val {
	if v, ok := i.u.lookup(name, at); ok {
		return v
	}
	return eval.NotKnown("there is no "+name+" here", at)
}

// imported finds what an import brings under a name.
func (u *unit) imported(name string) (brought, bool) {
	if u.brought == nil {
		u.brought = map[string]brought{}
		for _, d := range u.f.Decls {
			if d.Kind != "import" || len(d.Imports) == 0 {
				continue
			}
			from, why := u.importing(d.Type.Plain())
			for _, i := range d.Imports {
				u.brought[i.As] = brought{from, i.Name, why}
			}
		}
	}
	b, ok := u.brought[name]
	return b, ok
}

func (u *unit) importing(file string) (from *unit, why string) {
	if remote(file) {
		return nil, "it is not in this repository"
	}
	if u.nested >= maxNested || len(u.r.units) > maxModules {
		return nil, "files import each other too deeply"
	}
	f, why := u.r.load(u.dir, file)
	if why != "" {
		return nil, why
	}
	return u.r.unit(f, u), ""
}

// uses notes the files of a broken file's modules: they are no stacks of their own.
func (u *unit) uses() {
	for _, d := range u.f.Decls {
		if name := d.Type.Plain(); (d.Kind == "module" || d.Kind == "import") && name != "" && !remote(name) {
			if file, ok := resolve(u.dir, name); ok && u.r.files.Exists(file) {
				u.r.use(file)
			}
		}
	}
}

// remote says whether a module's path is one of a registry, of template specs, or of a provider.
func remote(name string) bool {
	scheme, _, ok := strings.Cut(name, ":")
	return ok && !strings.ContainsAny(scheme, "./\\") || name == "" || strings.Contains(name, "@") && !strings.Contains(name, "/") ||
		strings.HasPrefix(name, "br/") || strings.HasPrefix(name, "ts/")
}

// resolve is a path below the repository's root; false: it leaves it.
func resolve(dir, name string) (string, bool) {
	p := path.Join(dir, strings.ReplaceAll(name, "\\", "/"))
	return p, name != "" && !strings.HasPrefix(name, "/") && p != ".." && !strings.HasPrefix(p, "../")
}
