package repo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside")
	for _, err := range []error{
		os.WriteFile(filepath.Join(dir, "a.sh"), []byte("a\n"), 0o750),
		os.WriteFile(filepath.Join(dir, "b"), []byte("b\n"), 0o600),
		os.WriteFile(outside, []byte("kept\n"), 0o600),
		os.Symlink(outside, filepath.Join(dir, "link")),
		os.Symlink("a.sh", filepath.Join(dir, "inside")),
	} {
		if err != nil {
			t.Skip("no links here:", err)
		}
	}
	tree, err := Open(dir, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, name := range []string{"a.sh", "b"} {
		if _, err := tree.Open(name); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(name, want string, mode os.FileMode) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		info, _ := os.Stat(filepath.Join(dir, name))
		if err != nil || string(text) != want || info.Mode().Perm() != mode {
			t.Errorf("%s holds %q (%v), %v", name, text, info.Mode(), err)
		}
	}
	for name, texts := range map[string]map[string]string{
		"a link out":    {"a.sh": "x", "link": "x"},
		"a link inside": {"a.sh": "x", "inside": "x"},
		"no file":       {"a.sh": "x", "none": "x"},
		"a way out":     {"a.sh": "x", "../outside": "x"},
	} {
		if err := tree.Replace(texts); err == nil {
			t.Errorf("%s was written", name)
		}
		holds("a.sh", "a\n", 0o750)
	}
	if err := tree.Replace(map[string]string{"a.sh": "A\n", "b": "B\n"}); err != nil {
		t.Fatal(err)
	}
	holds("a.sh", "A\n", 0o750)
	holds("b", "B\n", 0o600)
	if err := tree.Replace(map[string]string{"b": "again\n"}); err == nil || !strings.Contains(err.Error(), "changed since") {
		t.Errorf("a file that has changed was written over: %v", err)
	}
	if text, _ := os.ReadFile(outside); string(text) != "kept\n" {
		t.Error("a file outside was written")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 4 {
		t.Errorf("files were left behind: %v", entries)
	}
}
