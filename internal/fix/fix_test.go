package fix

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// read reads a checkout with files.
func read(t testing.TB, files map[string]string) *assemble.Result {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	res, err := assemble.Load(context.Background(), dir, assemble.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Files.Close() })
	return res
}

// set parses "key=value" lines into a fix; "key+=value" adds an item. Values are JSON or text.
func set(t testing.TB, spec string) *report.Fix {
	t.Helper()
	var all []report.Fix
	for _, line := range strings.Split(spec, "; ") {
		key, text, _ := strings.Cut(line, "=")
		key, add := strings.CutSuffix(key, "+")
		f := report.Fix{Op: "set", Path: "/config/" + strings.ReplaceAll(key, ".", "/")}
		if add {
			f.Op = "add-item"
		}
		if json.Unmarshal([]byte(text), &f.Value) != nil {
			f.Value = text
		}
		all = append(all, f)
	}
	all[0].Then = all[1:]
	return &all[0]
}

// changed makes changes without asking any rule.
func (x *Fixer) changed(t testing.TB, f *report.Fix) ([]Edit, error) {
	t.Helper()
	todo, err := changes(f)
	if err != nil {
		return nil, err
	}
	if len(x.base.read.Hubs) != 1 {
		t.Fatalf("%d hubs", len(x.base.read.Hubs))
	}
	now := x.base
	for _, c := range todo {
		if now, err = x.step(context.Background(), now, x.base.read.Hubs[0].Name, c); err != nil {
			return nil, err
		}
	}
	return x.edits(now)
}

const installer = "curl -L https://tljh.jupyter.org/bootstrap.py | sudo -E python3 - --version 2.0.0 --admin ann"

// installs puts the installer's command where a text says INSTALL.
func installs(text string) string { return strings.ReplaceAll(text, "INSTALL", installer) }

// TestEdits changes one file, and says which lines differ: "-" for the old ones, "+" for the new, "~" where nothing may be
// done, with words of the reason.
func TestEdits(t *testing.T) {
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			file, text := "install.sh", installs(test.text)
			if test.file != "" {
				file = test.file
			}
			files := map[string]string{file: text}
			for f, content := range test.more {
				files[f] = installs(content)
			}
			x := New(read(t, files), nil)
			edits, err := x.changed(t, set(t, test.set))
			if err != nil {
				if !strings.HasPrefix(test.want, "~") || !strings.Contains(err.Error(), test.want[1:]) {
					t.Fatalf("got the error %q, want %s", err, test.want)
				}
				return
			}
			got := &strings.Builder{}
			for _, e := range edits {
				lines := split(files[e.File])
				old, now := lines[e.StartLine-1:e.EndLine], e.Lines
				for len(old) > 0 && len(now) > 0 && content(old[0]) == now[0] {
					old, now = old[1:], now[1:]
				}
				for len(old) > 0 && len(now) > 0 && content(old[len(old)-1]) == now[len(now)-1] {
					old, now = old[:len(old)-1], now[:len(now)-1]
				}
				if e.File != file {
					got.WriteString(e.File + "\n")
				}
				for _, line := range old {
					got.WriteString("-" + content(line) + "\n")
				}
				for _, line := range now {
					got.WriteString("+" + line + "\n")
				}
			}
			if want := strings.TrimPrefix(test.want, "\n"); got.String() != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			for _, e := range edits {
				if strings.Count(files[e.File], "\r\n") > 0 {
					made, _ := Apply(files[e.File], edits)
					if strings.Count(made, "\n") != strings.Count(made, "\r\n") {
						t.Error("the line ends differ now")
					}
				}
			}
		})
	}
}

type testCase struct {
	file, text string
	more       map[string]string
	set, want  string
}

func rules(t testing.TB) *evaluator.Evaluator {
	t.Helper()
	e, err := evaluator.New(context.Background(), evaluator.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestFor asks the rules for their fixes, applies what they lead to, and asks again.
func TestFor(t *testing.T) {
	e := rules(t)
	for name, test := range map[string]struct {
		files  map[string]string
		rule   string
		refuse string
		want   []string // lines that are in the files then
		care   bool
	}{
		"no limit": {
			files: map[string]string{"install.sh": "INSTALL\nsudo tljh-config reload\n"}, rule: "resource-limits",
			want: []string{"sudo tljh-config set limits.memory 1G"},
		},
		"wrong unit": {
			files: map[string]string{"install.sh": "INSTALL\nsudo tljh-config set limits.memory 4gb\nsudo tljh-config reload\n"}, rule: "resource-limits",
			want: []string{"sudo tljh-config set limits.memory 4G"},
		},
		"first use": {
			files: map[string]string{"install.sh": "INSTALL\nsudo tljh-config reload\n"}, rule: "authenticator",
			want: []string{"sudo tljh-config add-item users.allowed ann", "sudo tljh-config set auth.type nativeauthenticator.NativeAuthenticator"},
		},
		"dummy with a list": {
			files: map[string]string{"install.sh": "INSTALL\nsudo tljh-config add-item users.allowed bob\nsudo tljh-config set auth.type dummy\n"}, rule: "authenticator",
			want: []string{"sudo tljh-config set auth.type nativeauthenticator.NativeAuthenticator"},
		},
		"certificate but off": {
			files: map[string]string{"install.sh": "INSTALL\nsudo tljh-config set https.letsencrypt.email ann@uni.edu\n" +
				"sudo tljh-config add-item https.letsencrypt.domains hub.uni.edu\nsudo tljh-config reload # all\n"}, rule: "https",
			want: []string{"sudo tljh-config set https.enabled true", "sudo tljh-config reload proxy"},
		},
		"certificate, off, and a text": {
			files: map[string]string{"opt/tljh/config/config.yaml": "https:\n  enabled: false # later\n  letsencrypt:\n    email: ann@uni.edu\n    domains: hub.uni.edu\n"}, rule: "https",
			want: []string{"    domains: [hub.uni.edu]", "  enabled: true # later"},
		},
		"a snippet decides": {
			files: map[string]string{"config/config.yaml": "users:\n  admin: [ann]\nlimits:\n  memory: 2G\n",
				"config/jupyterhub_config.d/a.py": "c.SystemdSpawner.mem_limit = '16M'\n"}, rule: "resource-limits",
			refuse: "no fix",
		},
		"user data": {
			files: map[string]string{"main.tf": terraform("  user_data = <<-EOT\n    #!/bin/bash\n    INSTALL\n  EOT\n")}, rule: "resource-limits",
			want: []string{"    sudo tljh-config set limits.memory 1G"}, care: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for f := range test.files {
				test.files[f] = installs(test.files[f])
			}
			res := read(t, test.files)
			f := ask(t, e, res, test.rule)
			p, err := New(res, e).For(context.Background(), res.Hubs[0].Name, test.rule, f)
			if err != nil {
				if test.refuse == "" || !strings.Contains(err.Error(), test.refuse) {
					t.Fatal(err)
				}
				return
			}
			if (p.Caution != "") != test.care {
				t.Errorf("the caution is %q", p.Caution)
			}
			all := ""
			for file, text := range test.files {
				var mine []Edit
				for _, edit := range p.Edits {
					if edit.File == file {
						mine = append(mine, edit)
					}
				}
				if test.files[file], err = Apply(text, mine); err != nil {
					t.Fatal(err)
				}
				all += test.files[file]
			}
			for _, line := range test.want {
				if !strings.Contains("\n"+all, "\n"+line+"\n") {
					t.Errorf("%q is not in\n%s", line, all)
				}
			}
			if f := ask(t, e, read(t, test.files), test.rule); f != nil {
				t.Errorf("the rule still asks for %v", f)
			}
		})
	}
}

// ask is the fix of the first finding of a rule that has one.
func ask(t testing.TB, e *evaluator.Evaluator, res *assemble.Result, rule string) *report.Fix {
	t.Helper()
	results, err := e.Evaluate(context.Background(), res.Hubs[0].Plain())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		for _, f := range r.Findings {
			if r.Rule.ID == rule && f.Fix != nil {
				out := &report.Fix{Op: f.Fix.Op, Path: pointer(f.Fix.Path), Value: f.Fix.Value}
				for _, then := range f.Fix.Then {
					out.Then = append(out.Then, report.Fix{Op: then.Op, Path: pointer(then.Path), Value: then.Value})
				}
				return out
			}
		}
	}
	return nil
}
