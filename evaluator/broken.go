package evaluator

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// compile compiles the custom files together with the libraries. Files that do not compile are left out, with
// all that use them, until the rest compiles; the rules in them are marked as broken. The compiler is nil if none is left.
func (c *custom) compile(libraries []*file) *ast.Compiler {
	for {
		working := slices.DeleteFunc(slices.Clone(c.files), func(f *file) bool { return f.err != nil })
		if len(working) == 0 {
			return nil
		}
		compiler, errs := compileModules(append(slices.Clone(libraries), working...), false)
		if len(errs) == 0 {
			errs = deadEnds(compiler, working)
		}
		if len(errs) == 0 {
			return compiler
		}
		blame(working, errs)
		c.spread()
		c.mark()
	}
}

// blame gives each error to its file; an error without a file goes to all if no other error has one.
func blame(working []*file, errs []*Error) {
	found := false
	for _, err := range errs {
		for _, f := range working {
			if f.name == err.At.File {
				found = true
				if f.err == nil {
					f.err = err
				}
			}
		}
	}
	if !found {
		for _, f := range working {
			f.err = errs[0]
		}
	}
}

// spread gives the error of a file to those that refer to its package: what they would get from it is missing.
func (c *custom) spread() {
	for changed := true; changed; {
		changed = false
		for _, f := range c.files {
			if f.err != nil {
				continue
			}
			for _, culprit := range c.files {
				if culprit.err != nil && f.uses(culprit.pkg()) {
					f.err, changed = culprit.err, true
					break
				}
			}
		}
	}
}

// uses says whether f is in the package, or refers to it, to something in it or to all of a package around it.
func (f *file) uses(pkg []string) bool {
	if slices.Equal(f.pkg(), pkg) {
		return true
	}
	aliases := f.aliases()
	found := false
	for _, r := range f.module.Rules {
		ast.WalkRefs(r, func(ref ast.Ref) bool {
			k := keys(ref)
			if len(k) > 0 && aliases[k[0]] != nil {
				k = append(slices.Clone(aliases[k[0]]), k[1:]...)
			}
			if len(k) > 0 && k[0] == "data" {
				n := min(len(k)-1, len(pkg))
				found = found || slices.Equal(k[1:n+1], pkg[:n])
			}
			return false
		})
	}
	return found
}

// aliases is what the names that f imports stand for.
func (f *file) aliases() map[string][]string {
	out := map[string][]string{}
	for _, i := range f.module.Imports {
		if ref, ok := i.Path.Value.(ast.Ref); ok {
			out[string(i.Name())] = keys(ref)
		}
	}
	return out
}

// mark makes the rules in broken files broken, and makes a broken file without rules seen as one.
func (c *custom) mark() {
	for _, f := range c.files {
		if f.err == nil {
			continue
		}
		hasRule := false
		for _, r := range c.rules {
			if slices.Contains(r.files, f) {
				hasRule = true
				if r.broken == nil {
					r.broken, r.sets = f.err, nil
				}
			}
		}
		if !hasRule && f.err.At.File == f.name && !c.stands(f) {
			c.breakFile(f, f.err)
		}
	}
	slices.SortStableFunc(c.rules, func(a, b *rule) int { return strings.Compare(a.info.ID, b.info.ID) })
}

// stands says whether a broken rule stands for f already.
func (c *custom) stands(f *file) bool {
	return slices.ContainsFunc(c.rules, func(r *rule) bool { return len(r.files) == 0 && r.broken == error(f.err) })
}

// deadEnds finds references to data that nothing defines. OPA takes them for undefined, which would turn a rule silent.
func deadEnds(c *ast.Compiler, files []*file) []*Error {
	var errs []*Error
	for _, f := range files {
		module := c.Modules[f.name]
		for _, r := range module.Rules {
			ast.WalkRefs(r, func(ref ast.Ref) bool {
				if ref.HasPrefix(ast.DefaultRootRef) && !leadsSomewhere(c.RuleTree, ref) {
					loc := ref[0].Location
					if loc == nil {
						loc = r.Location
					}
					errs = append(errs, faultAt(position(loc), "nothing defines %s", ref.ConstantPrefix()))
				}
				return false
			})
		}
	}
	return errs
}

var paramsRef = ast.Ref{ast.DefaultRootDocument, ast.InternedTerm("tljh"), ast.InternedTerm("params")}

func leadsSomewhere(node *ast.TreeNode, ref ast.Ref) bool {
	if ref.HasPrefix(paramsRef) {
		return true
	}
	for i, term := range ref {
		if _, constant := term.Value.(ast.String); !constant && i > 0 {
			return true
		}
		if node = node.Child(term.Value); node == nil {
			return false
		}
		if len(node.Values) > 0 {
			return true
		}
	}
	return true
}
