//go:build unix

// Command benchconftest times whole runs of `tljh-policy check` against `conftest test` with the same built-in rules on
// the hub document that `tljh-policy inspect` prints, alternating, in one run. It prints wall time, CPU time and
// peak memory of both and their ratios.
//
//	go run ./tools/benchconftest -tool ./tljh-policy -conftest PATH -repo fixtures/production -n 40
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

// adapter lets conftest, which knows only deny and warn, evaluate every built-in rule.
const adapter = `package main

deny contains finding.message if {
	some id
	some finding in data.tljh.rules[id].fail
}

warn contains finding.message if {
	some id
	some kind in ["unknown", "advice", "pass"]
	some finding in data.tljh.rules[id][kind]
}

warn contains reason if {
	some id
	some reason in data.tljh.rules[id].not_applicable
}
`

type sample struct {
	wall, cpu time.Duration
	rss       int64 // KiB
}

func main() {
	tool := flag.String("tool", "./tljh-policy", "the built binary")
	conftest := flag.String("conftest", "conftest", "the conftest binary")
	repo := flag.String("repo", "fixtures/production", "a one-hub repository")
	n := flag.Int("n", 40, "runs of each")
	flag.Parse()
	if err := run(*tool, *conftest, *repo, *n); err != nil {
		fmt.Fprintln(os.Stderr, "benchconftest:", err)
		os.Exit(1)
	}
}

func run(tool, conftest, repo string, n int) error {
	dir, err := os.MkdirTemp("", "benchconftest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	input, policy := filepath.Join(dir, "hub.json"), filepath.Join(dir, "policy")
	if err := prepare(tool, repo, input, policy); err != nil {
		return err
	}
	ours := []string{tool, "check", repo}
	theirs := []string{conftest, "test", input, "--policy", policy, "--no-color"}
	var a, b []sample
	for i := 0; i < n+2; i++ {
		x, err := measure(ours)
		if err != nil {
			return err
		}
		y, err := measure(theirs)
		if err != nil {
			return err
		}
		if i >= 2 { // the first two warm the file cache
			a, b = append(a, x), append(b, y)
		}
	}
	report("tljh-policy check", a)
	report("conftest test", b)
	fmt.Printf("ratio of medians: wall %.2f, CPU %.2f, memory %.2f\n",
		ratio(a, b, func(s sample) float64 { return float64(s.wall) }),
		ratio(a, b, func(s sample) float64 { return float64(s.cpu) }),
		ratio(a, b, func(s sample) float64 { return float64(s.rss) }))
	return nil
}

// prepare writes the first hub's document and the rules, without their tests, where conftest finds them.
func prepare(tool, repo, input, policy string) error {
	out, err := exec.Command(tool, "inspect", repo).Output()
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	var docs struct{ Hubs []json.RawMessage }
	if err := json.Unmarshal(out, &docs); err != nil || len(docs.Hubs) == 0 {
		return fmt.Errorf("inspect printed no hub (%v)", err)
	}
	if err := os.WriteFile(input, docs.Hubs[0], 0o600); err != nil {
		return err
	}
	files, err := filepath.Glob("policies/*/*.rego")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(policy, 0o700); err != nil {
		return err
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.rego") || strings.Contains(f, "/testing/") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		name := strings.ReplaceAll(strings.TrimPrefix(f, "policies/"), "/", "-")
		if err := os.WriteFile(filepath.Join(policy, name), text, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(policy, "main.rego"), []byte(adapter), 0o600)
}

func measure(args []string) (sample, error) {
	cmd := exec.Command(args[0], args[1:]...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	wall := time.Since(start)
	if cmd.ProcessState == nil {
		return sample{}, err
	}
	if code := cmd.ProcessState.ExitCode(); code > 1 {
		return sample{}, fmt.Errorf("%s ended with %d: %s", args[0], code, out)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return sample{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), u.Maxrss}, nil
}

func median(s []sample, f func(sample) float64) float64 {
	v := make([]float64, len(s))
	for i := range s {
		v[i] = f(s[i])
	}
	sort.Float64s(v)
	return v[len(v)/2]
}

func ratio(a, b []sample, f func(sample) float64) float64 { return median(a, f) / median(b, f) }

func report(name string, s []sample) {
	ms := func(f func(sample) float64) float64 { return median(s, f) / 1e6 }
	fmt.Printf("%-18s wall %6.1f ms  CPU %6.1f ms  memory %5.1f MiB  (medians of %d)\n", name,
		ms(func(x sample) float64 { return float64(x.wall) }), ms(func(x sample) float64 { return float64(x.cpu) }),
		median(s, func(x sample) float64 { return float64(x.rss) })/1024, len(s))
}
