package program

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func render(src string) string {
	r := Read(span.NewSource("p.py", src).Whole(), shell.Options{})
	var out []string
	for _, s := range r.Steps {
		line := ""
		for _, w := range s.Argv {
			line += "[" + span.Show(w.String()) + "]"
		}
		if s.IsWrite() {
			line = fmt.Sprintf("> %s %q", span.Show(s.Dest.String()), span.Show(s.Content.String()))
			if s.Append {
				line = ">" + line
			}
		}
		if s.Cond != nil {
			line += " ?"
		}
		out = append(out, fmt.Sprintf("%s @%d:%d", line, s.At.Start.Line, s.At.Start.Column))
	}
	return strings.Join(out, "\n")
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"a command":         {"import os\nos.system('sudo tljh-config set limits.memory 2G')\n", "[tljh-config][set][limits.memory][2G] @2:12"},
		"several":           {"import os\nos.system(\"\"\"\ntljh-config set a 1\ntljh-config set b 2\n\"\"\")\n", "[tljh-config][set][a][1] @3:1\n[tljh-config][set][b][2] @4:1"},
		"a list of words":   {"import subprocess as sp\nsp.run(['sudo', 'tljh-config', 'set', 'a', 'x y; z'], check=True)\n", "[tljh-config][set][a][x y; z] @2:10"},
		"variables":         {"import subprocess\nM = '2G'\nsubprocess.check_call(f'tljh-config set limits.memory {M}', shell=True)\n", "[tljh-config][set][limits.memory][2G] @3:25"},
		"a loop":            {"import os\nfor u in ['ann', 'bob']:\n    os.system('tljh-config add-item users.admin ' + u)\n", "[tljh-config][add-item][users.admin][ann] @3:16\n[tljh-config][add-item][users.admin][bob] @3:16"},
		"a wrapper":         {"import subprocess\ndef sh(cmd):\n    subprocess.run(cmd, shell=True)\ndef main():\n    sh('tljh-config reload')\nif __name__ == '__main__':\n    main()\n", "[tljh-config][reload] @5:9"},
		"a condition":       {"import os, sys\nif len(sys.argv) > 1:\n    os.system('tljh-config reload')\n", "[tljh-config][reload] ? @3:16"},
		"nobody calls it":   {"import os\ndef f():\n    os.system('tljh-config reload')\n", "[tljh-config][reload] ? @3:16"},
		"user data":         {"class S(Stack):\n    def __init__(self, scope):\n        ud = ec2.UserData.for_linux()\n        ud.add_commands('A=2G', 'tljh-config set limits.memory $A')\n        ud.add_commands('tljh-config reload')\n", "[tljh-config][set][limits.memory][2G] @4:34\n[tljh-config][reload] @5:26"},
		"user data by name": {"i = aws.ec2.Instance('hub', user_data='''#!/bin/bash\ntljh-config reload\n''')\n", "[tljh-config][reload] @2:1"},
		"fabric":            {"def deploy(c):\n    c.sudo('tljh-config reload')\n", "[tljh-config][reload] ? @2:13"},
		"a file":            {"with open('/opt/tljh/config/config.yaml', 'w') as f:\n    f.write('limits:\\n')\n    f.write('  memory: 2G\\n')\n", "> /opt/tljh/config/config.yaml \"limits:\\n\" @2:5\n>> /opt/tljh/config/config.yaml \"  memory: 2G\\n\" @3:5"},
		"a path":            {"from pathlib import Path\nPath('/opt/tljh/config/jupyterhub_config.d/x.py').write_text('c.A.b = 1')\n", "> /opt/tljh/config/jupyterhub_config.d/x.py \"c.A.b = 1\" @2:1"},
		"dumped":            {"import yaml\nwith open('/opt/tljh/config/config.yaml', 'w') as f:\n    yaml.dump(x, f)\n", "> /opt/tljh/config/config.yaml \"…\" @3:5"},
		"read only":         {"open('/opt/tljh/config/config.yaml').read()\n", ""},
		"copied":            {"import shutil\nshutil.copy('a.py', '/opt/tljh/config/jupyterhub_config.d/a.py')\n", "[cp][a.py][/opt/tljh/config/jupyterhub_config.d/a.py] @2:1"},
		"unknown words":     {"import os\nos.system('tljh-config set a ' + os.environ['X'])\n", "[tljh-config][set][a][…] @2:12"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := render(c.src); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestFunction(t *testing.T) {
	src := span.NewSource("p.py", "import os\nos.system('first')\ndef tljh_post_install():\n    os.system('second')\ndef other():\n    os.system('third')\n")
	r, ok := Function(src.Whole(), "tljh_post_install", shell.Options{}, nil)
	if !ok || len(r.Steps) != 1 || r.Steps[0].Argv[0].String() != "second" || r.Steps[0].Cond != nil {
		t.Errorf("%v %+v", ok, r.Steps)
	}
	if _, ok := Function(src.Whole(), "nothing", shell.Options{}, nil); ok {
		t.Error("there is no such function")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("import os\nos.system('a')\nos.system(x)\nsubprocess.run(['a', \"b'c\"])")
	f.Add("ud.add_commands(*a)\nx(user_data='#!/bin/sh\\na')\nopen('a','a').write(b)")
	f.Fuzz(func(t *testing.T, s string) { render(s) })
}

// A program that Python refuses is a problem with its place, and nothing that it does is certain.
func TestMalformed(t *testing.T) {
	const runs = "import os\nos.system('tljh-config set limits.memory 2G')\n"
	for text, want := range map[string]string{
		"x = (1, 2\n":                             "p.py:",
		"x = 1)\n":                                "p.py:3:6",
		"x = 'tljh-config\n":                      "p.py:3:5",
		"x = '''tljh-config\n":                    "p.py:3:5",
		"os.system(f'tljh-config {x')\n":          "p.py:3:",
		"if x\n    os.system('tljh-config')\n":    "p.py:3:5",
		"if x:\nos.system('tljh-config')\n":       "p.py:4:1",
		"  os.system('tljh-config')\n":            "p.py:3:",
		"def f(:\n    os.system('x')\n":           "p.py:3:",
		"with open('x', 'w' as f:\n    f.write()": "p.py:3:",
		"subprocess.run(['a', 'b')\n":             "p.py:3:25",
		"ud.add_commands('a' 'b'\n":               "p.py:",
		"print 'x'\n":                             "p.py:3:7",
		"os.system(a=1, 'b')\n":                   "p.py:3:",
		"else:\n    os.system('x')\n":             "p.py:3:1",
		"x = $(tljh-config)\n":                    "p.py:3:5",
		"tljh-config set limits.memory 3G\n":      "p.py:3:13",
		"x = \x00\n":                              "p.py:3:5",
		"=======\n":                               "p.py:3:1",
		strings.Repeat("[", 3000):                 "p.py:3:",
	} {
		r := Read(span.NewSource("p.py", runs+text).Whole(), shell.Options{})
		if len(r.Problems) == 0 || !strings.HasPrefix(r.Problems[0].At.String()+" ", want) {
			t.Errorf("%.60q\n got %v\nwant %s", text, r.Problems, want)
		}
		if len(r.Steps) == 0 {
			t.Errorf("%.60q: what it would do before is lost", text)
		}
		for _, s := range r.Steps {
			if s.Cond == nil {
				t.Errorf("%.60q: %v is certain", text, s.Argv)
			}
		}
	}
}
