package githubtest

import (
	"fmt"
	"net/http"
	"strings"
)

// compareCommits takes BASE...HEAD. All files, at most 300, come on the first page only.
func compareCommits(c *call) (int, any) {
	from, to, ok := strings.Cut(c.path("basehead"), "...")
	if !ok {
		return notFound().parts()
	}
	base, head := c.commit(from), c.commit(to)
	objects := c.repo.network.objects
	common := objects.MergeBase(base.ID, head.ID)
	if common == "" {
		return refuse(http.StatusNotFound, fmt.Sprintf("No common ancestor between %s and %s.", from, to)).parts()
	}
	ahead, behind := objects.Between(base.ID, head.ID), objects.Between(head.ID, base.ID)
	status := "identical"
	switch {
	case len(ahead) > 0 && len(behind) > 0:
		status = "diverged"
	case len(ahead) > 0:
		status = "ahead"
	case len(behind) > 0:
		status = "behind"
	}
	files := []object{}
	if page, _ := c.paging(); page == 1 {
		changes := c.repo.network.compare(common, head.ID)
		for _, change := range changes[:min(len(changes), 300)] {
			files = append(files, c.repo.jsonFile(change, head.ID))
		}
	}
	page := "/compare/" + from + "..." + to
	return http.StatusOK, object{
		"url": c.repo.api(page), "html_url": c.repo.html(page), "permalink_url": c.repo.html(page), "diff_url": c.repo.html(page + ".diff"),
		"patch_url": c.repo.html(page + ".patch"), "base_commit": c.repo.jsonCommit(base), "merge_base_commit": c.repo.jsonCommit(objects.Lookup(common)),
		"status": status, "ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead),
		"commits": jsonList(c, ahead, c.repo.jsonCommit), "files": files,
	}
}
