package hetzner

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func TestSelects(t *testing.T) {
	m := steptest.Files{"main.tf": `
variable "who" {}
resource "t" "x" {
  labels  = { env = "prod", role = "hub", who = var.who }
}
`}
	dir := eval.LoadDir(m, ".")
	c := eval.Load(m, func(string) *eval.Dir { return dir }, ".", eval.Options{})
	labels := c.Resources[0].Attr("labels")
	for _, tc := range []struct {
		selector string
		yes      bool
		unsure   bool
	}{
		{"env=prod", true, false}, {"env==prod", true, false}, {"env!=prod", false, false}, {"env = prod , role=hub", true, false},
		{"env=prod,role=db", false, false}, {"role in (web, hub)", true, false}, {"role notin (web,hub)", false, false},
		{"zone notin (a)", true, false}, {"env", true, false}, {"!env", false, false}, {"!zone", true, false}, {"zone=a", false, false},
		{"who=me", false, true}, {"who", true, false}, {"who=me,role=db", false, false}, {"who in (me)", false, true},
	} {
		yes, why := selects(eval.Text(tc.selector, eval.Place{}), labels)
		if yes != tc.yes || (why != "") != tc.unsure {
			t.Errorf("%s: %v %q", tc.selector, yes, why)
		}
	}
}
