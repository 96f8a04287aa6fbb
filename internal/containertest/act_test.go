package containertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// actEnv names the command that runs whole workflows; `make act` builds it, and the image that stands for the runner.
const (
	actEnv      = "TLJH_POLICY_ACT"
	runnerImage = "tljh-policy-act-runner:busybox"
)

// actRun is a run of a workflow.
type actRun struct {
	dir    string // the repository, with .github/workflows
	event  string
	file   string // the event's payload
	server *githubtest.Server
	token  string
	env    map[string]string
}

// actResult is what act says of a run, in its lines of JSON.
type actResult struct {
	failed   bool
	outputs  map[string]string   // of every step, the last one of a name
	commands map[string][]string // workflow commands by name: their data
	summary  string
	log      string
}

// run runs a workflow with the action as its users see it: `uses: tljh-policy/tljh-policy@v1` is this checkout.
func (a actRun) run(t *testing.T) actResult {
	t.Helper()
	act := os.Getenv(actEnv)
	if act == "" {
		t.Skipf("SKIPPED: %s names no act; `make act` builds it and runs this test (it needs a Docker engine)", actEnv)
	}
	action, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{
		a.event, "-W", ".github/workflows", "-e", a.file, "-P", "ubuntu-24.04=" + runnerImage, "--pull=false", "--action-offline-mode",
		"--container-daemon-socket", "-", "--no-cache-server", "--use-gitignore=false", "--json", "--rm",
		"--local-repository", "tljh-policy/tljh-policy@v1=" + action, "-s", "GITHUB_TOKEN=" + a.token,
		"--env", "GITHUB_REPOSITORY=octo-org/hub",
	}
	if a.server != nil {
		args = append(args, "--env", "GITHUB_API_URL="+a.server.APIURL(), "--env", "GITHUB_GRAPHQL_URL="+a.server.GraphQLURL(), "--env", "GITHUB_SERVER_URL="+a.server.URL())
	}
	for key, value := range a.env {
		args = append(args, "--env", key+"="+value)
	}
	cmd := exec.CommandContext(t.Context(), act, args...)
	cmd.Dir = a.dir
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	r := actResult{failed: err != nil, outputs: map[string]string{}, commands: map[string][]string{}, log: string(out)}
	r.read(out)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("act %s:\n%s", strings.Join(args, " "), out)
		}
	})
	return r
}

// read takes what act logs: set-output and other commands with their arguments, and the summary's content.
func (r *actResult) read(out []byte) {
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line struct {
			Command, Name, Arg, Raw, Content string
			KvPairs                          map[string]string
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		switch line.Command {
		case "":
		case "set-output":
			r.outputs[line.Name] = line.Arg
		case "summary":
			r.summary += line.Content
		default:
			r.commands[line.Command] = append(r.commands[line.Command], line.Arg)
		}
	}
}

// documented is a workflow that the documentation offers.
func documented(t *testing.T, page, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?ms)^```yaml\n(# \\.github/workflows/" + regexp.QuoteMeta(name) + "\n.*?)^```$").FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s offers no %s", page, name)
	}
	return string(m[1])
}

// commit lays out a commit of a repository and its event for act.
func commit(t *testing.T, server *githubtest.Server, repo *githubtest.Repo, id, event string, payload []byte) actRun {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hub")
	if err := repo.Checkout(dir, id, documentedDepth); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(file, payload, 0o644); err != nil {
		t.Fatal(err)
	}
	return actRun{dir: dir, event: event, file: file, server: server, token: githubtest.WriteToken, env: map[string]string{}}
}

// withWorkflow adds a workflow to a hub's files.
func withWorkflow(files githubtest.Files, workflow string) githubtest.Files {
	all := githubtest.Files{".github/workflows/tljh-policy.yml": workflow}
	for name, text := range files {
		all[name] = text
	}
	return all
}

// The README's workflow, from the checkout to the comment.
func TestActPullRequest(t *testing.T) {
	server := githubtest.New(t)
	good := withWorkflow(fixture(t, "production"), documented(t, "README.md", "tljh-policy.yml"))
	repo := server.AddRepo("octo-org/hub", good)
	pull := repo.OpenPullWith(edited(t, good, "install.sh", httpsOn, httpsOff))
	run := commit(t, server, repo, pull.Merge(), "pull_request", pull.Event("synchronize"))
	r := run.run(t)
	if !r.failed || r.outputs["outcome"] != "fail" || r.outputs["exit-code"] != "1" || r.outputs["new"] != "1" {
		t.Errorf("failed: %v, outputs %q", r.failed, r.outputs)
	}
	if len(r.commands["error"]) == 0 || r.summary == "" {
		t.Errorf("annotations %q, summary %q", r.commands["error"], r.summary)
	}
	if comments := pull.Comments(); len(comments) != 1 || !strings.Contains(r.outputs["comment-url"], server.URL()) {
		t.Errorf("comments %+v, comment-url %q", comments, r.outputs["comment-url"])
	}
}

// The same workflow in a merge queue: act knows no group, so its reference is given.
func TestActMergeGroup(t *testing.T) {
	for _, c := range []struct {
		text   string
		failed bool
		want   string
	}{{httpsOn, false, "pass"}, {httpsOff, true, "fail"}} {
		t.Run(c.want, func(t *testing.T) {
			server := githubtest.New(t)
			good := withWorkflow(fixture(t, "production"), documented(t, "README.md", "tljh-policy.yml"))
			repo := server.AddRepo("octo-org/hub", good)
			head := repo.Commit("gh-readonly-queue", edited(t, good, "install.sh", httpsOn, c.text))
			run := commit(t, server, repo, head, "merge_group", repo.MergeGroupEvent(head))
			run.env["GITHUB_REF"] = "refs/heads/gh-readonly-queue/main/pr-1-" + repo.Branch("main")
			r := run.run(t)
			if r.failed != c.failed || r.outputs["outcome"] != c.want {
				t.Errorf("failed: %v, outputs %q", r.failed, r.outputs)
			}
		})
	}
}

// A push, with a later step that uses outputs and files.
func TestActPush(t *testing.T) {
	const workflow = `on: push
jobs:
  policy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - id: policy
        uses: tljh-policy/tljh-policy@v1
        continue-on-error: true
        with:
          sarif-file: out/policy.sarif
          report-file: out/policy.json
      - shell: sh
        env:
          SEEN: ${{ steps.policy.outputs.outcome }} ${{ steps.policy.outputs.exit-code }} ${{ steps.policy.outputs.sarif }} ${{ steps.policy.outputs.report }}
        run: |
          test "$SEEN" = "fail 1 out/policy.sarif out/policy.json"
          grep -q https out/policy.sarif
          grep -q https out/policy.json
`
	server := githubtest.New(t)
	bad := withWorkflow(edited(t, fixture(t, "production"), "install.sh", httpsOn, httpsOff), workflow)
	repo := server.AddRepo("octo-org/hub", bad)
	run := commit(t, server, repo, repo.Branch("main"), "push", repo.PushEvent("main", repo.Branch("main")))
	if r := run.run(t); r.failed || r.outputs["fail"] != "1" {
		t.Errorf("failed: %v, outputs %q", r.failed, r.outputs)
	}
}

// This repository's own workflow on its own examples, with `uses: ./`.
func TestActDogfood(t *testing.T) {
	if os.Getenv(actEnv) == "" {
		actRun{}.run(t) // says why it skips
	}
	dir := filepath.Join(t.TempDir(), "tljh-policy")
	if err := os.MkdirAll(filepath.Join(dir, ".github", "workflows"), 0o755); err != nil {
		t.Fatal(err)
	}
	copyTree(t, dir)
	file := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(file, []byte(`{"ref": "refs/heads/main", "repository": {"full_name": "tljh-policy/tljh-policy"}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	r := actRun{dir: dir, event: "push", file: file, env: map[string]string{"GITHUB_API_URL": "http://" + closedPort(t)}}.run(t)
	if r.failed {
		t.Errorf("the dogfood workflow failed: outputs %q", r.outputs)
	}
}

// copyTree copies the files that git knows, as they are now, and makes them a repository; of the workflows only the one to run.
func copyTree(t *testing.T, dir string) {
	t.Helper()
	script := `set -eu
git ls-files -z | grep -zv '^.github/workflows/' | tar --null --ignore-failed-read -T - -cf - | tar -C "$1" -xf -
cp .github/workflows/dogfood.yml "$1/.github/workflows/"
cd "$1"
git init -q -b main
git add -A
git -c user.name=example -c user.email=example@example.org commit -qm example`
	cmd := exec.Command("sh", "-c", script, "sh", dir)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no git checkout to copy: %v\n%s", err, out)
	}
}
