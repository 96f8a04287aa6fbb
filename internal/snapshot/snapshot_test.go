package snapshot

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

// gitRepo makes a repository with the commits that script makes; it skips where there is no git.
func gitRepo(t *testing.T, script string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: git is not installed")
	}
	dir := t.TempDir()
	cmd := exec.Command("sh", "-ec", "git init -q -b main repo; cd repo\n"+script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, "repo")
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.Walk(dir, func(p string, info os.FileInfo, err error) error {
		rel, _ := filepath.Rel(dir, p)
		switch {
		case err != nil:
			return err
		case info.Name() == ".git":
			return filepath.SkipDir
		case info.Mode()&os.ModeSymlink != 0:
			to, _ := os.Readlink(p)
			out[rel] = "-> " + to
		case info.Mode().IsRegular():
			text, _ := os.ReadFile(p)
			out[rel] = string(text)
			if info.Mode()&0o100 != 0 {
				out[rel] += "*"
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const history = `
mkdir -p a/b; echo one > a/b/one; echo '#!/bin/sh' > run; chmod +x run; ln -s ../outside link; ln -s a dir
git add .; git commit -qm 1; git tag first
git switch -q -c topic; echo two > a/b/one; echo new > new; git add .; git commit -qm 2
git switch -q main; echo three > main; git add .; git commit -qm 3
git merge -q --no-edit topic; git tag -a merged -m merged`

func TestLocal(t *testing.T) {
	dir := gitRepo(t, history)
	l, err := OpenLocal(filepath.Join(dir, "a", "b"), "")
	if err != nil || l.Root != dir {
		t.Fatal(l, err)
	}
	merged, err := l.Resolve("merged")
	if err != nil {
		t.Fatal(err)
	}
	head, _ := l.Resolve("HEAD")
	parents, err := l.Parents(head)
	if err != nil || head != merged || len(parents) != 2 {
		t.Fatal(head, merged, parents, err)
	}
	first, _ := l.Resolve("first")
	if base, err := l.MergeBase(parents[0], parents[1]); err != nil || base != first {
		t.Errorf("merge base %s, %v; want %s", base, err, first)
	}
	for _, reuse := range []string{"", dir} {
		dest := t.TempDir()
		if err := Write(context.Background(), l, first, dest, reuse); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"a/b/one": "one\n", "run": "#!/bin/sh\n*", "link": "-> ../outside", "dir": "-> a"}
		if got := files(t, dest); !reflect.DeepEqual(got, want) {
			t.Errorf("reuse %q: %v", reuse, got)
		}
	}
	if _, err := l.Resolve("nothing"); err == nil {
		t.Error("a branch that does not exist resolves")
	}
}

// What reuse holds is not asked for; what differs, or is a link in the checkout, is.
func TestReuseSavesRequests(t *testing.T) {
	reuse, dest := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(reuse, "same", "same")
	write(reuse, "changed", "after!")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("linked"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(reuse, "linked")); err != nil {
		t.Fatal(err)
	}
	s := &memory{"same": "same", "changed": "before", "linked": "linked"}
	if err := Write(context.Background(), s, "c", dest, reuse); err != nil {
		t.Fatal(err)
	}
	if got, want := files(t, dest), map[string]string(*s); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	if want := []string{"changed", "linked"}; !reflect.DeepEqual(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
}

var asked []string

// memory is a Store of plain files.
type memory map[string]string

func (m *memory) Tree(context.Context, string) ([]Entry, error) {
	var out []Entry
	for _, name := range []string{"same", "changed", "linked"} {
		text := (*m)[name]
		out = append(out, Entry{name, 0o100644, BlobID([]byte(text)), int64(len(text))})
	}
	return out, nil
}

func (m *memory) Blobs(_ context.Context, es []Entry, _ int64) (map[string][]byte, error) {
	asked = nil
	out := map[string][]byte{}
	for _, e := range es {
		asked = append(asked, e.Path)
		out[e.OID] = []byte((*m)[e.Path])
	}
	return out, nil
}

// list is a Store of entries that all hold "x".
type list []Entry

func (l list) Tree(context.Context, string) ([]Entry, error) { return l, nil }
func (l list) Blobs(context.Context, []Entry, int64) (map[string][]byte, error) {
	return map[string][]byte{"x": []byte("x"), "up": []byte("..")}, nil
}

// Nothing of a crafted tree leaves the directory.
func TestHostileTree(t *testing.T) {
	parent := t.TempDir()
	dest := filepath.Join(parent, "dest")
	if err := os.Mkdir(dest, 0o755); err != nil {
		t.Fatal(err)
	}
	entries := list{{"up", ModeLink, "up", 2}}
	for _, name := range []string{"../out", "/abs", "a/../../out", ".git/config", "a/.GIT/hooks/x", "up/out", "nul\x00", `back\slash`, "ok", "ok/below", "ok"} {
		entries = append(entries, Entry{name, 0o100644, "x", 1})
	}
	entries = append(entries, Entry{"huge", 0o100644, "h", MaxFileBytes + 1})
	if err := Write(context.Background(), entries, "c", dest, ""); err != nil {
		t.Fatal(err)
	}
	got := files(t, parent)
	if huge := got["dest/huge"]; len(huge) != MaxFileBytes+1 {
		t.Errorf("huge has %d bytes", len(huge))
	}
	delete(got, "dest/huge")
	if want := map[string]string{"dest/up": "-> ..", "dest/ok": "x"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

func TestShallowCloneSaysSo(t *testing.T) {
	dir := gitRepo(t, history+"\ncd ..; git clone -q --depth 1 file://$PWD/repo shallow")
	l, err := OpenLocal(filepath.Join(dir, "..", "shallow"), "")
	if err != nil {
		t.Fatal(err)
	}
	head, err := l.Resolve("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	parents, err := l.Parents(head)
	if err != nil || len(parents) != 2 {
		t.Fatal(parents, err)
	}
	if _, err := l.Tree(context.Background(), parents[0]); !errors.Is(err, ErrAbsent) {
		t.Errorf("%v", err)
	}
	if _, err := l.MergeBase(parents[0], parents[1]); !errors.Is(err, ErrAbsent) {
		t.Errorf("%v", err)
	}
	if err := Write(context.Background(), l, head, t.TempDir(), ""); err != nil {
		t.Errorf("%v", err)
	}
}

func TestLinkedWorkTree(t *testing.T) {
	dir := gitRepo(t, history+"\ngit worktree add -q ../linked topic")
	l, err := OpenLocal(filepath.Join(dir, "..", "linked"), "")
	if err != nil {
		t.Fatal(err)
	}
	head, err := l.Resolve("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	dest := t.TempDir()
	if err := Write(context.Background(), l, head, dest, ""); err != nil || files(t, dest)["new"] != "new\n" {
		t.Errorf("%v, %v", err, files(t, dest))
	}
}

func TestNoRepository(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenLocal(dir, dir); err == nil || !strings.Contains(err.Error(), "no Git repository") {
		t.Errorf("%v", err)
	}
}

// What a tree can cause costs its file; what the machine causes costs the snapshot, or settings could be missing unseen.
func TestTolerate(t *testing.T) {
	for _, tt := range []struct {
		err     error
		forgive bool
	}{
		{syscall.EEXIST, true}, {syscall.ENOTDIR, true}, {syscall.ENAMETOOLONG, true}, {errors.New("path escapes from parent"), true},
		{syscall.ENOSPC, false}, {syscall.EDQUOT, false}, {syscall.EIO, false}, {syscall.EROFS, false}, {syscall.EMFILE, false}, {syscall.EACCES, false},
	} {
		if got := tolerate(&os.PathError{Op: "open", Path: "x", Err: tt.err}); (got == nil) != tt.forgive {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
}
