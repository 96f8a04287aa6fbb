package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/snapshot"
)

// compareWith evaluates what --base names by the same settings and rules, and says in the report what is new since.
func compareWith(ctx context.Context, head *report.Report, o check.Options, base string) error {
	dir, remove, err := baseTree(ctx, o.Dir, base)
	if err != nil {
		return err
	}
	defer remove()
	if o.Gate == "" {
		o.Gate = o.Dir
	}
	o.Dir = dir
	done, err := check.Run(ctx, o)
	if err != nil {
		return err
	}
	defer done.Close()
	report.Compare(head, done.Report)
	return nil
}

// baseTree is the directory that holds what --base names: a directory, or a commit of the repository that dir lies in, of
// which the same sub-directory counts.
func baseTree(ctx context.Context, dir, base string) (string, func(), error) {
	if info, err := os.Stat(base); err == nil && info.IsDir() {
		return base, func() {}, nil
	}
	local, err := snapshot.OpenLocal(dir, "")
	if err != nil {
		return "", nil, usage("--base %q is no directory, and %s is in no Git repository that has such a commit", base, dir)
	}
	commit, err := local.Resolve(base)
	if err != nil {
		return "", nil, usage("--base: %v", err)
	}
	to, err := snapshot.Empty(os.TempDir())
	if err != nil {
		return "", nil, unevaluated("--base: %v", err)
	}
	remove := func() { os.RemoveAll(to) }
	if err := snapshot.Write(ctx, local, commit, to, local.Root); err != nil {
		remove()
		return "", nil, unevaluated("--base %s: %v", base, err)
	}
	full, err := filepath.Abs(dir)
	if err == nil {
		full, err = filepath.EvalSymlinks(full)
	}
	root, rootErr := filepath.EvalSymlinks(local.Root)
	rel, relErr := filepath.Rel(root, full)
	if err != nil || rootErr != nil || relErr != nil || !filepath.IsLocal(rel) {
		remove()
		return "", nil, unevaluated("--base: %s cannot be found in the repository", dir)
	}
	below := filepath.Join(to, rel)
	if err := os.MkdirAll(below, 0o755); err != nil { // the commit may not have it yet
		remove()
		return "", nil, unevaluated("--base: %v", err)
	}
	return below, remove, nil
}
