package linediff

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestPatch(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"same", "a\n", "a\n", ""},
		{"added file", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b"},
		{"removed file", "a\n", "", "@@ -1 +0,0 @@\n-a"},
		{"no line end", "a\nb", "a\nc", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file"},
		{"line end added", "a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a"},
		{"heading", "users:\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n", "users:\n  a: 1\n  b: 2\n  c: 3\n  d: 5\n",
			"@@ -2,4 +2,4 @@ users:\n   a: 1\n   b: 2\n   c: 3\n-  d: 4\n+  d: 5"},
		{"equal lines: the last is the new one", "a\nx\nb\n", "a\nx\nx\nb\n", "@@ -1,3 +1,4 @@\n a\n x\n+x\n b"},
		{"six lines between two changes: one hunk", numbers(8), "one\n2\n3\n4\n5\n6\n7\neight\n",
			"@@ -1,8 +1,8 @@\n-1\n+one\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+eight"},
		{"seven: two", numbers(9), "one\n2\n3\n4\n5\n6\n7\n8\nnine\n",
			"@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine"},
		{"two hunks", numbers(20), strings.Replace(strings.Replace(numbers(20), "2\n", "two\n", 1), "18\n", "eighteen\n", 1),
			"@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -15,6 +15,6 @@\n 15\n 16\n 17\n-18\n+eighteen\n 19\n 20"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Format(Hunks(Diff(test.before, test.after))); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestMap(t *testing.T) {
	script := Diff("a\nb\nc\n", "new\na\nB\nc\n")
	for old, want := range map[int]int{1: 2, 2: 0, 3: 4, 9: 0} {
		if got := Map(script, old); got != want {
			t.Errorf("line %d goes to %d, want %d", old, got, want)
		}
	}
}

func TestRewrittenTextIsBounded(t *testing.T) {
	before, after := numbers(maxEdits+10), strings.ReplaceAll(numbers(maxEdits+10), "\n", "!\n")
	added, removed := Count(Diff(before, after))
	if added != maxEdits+10 || removed != maxEdits+10 {
		t.Errorf("added %d, removed %d", added, removed)
	}
}

// Patches of random edits, applied by git, give the new text; and no patch is longer than git's own.
func TestGitAppliesPatches(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: no git to apply patches with")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 25 {
		before := randomText(random, 40)
		after := edit(random, before)
		patch := Format(Hunks(Diff(before, after)))
		if patch == "" {
			continue
		}
		dir := t.TempDir()
		write(t, dir, "f", before)
		write(t, dir, "p", "diff --git a/f b/f\n--- a/f\n+++ b/f\n"+patch+"\n")
		if out, err := git(dir, "apply", "p"); err != nil {
			t.Fatalf("round %d: %v %s\n%s", i, err, out, patch)
		}
		got, err := os.ReadFile(filepath.Join(dir, "f"))
		if err != nil || string(got) != after {
			t.Fatalf("round %d: got %q, want %q, patch\n%s", i, got, after, patch)
		}
		write(t, dir, "f", before)
		write(t, dir, "g", after)
		out, _ := git(dir, "diff", "--no-index", "--minimal", "--numstat", "f", "g")
		added, removed := Count(Diff(before, after))
		if want := fmt.Sprintf("%d\t%d\t", added, removed); !strings.HasPrefix(out, want) {
			t.Errorf("round %d: we count %q, git %q", i, want, out)
		}
	}
}

func git(dir string, args ...string) (string, error) {
	command := exec.Command("git", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	out, err := command.CombinedOutput()
	return string(out), err
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func numbers(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintln(&text, i+1)
	}
	return text.String()
}

// randomText has few different lines, so that changes can be told apart in several ways.
func randomText(random *rand.Rand, n int) string {
	lines := make([]string, 1+random.IntN(n))
	for i := range lines {
		lines[i] = string(rune('a' + random.IntN(6)))
	}
	return strings.Join(lines, "\n") + []string{"", "\n"}[random.IntN(2)]
}

func edit(random *rand.Rand, text string) string {
	lines := Lines(text)
	for range 1 + random.IntN(5) {
		at := random.IntN(len(lines) + 1)
		if random.IntN(2) == 0 && at < len(lines) && len(lines) > 1 {
			lines = append(lines[:at:at], lines[at+1:]...)
		} else {
			lines = append(lines[:at:at], append([]string{"new " + string(rune('a'+random.IntN(3))) + "\n"}, lines[at:]...)...)
		}
	}
	return strings.Join(lines, "")
}
