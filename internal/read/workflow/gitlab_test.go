package workflow

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func gitlab(files steptest.Files, text string) Workflow {
	files[file] = text
	src, _ := files.Open(file)
	return ReadGitLab(files, src)
}

func TestGitLab(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"scripts":    {"variables: {MEM: 2G}\ndefault:\n  before_script: ['HUB=root@h']\nhub:\n  script:\n  - ssh $HUB \"tljh-config set limits.memory $MEM\"\n  - tljh-config set no.no no\n", []string{"6:15 tljh-config set limits.memory 2G"}},
		"stages":     {"stages: [one, two]\nb: {stage: two, script: ssh h tljh-config set a.b 2}\na: {stage: one, script: ssh h tljh-config set a.b 1}\n.hidden: {script: ssh h tljh-config set a.b 3}\n", []string{"3:31 tljh-config set a.b 1", "2:31 tljh-config set a.b 2"}},
		"extends":    {".base: {script: [ssh h tljh-config set a.b c], when: manual}\nhub: {extends: .base}\n", []string{"1:24 ? tljh-config set a.b c"}},
		"rules":      {"a: {script: ssh h tljh-config set a.b 1, rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}]}\nb: {script: ssh h tljh-config set a.b 2, rules: [{if: $X}]}\n", []string{"1:19 tljh-config set a.b 1", "2:19 ? tljh-config set a.b 2"}},
		"a repeated": {"x: &s [ssh h tljh-config set a.b 1]\na: {script: [*s, 'ssh h tljh-config set a.b 2']}\n", []string{"1:14 tljh-config set a.b 1", "2:25 tljh-config set a.b 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, shown(gitlab(steptest.Files{}, c.text))); d != "" {
				t.Error(d)
			}
		})
	}
	for text, at := range map[string]string{"a:\n\tb: c\n": file + ":2:1", "- a\n": file + ":1:1"} {
		if w := gitlab(steptest.Files{}, text); w.Broken == "" || len(w.Problems) == 0 || w.Problems[0].At.String() != at {
			t.Errorf("%q: %+v", text, w)
		}
	}
}

func FuzzGitLab(f *testing.F) {
	f.Add("stages: a\nb: {extends: [b, c], script: [a, [b]], rules: [{if: x}], variables: {A: {value: b}}}\nc: &c {extends: *c}\n")
	f.Add("a: {script: 'ssh h <<E'}\ndefault: a\nvariables: a\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range gitlab(steptest.Files{}, text).Problems {
			if strings.TrimSpace(p.At.File) == "" {
				t.Fatalf("a problem without a place: %s", p.Msg)
			}
		}
	})
}
