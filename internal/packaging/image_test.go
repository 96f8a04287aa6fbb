package packaging_test

import (
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The folders that the binary is built from are those that .dockerignore lets through.
func TestBuildContext(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if and .Module .Module.Main}}{{.ImportPath}}{{end}}", root+"/cmd/tljh-policy").Output()
	if err != nil {
		t.Skipf("SKIPPED: no go command: %v", err)
	}
	needed := map[string]bool{"go.mod": true, "go.sum": true}
	for _, path := range strings.Fields(string(out)) {
		rest := strings.TrimPrefix(path, "github.com/tljh-policy/tljh-policy/")
		needed[strings.SplitN(rest, "/", 2)[0]] = true
	}
	want := slices.Sorted(maps.Keys(needed))

	let := map[string]bool{}
	for _, line := range strings.Split(string(read(t, ".dockerignore")), "\n") {
		if rest, ok := strings.CutPrefix(line, "!"); ok {
			let[rest] = true
		}
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(let))); diff != "" {
		t.Errorf(".dockerignore lets through:\n%s", diff)
	}
}

// What the runner and the classic builder cannot have in a Dockerfile; see the comments there.
func TestDockerfile(t *testing.T) {
	text := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(string(read(t, "Dockerfile")), "")
	for _, bad := range []string{`(?m)^USER`, `(?ms)^FROM scratch.*^WORKDIR`, `--mount`, `--chmod`, `<<`, `(?m)^(ENTRYPOINT|CMD) [^\[]`, `(?m)^ADD`} {
		if found := regexp.MustCompile(bad).FindString(text); found != "" {
			t.Errorf("the Dockerfile holds %q", found)
		}
	}
	if !regexp.MustCompile(`(?m)^ENTRYPOINT \["/`).MatchString(text) {
		t.Error("no ENTRYPOINT in exec form with an absolute path")
	}
	// The builder runs on the machine that builds, whatever the target: BuildKit says which that is, the classic builder says nothing.
	if !strings.Contains(text, "\nFROM --platform=${BUILDPLATFORM:-linux} ${GO_IMAGE} AS build\n") {
		t.Error("the builder's platform is not the building machine's")
	}
	// The builder has the toolchain that go.mod asks for, or a newer one.
	builder := regexp.MustCompile(`(?m)^ARG GO_IMAGE=golang:(\d+\.\d+)\.\d+-alpine$`).FindStringSubmatch(text)
	if builder == nil || !strings.Contains(string(read(t, "go.mod")), "\ngo "+builder[1]+".") {
		t.Errorf("the Dockerfile's builder %v is not of go.mod's Go", builder)
	}
}
