package check

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

const settleInstall = "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\n"

const settleMachines = `
resource "hcloud_server" "alpha" {
  name        = "alpha"
  server_type = "cx32"
  image       = "ubuntu-24.04"
}
resource "hcloud_server" "beta" {
  name        = "beta"
  server_type = "ccx63"
  image       = "ubuntu-24.04"
}
`

// settleCases are repositories that leave things open, and rules that must be offered a way out.
var settleCases = map[string]struct {
	files map[string]string
	rules string
}{
	"nothing but an installer": {
		map[string]string{"hub/setup.sh": settleInstall},
		"hub-scale vm-sizing disk-backups home-volume pinned-ip ssh-access firewall monitoring auto-upgrades base-snapshot",
	},
	"values from outside": {
		map[string]string{"setup.sh": settleInstall + "sudo tljh-config set limits.memory $MEMORY\nsudo tljh-config set https.enabled $TLS\nsudo tljh-config set auth.type $AUTH\n"},
		"resource-limits https authenticator vm-sizing",
	},
	"which machine": {
		map[string]string{"setup.sh": settleInstall, "main.tf": settleMachines},
		"vm-sizing disk-backups pinned-ip firewall ssh-access",
	},
	"a variable decides the size": {
		map[string]string{"setup.sh": settleInstall, "main.tf": "variable \"size\" {}\nresource \"hcloud_server\" \"hub\" {\n  name = \"hub\"\n  server_type = var.size\n  image = \"ubuntu-24.04\"\n}\n"},
		"vm-sizing auto-upgrades",
	},
	"a part that cannot be read": {
		map[string]string{"setup.sh": settleInstall, "main.tf": "module \"net\" {\n  source = \"example/net/any\"\n}\nresource \"hcloud_server\" \"hub\" {\n  name = \"hub\"\n  server_type = \"cx32\"\n  image = \"ubuntu-24.04\"\n}\n"},
		"disk-backups monitoring auto-upgrades",
	},
	"two hubs below one root": {
		map[string]string{"a/setup.sh": settleInstall, "b/setup.sh": settleInstall},
		"vm-sizing disk-backups",
	},
}

// checked is the outcome of each rule and hub, and the report, of a repository of files.
func checked(t *testing.T, files map[string]string, rules ...string) (map[string]report.Outcome, *report.Report) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		f := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	done, err := Run(context.Background(), Options{Dir: dir, Rules: rules, Now: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	out := map[string]report.Outcome{}
	for _, r := range done.Report.Results {
		out[r.Hub+" "+r.Rule] = r.Outcome
	}
	return out, done.Report
}

// with is files with a text committed as it is printed.
func with(files map[string]string, s report.Settle, text string) map[string]string {
	out := map[string]string{}
	for f, old := range files {
		out[f] = old
	}
	if s.Add {
		text = out[s.File] + text
	}
	out[s.File] = text
	return out
}

// What is printed to settle an unknown settles it once it is filled in; committed as it stands it settles nothing, and says so.
func TestSettle(t *testing.T) {
	for name, tt := range settleCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, rep := checked(t, tt.files)
			offered := map[string]bool{}
			for _, r := range rep.Results {
				for _, f := range r.Findings {
					if f.Settle == nil {
						continue
					}
					offered[r.Rule] = true
					key := r.Hub + " " + r.Rule
					after, rep2 := checked(t, with(tt.files, *f.Settle, f.Settle.Example()), r.Rule)
					for _, p := range rep2.Problems {
						if p.Location != nil && p.Location.File == f.Settle.File {
							t.Errorf("%s: the example has a mistake: %s\n%s", key, p.Message, f.Settle.Example())
						}
					}
					if still := find(rep2, r.Hub, r.Rule, f.Message); after[key] == report.Unknown && still {
						t.Errorf("%s: %q is as open as before with\n%s", key, f.Message, f.Settle.Example())
					}
				}
			}
			for _, r := range rep.Hubs {
				var of []report.Result
				for _, res := range rep.Results {
					if res.Hub == r.Name {
						of = append(of, res)
					}
				}
				for _, s := range report.Settling(of) {
					placeholders(t, tt.files, before, s)
				}
			}
			for _, rule := range strings.Fields(tt.rules) {
				if !offered[rule] {
					t.Errorf("%s: nothing is offered", rule)
				}
			}
		})
	}
}

func find(rep *report.Report, hub, rule, message string) bool {
	for _, r := range rep.Results {
		for _, f := range r.Findings {
			if r.Hub == hub && r.Rule == rule && f.Message == message {
				return true
			}
		}
	}
	return false
}

// placeholders commits a text as it is printed: no rule may pass that did not, and the reader says what to fill in.
func placeholders(t *testing.T, files map[string]string, before map[string]report.Outcome, s report.Settle) {
	t.Helper()
	if !strings.Contains(s.Text, "<") {
		return // commands say what will be
	}
	for _, text := range []string{s.Text, dated(s.Text)} {
		after, rep := checked(t, with(files, s, text))
		for k, o := range after {
			if o == report.Pass && before[k] != report.Pass {
				t.Errorf("%s passes by placeholders:\n%s", k, text)
			}
		}
		said := false
		for _, p := range rep.Problems {
			said = said || strings.Contains(p.Message, "placeholder") && p.Location != nil && p.Location.File == s.File
		}
		if !said {
			t.Errorf("nothing is said of the placeholders in\n%s", text)
		}
	}
}

// dated is a text of which somebody filled in who attests, and until when, and nothing else.
func dated(text string) string {
	return strings.NewReplacer("<your name>", "Example Person", "<year-month-day>", "2027-01-01").Replace(text)
}
