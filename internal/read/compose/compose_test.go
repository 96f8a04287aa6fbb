package compose

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func read(files steptest.Files, text string) (out []string, f File) {
	if files == nil {
		files = steptest.Files{}
	}
	files["d/compose.yml"] = text
	src, _ := files.Open("d/compose.yml")
	f = Read(files, src)
	for _, s := range f.Services {
		for _, st := range s.Steps {
			var words []string
			for _, a := range st.Argv {
				words = append(words, span.Show(a.String()))
			}
			if st.IsWrite() {
				words = append(words, "write", st.Dest.String(), strings.TrimSpace(span.Show(st.Content.String())))
			}
			out = append(out, fmt.Sprintf("%s %s:%d:%d %s", s.Name, path.Base(st.At.File), st.At.Start.Line, st.At.Start.Column, strings.Join(words, " ")))
		}
	}
	return out, f
}

func TestServices(t *testing.T) {
	image := steptest.Files{"d/hub/Dockerfile": "FROM x\nARG A=1\nRUN run $A $E\nCMD [\"run\", \"cmd\"]\n"}
	for name, c := range map[string]struct {
		files steptest.Files
		text  string
		want  []string
	}{
		"a build":            {image, "services:\n  hub:\n    build: ./hub\n", []string{"hub Dockerfile:3:5 run 1 …", "hub Dockerfile:4:7 run cmd"}},
		"arguments and more": {image, "services:\n  hub:\n    build: {context: hub, args: [A=2]}\n    command: run other\n", []string{"hub Dockerfile:3:5 run 2 …", "hub compose.yml:4:14 run other"}},
		"variables":          {steptest.Files{"d/.env": "A=x\n"}, "services:\n  hub:\n    image: y\n    environment: {E: \"${A}\"}\n    entrypoint: [run, \"${B:-b}\", \"$C\", \"$$E\"]\n", []string{"hub compose.yml:5:18 run b … $E"}},
		"mounted files":      {steptest.Files{"d/c.yaml": "a: 1", "d/conf/jupyterhub_config.d/x.py": "x"}, "services:\n  hub:\n    volumes:\n    - ./c.yaml:/opt/tljh/config/config.yaml:ro\n    - {type: bind, source: ./conf, target: /opt/tljh/config}\n    - named:/opt/tljh/state\n", []string{"hub compose.yml:4:7 write /opt/tljh/config/config.yaml a: 1", "hub compose.yml:5:44 write /opt/tljh/config/jupyterhub_config.d/x.py x", "hub compose.yml:5:44 write /opt/tljh/config/config.yaml …"}},
		"of the machine":     {nil, "services:\n  hub:\n    volumes: [\"/srv/tljh:/opt/tljh\", \"/etc/x:/etc/x\"]\n", []string{"hub compose.yml:3:16 write /opt/tljh/config/config.yaml …"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, f := read(c.files, c.text)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n%+v", d, f.Problems)
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct {
		text, at string
		broken   bool
	}{
		"no YAML":            {"services:\n\ta: b\n", "d/compose.yml:2:1", true},
		"no services":        {"version: '3'\n", "d/compose.yml:1:1", true},
		"services of text":   {"services: a\n", "d/compose.yml:1:11", true},
		"a service of text":  {"services: {a: b}\n", "d/compose.yml:1:12", false},
		"no such Dockerfile": {"services: {a: {build: ../../x}}\n", "d/compose.yml:1:23", false},
		"an inline file":     {"services: {a: {build: {dockerfile_inline: FROM x}}}\n", "d/compose.yml:1:43", false},
	} {
		_, f := read(nil, c.text)
		if len(f.Problems) == 0 || f.Problems[0].At.String() != c.at || (f.Broken != "") != c.broken {
			t.Errorf("%s: %+v broken %q, want one at %s", name, f.Problems, f.Broken, c.at)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("services:\n  a:\n    build: {context: ., args: {A: $B}}\n    command: [x, '${C?y}']\n    volumes: ['./:/opt', {type: bind, source: $S, target: /opt/tljh/config}]\n", "FROM x\nCOPY . /opt/tljh\n", "A='\n")
	f.Add("services: &a {b: {build: *a, volumes: [*a]}}\n", "", "")
	f.Fuzz(func(t *testing.T, text, docker, env string) {
		files := steptest.Files{"d/Dockerfile": docker, "d/.env": env}
		_, c := read(files, text)
		for _, s := range c.Services {
			for _, st := range s.Steps {
				if _, ok := files[st.At.File]; !ok && st.At.File != "" {
					t.Fatalf("place in %q", st.At.File)
				}
			}
		}
	})
}
