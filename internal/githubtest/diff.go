package githubtest

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
)

func (p *Pull) mergeBase() string {
	return p.repo.network.objects.MergeBase(p.repo.branches[p.base], p.head)
}

func (p *Pull) changes() []*gitobj.Change { return p.repo.network.compare(p.mergeBase(), p.head) }

// find returns what is done to a path, or nil.
func find(changes []*gitobj.Change, path string) *gitobj.Change {
	for _, c := range changes {
		if c.Path == path {
			return c
		}
	}
	return nil
}

// mergeCommit merges file by file: a path that both sides changed, differently, is a conflict.
func (p *Pull) mergeCommit() string {
	objects, base := p.repo.network.objects, p.repo.branches[p.base]
	from := objects.Lookup(p.mergeBase())
	if from == nil {
		return ""
	}
	ours, theirs := objects.Lookup(base).Files(), objects.Lookup(p.head).Files()
	merged := map[string]gitobj.File{}
	for _, side := range []map[string]gitobj.Entry{ours, theirs} {
		for path := range side {
			mine, yours, original := ours[path], theirs[path], from.Files()[path]
			pick := mine
			if mine == original {
				pick = yours
			} else if yours != original && yours != mine {
				return ""
			}
			if pick == (gitobj.Entry{}) {
				continue
			}
			data := pick.ID
			if pick.Mode != gitobj.Submodule {
				data, _ = objects.Blob(pick.ID)
			}
			merged[path] = gitobj.File{Mode: pick.Mode, Data: data}
		}
	}
	return objects.Commit(merged, gitobj.Commit{
		Parents: []string{base, p.head}, Name: "GitHub", Email: "noreply@example.org", When: p.updated,
		Message: fmt.Sprintf("Merge %s into %s\n", p.head, base),
	}).ID
}
