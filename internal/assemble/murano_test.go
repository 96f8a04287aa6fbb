package assemble

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// A Murano package sets its machine up with the scripts that its classes have run, in their order; what depends on a choice may
// not be done.
func TestMurano(t *testing.T) {
	const (
		class = "Name: Hub\nMethods:\n  deploy:\n    Body:\n      - If: not $.getAttr(deployed, false)\n        Then:\n" +
			"          - $t: $resources.yaml('two.template')\n          - $t: $resources.yaml('one.template')\n" +
			"          - If: $.instance.volumes\n            Then:\n              - $t: $resources.yaml(\"three.template\")\n          # $resources.yaml('four.template')\n"
		manifest = "Format: 1.0\nType: Application\nFullName: org.example.Hub\n"
	)
	tpl := func(script string) string {
		return "FormatVersion: 2.0.0\nScripts:\n  x:\n    Type: Application\n    EntryPoint: " + script + "\n"
	}
	pkg := func(more map[string]string) map[string]string {
		files := map[string]string{
			"pkg/manifest.yaml": manifest, "pkg/Classes/Hub.yaml": class,
			"pkg/Resources/one.template": tpl("one.sh"), "pkg/Resources/two.template": tpl("two.sh"), "pkg/Resources/three.template": tpl("three.sh"), "pkg/Resources/four.template": tpl("four.sh"),
			"pkg/Resources/scripts/one.sh":   "tljh-config set limits.memory 2G\n",
			"pkg/Resources/scripts/two.sh":   install + "tljh-config set limits.memory 1G\napt-get purge -y unattended-upgrades\n",
			"pkg/Resources/scripts/three.sh": "tljh-config set limits.cpu 1\n",
			"pkg/Resources/scripts/four.sh":  "tljh-config set limits.cpu 2\n",
		}
		for k, v := range more {
			files[k] = v
		}
		return files
	}
	res := load(t, pkg(nil))
	if len(res.Hubs) != 1 || res.Hubs[0].Dir != "pkg" {
		t.Fatalf("%d hubs", len(res.Hubs))
	}
	root := res.Hubs[0].Root
	if got := at(root, "limits/memory_bytes"); got != "2147483648" {
		t.Errorf("memory %s: the order of the class counts", got)
	}
	if n := root.Get("limits", "cpu"); n.State != doc.Unknown {
		t.Errorf("cpu is known: %v", n.Plain())
	}
	for name, files := range map[string]map[string]string{
		"no package":   pkg(map[string]string{"pkg/manifest.yaml": "Type: Library\n"}),
		"no class":     pkg(map[string]string{"pkg/Classes/Hub.yaml": "Name: Hub\n"}),
		"no templates": pkg(map[string]string{"pkg/Resources/one.template": "", "pkg/Resources/two.template": "", "pkg/Resources/three.template": ""}),
	} {
		for _, d := range load(t, files).Hubs {
			if d.Dir == "pkg" {
				t.Errorf("%s: it is read as one", name)
			}
		}
	}
	load(t, pkg(map[string]string{"pkg/Resources/one.template": tpl("../../../etc/passwd"), "pkg/Classes/Hub.yaml": "- If:\n- If: x\nIf: y\n  - resources.yaml(\n" + class}))
}
