package action

import (
	"path"
	"slices"
	"strings"
)

// stated tells of the files of facts that nothing in the repository proves which the pull request adds or changes. They count
// at once, so whoever reviews has to look at them.
func (d *decider) stated(v *verdict, base string) {
	added, changed, _ := fileChanges(base, v.work.root, v.work.prefix, func(name string) bool {
		return path.Base(name) == "infra.yaml" || path.Base(name) == "infra.yml"
	})
	if files := slices.Concat(added, changed); len(files) > 0 {
		slices.Sort(files)
		v.told = true
		v.note("This pull request changes what is stated in %s. No other file proves it, and it counts at once: see who says so, and until when.", strings.Join(files, ", "))
	}
}
