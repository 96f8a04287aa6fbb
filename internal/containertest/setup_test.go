package containertest

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
	"github.com/tljh-policy/tljh-policy/internal/runnertest"
)

const (
	root = "../.."
	// imageEnv names the image. Building it takes too long for everybody's `go test ./...`.
	imageEnv = "TLJH_POLICY_IMAGE"
	// runnerUser owns the workspace on GitHub-hosted runners; the container runs as root.
	runnerUser = 1001
)

// image is the image to test.
func image(t *testing.T) string {
	t.Helper()
	name := os.Getenv(imageEnv)
	if name == "" {
		t.Skipf("SKIPPED: %s names no image; `make container` builds it and runs this test (it needs a Docker engine)", imageEnv)
	}
	return name
}

// docker runs the docker command and returns its standard output.
func docker(t *testing.T, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("docker", args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("docker %s: %v\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out
}

// fixture is a hub of the repository's examples.
func fixture(t *testing.T, name string) githubtest.Files {
	t.Helper()
	files := githubtest.Files{}
	top := filepath.Join(root, "fixtures", name)
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(top, path)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// edited is a copy of a hub in which one text of a file is another one.
func edited(t *testing.T, files githubtest.Files, name, old, text string) githubtest.Files {
	t.Helper()
	if !strings.Contains(files[name], old) {
		t.Fatalf("%s holds no %q", name, old)
	}
	changed := maps.Clone(files)
	changed[name] = strings.Replace(files[name], old, text, 1)
	return changed
}

// documentedDepth is the fetch-depth of the documentation's workflows: the test merge and its parents.
const documentedDepth = 2

// checkedOut is a runner's job whose workspace holds a commit as actions/checkout leaves it; nothing if no commit is named.
func checkedOut(t *testing.T, repo *githubtest.Repo, commit, event string, payload []byte) *runnertest.Job {
	t.Helper()
	return checkedOutWith(t, repo, documentedDepth, commit, event, payload)
}

func checkedOutWith(t *testing.T, repo *githubtest.Repo, depth int, commit, event string, payload []byte) *runnertest.Job {
	t.Helper()
	dir := t.TempDir()
	workspace := filepath.Join(dir, "hub", "hub")
	if err := os.MkdirAll(workspace, 0o755); err != nil {
		t.Fatal(err)
	}
	if commit != "" {
		if err := repo.Checkout(workspace, commit, depth); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		err := filepath.WalkDir(workspace, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, runnerUser, runnerUser)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var value map[string]any
	if err := json.Unmarshal(payload, &value); err != nil {
		t.Fatal(err)
	}
	job, err := runnertest.NewJob(dir, workspace, event, value)
	if err != nil {
		t.Fatal(err)
	}
	job.GitHub["sha"] = commit
	job.Network = "host" // so that the container reaches loopback
	return job
}

// at points a job at the tests' GitHub.
func at(job *runnertest.Job, server *githubtest.Server, token string) {
	maps.Copy(job.GitHub, map[string]string{"api_url": server.APIURL(), "graphql_url": server.GraphQLURL(), "server_url": server.URL()})
	job.Token = token
}

// use runs the action in a step of the job.
func use(t *testing.T, job *runnertest.Job, with map[string]string) runnertest.Result {
	t.Helper()
	action, err := runnertest.ReadAction(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	step, err := job.Step(action, with)
	if err != nil {
		t.Fatal(err)
	}
	before := listing(t, job.Workspace)
	temp := listing(t, job.Temp)
	result, err := step.Run(t.Context(), image(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("exit %d, outputs %q, log:\n%s", result.ExitCode, result.Outputs, strings.Join(result.Log.Lines, "\n"))
		}
	})
	leaves(t, "the workspace", before, listing(t, job.Workspace), with["sarif-file"], with["report-file"])
	leaves(t, "RUNNER_TEMP", temp, listing(t, job.Temp))
	sound(t, result)
	return result
}

// listing is every file below a directory with what identifies its state; the runner's own command files are left out.
func listing(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if strings.HasPrefix(rel, "_runner_file_commands/") {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		state := info.Mode().String()
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			state += " " + string(text)
		}
		all[rel] = state
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// leaves fails if files came, went or changed, but for those that were asked for.
func leaves(t *testing.T, where string, before, after map[string]string, asked ...string) {
	t.Helper()
	wanted := map[string]bool{}
	for _, name := range asked {
		for ; name != "" && name != "."; name = filepath.Dir(name) {
			wanted[name] = true
		}
	}
	for name, state := range after {
		if old, ok := before[name]; !wanted[name] && (!ok || old != state) {
			t.Errorf("%s: %s was left behind or changed", where, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			t.Errorf("%s: %s is gone", where, name)
		}
	}
}
