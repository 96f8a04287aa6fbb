package githubtest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// The patches of the API, applied by git to the merge base, give the head.
func TestPatchesLeadFromBaseToHead(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: no git to apply patches with")
	}
	s := githubtest.New(t)
	repo := s.AddRepo("octo-org/hub", githubtest.Files{"a/edited": numbers(50), "gone": "g\n", "no line end": "x\ny", "moved": numbers(9), "crlf": "a\r\nb\r\n", "ünï": "ü\n",
		"emptied": "x\n", "repeated": strings.Repeat("same\n", 30)})
	pull := repo.OpenPullWith(githubtest.Files{"a/edited": strings.Replace("new\n"+numbers(48), "line 20\n", "", 1), "new/file": "n\n", "no line end": "x\nz", "to": "top\n" + numbers(9),
		"crlf": "a\r\nc\r\n", "ünï": "ö\n", "emptied": "", "repeated": strings.Repeat("same\n", 33)})
	repo.Commit("main", githubtest.Files{"elsewhere": "main went on\n"})

	var diff strings.Builder
	files, _ := as(t, s, githubtest.ReadToken).do(200, "GET", "/pulls/1/files?per_page=100", nil).JSON.([]any)
	for _, f := range files {
		path, old := fmt.Sprint(at(f, "filename")), fmt.Sprint(at(f, "filename"))
		if previous := at(f, "previous_filename"); previous != nil {
			old = fmt.Sprint(previous)
		}
		from, to := "a/"+old, "b/"+path
		switch at(f, "status") {
		case "added":
			from = "/dev/null"
			fmt.Fprintf(&diff, "diff --git a/%s b/%s\nnew file mode 100644\n", old, path)
		case "removed":
			to = "/dev/null"
			fmt.Fprintf(&diff, "diff --git a/%s b/%s\ndeleted file mode 100644\n", old, path)
		case "renamed":
			fmt.Fprintf(&diff, "diff --git a/%s b/%s\nrename from %s\nrename to %s\n", old, path, old, path)
		default:
			fmt.Fprintf(&diff, "diff --git a/%s b/%s\n", old, path)
		}
		fmt.Fprintf(&diff, "--- %s\n+++ %s\n%s\n", from, to, at(f, "patch"))
	}
	work, want := t.TempDir(), t.TempDir()
	for dir, commit := range map[string]string{work: pull.MergeBase(), want: pull.Head()} {
		if err := repo.Checkout(dir, commit, 0); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command("git", "apply", "-")
	command.Dir, command.Stdin = work, strings.NewReader(diff.String())
	command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, &diff)
	}
	got, expected := contents(t, work), contents(t, want)
	expect(t, "files", got, expected)
	if len(expected) != 8 {
		t.Errorf("the head has %d files", len(expected))
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == ".git":
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
