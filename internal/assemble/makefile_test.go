package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// From a Makefile to what rules see: what the goal that installs makes is certain, the rest is open.
func TestMakefiles(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a goal that installs": {map[string]string{"Makefile": "MEM ?= 2G\nhelp:\n\techo\nall: install\n\ttljh-config set limits.memory $(MEM)\ninstall:\n\t" + install + "tls:\n\ttljh-config set https.enabled true\n"},
			[]string{"hub(Makefile) config/limits/memory=2G config/https/enabled=?"}},
		"two goals that install": {map[string]string{"Makefile": "all: install\n\ttljh-config set limits.memory 2G\nsmall: install\ninstall:\n\t./install.sh\n", "install.sh": install},
			[]string{"hub(Makefile install.sh) config/limits/memory=? config/https/enabled=false"}},
		"by default": {map[string]string{"Makefile": "all:\n\tcp c.py /opt/tljh/config/jupyterhub_config.d/\n", "c.py": "c.JupyterHub.port = 1\n"},
			[]string{"hub(Makefile c.py) config/limits/memory=? config/https/enabled=?"}},
		"of something else": {map[string]string{"Makefile": "all:\n\tgo build\n", "install.sh": install},
			[]string{"hub(install.sh) config/limits/memory=null config/https/enabled=false"}},
		"called by a workflow": {map[string]string{"Makefile": "deploy:\n\tscp install.sh root@hub:/tmp/\n\tssh root@hub 'bash /tmp/install.sh; tljh-config set limits.memory 3G'\n", "install.sh": install,
			".github/workflows/a.yml": "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make deploy}]}}\n"},
			[]string{"hub(.github/workflows/a.yml Makefile install.sh) config/limits/memory=3G config/https/enabled=false"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range load(t, c.files).Hubs {
				got = append(got, brief(d)+" config/limits/memory="+at(d.Root, "config/limits/memory")+" config/https/enabled="+at(d.Root, "config/https/enabled"))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
