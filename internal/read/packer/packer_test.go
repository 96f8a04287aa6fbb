package packer

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

func show(s step.Step) string {
	var words []string
	for _, a := range s.Argv {
		words = append(words, span.Show(a.String()))
	}
	line := strings.Join(words, " ")
	if s.IsWrite() {
		line = "write " + s.Dest.String() + " " + span.Show(s.Content.String())
	}
	if why, ok := shell.IsOpaque(&s); ok {
		line = "opaque: " + why
	}
	if s.Cond != nil {
		line = "? " + line
	}
	return fmt.Sprintf("%s:%d:%d %s", path.Base(s.At.File), s.At.Start.Line, s.At.Start.Column, line)
}

// read reads the templates of the root directory.
func read(files steptest.Files) (out []string, res Result) {
	var names []string
	for _, n := range files.List(".") {
		if IsHCL(n) || strings.HasSuffix(n, ".json") {
			names = append(names, n)
		}
	}
	res = Read(files, ".", names)
	for _, b := range res.Builds {
		for _, i := range b.Images {
			out = append(out, fmt.Sprintf("%s %s:%d", i.ID, i.At.File, i.At.Start.Line))
		}
		for _, s := range b.Steps {
			out = append(out, show(s))
		}
	}
	return out, res
}

const source = "source \"amazon-ebs\" \"hub\" {\n  ami_name = \"hub\"\n}\n"

func build(provisioners string) string {
	return source + "build {\n  sources = [\"source.amazon-ebs.hub\"]\n" + provisioners + "}\n"
}

func TestBuilds(t *testing.T) {
	image := "packer.amazon-ebs.hub a.pkr.hcl:2"
	for name, c := range map[string]struct {
		files steptest.Files
		want  []string
	}{
		"commands": {steptest.Files{"a.pkr.hcl": build("  provisioner \"shell\" {\n    environment_vars = [\"MEM=${var.mem}\"]\n    env = { CPU = local.cpu }\n    inline = [\n      \"tljh-config set limits.memory $MEM\",\n      \"tljh-config set limits.cpu $CPU\",\n    ]\n  }\n"),
			"b.pkr.hcl": "variable \"mem\" { default = \"1G\" }\nlocals { cpu = 1 + 1 }\n", "x.auto.pkrvars.hcl": "mem = \"2G\"\n"},
			[]string{image, "a.pkr.hcl:10:8 tljh-config set limits.memory 2G", "a.pkr.hcl:11:8 tljh-config set limits.cpu 2"}},
		"scripts": {steptest.Files{"a.pkr.hcl": build("  provisioner \"shell\" {\n    script = \"s.sh\"\n  }\n  provisioner \"shell\" {\n    execute_command = \"sudo {{ .Path }}\"\n    scripts = [\"${path.root}/s.sh\", \"gone.sh\"]\n  }\n"), "s.sh": "apt purge -y unattended-upgrades\n"},
			[]string{image, "s.sh:1:1 apt purge -y unattended-upgrades", "s.sh:1:1 apt purge -y unattended-upgrades", "a.pkr.hcl:11:38 opaque: the file gone.sh is not in the repository"}},
		"files": {steptest.Files{"a.pkr.hcl": build("  provisioner \"file\" {\n    source = \"c.yaml\"\n    destination = \"/tmp/\"\n  }\n  provisioner \"file\" {\n    content = \"x\"\n    destination = \"/tmp/s.sh\"\n  }\n  provisioner \"file\" {\n    source = \"d\"\n    destination = \"/opt\"\n  }\n  provisioner \"shell\" {\n    inline = [\"bash /tmp/s.sh\"]\n  }\n"), "c.yaml": "a: 1", "d/e": "E"},
			[]string{image, "a.pkr.hcl:6:3 write /tmp/c.yaml a: 1", "a.pkr.hcl:10:3 write /tmp/s.sh x", "a.pkr.hcl:14:3 write /opt/d/e E", "a.pkr.hcl:11:16 x"}},
		"playbooks": {steptest.Files{"a.pkr.hcl": build("  provisioner \"ansible\" {\n    playbook_file = \"p.yml\"\n    extra_arguments = [\"-e\", \"a=b\"]\n  }\n  provisioner \"ansible-local\" {\n    playbook_file = \"sub/p.yml\"\n  }\n"), "p.yml": "[]"},
			[]string{image, "a.pkr.hcl:7:21 ansible-playbook -e a=b (checkout)/p.yml", "a.pkr.hcl:11:22 opaque: the file sub/p.yml is not in the repository"}},
		"not for every builder": {steptest.Files{"a.pkr.hcl": build("  provisioner \"shell\" {\n    only = [\"amazon-ebs.hub\"]\n    inline = [\"a\"]\n  }\n  provisioner \"shell\" {\n    except = [\"amazon-ebs.hub\"]\n    inline = [\"b\"]\n  }\n")},
			[]string{image, "a.pkr.hcl:8:16 a", "a.pkr.hcl:12:16 ? b"}},
		"nothing on the machine": {steptest.Files{"a.pkr.hcl": build("  provisioner \"shell-local\" {\n    command = \"x\"\n  }\n  provisioner \"puppet-masterless\" {}\n")},
			[]string{image, "a.pkr.hcl:9:3 opaque: what the provisioner puppet-masterless does is not read"}},
		"no image": {steptest.Files{"a.pkr.hcl": "build {\n  source \"null.x\" {}\n  provisioner \"shell\" {\n    inline = [var.x]\n  }\n}\n"}, []string{"a.pkr.hcl:4:15 …"}},
		"JSON": {steptest.Files{"a.json": "{\n \"variables\": {\"mem\": \"3G\", \"key\": \"{{env `KEY`}}\"},\n \"builders\": [{\"type\": \"digitalocean\",\n  \"snapshot_name\": \"hub-{{timestamp}}\"}],\n \"provisioners\": [{\"type\": \"shell\",\n\t\"inline\": [\"tljh-config set limits.memory {{user `mem`}}\", \"run {{ user `key` }}\"]},\n  {\"type\": \"shell\", \"script\": \"s.sh\"}]\n}\n", "s.sh": "ufw enable\n"},
			[]string{"packer.digitalocean a.json:4", "a.json:6:14 tljh-config set limits.memory 3G", "a.json:6:62 run …", "s.sh:1:1 ufw enable"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, res := read(c.files)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n%+v", d, res.Problems)
			}
		})
	}
}

// What is malformed is a problem with its place; the template counts as one that cannot be read, or an unreadable step stands for it.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ file, text, at string }{
		"no HCL":                  {"a.pkr.hcl", "build {\n  provisioner \"shell\" {\n", "a.pkr.hcl:2:23"},
		"an attribute twice":      {"a.pkr.hcl", "build {\n a = 1\n a = 2\n}\n", "a.pkr.hcl:3:2"},
		"no JSON":                 {"a.json", "{\"builders\": [,]}", "a.json:1:15"},
		"a list":                  {"a.json", "[]", "a.json:1:1"},
		"no builders":             {"a.json", "{}", "a.json:1:1"},
		"a provisioner of text":   {"a.json", "{\"builders\": [], \"provisioners\": [\"x\"]}", "a.json:1:36"},
		"an unknown type":         {"a.json", "{\"builders\": [], \"provisioners\": [{\"type\": 1}]}", "a.json:1:35"},
		"a script that is absent": {"a.json", "{\"builders\": [], \"provisioners\": [{\"type\": \"shell\", \"script\": \"../x\"}]}", "a.json:1:64"},
	} {
		_, res := read(steptest.Files{c.file: c.text})
		if len(res.Problems) == 0 || res.Problems[0].At.String() != c.at {
			t.Errorf("%s: %+v, want a problem at %s", name, res.Problems, c.at)
			continue
		}
		lost := len(res.Broken) > 0
		for _, b := range res.Builds {
			for _, s := range b.Steps {
				_, opaque := shell.IsOpaque(&s)
				lost = lost || opaque
			}
		}
		if !lost {
			t.Errorf("%s: nothing says that something is lost", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(build("  provisioner \"shell\" {\n    inline = [for x in [1] : \"run ${x}\"]\n    only = [1]\n  }\n  provisioner \"file\" {\n    source = \"./\"\n  }\n"), "{\"builders\": {}, \"provisioners\": [{\"type\": \"shell\", \"inline\": \"{{user `a`}}\"}], \"variables\": {\"a\": \"{{user `a`}}\"}}", "a=1\n")
	f.Add("build {\n  sources = [source.a.b]\n  dynamic \"provisioner\" {}\n  provisioner \"ansible\" {\n    playbook_file = source.a.b\n  }\n}\nlocal \"x\" { expression = local.x }\n", "{\"builders\": [1, {\"type\": {}}]}", "")
	f.Fuzz(func(t *testing.T, hcl, json, script string) {
		files := steptest.Files{"a.pkr.hcl": hcl, "b.json": json, "s.sh": script}
		_, res := read(files)
		for _, b := range res.Builds {
			for _, s := range b.Steps {
				if _, ok := files[s.At.File]; !ok && s.At.File != "" {
					t.Fatalf("place in %q", s.At.File)
				}
			}
		}
	})
}
