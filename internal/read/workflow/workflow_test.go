package workflow

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

const file = ".github/workflows/w.yml"

func read(files steptest.Files, text string) Workflow {
	if files == nil {
		files = steptest.Files{}
	}
	files[file] = text
	src, _ := files.Open(file)
	return Read(files, src)
}

// show is a step as "line:column words", with "?" for a condition.
func show(s step.Step) string {
	var words []string
	for _, a := range s.Argv {
		words = append(words, span.Show(a.String()))
	}
	line := strings.Join(words, " ")
	if s.IsWrite() {
		line = "write " + s.Dest.String()
	}
	if why, ok := shell.IsOpaque(&s); ok {
		line = "opaque: " + why
	}
	if s.Cond != nil {
		line = "? " + line
	}
	at := fmt.Sprintf("%d:%d", s.At.Start.Line, s.At.Start.Column)
	if s.At.File != file {
		at = path.Base(s.At.File) + ":" + at
	}
	return at + " " + line
}

func shown(w Workflow) []string {
	var out []string
	for n, c := range w.Chains {
		if n > 0 {
			out = append(out, "--")
		}
		for _, s := range c.Steps {
			out = append(out, show(s))
		}
	}
	return out
}

func deploy(steps string) string {
	return "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n" + steps
}

func TestSteps(t *testing.T) {
	for name, c := range map[string]struct {
		files steptest.Files
		text  string
		want  []string
	}{
		"what the runner does is gone": {nil, deploy("    - run: tljh-config set a.b c\n    - run: docker exec hub tljh-config set a.b c\n"), nil},
		"over ssh":                     {nil, deploy("    - run: ssh root@hub \"sudo tljh-config set limits.memory 1G\"\n"), []string{"6:26 tljh-config set limits.memory 1G"}},
		"with a command in env and a password": {nil, deploy("    - env:\n        R: \"sshpass -e ssh root@${{ secrets.IP }}\"\n      run: |\n        $R \"tljh-config set https.letsencrypt.domains ${{ secrets.IP }}\"\n"),
			[]string{"9:9 ssh:password-login", "9:13 tljh-config set https.letsencrypt.domains …"}},
		"a here-document": {nil, deploy("    - run: |\n        ssh hub <<'EOF'\n        sudo tljh-config set limits.cpu 2\n        EOF\n"), []string{"8:9 tljh-config set limits.cpu 2"}},
		"a script of the repository on its input": {steptest.Files{"ops/set.sh": "tljh-config set limits.cpu 4\n"},
			deploy("    - working-directory: ops\n      run: ssh hub 'bash -s' < set.sh\n"), []string{"set.sh:1:1 tljh-config set limits.cpu 4"}},
		"a file that is sent and run": {steptest.Files{"set.sh": "tljh-config set limits.cpu 4\n"},
			deploy("    - run: scp set.sh hub:/tmp/\n    - run: ssh hub bash /tmp/set.sh\n"), []string{"6:12 scp set.sh hub:/tmp/", "set.sh:1:1 tljh-config set limits.cpu 4"}},
		"an action": {nil, deploy("    - uses: appleboy/ssh-action@v1\n      with:\n        host: ${{ vars.HOST }}\n        password: ${{ secrets.P }}\n        envs: MEM\n        script: |\n          sudo tljh-config set limits.memory ${{ env.MEM }}\n      env:\n        MEM: 2G\n"),
			[]string{"12:11 tljh-config set limits.memory 2G", "9:19 ssh:password-login"}},
		"an action that copies": {steptest.Files{"conf/config.yaml": "limits: {memory: 1G}\n"},
			deploy("    - uses: appleboy/scp-action@v1\n      with:\n        host: h\n        source: conf/config.yaml\n        target: /opt/tljh/config/\n        strip_components: 1\n"), []string{"10:17 write /opt/tljh/config/config.yaml"}},
		"an unknown action with commands": {nil, deploy("    - uses: who/knows@v1\n      with:\n        cmd: sudo tljh-config set a.b c\n"), []string{"6:13 opaque: the action who/knows@v1 is given commands for TLJH, and what it does is not known"}},
		"conditions": {nil, deploy("    - if: failure()\n      run: ssh h tljh-config set a.b 1\n    - if: ${{ github.ref == 'refs/heads/main' && github.event_name == 'push' }}\n      run: ssh h tljh-config set a.b 2\n    - if: false\n      run: ssh h tljh-config set a.b 3\n    - if: github.event_name == 'release' || always()\n      run: ssh h tljh-config set a.b 4\n"),
			[]string{"7:18 ? tljh-config set a.b 1", "9:18 tljh-config set a.b 2", "13:18 tljh-config set a.b 4"}},
		"a matrix":                     {nil, strings.Replace(deploy("    - run: ssh h tljh-config set a.${{ matrix.one }} ${{ matrix.two }}\n"), "    steps", "    strategy: {matrix: {one: [x], two: [y, z]}}\n    steps", 1), []string{"7:18 tljh-config set a.x …"}},
		"variables of an earlier step": {nil, deploy("    - run: echo \"MEM=1G\" >> $GITHUB_ENV\n    - run: ssh h \"tljh-config set limits.memory $MEM\"\n") + "env: {MEM: 2G}\n", []string{"7:19 tljh-config set limits.memory …"}},
		"jobs in the order of their needs": {nil, "on: push\njobs:\n  b: {needs: a, runs-on: ubuntu-22.04, steps: [{run: ssh h tljh-config set a.b 2}]}\n  c: {runs-on: ubuntu-22.04, steps: [{run: ssh h tljh-config set a.b 3}]}\n  a: {runs-on: ubuntu-22.04, steps: [{run: ssh h tljh-config set a.b 1}]}\n",
			[]string{"5:50 tljh-config set a.b 1", "3:60 tljh-config set a.b 2", "--", "4:50 tljh-config set a.b 3"}},
		"a runner of one's own":                {nil, strings.Replace(deploy("    - run: sudo tljh-config set a.b 1\n    - run: ufw enable\n"), "ubuntu-latest", "[self-hosted, hub]", 1), []string{"6:12 tljh-config set a.b 1", "7:12 ufw enable"}},
		"a runner that may be another machine": {nil, strings.Replace(deploy("    - run: ufw enable\n"), "ubuntu-latest", "self-hosted", 1), []string{"6:12 ? ufw enable"}},
		"an action of the repository": {steptest.Files{".github/actions/set/action.yml": "inputs: {mem: {default: 1G}, cpu: {default: 3}}\nruns:\n  using: composite\n  steps:\n  - run: ssh h tljh-config set limits.memory ${{ inputs.mem }}\n    shell: bash\n  - run: ssh h tljh-config set limits.cpu ${{ inputs.cpu }}\n    shell: bash\n"},
			deploy("    - uses: ./.github/actions/set\n      with: {mem: 5G}\n"), []string{"action.yml:5:16 tljh-config set limits.memory 5G", "action.yml:7:16 tljh-config set limits.cpu 3"}},
		"a workflow of the repository": {steptest.Files{".github/workflows/do.yml": "on: {workflow_call: {inputs: {mem: {type: string}}}}\njobs: {x: {runs-on: ubuntu-24.04, steps: [{run: 'ssh h tljh-config set limits.memory ${{ inputs.mem }}'}]}}\n"},
			"on: push\njobs:\n  a:\n    uses: ./.github/workflows/do.yml\n    if: inputs.go\n    with: {mem: 7G}\n", []string{"do.yml:2:56 ? tljh-config set limits.memory 7G"}},
		"another shell": {nil, deploy("    - shell: python\n      run: print('tljh')\n    - shell: pwsh\n      run: dir\n"), []string{"7:12 opaque: a script for \"python\" is not read"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, shown(read(c.files, c.text))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestChecks(t *testing.T) {
	on := "on: {schedule: [{cron: '*/30 * * * *'}]}\n"
	for _, c := range []struct{ on, run, want string }{
		{on, "curl http://${{ secrets.IP }}/hub/api", "http://…/hub/api status true"},
		{on, "curl -sSf https://hub.example.org/hub/login", "https://hub.example.org/hub/login http true"},
		{on, "wget -q https://hub.example.org/", "https://hub.example.org/ http true"},
		{on, "curl -f https://h.example.org/hub/api || exit 1", "https://h.example.org/hub/api http true"},
		{on, "curl -f https://h.example.org/hub/api || true", "https://h.example.org/hub/api http …"},
		{on, "if ! curl -f https://h.example.org/hub/api; then\n exit 1\nfi", "https://h.example.org/hub/api http true"},
		{on, "c=$(curl -s -w '%{http_code}' https://h.example.org/hub/api)\nif [ $c -ne 200 ]; then\n  exit 1\nfi", "https://h.example.org/hub/api http true"},
		{on, "curl -f $URL/hub/api", "https://e.example.org/hub/api http true"},
		{on, "# curl -f https://h.example.org/hub/api", ""},
		{"on: push\n", "curl -f https://h.example.org/hub/api", ""},
		{"on: {schedule: [{cron: '0 4 * * 1'}]}\n", "curl -f https://h.example.org/hub/api", ""},
	} {
		text := strings.Replace(deploy("    - env: {URL: 'https://e.example.org'}\n      run: |\n        "+strings.ReplaceAll(c.run, "\n", "\n        ")+"\n"), "on: push\n", c.on, 1)
		got := ""
		for _, k := range read(nil, text).Checks {
			got = span.Show(k.URL.String()) + " " + k.Signal + " " + span.Show(k.Notify.String())
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.run, got, c.want)
		}
	}
	w := read(nil, strings.Replace(deploy("    - uses: who/url-health-check@v1\n      with: {url: 'https://h.example.org/hub/health'}\n    - run: curl -f https://h.example.org/hub/api\n      continue-on-error: true\n      if: failure()\n"), "on: push\n", on, 1))
	if len(w.Checks) != 2 || w.Checks[0].Notify.String() != "true" || w.Checks[1].Notify.String() != "false" || w.Checks[1].Cond == nil {
		t.Errorf("%+v", w.Checks)
	}
}

// What is malformed is a problem with its place, and what it may have held is not lost.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ text, at, broken string }{
		"no YAML":             {"on: push\njobs:\n\tx: y\n", file + ":3:1", "not valid YAML"},
		"no mapping":          {"- a\n", file + ":1:1", "no workflow"},
		"no jobs":             {"on: push\n", file + ":1:1", "no workflow"},
		"jobs is a list":      {"on: push\njobs: [a]\n", file + ":2:7", ""},
		"a job is text":       {"on: push\njobs:\n  a: b\n", file + ":3:3", ""},
		"steps is a mapping":  {"on: push\njobs:\n  a:\n    steps: {run: x}\n", file + ":4:12", ""},
		"a step is text":      {"on: push\njobs:\n  a:\n    steps: [x]\n", file + ":4:13", ""},
		"run is a list":       {"on: push\njobs:\n  a:\n    steps: [{run: [x]}]\n", file + ":4:19", ""},
		"env is text":         {"on: push\nenv: x\njobs:\n  a:\n    steps: [{run: x}]\n", file + ":2:6", ""},
		"an odd schedule":     {"on: {schedule: [{cron: daily}]}\njobs: {a: {steps: [{run: x}]}}\n", file + ":1:24", ""},
		"an action of nobody": {"on: push\njobs: {a: {steps: [{uses: ./x}, {uses: 1}]}}\n", "", ""},
	} {
		w := read(nil, c.text)
		switch {
		case c.at == "" && len(w.Problems) > 0, c.at != "" && (len(w.Problems) == 0 || w.Problems[0].At.String() != c.at):
			t.Errorf("%s: %+v, want one at %s", name, w.Problems, c.at)
		case !strings.Contains(w.Broken, c.broken) || c.broken == "" && w.Broken != "":
			t.Errorf("%s: broken %q", name, w.Broken)
		}
	}
	w := read(nil, "on: push\njobs:\n  a:\n    steps: ssh h tljh-config set a.b c\n")
	if got := shown(w); len(got) != 1 || !strings.Contains(got[0], "opaque") {
		t.Errorf("steps that cannot be read: %q", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(deploy("    - uses: ./x\n      with: {a: '${{ b }}'}\n    - run: ssh h 'tljh-config set a b' | cat\n      if: ${{ always() }}\n"), "inputs: {a: {default: 1}}\nruns: {steps: [{run: 'ssh h ${{ inputs.a }}'}, {uses: ./x}]}\n", "tljh-config set a.b c\n")
	f.Add("on: {schedule: [{cron: '*/5 * * * *'}], workflow_call: {inputs: {q: {}}}}\njobs: {a: {uses: ./.github/workflows/w.yml, needs: [a, b]}, b: {needs: a, runs-on: [x], strategy: {matrix: {m: [1]}}, steps: [{run: 'curl -f $U/hub/api || exit 1', env: {U: 'http://x'}}]}}\n", "", "")
	f.Add("jobs: &a {b: *a}\n", "a: [", "if")
	f.Fuzz(func(t *testing.T, text, action, script string) {
		files := steptest.Files{"x/action.yml": action, "s.sh": script}
		w := read(files, text)
		for _, c := range w.Chains {
			if len(c.Steps) > 2*maxSteps {
				t.Fatalf("%d steps", len(c.Steps))
			}
			for _, s := range c.Steps {
				if _, ok := files[s.At.File]; !ok && s.At.File != "" {
					t.Fatalf("place in %q", s.At.File)
				}
			}
		}
		for _, p := range w.Problems {
			if p.At.File == "" {
				t.Fatalf("a problem without a place: %s", p.Msg)
			}
		}
	})
}
