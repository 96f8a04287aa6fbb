package host

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// The condition under which TLJH is installed holds for what stands in the same branch; another branch, another condition and
// what lies deeper stay doubtful.
func TestConditionOfInstaller(t *testing.T) {
	const install, set = "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -\n", "tljh-config set limits.memory 1G\n"
	for name, c := range map[string]struct {
		script string
		sure   bool
	}{
		"same branch":        {"if [ -n \"$A\" ]; then\n" + install + set + "fi\n", true},
		"before the install": {"if [ -n \"$A\" ]; then\nexport X=1\n" + install + "fi\n" + set, true},
		"in a function":      {"up() {\n" + install + set + "}\nif [ -n \"$A\" ]; then up; fi\n", true},
		"otherwise":          {"if [ -n \"$A\" ]; then\n" + install + "else\n" + set + "fi\n", false},
		"deeper":             {"if [ -n \"$A\" ]; then\n" + install + "if [ -n \"$B\" ]; then\n" + set + "fi\nfi\n", false},
		"around":             {"if [ -n \"$B\" ]; then\n" + set + "if [ -n \"$A\" ]; then\n" + install + "fi\nfi\n", false},
		"once more":          {"if [ -n \"$A\" ]; then\n" + install + "fi\nif [ -n \"$A\" ]; then\n" + set + "fi\n", false},
		"another arm":        {"case $1 in\ninstall)\n" + install + ";;\nlimit)\n" + set + ";;\nesac\n", false},
		"two installers":     {"if [ -n \"$A\" ]; then\n" + install + set + "fi\nif [ -n \"$B\" ]; then\n" + install + "fi\n", false},
		"installed anyway":   {install + "if [ -n \"$A\" ]; then\n" + set + "fi\n", false},
		"in a loop":          {"if [ -n \"$A\" ]; then\n" + install + "for x in $B; do\n" + set + "done\nfi\n", false},
		"after a way out":    {"if [ -n \"$A\" ]; then\n" + install + "[ -n \"$B\" ] || exit 0\n" + set + "fi\n", false},
	} {
		r := shell.Read(span.NewSource("up.sh", c.script).Whole(), shell.Options{})
		m := Interpret([]step.Carrier{{File: "up.sh", Format: "shell", Steps: r.Steps}}, nil)
		sets, sure := 0, true
		for _, o := range m.Ops {
			if o.Kind == tljh.OpSet && o.Path.String() == "limits.memory" {
				sets, sure = sets+1, sure && o.Maybe == ""
			}
		}
		if sets == 0 || sure != c.sure {
			t.Errorf("%s: %d settings, sure %v, want %v", name, sets, sure, c.sure)
		}
	}
}
