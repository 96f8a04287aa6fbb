package packaging_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// document is a workflow: one of this repository's own, or one that the documentation offers for copying.
type document struct {
	name string
	text []byte
	own  bool
}

// workflow is what the tests look at; actionlint (scripts/lint-workflows) looks at the rest.
type workflow struct {
	Name        string
	On          yaml.Node
	Permissions yaml.Node
	Jobs        map[string]struct {
		Uses           string
		TimeoutMinutes int `yaml:"timeout-minutes"`
		Permissions    yaml.Node
		Steps          []struct {
			Uses, Run, Shell string
			With             map[string]string
			Env              map[string]string
		}
	}
}

// documents finds every workflow.
func documents(t *testing.T) []document {
	t.Helper()
	var all []document
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 4 {
		t.Fatalf("workflows: %v (%v)", files, err)
	}
	for _, file := range files {
		name := ".github/workflows/" + filepath.Base(file)
		all = append(all, document{name, read(t, name), true})
	}
	block := regexp.MustCompile("(?ms)^```yaml\n(# \\.github/workflows/[a-z-]+\\.yml)\n(.*?)^```$")
	count := 0
	for _, page := range []string{"README.md", "docs/github-action.md"} {
		for _, m := range block.FindAllSubmatch(read(t, page), -1) {
			all = append(all, document{fmt.Sprintf("%s: %s", page, m[1]), m[2], false})
			count++
		}
	}
	if count < 8 {
		t.Fatalf("%d workflows in the documentation", count)
	}
	return all
}

func TestWorkflowSchema(t *testing.T) {
	s := schema(t, "github-workflow.json")
	for _, d := range documents(t) {
		t.Run(d.name, func(t *testing.T) { validate(t, s, d.text) })
	}
}

var (
	fullSHA = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	comment = regexp.MustCompile(`(?m)uses: \S+@[0-9a-f]{40}(.*)$`)
)

// What actions are used, with which permissions, and that no value of an event becomes part of a script.
func TestWorkflowSafety(t *testing.T) {
	for _, d := range documents(t) {
		t.Run(d.name, func(t *testing.T) {
			var w workflow
			if err := yaml.Unmarshal(d.text, &w); err != nil {
				t.Fatal(err)
			}
			called := strings.Contains(string(d.text), "\n  workflow_call:") && len(w.On.Content) == 2
			if !called && (w.Permissions.Kind != yaml.MappingNode || len(w.Permissions.Content) != 0) {
				t.Error("the workflow grants permissions to every job: say permissions: {} and name them for the job")
			}
			for name, job := range w.Jobs {
				if job.TimeoutMinutes == 0 && job.Uses == "" {
					t.Errorf("job %s has no timeout-minutes", name)
				}
				for _, step := range job.Steps {
					if strings.Contains(step.Run, "${{") {
						t.Errorf("job %s: an expression in a script; pass it through env: %s", name, step.Run)
					}
					checkUse(t, name, step.Uses)
					if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != "false" {
						t.Errorf("job %s: the checkout keeps the token", name)
					}
				}
			}
			for _, m := range comment.FindAllStringSubmatch(string(d.text), -1) {
				if !regexp.MustCompile(`^ # v\d+\.\d+\.\d+$`).MatchString(m[1]) {
					t.Errorf("no version beside the commit: %s", m[0])
				}
			}
			for _, danger := range []string{"pull_request_target", "allow-unsafe-pr-checkout", "secrets: inherit", "write-all"} {
				if strings.Contains(string(d.text), danger) {
					t.Errorf("it says %s", danger)
				}
			}
			// What runs with a token that may write after somebody else's run must not have that run's files.
			if strings.Contains(string(d.text), "workflow_run:") && regexp.MustCompile(`actions/(checkout|download-artifact)@`).Match(d.text) {
				t.Error("a workflow_run gets files from the pull request")
			}
		})
	}
}

// checkUse fails unless an action is pinned: by commit, by path, or ours.
func checkUse(t *testing.T, job, uses string) {
	t.Helper()
	switch {
	case uses == "", strings.HasPrefix(uses, "./"), uses == "tljh-policy/tljh-policy@v1":
	case strings.HasPrefix(uses, "docker://registry.example.org/"):
	case !fullSHA.MatchString(uses):
		t.Errorf("job %s: %s is not pinned by a full commit", job, uses)
	}
}

// Each input that workflows in this repository and its documentation set is one of action.yml.
func TestWorkflowInputs(t *testing.T) {
	known := map[string]bool{"args": true}
	for _, name := range names(parameters(t, readAction(t).Inputs)) {
		known[name] = true
	}
	uses := 0
	for _, d := range documents(t) {
		var w workflow
		if err := yaml.Unmarshal(d.text, &w); err != nil {
			t.Fatal(err)
		}
		for _, job := range w.Jobs {
			for _, step := range job.Steps {
				if step.Uses != "./" && !strings.Contains(step.Uses, "/tljh-policy") {
					continue
				}
				uses++
				for input := range step.With {
					if !known[input] {
						t.Errorf("%s: there is no input %s", d.name, input)
					}
				}
			}
		}
	}
	if uses < 8 {
		t.Errorf("the action is used %d times", uses)
	}
}
