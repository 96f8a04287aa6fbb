package action

import (
	"path/filepath"

	"github.com/tljh-policy/tljh-policy/internal/check"
)

// isPull makes sure that the checkout is what the event is about. A workflow that checks out something else would have
// another tree judged, and be it that of the base.
func (d *decider) isPull(v *verdict) error {
	t := d.trigger
	if t.kind == remote || v.work.local == nil || t.sha == "" || v.work.commit == t.sha || v.work.commit == t.head {
		return nil
	}
	return check.Unevaluated("the checkout is at commit %.12s, which is neither the head of the pull request (%.12s) nor GitHub's merge of it (%.12s): "+
		"let actions/checkout choose the commit, or give it the head", v.work.commit, t.head, t.sha)
}

// samePlace makes sure that the input "path" means the same in the base. Where the pull request makes it a link, the
// settings of another directory would count.
func (d *decider) samePlace(v *verdict, gate string) error {
	workspace, err := filepath.EvalSymlinks(d.workspace)
	if err != nil || d.trigger.kind == remote {
		return nil
	}
	rel, err := filepath.Rel(v.work.root, filepath.Join(workspace, filepath.FromSlash(v.in.path)))
	if err != nil || !filepath.IsLocal(rel) || filepath.ToSlash(rel) == v.work.prefix {
		return nil // no link of the repository's
	}
	if in, err := filepath.EvalSymlinks(gate); err == nil {
		if there, err := beneath(gate, rel); err == nil && there == filepath.Join(in, filepath.FromSlash(v.work.prefix)) {
			return nil
		}
	}
	return check.Usage("input path: %q is a link to %q here and not in the base; name the directory itself", v.in.path, v.work.prefix)
}
