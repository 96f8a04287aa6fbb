package bicep

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep/syntax"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// param is what is given for a parameter, else its default.
func (u *unit) param(d *syntax.Decl, at eval.Place) *eval.Val {
	if d.Decorated("secure") {
		return eval.NotKnown("parameter "+d.Name+" is a secret", at)
	}
	if u.given != nil {
		if v := u.given(d.Name); v != nil {
			return v
		}
	}
	return u.fallback(d, at)
}

// fallback is a parameter's default.
func (u *unit) fallback(d *syntax.Decl, at eval.Place) *eval.Val {
	switch {
	case d.Value != nil && u.up != nil:
		return u.scope().eval(d.Value)
	case d.Value != nil:
		return u.scope().eval(d.Value).Assume(fmt.Sprintf("the default of parameter %s; whoever deploys may give another value", d.Name))
	case u.up != nil && d.Nullable:
		return eval.None()
	case u.up != nil:
		return eval.NotKnown("parameter "+d.Name+" has no default, and the module is not given it", at)
	}
	return eval.NotKnown(fmt.Sprintf("parameter %s has no default; give it one, or state the fact in an infra.yaml", d.Name), at)
}

// environment is one file of parameters.
type environment struct {
	file string
	get  func(name string) *eval.Val // nil: it does not say
}

// folders are where files of parameters are kept beside the file that they are for.
var folders = []string{".", "..", "parameters", "params", "parameter", "param", "environments", "environment", "env", "envs", "config"}

// stages are the folders that files of parameters are kept in by environment, below those.
var stages = strings.Fields("dev development test testing stage staging prod production uat qa hub main")

// places are all folders that are looked in.
func places() []string {
	out := slices.Clone(folders)
	for _, f := range folders {
		for _, s := range stages {
			out = append(out, path.Join(f, s))
		}
	}
	return out
}

// environments reads the files of parameters for a stack: those that name it with using, and those in JSON beside it. Which of
// them is used, whoever deploys decides, so what they disagree on is not known, unless only says which one it is.
func (u *unit) environments(only string) {
	var envs []environment
	lost := ""
	for _, file := range u.candidates(only) {
		env, broken := u.environment(file)
		if broken {
			lost = file
		}
		if env != nil {
			envs = append(envs, *env)
		}
	}
	if lost == "" && len(envs) == 0 {
		return
	}
	u.given = func(p string) *eval.Val {
		d := u.named[p]
		if lost != "" {
			return eval.NotKnown("parameter "+p+" may be given in "+lost+", which cannot be read", eval.At(d.At))
		}
		return u.agreed(d, envs)
	}
}

// candidates are files that may give the stack's parameters.
func (u *unit) candidates(only string) []string {
	if only != "" {
		return []string{only}
	}
	var out []string
	for _, folder := range places() {
		dir, ok := resolve(u.dir, folder)
		if !ok {
			continue
		}
		for _, n := range u.r.files.List(dir) {
			json := path.Ext(n) == ".json" && strings.Contains(n, "param") && folder != ".."
			if (json || path.Ext(n) == Parameters) && len(out) < maxParams {
				out = append(out, path.Join(dir, n))
			}
		}
	}
	return out
}

// Parameters is the extension of files that give a Bicep file its parameters.
const Parameters = ".bicepparam"

// For says whether a file of parameters is for a template.
func For(files step.Files, params, template string) bool {
	src, err := files.Open(params)
	if err != nil || path.Ext(params) != Parameters {
		return false
	}
	for _, d := range syntax.Parse(src).Decls {
		if to, ok := resolve(path.Dir(params), d.Type.Plain()); d.Kind == "using" && ok && to == template {
			return true
		}
	}
	return false
}

// environment is a file of parameters, nil if it is for another template.
func (u *unit) environment(file string) (env *environment, broken bool) {
	if path.Ext(file) == ".json" {
		return u.inJSON(file)
	}
	if !For(u.r.files, file, u.f.Src.File) {
		_, err := u.r.files.Open(file)
		return nil, err != nil
	}
	u.r.use(file)
	values, why := u.values(".", file)
	if why != "" {
		return nil, true
	}
	var under *unit
	for _, d := range values.f.Decls {
		if d.Kind != "extends" {
			continue
		}
		if under, why = u.values(path.Dir(file), d.Type.Plain()); why != "" {
			return nil, true
		}
	}
	return &environment{file, func(p string) *eval.Val {
		for _, x := range []*unit{values, under} {
			if x != nil && x.named[p] != nil && x.named[p].Kind == "param" && x.named[p].Value != nil {
				return x.once("="+p, eval.At(x.named[p].At), func() *eval.Val { return filledIn(p, x.scope().eval(x.named[p].Value)) })
			}
		}
		return nil
	}}, false
}

// filledIn is v, unless it only says what somebody has to write there.
func filledIn(name string, v *eval.Val) *eval.Val {
	if s, ok := v.Str(); ok && strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") {
		return eval.NotKnown("parameter "+name+" is to be filled in", v.At)
	}
	return v
}

func (u *unit) values(dir, file string) (*unit, string) {
	f, why := u.r.load(dir, file)
	if why != "" {
		return nil, why
	}
	return u.r.unit(f, u), ""
}

// inJSON is a file of parameters in JSON. It does not say what it is for: that is the file of its name, or one that declares all
// the parameters that it gives.
func (u *unit) inJSON(file string) (env *environment, broken bool) {
	src, err := u.r.files.Open(file)
	own := strings.TrimSuffix(u.f.Src.File, ".bicep")+".parameters.json" == file
	if !own && (err != nil || !strings.Contains(src.Text, "deploymentParameters.json")) {
		return nil, false
	}
	given, bad := arm.Parameters(u.r.files, file)
	if bad != nil {
		u.r.stack.Config.Problems = append(u.r.stack.Config.Problems, *bad)
		return nil, true
	}
	declared := map[string]bool{}
	for name, d := range u.named {
		declared[strings.ToLower(name)] = d.Kind == "param"
	}
	for name := range given {
		if !declared[name] && !own {
			return nil, false
		}
	}
	if len(given) == 0 {
		return nil, false
	}
	u.r.use(file)
	return &environment{file, func(p string) *eval.Val { return given[strings.ToLower(p)] }}, false
}

// agreed is what all environments say of a parameter; one that does not say takes the default. nil: none says anything.
func (u *unit) agreed(d *syntax.Decl, envs []environment) *eval.Val {
	var out *eval.Val
	from, said := "", false
	at := eval.At(d.At)
	for _, env := range envs {
		v := env.get(d.Name)
		if said = said || v != nil; v == nil {
			v = u.fallback(d, at)
		}
		if out == nil {
			out, from = v, env.file
			continue
		}
		if !u.r.same(out, v, 0) {
			return eval.NotKnown(fmt.Sprintf("parameter %s depends on which of %s and %s is used; state the fact in an infra.yaml", d.Name, from, env.file), at)
		}
	}
	if !said {
		return nil
	}
	return out
}

// same says whether two values are certainly the same, lists and objects included.
func (r *reader) same(a, b *eval.Val, depth int) bool {
	switch {
	case a == b:
		return true
	case depth > 20 || !r.spend():
		return false
	case a.IsNull() || b.IsNull():
		return a.IsNull() && b.IsNull()
	case a.Kind == eval.List && b.Kind == eval.List:
		if len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !r.same(a.Items[i], b.Items[i], depth+1) {
				return false
			}
		}
		return true
	case a.Kind == eval.Map && b.Kind == eval.Map:
		if len(a.Keys) != len(b.Keys) {
			return false
		}
		for _, k := range a.Keys {
			if b.Child[k] == nil || !r.same(a.Child[k], b.Child[k], depth+1) {
				return false
			}
		}
		return true
	case a.Kind == eval.String && b.Kind == eval.String && !a.IsUnknown():
		return a.Base64 == b.Base64 && a.TextString() == b.TextString()
	}
	return a.Kind == b.Kind && eval.Same(a, b)
}
