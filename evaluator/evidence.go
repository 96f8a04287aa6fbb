package evaluator

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// evidence is where to look for what a rule without paths judges: the longest path below input that it reads; for
// several rules of the name, or several files, what their paths have in common. It is nil if they read nothing alike.
// Rules written for conftest name no place, and their authors should not have to.
func evidence(files []*file, name string) []any {
	var common []string
	first := true
	for _, f := range files {
		aliases := f.aliases()
		for _, r := range f.module.Rules {
			if headName(r) != name {
				continue
			}
			path := longestInput(r, aliases)
			if first {
				common, first = path, false
				continue
			}
			n := 0
			for n < min(len(common), len(path)) && common[n] == path[n] {
				n++
			}
			common = common[:n]
		}
	}
	var out []any
	for _, key := range common[:min(len(common), maxPath)] {
		out = append(out, key)
	}
	return out
}

// longestInput is the longest constant path below input that a rule refers to, the first of several.
func longestInput(r *ast.Rule, aliases map[string][]string) []string {
	var longest []string
	ast.WalkRefs(r, func(ref ast.Ref) bool {
		k := keys(ref)
		if len(k) > 0 && aliases[k[0]] != nil {
			k = append(slices.Clone(aliases[k[0]]), k[1:]...)
		}
		if len(k) > 1+len(longest) && k[0] == "input" {
			longest = k[1:]
		}
		return false
	})
	return longest
}
