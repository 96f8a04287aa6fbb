package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// From containers to what rules see: what happens in one is not done to the machine.
func TestContainers(t *testing.T) {
	docker := "FROM ubuntu:24.04\nRUN apt-get install -y unattended-upgrades && " + install + "COPY c.yaml /opt/tljh/config/config.yaml\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"an image": {map[string]string{"Dockerfile": docker, "c.yaml": "limits:\n  memory: 2G\n"},
			[]string{"hub(Dockerfile c.yaml) config/limits/memory=2G infra/instances/0/patching=?"}},
		"a service": {map[string]string{"compose.yml": "services:\n  hub:\n    build: img\n    volumes: ['./d.yaml:/opt/tljh/config/config.yaml']\n", "img/Dockerfile": docker, "img/c.yaml": "limits:\n  memory: 2G\n", "d.yaml": "limits:\n  memory: 3G\n"},
			[]string{"hub(compose.yml d.yaml img/Dockerfile img/c.yaml) config/limits/memory=3G infra/instances/0/patching=?"}},
		"what the machine mounts": {map[string]string{"compose.yml": "services:\n  hub:\n    build: img\n    volumes: ['/srv/x:/opt/tljh/config']\n", "img/Dockerfile": docker, "img/c.yaml": "limits:\n  memory: 2G\n"},
			[]string{"hub(compose.yml img/Dockerfile img/c.yaml) config/limits/memory=? infra/instances/0/patching=?"}},
		"images of something else": {map[string]string{"Dockerfile": "FROM x\nRUN apt-get install -y vim\n", "install.sh": install},
			[]string{"hub(install.sh) config/limits/memory=null infra/instances/0/patching=?"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range load(t, c.files).Hubs {
				got = append(got, brief(d)+" config/limits/memory="+at(d.Root, "config/limits/memory")+" infra/instances/0/patching="+at(d.Root, "infra/instances/0/patching"))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
