package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const setUp = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env: {R: 'sshpass -e ssh root@${{ secrets.IP }}'}\n    steps:\n    - run: |\n        $R \"curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 -\"\n        $R \"tljh-config set limits.memory 2G\"\n        scp requirements.txt root@x:requirements.txt\n        $R \"sudo -E /opt/tljh/user/bin/pip install -r requirements.txt\"\n"

// From workflows to what rules see.
func TestWorkflows(t *testing.T) {
	health := "on: {schedule: [{cron: '*/10 * * * *'}]}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: 'curl -f https://hub.example.org/hub/api'}]}}\n"
	for name, c := range map[string]struct {
		files map[string]string
		show  []string
		want  []string
	}{
		"a hub that a workflow sets up": {
			map[string]string{".github/workflows/a.yml": setUp, "requirements.txt": "numpy==1.0\n"},
			[]string{"config/limits/memory", "config/auth/type", "infra/instances/0/ssh/password_auth", "environment/sources/0/target"},
			[]string{"hub(.github/workflows/a.yml requirements.txt) config/limits/memory=2G config/auth/type=firstuseauthenticator.FirstUseAuthenticator infra/instances/0/ssh/password_auth=true environment/sources/0/target=requirements.txt"},
		},
		"what another workflow does is open": {
			map[string]string{".github/workflows/a.yml": setUp, ".github/workflows/b.yml": "on: push\njobs: {a: {steps: [{run: ssh hub tljh-config set https.enabled true}]}}\n"},
			[]string{"config/limits/memory", "config/https/enabled"},
			[]string{"hub(.github/workflows/a.yml .github/workflows/b.yml) config/limits/memory=2G config/https/enabled=?"},
		},
		"tests of a script do not take it away": {
			map[string]string{".github/workflows/a.yml": "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: sudo bash install.sh}, {run: sudo tljh-config set limits.memory 9G}]}}\n", "install.sh": install},
			[]string{"config/limits/memory"},
			[]string{"hub(install.sh) config/limits/memory=null"},
		},
		"a check from outside": {
			map[string]string{".github/workflows/h.yml": health, "install.sh": install},
			[]string{"infra/instances/0/monitoring/0/kind", "infra/instances/0/monitoring/0/notify"},
			[]string{"hub(install.sh) infra/instances/0/monitoring/0/kind=uptime infra/instances/0/monitoring/0/notify=true"},
		},
		"a workflow that is no YAML": {
			map[string]string{".github/workflows/a.yml": setUp + "  - bad\n", "install.sh": install},
			[]string{"config/limits/memory"},
			[]string{"hub(install.sh) config/limits/memory=null", "workflows(.github/workflows/a.yml) config/limits/memory=?"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range load(t, c.files).Hubs {
				line := brief(d)
				for _, p := range c.show {
					line += " " + p + "=" + at(d.Root, p)
				}
				got = append(got, line)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A check whose address does not show whose it is says nothing; one of a name that the set-up names does.
func TestChecksOfAHub(t *testing.T) {
	check := func(url string) string {
		return "on: {schedule: [{cron: '0 * * * *'}]}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: 'curl -f " + url + "'}]}}\n"
	}
	for url, want := range map[string]int{"https://lab.example.org": 1, "https://lab.example.org/x": 1, "https://www.example.org": 0, "https://www.example.org/user/": 1} {
		res := load(t, map[string]string{"install.sh": install + "tljh-config add-item https.letsencrypt.domains lab.example.org\n", ".github/workflows/h.yml": check(url)})
		if got := len(res.Hubs[0].Root.Get("infra", "instances").List()[0].Get("monitoring").List()); got != want {
			t.Errorf("%s: %d monitors, want %d", url, got, want)
		}
	}
}
