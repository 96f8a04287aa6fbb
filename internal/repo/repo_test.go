package repo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// write makes a tree of files: name → text; a text that starts with "->" is a link.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "->"); ok {
			err = os.Symlink(to, p)
		} else {
			err = os.WriteFile(p, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, dir string, l Limits) *Tree {
	t.Helper()
	tree, err := Open(dir, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

func TestOpenRoot(t *testing.T) {
	dir := write(t, map[string]string{"a": "x"})
	for path, want := range map[string]string{
		dir + "/nowhere": "does not exist", dir + "/a": "is a file; give the directory", dir + "/a/b": "not a directory",
	} {
		if _, err := Open(path, Limits{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

func TestOpenFile(t *testing.T) {
	dir := write(t, map[string]string{
		"a b\nc~.sh": "x", "sub/in": "->../a b\nc~.sh", "abs": "->/etc/passwd", "up": "->../../../../../../etc/passwd", "loop": "->loop", "ping": "->pong", "pong": "->ping",
		"gone": "->nowhere", "dirlink": "->sub", "bin": "a\x00b", "latin": "caf\xe9", "d/f": "1",
	})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.sh"), 0o644); err != nil {
		t.Skip("no named pipes here: what they do is not tested")
	}
	huge, err := os.Create(filepath.Join(dir, "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := huge.Truncate(2 << 30); err != nil {
		t.Fatal(err)
	}
	huge.Close()
	tree := open(t, dir, Limits{})
	for name, want := range map[string]string{
		"a b\nc~.sh": "", "sub/in": "", "./sub/../sub/in": "", "d/f": "",
		"abs": "leads out of the checkout", "up": "leads out of the checkout", "loop": "leads to itself", "ping": "leads to itself", "gone": "does not exist",
		"bin": "binary file", "latin": "not UTF-8 text (byte 4)", "pipe.sh": "no regular file", "d": "no regular file", "dirlink": "no regular file",
		"config.yaml": "larger than 2 MiB", "nowhere": "does not exist", "../x": "not a file of the checkout", "/etc/passwd": "not a file of the checkout",
		"a\x00b": "not a file of the checkout", "": "not a file of the checkout", "dirlink/../../x": "not a file of the checkout", "abs/x": "cannot be read",
	} {
		src, err := tree.Open(name)
		switch {
		case want == "" && (err != nil || src.Text == ""):
			t.Errorf("%q: %v", name, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", name, err, want)
		}
		if again, _ := tree.Open(name); again != src {
			t.Errorf("%q is read twice", name)
		}
		if tree.Exists(name) != (want == "" || strings.Contains("bin latin config.yaml", name) && name != "") {
			t.Errorf("%q: Exists is wrong", name)
		}
	}
	if p := tree.Problems(); len(p) != 1 || !p[0].Fatal || p[0].At.File != "config.yaml" {
		t.Errorf("problems: %+v", p)
	}
	if got := fmt.Sprint(tree.List("sub"), tree.List("d"), tree.List("nowhere"), tree.List(".."), tree.List("abs")); got != "[in] [f] [] [] []" {
		t.Errorf("lists: %s", got)
	}
}

func TestTotal(t *testing.T) {
	tree := open(t, write(t, map[string]string{"a": "12345", "b": "12345", "c": "1"}), Limits{TotalBytes: 9})
	_, errA := tree.Open("a")
	_, errB := tree.Open("b")
	if errA != nil || errB == nil || len(tree.Problems()) != 1 || !tree.Problems()[0].Fatal {
		t.Errorf("%v, %v, %v", errA, errB, tree.Problems())
	}
}

func TestWalkBounds(t *testing.T) {
	deep := t.TempDir()
	cur, err := os.OpenRoot(deep)
	if err != nil {
		t.Fatal(err)
	}
	defer cur.Close()
	for range 10_000 { // deeper than any path may be long
		if err := cur.Mkdir("d", 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := cur.OpenRoot("d")
		if err != nil {
			t.Fatal(err)
		}
		cur.Close()
		cur = next
	}
	t.Cleanup(func() { removeDeep(deep) })
	for _, c := range []struct {
		dir  string
		l    Limits
		want string
	}{
		{deep, Limits{}, "nested more than 64 deep"},
		{write(t, map[string]string{"a.sh": "", "b.sh": "", "c.sh": ""}), Limits{Files: 2}, "more than 2 files"},
		{write(t, map[string]string{"a.sh": ""}), Limits{Time: 1}, "takes longer than"},
		{write(t, map[string]string{"opt/tljh/config/config.yaml": "->/etc/passwd"}), Limits{}, "leads out of the checkout"},
		{write(t, map[string]string{"big.sh": strings.Repeat("# x\n", 1000)}), Limits{FileBytes: 100}, "larger than 100 bytes"},
	} {
		tree := open(t, c.dir, c.l)
		tree.Candidates()
		p := tree.Problems()
		if len(p) != 1 || !p[0].Fatal || !strings.Contains(p[0].Msg, c.want) || p[0].At.File == "" {
			t.Errorf("%q: %+v", c.want, p)
		}
	}
}

// removeDeep takes the nest apart from above, since its paths are too long to name.
func removeDeep(dir string) {
	for i := 0; ; i++ {
		inner := filepath.Join(dir, "d", "d")
		if os.Rename(inner, filepath.Join(dir, "next")) != nil {
			return
		}
		os.Remove(filepath.Join(dir, "d"))
		os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "d"))
	}
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything: files without permission are not tested")
	}
	dir := write(t, map[string]string{"a.sh": "tljh", "d/b.sh": "tljh"})
	os.Chmod(filepath.Join(dir, "a.sh"), 0)
	os.Chmod(filepath.Join(dir, "d"), 0)
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "d"), 0o755) })
	tree := open(t, dir, Limits{})
	tree.Candidates()
	if p := tree.Problems(); len(p) != 2 || !p[0].Fatal || !p[1].Fatal {
		t.Errorf("problems: %+v", p)
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("users:\n  admin: [a]\nhttps: {enabled: true}\n"))
	f.Add([]byte("#cloud-config\n"))
	f.Add([]byte("\n\n:\n- a\n{{ x }}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		tljhConfig("a/config.yaml", text)
		yamlKind("roles/a.yml", text)
		isShebang(firstLine(text))
		if got, want := mentions(text), bytes.Contains(bytes.ToLower(text), []byte("tljh")); want && !got {
			t.Errorf("%q: not seen", text)
		}
	})
}
