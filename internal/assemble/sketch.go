package assemble

import (
	"path"
	"strings"
)

// sketches are words in a directory's name that say that what lies there is not in use. Words that a real hub for trying
// things out may be called after (test, demo, staging) are not among them.
var sketches = map[string]bool{"archive": true, "archived": true, "attic": true, "deprecated": true, "doc": true, "docs": true,
	"draft": true, "drafts": true, "example": true, "examples": true, "experiment": true, "experiments": true, "idea": true,
	"ideas": true, "obsolete": true, "old": true, "sample": true, "samples": true, "scratch": true, "unused": true}

// sketch says whether dir, by one of its names, holds what is not in use.
func sketch(dir string) bool {
	for ; dir != "." && dir != "/"; dir = path.Dir(dir) {
		for _, w := range strings.FieldsFunc(strings.ToLower(path.Base(dir)), func(r rune) bool { return strings.ContainsRune("_-. ", r) }) {
			if sketches[w] {
				return true
			}
		}
	}
	return false
}

// withoutSketches leaves out hubs whose scripts lie where examples and ideas are kept, if there is a hub elsewhere. That is
// said, so that nobody takes a hub for checked that is not. Machines in Terraform always count: somebody pays for them.
func (l *loader) withoutSketches(groups []*group) []*group {
	var kept, left []*group
	for _, g := range groups {
		if g.machine == "" && sketch(g.dir) {
			left = append(left, g)
		} else {
			kept = append(kept, g)
		}
	}
	if len(kept) == 0 {
		return groups
	}
	for _, g := range left {
		u := g.main()
		l.problem(u.at, false, "%s sets up a hub too, but its directory says that it is not in use, so it is not checked; if it is in use, name it under \"hubs:\" in .tljh-policy.yaml", u.file)
	}
	return kept
}
