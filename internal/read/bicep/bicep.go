// Package bicep reads Bicep: parameters with their defaults and files, variables, functions, conditions, loops, modules of
// the repository, texts of files that are put in. The resources that it declares are given to read/arm's stack, so that
// Bicep and the JSON that it is compiled to come out the same (reference/providers.md §10.4). Nothing is fetched.
package bicep

import (
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Bounds of one stack, modules included.
const (
	maxFuel    = 500_000
	maxDepth   = 400
	maxCopies  = 100
	maxModules = 500 // uses of modules
	maxNested  = 10  // modules in modules
	maxText    = 1 << 20
	maxItems   = 10_000
	maxParams  = 50 // files of parameters
)

// Read evaluates one file with the modules that it uses; params is the file of parameters that it is given, "" where that is not
// known. A file that is not Bicep is a problem, and the model is not complete. The files that it uses as modules, imports or
// parameters are among the module's Uses.
func Read(files step.Files, src *span.Source, params string) terraform.Module {
	c := eval.New(files, src, "Azure", "bicep")
	r := &reader{files: files, stack: arm.NewStack(c), parsed: map[string]*syntax.File{}, objects: map[*eval.Val]object{}, used: map[string]bool{}}
	f := syntax.Parse(src)
	r.parsed[src.File] = f
	u := r.unit(f, nil)
	if f.Err != nil {
		c.Problems = append(c.Problems, step.Problem{At: f.Err.At, Msg: "not valid Bicep: " + f.Err.Msg + "; correct the file, what it declares is not known", Fatal: true})
		c.NotEvaluated(src.File+" cannot be read", eval.At(src.Slice(0, 0)))
		u.uses()
	} else {
		r.run(u, params)
	}
	m := terraform.Declared(files, c, arm.Words)
	m.VarFile = params
	return m
}

// run declares everything, and then says what it is made of: what stands in a body may refer to anything.
func (r *reader) run(u *unit, params string) {
	u.environments(params)
	u.declare()
	for _, one := range r.units {
		one.forget() // what was not declared yet may have been asked for
	}
	r.filling = true
	for len(r.todo) > 0 && !r.spent {
		one := r.todo[0]
		r.todo = r.todo[1:]
		one()
	}
}

// reader is one stack while it is evaluated.
type reader struct {
	files   step.Files
	stack   *arm.Stack
	parsed  map[string]*syntax.File
	objects map[*eval.Val]object // what values stand for that are more than values: resources, modules
	used    map[string]bool
	units   []*unit
	todo    []func()
	modules int
	fuel    int
	depth   int
	spent   bool
	filling bool // everything is declared
}

// object is what a name of the language can stand for and that has members of its own.
type object interface {
	member(name string, at eval.Place) *eval.Val
}

// spend says whether there is anything left to evaluate with.
func (r *reader) spend() bool {
	if r.fuel++; r.fuel > maxFuel && !r.spent {
		r.spent = true
		r.stack.Config.NotEvaluated("this Bicep file takes too long to evaluate", eval.Place{})
	}
	return !r.spent
}

// use notes a file that is read.
func (r *reader) use(file string) {
	if !r.used[file] {
		r.used[file] = true
		r.stack.Config.Uses = append(r.stack.Config.Uses, file)
	}
}

// config notes a file that is part of the configuration.
func (r *reader) config(file string) {
	if c := r.stack.Config; !slices.Contains(c.Files, file) {
		c.Files = append(c.Files, file)
	}
}

// open is a file of the repository by the name that a file in dir gives it; why says why there is none.
func (r *reader) open(dir, name string) (src *span.Source, why string) {
	file, ok := resolve(dir, name)
	if !ok {
		return nil, name + " lies outside this repository"
	}
	if !r.files.Exists(file) {
		return nil, file + " is not in this repository"
	}
	r.use(file)
	src, err := r.files.Open(file)
	if err != nil {
		return nil, file + " cannot be read"
	}
	return src, ""
}

// load is a Bicep file, parsed once. Its errors are problems, fatal ones where it declares resources.
func (r *reader) load(dir, name string) (f *syntax.File, why string) {
	file, ok := resolve(dir, name)
	if f := r.parsed[file]; ok && f != nil {
		if f.Err != nil {
			return nil, file + " cannot be read"
		}
		return f, ""
	}
	src, why := r.open(dir, name)
	if why != "" {
		return nil, why
	}
	f = syntax.Parse(src)
	r.parsed[file] = f
	if f.Err != nil {
		r.stack.Config.Problems = append(r.stack.Config.Problems, step.Problem{At: f.Err.At,
			Msg: "not valid Bicep: " + f.Err.Msg + "; correct the file, what it says is not known", Fatal: path.Ext(file) != Parameters})
		return nil, file + " cannot be read"
	}
	return f, ""
}
