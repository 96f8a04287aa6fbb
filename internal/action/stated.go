package action

import (
	"path"
	"slices"
)

// stated are the files of facts that nothing in the repository proves which the pull request adds or changes. They count at
// once, so whoever reviews has to look at them.
func stated(v *verdict, base string) []gateChange {
	added, changed, _ := fileChanges(base, v.work.root, v.work.prefix, func(name string) bool {
		return path.Base(name) == "infra.yaml" || path.Base(name) == "infra.yml"
	})
	all := slices.Concat(added, changed)
	slices.Sort(all)
	var out []gateChange
	for _, f := range all {
		out = append(out, gateChange{text: "changes what " + f + " states, which no other file proves and which counts at once: see who says so, and until when", at: top(f), now: true})
	}
	return out
}
