package packaging_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// action is action.yml as far as the tests speak of it; names keeps the order in which things are written.
type action struct {
	Name        string
	Description string
	Branding    struct{ Icon, Color string }
	Inputs      yaml.Node
	Outputs     yaml.Node
	Runs        struct {
		Using, Image string
		Args         []string
		Entrypoint   string
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	var a action
	if err := yaml.Unmarshal(read(t, "action.yml"), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// parameter is one input or output.
type parameter struct {
	Name        string `yaml:"-"`
	Description string
	Default     *string
}

// parameters lists inputs or outputs in their order.
func parameters(t *testing.T, node yaml.Node) []parameter {
	t.Helper()
	var all []parameter
	for i := 0; i+1 < len(node.Content); i += 2 {
		p := parameter{Name: node.Content[i].Value}
		if err := node.Content[i+1].Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func names(all []parameter) []string {
	var list []string
	for _, p := range all {
		list = append(list, p.Name)
	}
	return list
}

// The contract that workflows out there depend on: nothing disappears, nothing is renamed.
func TestActionInterface(t *testing.T) {
	a := readAction(t)
	inputs := []string{
		"path", "settings", "policies", "fail-on", "strict", "comment", "comment-id", "annotations",
		"sarif-file", "report-file", "base", "github-token",
	}
	if diff := cmp.Diff(inputs, names(parameters(t, a.Inputs))); diff != "" {
		t.Errorf("inputs:\n%s", diff)
	}
	outputs := []string{
		"outcome", "pass", "fail", "unknown", "not-applicable", "waived", "error", "new", "fixed",
		"exit-code", "report", "sarif", "comment-url",
	}
	if diff := cmp.Diff(outputs, names(parameters(t, a.Outputs))); diff != "" {
		t.Errorf("outputs:\n%s", diff)
	}
	id := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	for _, p := range append(parameters(t, a.Inputs), parameters(t, a.Outputs)...) {
		if !id.MatchString(p.Name) || p.Description == "" {
			t.Errorf("%q: a bad name or no description", p.Name)
		}
	}
	for _, p := range parameters(t, a.Inputs) {
		if p.Default == nil {
			t.Errorf("input %s has no default: the runner does not enforce `required`", p.Name)
		}
	}
}

// The runner joins args into one command line and escapes only quotation marks: they must be plain words.
func TestActionRuns(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "docker" || a.Runs.Entrypoint != "" {
		t.Errorf("runs: %+v", a.Runs)
	}
	if diff := cmp.Diff([]string{"action"}, a.Runs.Args); diff != "" {
		t.Error(diff)
	}
	// On a branch the image is built; on a release's tag it is pinned by digest. A tag could be moved under those who pin our commit.
	built, pinned := a.Runs.Image == "Dockerfile", digest.MatchString(a.Runs.Image)
	if built == pinned {
		t.Errorf("runs.image is %q: neither the Dockerfile nor an image pinned by digest", a.Runs.Image)
	}
}

var digest = regexp.MustCompile(`^docker://ghcr\.io/tljh-policy/tljh-policy@sha256:[0-9a-f]{64}$`)

// What the Marketplace accepts; its icons are Feather's without some.
func TestActionBranding(t *testing.T) {
	a := readAction(t)
	colors := strings.Fields("white black yellow blue green orange red purple gray-dark")
	icons := strings.Fields("check-square shield lock check-circle")
	if !slices.Contains(colors, a.Branding.Color) || !slices.Contains(icons, a.Branding.Icon) {
		t.Errorf("branding %+v is not among %v and %v", a.Branding, colors, icons)
	}
	if a.Name == "" || len(a.Description) > 125 {
		t.Errorf("the Marketplace cuts descriptions at 125 characters; ours has %d", len(a.Description))
	}
}

// Both forms that action.yml takes in its life are valid to GitHub.
func TestActionSchema(t *testing.T) {
	s := schema(t, "github-action.json")
	text := read(t, "action.yml")
	validate(t, s, text)
	pinned := strings.Replace(string(text), "image: Dockerfile", "image: docker://ghcr.io/tljh-policy/tljh-policy@sha256:"+strings.Repeat("0", 64), 1)
	validate(t, s, []byte(pinned))
}
