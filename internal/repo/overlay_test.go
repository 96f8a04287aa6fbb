package repo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWithOtherText(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a/install.sh", "echo nothing\n")
	write("b.sh", "sudo tljh-config reload\n")
	tree, err := Open(dir, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	before := tree.Candidates()
	other := tree.With(map[string]string{"a/install.sh": "tljh-config set limits.cpu 2\n"})
	twice := other.With(map[string]string{"b.sh": "echo\n"})
	for _, c := range []struct {
		tree  *Tree
		a, b  string
		speak int
	}{
		{tree, "echo nothing\n", "sudo tljh-config reload\n", 1},
		{other, "tljh-config set limits.cpu 2\n", "sudo tljh-config reload\n", 2},
		{twice, "tljh-config set limits.cpu 2\n", "echo\n", 1},
	} {
		for name, want := range map[string]string{"a/install.sh": c.a, "b.sh": c.b} {
			if src, err := c.tree.Open(name); err != nil || src.Text != want {
				t.Errorf("%s holds %v, %v", name, src, err)
			}
		}
		speak := 0
		for _, s := range c.tree.Candidates().Scripts {
			if s.Mentions {
				speak++
			}
		}
		if speak != c.speak {
			t.Errorf("%d scripts speak of TLJH, want %d", speak, c.speak)
		}
	}
	if len(before.Scripts) != len(tree.Candidates().Scripts) {
		t.Error("the checkout itself has changed")
	}
}

func TestDirect(t *testing.T) {
	dir := t.TempDir()
	for _, err := range []error{
		os.MkdirAll(filepath.Join(dir, "real"), 0o755),
		os.WriteFile(filepath.Join(dir, "real", "f"), nil, 0o644),
		os.Symlink("real", filepath.Join(dir, "linked")),
		os.Symlink("real/f", filepath.Join(dir, "f")),
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
	for name, want := range map[string]bool{
		"real/f": true, "linked/f": false, "f": false, "real": false, "none": false, "../x": false, "/etc/passwd": false, "real/../real/f": false, ".": false,
	} {
		if tree.Direct(name) != want {
			t.Errorf("Direct(%q) is %v", name, !want)
		}
	}
}
