package action

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

const (
	httpsSet = "sudo tljh-config set https.enabled true\nsudo tljh-config set https.letsencrypt.email hub-admins@tljh-policy-demo.net\n" +
		"sudo tljh-config add-item https.letsencrypt.domains hub.tljh-policy-demo.net\nsudo tljh-config reload proxy\n"
	called    = "on: pull_request\njobs:\n  gate:\n    uses: tljh-policy/tljh-policy/.github/workflows/reusable.yml@v1\n    with: {fail-on: error}\n"
	composite = "runs:\n  using: composite\n  steps:\n    - uses: tljh-policy/tljh-policy@v1\n      with: {fail-on: error}\n"
	useLocal  = "on: pull_request\njobs:\n  gate:\n    steps:\n      - uses: ./.github/actions/gate\n"
	mirrored  = "on: pull_request\njobs:\n  gate:\n    steps:\n      - uses: docker://registry.example.org/mirror/tljh-policy:1\n        with: {args: action, fail-on: error}\n"
	matrix    = "on: pull_request\njobs:\n  gate:\n    strategy:\n      matrix:\n        dir: [a, b]\n    steps:\n      - uses: actions/checkout@v4\n      - uses: tljh-policy/tljh-policy@v1\n        with: {path: \"${{ matrix.dir }}\"}\n"
)

// Ways around the gate that lead over links, names and indirect workflows.
func TestWaysAroundTheGate(t *testing.T) {
	only := settingsFor(t, "https")
	never := func(s string) string { return strings.ReplaceAll(s, "fail-on: error", "fail-on: never") }
	listed := func(entry, on string) string {
		return strings.Replace(settingsFor(t, on), "version: 1\n", "version: 1\nhubs: ["+entry+"]\n", 1)
	}
	tests := []struct {
		name         string
		base, change tree
		env          map[string]string
		code         int
		says         string
	}{
		{"puts something worse below a comment that accepts",
			tree{"install.sh": "# tljh-policy: ignore=authenticator until=2027-01-31 soon\n" + failing, ".tljh-policy.yaml": settingsFor(t, "authenticator")},
			tree{"install.sh": failing + "sudo tljh-config set auth.type dummy # tljh-policy: ignore=authenticator until=2027-01-31 soon\n"}, nil, 1, "waives authenticator in a comment"},
		{"the base's settings are a link to nothing", tree{"install.sh": failing, ".tljh-policy.yaml": "-> gone.yaml"}, tree{"README": "x"}, nil, 2, "link"},
		{"makes the directory a link", tree{"hub/install.sh": failing, "hub/.tljh-policy.yaml": only, "old/install.sh": failing, "old/.tljh-policy.yaml": settingsFor(t, "disk-backups")},
			tree{"hub/install.sh": "-", "hub/.tljh-policy.yaml": "-", "hub": "-> old"}, map[string]string{"INPUT_PATH": "hub"}, 2, "link"},
		{"the base has the same link", tree{"hub": "-> real", "real/install.sh": failing, "real/.tljh-policy.yaml": only}, tree{"README": "x"}, map[string]string{"INPUT_PATH": "hub"}, 1, ""},
		{"renames a file that the settings name",
			tree{"install.sh": failing + httpsSet, "more.sh": "sudo tljh-config set https.enabled false\n", ".tljh-policy.yaml": listed("{name: course, sources: [install.sh, more.sh]}", "https")},
			tree{"more.sh": "-", "less.sh": "sudo tljh-config set https.enabled false\n"}, nil, 3, "more.sh"},
		{"puts another hub where the settings look",
			tree{"hub/install.sh": failing, ".tljh-policy.yaml": listed("{name: course, dir: hub}", "https")},
			tree{"hub/install.sh": failing + httpsSet, "real/install.sh": failing}, nil, 1, ""},
		{"edits what it hands a called workflow", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": called},
			tree{".github/workflows/pr.yml": never(called)}, map[string]string{"INPUT_FAIL-ON": "never"}, 1, "those of the base count: fail-on"},
		{"edits a composite action", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": useLocal, ".github/actions/gate/action.yml": composite},
			tree{".github/actions/gate/action.yml": never(composite)}, map[string]string{"INPUT_FAIL-ON": "never"}, 1, "those of the base count: fail-on"},
		{"edits the inputs of the image", tree{"install.sh": failing, ".tljh-policy.yaml": only, ".github/workflows/pr.yml": mirrored},
			tree{".github/workflows/pr.yml": never(mirrored)}, map[string]string{"INPUT_FAIL-ON": "never", "INPUT_ARGS": "action", "GITHUB_ACTION_REPOSITORY": ""}, 1, "those of the base count: fail-on"},
		{"edits another workflow", tree{"a/install.sh": failing + httpsSet, "a/.tljh-policy.yaml": only, "b/install.sh": failing, ".github/workflows/pr.yml": matrix, ".github/workflows/other.yml": "on: push\njobs: {}\n"},
			tree{".github/workflows/other.yml": "on: [push]\njobs: {}\n"}, map[string]string{"INPUT_PATH": "a"}, 0, "changes the workflow .github/workflows/other.yml"},
		{"raises an action's version", tree{"a/install.sh": failing + httpsSet, "a/.tljh-policy.yaml": only, "b/install.sh": failing, ".github/workflows/pr.yml": matrix},
			tree{".github/workflows/pr.yml": strings.ReplaceAll(matrix, "@v4", "@v5")}, map[string]string{"INPUT_PATH": "a"}, 0, "changes the workflow"},
		{"adds to the matrix", tree{"a/install.sh": failing + httpsSet, "a/.tljh-policy.yaml": only, "b/install.sh": failing, ".github/workflows/pr.yml": matrix},
			tree{".github/workflows/pr.yml": strings.ReplaceAll(matrix, "[a, b]", "[a, b, c]")}, map[string]string{"INPUT_PATH": "a"}, 0, "changes the workflow"},
		{"another directory in the matrix", tree{"a/install.sh": failing, "a/.tljh-policy.yaml": only, ".github/workflows/pr.yml": matrix},
			tree{"ok/install.sh": failing + httpsSet, "ok/.tljh-policy.yaml": only, ".github/workflows/pr.yml": strings.ReplaceAll(matrix, "[a, b]", "[ok]")}, map[string]string{"INPUT_PATH": "ok"}, 1, "those of the base count: path"},
		{"states facts", tree{"install.sh": failing + httpsSet, ".tljh-policy.yaml": only}, tree{"infra.yaml": "version: 1\n"}, nil, 0, "changes what is stated in infra.yaml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPull(t, tt.base, tt.change)
			for k, v := range tt.env {
				p.env[k] = v
			}
			if code, _ := p.run(t); code != tt.code || !strings.Contains(p.out.String(), tt.says) {
				t.Errorf("exit code %d, want %d and %q in the log:\n%s", code, tt.code, tt.says, p.out.String())
			}
		})
	}
}

// What is judged is the pull request's head or GitHub's merge of it, whatever the workflow checks out.
func TestCheckoutOfAnotherCommit(t *testing.T) {
	base, change := tree{"install.sh": failing + httpsSet, ".tljh-policy.yaml": settingsFor(t, "https")}, tree{"install.sh": failing}
	for name, checkout := range map[string]func(p *pullRequest) string{
		"the base": func(p *pullRequest) string { return p.base },
		"a merge that GitHub did not make": func(p *pullRequest) string {
			return p.git(t, "commit-tree", "-p", p.base, "-p", p.head, "-m", "x", p.base+"^{tree}")
		},
	} {
		p := newPull(t, base, change)
		p.git(t, "checkout", "-q", checkout(p))
		if code, out := p.run(t); code != 3 || out["outcome"] != "error" || !strings.Contains(p.out.String(), "neither") {
			t.Errorf("%s: exit code %d\n%s", name, code, p.out.String())
		}
	}
	p := newPull(t, base, change)
	p.git(t, "checkout", "-q", p.head)
	p.env["GITHUB_API_URL"] = "http://127.0.0.1:1"
	if code, _ := p.run(t); code != 1 {
		t.Errorf("the head: exit code %d\n%s", code, p.out.String())
	}
}

// A merge with another branch than the one that the pull request goes to (its base was changed just now) says nothing about the gate.
func TestMergeWithAnotherBase(t *testing.T) {
	strict, weak := settingsFor(t, "https"), settingsFor(t, "disk-backups")
	h := newHosted(t, githubtest.Files{"install.sh": install, ".tljh-policy.yaml": strict}, githubtest.Files{"README.md": "x\n"})
	other := h.repo.Commit("weak", githubtest.Files{"install.sh": install, ".tljh-policy.yaml": weak})
	h.env["commit"] = h.repo.CommitOn(githubtest.Files{"install.sh": install, ".tljh-policy.yaml": weak, "README.md": "x\n"}, other, h.pull.Head())
	if code, out := h.run(); code != 1 {
		h.say("%d %v", code, out)
	}
}

// silent is a network that answers nothing.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A GitHub that never answers leaves time for the verdict.
func TestSilentNetwork(t *testing.T) {
	defer func(d time.Duration) { baseTime = d }(baseTime)
	baseTime = 100 * time.Millisecond
	p := newPull(t, tree{"install.sh": failing}, tree{"README": "x"})
	shallow := t.TempDir()
	p.git(t, "clone", "-q", "--depth", "1", "--branch", "merge", "file://"+p.dir, shallow)
	p.env["GITHUB_WORKSPACE"], p.env["INPUT_COMMENT"], p.http = shallow, "none", &http.Client{Transport: silent{}}
	if code, out := p.run(t); code != 1 || out["outcome"] != "fail" || !strings.Contains(p.out.String(), "built-in rules alone") {
		t.Errorf("exit code %d, %v\n%s", code, out, p.out.String())
	}
}

// Facts that nothing proves are told on the pull request, also where all is well; nobody is told that the check is changed.
func TestStatedFacts(t *testing.T) {
	h := newHosted(t, githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "https")},
		githubtest.Files{"infra.yaml": "attested_by: ada\nvalid_until: 2027-01-31\ninstances:\n  - id: hub\n"})
	if code, out := h.run(); code != 0 || len(h.pull.Comments()) != 1 {
		h.say("%d %v", code, out)
	} else if body := h.pull.Comments()[0].Body; !strings.Contains(body, "changes what is stated in `infra.yaml`") || strings.Contains(body, "its own check") {
		h.say("%s", body)
	}
}
