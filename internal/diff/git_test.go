package diff

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAgainstGit reads what git itself says of random edits: GitHub's patches are git's, without the file headers.
func TestAgainstGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("SKIPPED: there is no git to compare with")
	}
	dir := t.TempDir()
	for seed := range int64(40) {
		rnd := rand.New(rand.NewSource(seed))
		old := randomLines(rnd, rnd.Intn(60))
		now := edited(rnd, old)
		a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
		write(t, a, old, rnd.Intn(4) > 0)
		write(t, b, now, rnd.Intn(4) > 0)
		cmd := exec.Command(git, "diff", "--no-index", "--no-color", fmt.Sprint("-U", rnd.Intn(4)), a, b)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null")
		out, _ := cmd.Output() // 1 means that they differ
		i := strings.Index(string(out), "@@ ")
		if i < 0 {
			continue
		}
		patch := string(out[i:])
		hs, err := Parse(patch)
		if err != nil {
			t.Fatalf("seed %d: %v in\n%s", seed, err, patch)
		}
		shown, added := expected(patch)
		for l := 0; l <= len(now)+2; l++ {
			if hs.Contains(l, l) != shown[l] || hs.Added(l, l) != added[l] {
				t.Errorf("seed %d, line %d: contained %v, added %v\n%s", seed, l, hs.Contains(l, l), hs.Added(l, l), patch)
			}
		}
	}
}

// expected counts along a patch in the plainest way.
func expected(patch string) (shown, added map[int]bool) {
	shown, added = map[int]bool{}, map[int]bool{}
	at := 0
	for _, l := range strings.Split(strings.TrimSuffix(patch, "\n"), "\n") {
		switch {
		case strings.HasPrefix(l, "@@ "):
			n := 1
			if _, err := fmt.Sscanf(l[strings.Index(l, "+"):], "+%d,%d", &at, &n); err != nil {
				n = 1
			}
			if n == 0 {
				at++
			}
		case strings.HasPrefix(l, " "), strings.HasPrefix(l, "+"):
			shown[at], added[at] = true, l[0] == '+'
			at++
		}
	}
	return shown, added
}

func randomLines(rnd *rand.Rand, n int) (out []string) {
	for range n {
		out = append(out, []string{"users:", "  admin: [ada]", "", "limits:", "+ not added", "- a list", "@@ -1 +1 @@", fmt.Sprint("line ", rnd.Intn(99))}[rnd.Intn(8)])
	}
	return out
}

func edited(rnd *rand.Rand, old []string) (out []string) {
	for _, l := range old {
		switch rnd.Intn(12) {
		case 0:
		case 1:
			out = append(out, "changed "+l)
		case 2:
			out = append(out, l, "new")
		default:
			out = append(out, l)
		}
	}
	return append(out, randomLines(rnd, rnd.Intn(2))...)
}

func write(t *testing.T, name string, lines []string, ended bool) {
	t.Helper()
	text := strings.Join(lines, "\n")
	if ended && len(lines) > 0 {
		text += "\n"
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
