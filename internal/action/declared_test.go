package action

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// The inputs that are read are those that action.yml declares, and its defaults are no mistakes.
func TestInputsAreDeclared(t *testing.T) {
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var declared struct {
		Inputs map[string]struct{ Default string }
	}
	if err := yaml.Unmarshal(text, &declared); err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	in, err := readInputs(func(name string) string {
		read[name] = true
		return declared.Inputs[name].Default
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(declared.Inputs)), slices.Sorted(maps.Keys(read))); diff != "" {
		t.Errorf("action.yml declares and readInputs reads:\n%s", diff)
	}
	if in.comment != commentBoth || !in.annotations || in.ownGate {
		t.Errorf("the declared defaults are %+v", in)
	}
}
