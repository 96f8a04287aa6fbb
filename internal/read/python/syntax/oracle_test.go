package syntax

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// cpython asks the installed CPython what it makes of files: their tokens and their trees, "error" for what is no Python.
func cpython(t *testing.T, files []string) (tokens, trees []string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("SKIPPED: no python3 here, so nothing is compared with CPython")
	}
	cmd := exec.Command("python3", "testdata/dump.py")
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		ts, tree, _ := strings.Cut(line, "\t")
		tokens, trees = append(tokens, ts), append(trees, tree)
	}
	if len(tokens) != len(files) {
		t.Fatalf("%d answers for %d files", len(tokens), len(files))
	}
	return tokens, trees
}

// differ says where two dumps part; "" if they do not.
func differ(got, want string) string {
	if got == want {
		return ""
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("ours %q\n CPython's %q", got[from:min(len(got), i+60)], want[from:min(len(want), i+60)])
}

func compare(t *testing.T, name, src, tokens, tree string) {
	t.Helper()
	m := Parse(src)
	if tree == "error" {
		if len(m.Errors) == 0 {
			t.Errorf("%s: CPython refuses this, we do not: %q", name, src[:min(len(src), 200)])
		}
		return
	}
	if len(m.Errors) > 0 {
		t.Errorf("%s: CPython takes this, we do not: %v: %q", name, m.Errors[0], src[m.Errors[0].At:min(len(src), m.Errors[0].At+60)])
		return
	}
	ts, _ := Tokenize(src)
	if d := differ(dumpTokens(src, ts), tokens); d != "" && tokens != "skip" {
		t.Errorf("%s: tokens: %s", name, d)
	}
	if strings.Contains(src, `\N{`) {
		return // we do not look up the names of characters
	}
	if d := differ(dumper{span.NewSource(name, src).Whole()}.body(m.Body), strings.ReplaceAll(tree, "TryStar@", "Try@")); d != "" {
		t.Errorf("%s: tree: %s", name, d)
	}
}

// TestAgainstTheStandardLibrary parses a sample of the files of the installed CPython.
func TestAgainstTheStandardLibrary(t *testing.T) {
	out, err := exec.Command("python3", "-c", "import os; print(os.path.dirname(os.__file__))").Output()
	if err != nil {
		t.Skip("SKIPPED: no python3 here, so nothing is compared with CPython")
	}
	var files []string
	_ = filepath.WalkDir(strings.TrimSpace(string(out)), func(p string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".py") && !strings.Contains(p, "-packages/") {
			if i, err := d.Info(); err == nil && i.Size() < 120_000 {
				files = append(files, p)
			}
		}
		return nil
	})
	sort.Strings(files)
	step := 16
	if os.Getenv("TLJH_POLICY_WHOLE_STDLIB") != "" {
		step = 1
	}
	var sample []string
	for i := 0; i < len(files); i += step {
		sample = append(sample, files[i])
	}
	if len(sample) < 20 {
		t.Skipf("SKIPPED: only %d files of a standard library here", len(sample))
	}
	tokens, trees := cpython(t, sample)
	for i, f := range sample {
		src, err := os.ReadFile(f)
		if err != nil || bytes.Contains(src[:min(len(src), 200)], []byte("coding:")) && !bytes.Contains(bytes.ToLower(src[:min(len(src), 200)]), []byte("utf-8")) {
			continue // another encoding than UTF-8
		}
		compare(t, f, string(src), tokens[i], trees[i])
	}
	t.Logf("%d files compared", len(sample))
}
