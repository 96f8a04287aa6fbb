// Command benchcontainer times the container from `docker run` to the verdict against `docker run` of an image that holds nothing but
// an empty static binary, alternating, in one run. The difference is what the tool costs; the rest is the engine's.
//
//	go run ./tools/benchcontainer -image tljh-policy:dev -repo fixtures/production -n 20
package main

import (
	"archive/tar"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

func main() {
	image := flag.String("image", "tljh-policy:dev", "the built image")
	repo := flag.String("repo", "fixtures/production", "a one-hub repository that passes")
	n := flag.Int("n", 20, "runs of each")
	flag.Parse()
	if err := run(*image, *repo, *n); err != nil {
		fmt.Fprintln(os.Stderr, "benchcontainer:", err)
		os.Exit(1)
	}
}

const emptyImage = "tljh-policy-bench:empty"

func run(image, repo string, n int) error {
	repo, err := filepath.Abs(repo)
	if err != nil {
		return err
	}
	if err := buildEmpty(); err != nil {
		return err
	}
	defer exec.Command("docker", "image", "rm", emptyImage).Run()
	common := []string{"run", "--rm", "--workdir", "/github/workspace", "-v", repo + ":/github/workspace:ro", "-e", "GITHUB_ACTIONS=true",
		"-e", "GITHUB_EVENT_NAME=schedule", "-e", "GITHUB_REPOSITORY=octo-org/hub", "-e", "GITHUB_WORKSPACE=/github/workspace"}
	ours := append(slices.Clone(common), image, "action")
	theirs := append(slices.Clone(common), emptyImage)
	var with, without []time.Duration
	for i := range n + 2 { // the first two warm up
		a, err := measure(ours)
		if err != nil {
			return err
		}
		b, err := measure(theirs)
		if err != nil {
			return err
		}
		if i >= 2 {
			with, without = append(with, a), append(without, b)
		}
	}
	slices.Sort(with)
	slices.Sort(without)
	fmt.Printf("%d runs each, alternating (minimum, median, maximum):\n", n)
	show("container start to verdict", with)
	show("container of an empty binary", without)
	fmt.Printf("%-30s %8s %8s\n", "difference", ms(with[0]-without[0]), ms(with[n/2]-without[n/2]))
	fmt.Printf("%-30s %8.2f %8.2f\n", "ratio", ratio(with[0], without[0]), ratio(with[n/2], without[n/2]))
	return nil
}

func show(what string, times []time.Duration) {
	fmt.Printf("%-30s %8s %8s %8s\n", what, ms(times[0]), ms(times[len(times)/2]), ms(times[len(times)-1]))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d)/1e6) }

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

func measure(args []string) (time.Duration, error) {
	start := time.Now()
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("docker %v: %w\n%s", args, err, out)
	}
	return time.Since(start), nil
}

// buildEmpty makes an image of one static binary that ends at once.
func buildEmpty() error {
	dir, err := os.MkdirTemp("", "benchcontainer")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	source, binary := filepath.Join(dir, "empty.go"), filepath.Join(dir, "empty")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	text, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	if err := w.WriteHeader(&tar.Header{Name: "empty", Mode: 0o755, Size: int64(len(text))}); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	load := exec.Command("docker", "import", "--change", `ENTRYPOINT ["/empty"]`, "-", emptyImage)
	load.Stdin = &layer
	if out, err := load.CombinedOutput(); err != nil {
		return fmt.Errorf("docker import: %w\n%s", err, out)
	}
	return nil
}
