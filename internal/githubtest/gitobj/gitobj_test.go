package gitobj

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func files(pairs ...string) map[string]File {
	all := map[string]File{}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = File{Regular, pairs[i+1]}
	}
	return all
}

func commit(s *Store, n int, content map[string]File, parents ...*Commit) *Commit {
	c := Commit{Name: "A", Email: "a@example.org", When: epoch.Add(time.Duration(n) * time.Second), Message: fmt.Sprint("c", n, "\n")}
	for _, parent := range parents {
		c.Parents = append(c.Parents, parent.ID)
	}
	return s.Commit(content, c)
}

// Every id is git's own: the objects, written out, pass git fsck, and git finds the same ids from the same files.
func TestIDsAreGits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: no git to compare with")
	}
	store := New()
	content := files("README", "hello\n", "a/b/c.yaml", "x: 1\n", "a.b", "sorts before a/\n", "a-b", "and this\n", "empty", "")
	content["run.sh"] = File{Executable, "#!/bin/sh\n"}
	content["link"] = File{Symlink, "README"}
	content["sub"] = File{Submodule, strings.Repeat("1", 40)}
	first := commit(store, 1, content)
	second := commit(store, 2, files("README", "hello\n"), first)
	dir := t.TempDir()
	if err := store.WriteRepository(dir, map[string]string{"refs/heads/main": second.ID}, "refs/heads/main", 0); err != nil {
		t.Fatal(err)
	}
	git := func(stdin string, args ...string) string {
		t.Helper()
		command := exec.Command("git", append([]string{"--git-dir", dir}, args...)...)
		command.Stdin = strings.NewReader(stdin)
		command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("", "fsck", "--strict", "--no-dangling")
	entry, _ := first.At("a/b/c.yaml")
	if got := git("x: 1\n", "hash-object", "--stdin"); got != entry.ID {
		t.Errorf("git says %s, we say %s", got, entry.ID)
	}
	var listing []string
	for _, e := range store.Walk(first.Tree, true) {
		listing = append(listing, fmt.Sprintf("%s %s %s\t%s", e.Mode, e.Type(), e.ID, e.Path))
	}
	if got := git("", "ls-tree", "-r", "-t", first.ID); got != strings.Join(listing, "\n") {
		t.Errorf("git lists\n%s\nwe\n%s", got, strings.Join(listing, "\n"))
	}
	// mktree computes the id anew from the entries.
	if got := git(git("", "ls-tree", first.Tree)+"\n", "mktree", "--missing"); got != first.Tree {
		t.Errorf("git's tree is %s, ours %s", got, first.Tree)
	}
	if got := git("", "log", "--format=%H %s"); got != second.ID+" c2\n"+first.ID+" c1" {
		t.Errorf("git's log:\n%s", got)
	}
}

func TestMergeBase(t *testing.T) {
	store := New()
	root := commit(store, 1, files("f", "1"))
	main := commit(store, 2, files("f", "2"), root)
	side := commit(store, 3, files("f", "3"), root)
	merged := commit(store, 4, files("f", "4"), side, main)
	later := commit(store, 5, files("f", "5"), main)
	alone := commit(store, 6, files("f", "6"))
	for _, test := range []struct {
		a, b *Commit
		want string
	}{
		{main, side, root.ID}, {later, merged, main.ID}, {main, later, main.ID}, {main, main, main.ID}, {main, alone, ""},
	} {
		if got := store.MergeBase(test.a.ID, test.b.ID); got != test.want {
			t.Errorf("%s and %s: got %s", test.a.Message, test.b.Message, got)
		}
	}
	between := store.Between(later.ID, merged.ID)
	if len(between) != 2 || between[0] != side || between[1] != merged {
		t.Errorf("between: %v", between)
	}
}

func TestChanges(t *testing.T) {
	store := New()
	long := "one\ntwo\nthree\nfour\nfive\nsix\n"
	before := files("same", "s\n", "gone", "g\n", "edited", "old\n", "moved", long, "moved-and-edited", strings.ToUpper(long), "mode", "m\n", "type", "t\n", "bin", "\x00a")
	after := files("same", "s\n", "new", "n\n", "edited", "new\n", "dir/moved", long, "dir/edited", strings.Replace(strings.ToUpper(long), "SIX", "6", 1), "bin", "\x00b")
	after["mode"], after["type"] = File{Executable, "m\n"}, File{Symlink, "same"}
	var got []string
	for _, c := range store.Changes(commit(store, 1, before), commit(store, 2, after)) {
		added, removed := linediffCount(c)
		got = append(got, fmt.Sprintf("%s %s<%s +%d -%d binary=%t", c.Status, c.Path, c.Previous, added, removed, c.Binary))
	}
	want := []string{
		"modified bin< +0 -0 binary=true",
		"renamed dir/edited<moved-and-edited +1 -1 binary=false",
		"renamed dir/moved<moved +0 -0 binary=false",
		"modified edited< +1 -1 binary=false",
		"removed gone< +0 -1 binary=false",
		"modified mode< +0 -0 binary=false",
		"added new< +1 -0 binary=false",
		"changed type< +1 -1 binary=false",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWriteRepositoryRefusesRefsOutsideTheFolder(t *testing.T) {
	if err := New().WriteRepository(t.TempDir(), map[string]string{"../outside": "1"}, "refs/heads/main", 0); err == nil {
		t.Error("wrote a reference outside")
	}
	if _, err := os.Stat(filepath.Join(t.TempDir(), "outside")); err == nil {
		t.Error("the file is there")
	}
}

func linediffCount(c *Change) (added, removed int) {
	for _, hunk := range c.Hunks() {
		for _, line := range hunk.Lines {
			switch line.Op {
			case '+':
				added++
			case '-':
				removed++
			}
		}
	}
	return added, removed
}

// A shallow checkout is one that git takes for its own: whole, clean, and one commit deep.
func TestShallowCheckout(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: no git to compare with")
	}
	store := New()
	first := commit(store, 1, files("old", "only in the first\n"))
	content := files("a/b", "x\n", "old", "y\n")
	content["run"], content["link"], content["sub"] = File{Executable, "#!\n"}, File{Symlink, "a/b"}, File{Submodule, strings.Repeat("1", 40)}
	second := commit(store, 2, content, first)
	dir := t.TempDir()
	if err := store.WriteTree(dir, second); err != nil {
		t.Fatal(err)
	}
	if err := store.WriteRepository(filepath.Join(dir, ".git"), nil, second.ID, 1); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) string {
		t.Helper()
		command := exec.Command("git", append([]string{"-C", dir}, args...)...)
		command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("fsck", "--no-dangling")
	git("reset", "-q")
	for _, test := range []struct{ got, want string }{
		{git("status", "--porcelain"), ""},
		{git("rev-list", "--count", "HEAD"), "1"},
		{git("rev-parse", "--is-shallow-repository"), "true"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, ".git", "objects", first.ID[:2], first.ID[2:])); err == nil {
		t.Error("the first commit is there")
	}
}
