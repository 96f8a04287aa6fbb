package assemble

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// The user data in a profile of LXD or Incus sets its machines up.
func TestInstanceConfigs(t *testing.T) {
	profile := func(key, text string) string {
		return "name: tljh\nconfig:\n  limits.memory: 8GiB\n  " + key + ": |\n" + text + "devices: {}\n"
	}
	cloud := "    #cloud-config\n    runcmd:\n      - curl -L https://tljh.jupyter.org/bootstrap.py | python3 -\n      - tljh-config set limits.memory 2G\n"
	script := "    #!/bin/bash\n    curl -L https://tljh.jupyter.org/bootstrap.py | python3 -\n    tljh-config set limits.memory 3G\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the memory limit, with its place
	}{
		"LXD":          {map[string]string{"profile.yaml": profile("user.user-data", cloud)}, "2147483648 profile.yaml:8"},
		"Incus":        {map[string]string{"p.yml": profile("cloud-init.user-data", cloud)}, "2147483648 p.yml:8"},
		"a script":     {map[string]string{"p.yml": profile("cloud-init.user-data", script)}, "3221225472 p.yml:7"},
		"vendor data":  {map[string]string{"p.yml": profile("user.vendor-data", script)}, "3221225472 p.yml:7"},
		"an instance":  {map[string]string{"p.yml": "instances:\n- name: h\n  config:\n    user.user-data: \"#cloud-config\\nruncmd: [curl -L https://tljh.jupyter.org/bootstrap.py | python3 -, tljh-config set limits.memory 1G]\"\n"}, "1073741824 p.yml:4"},
		"of no TLJH":   {map[string]string{"p.yml": "config:\n  user.user-data: |\n    #cloud-config\n    packages: [x]\n"}, ""},
		"not YAML":     {map[string]string{"p.yml": "a: [\n  user.user-data: tljh\n"}, ""},
		"another type": {map[string]string{"p.yml": "config:\n  user.user-data: [tljh]\n"}, ""},
	} {
		res := load(t, c.files)
		got := ""
		if len(res.Hubs) > 0 {
			n := res.Hubs[0].Root.Get("limits", "memory_bytes")
			if n.State != doc.Unknown {
				got = cmpString(n.Plain()) + " " + n.At.File + ":" + cmpString(n.At.Start.Line)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
