package vagrant

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func size(v Value) string {
	switch {
	case v.At.IsZero():
		return "-"
	case v.Why != "":
		return "?"
	}
	return fmt.Sprintf("%s@%d", v.Text, v.At.Start.Line)
}

// read shows each machine as "name memory cpus type", then its steps.
func read(files steptest.Files, text string) (out []string, f File) {
	if files == nil {
		files = steptest.Files{}
	}
	files["Vagrantfile"] = text
	src, _ := files.Open("Vagrantfile")
	f = Read(files, src)
	for _, m := range f.Machines {
		out = append(out, fmt.Sprintf("%s %s %s %s", span.Show(m.Name), size(m.Memory), size(m.CPUs), size(m.Type)))
		for _, s := range m.Steps {
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
			out = append(out, fmt.Sprintf("%s:%d:%d %s", path.Base(s.At.File), s.At.Start.Line, s.At.Start.Column, line))
		}
	}
	return out, f
}

func config(body string) string { return "Vagrant.configure(\"2\") do |config|\n" + body + "end\n" }

func TestMachines(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"numbers":                {config("  config.vm.provider \"virtualbox\" do |vb|\n    vb.memory = 4096 # MiB\n    vb.cpus = \"2\"\n  end\n"), "default 4096@3 2@4 -"},
		"arithmetic":             {"GB = 4\n" + config("  mem = GB * (1_000 + 24)\n  config.vm.provider :vsphere do |v|\n    v.memory_mb = mem\n    v.cpu_count = 8 / 3\n  end\n"), "default 4096@5 2@6 -"},
		"the environment":        {config("  config.vm.provider :libvirt do |v|\n    v.memory = ENV['MEM'] || 2048\n    v.cpus = ENV.fetch('CPUS', \"2\").to_i\n  end\n  config.vm.provider :x do |v|\n    v.size = ENV['SIZE']\n  end\n"), "default 2048@3 2@4 ?"},
		"customize and vmx":      {config("  config.vm.provider :virtualbox do |v|\n    v.customize [\"modifyvm\", :id, \"--memory\", \"1024\"]\n    v.vmx[\"numvcpus\"] = \"4\"\n  end\n"), "default 1024@3 4@4 -"},
		"providers that differ":  {config("  config.vm.provider :a do |v|\n    v.memory = 1\n  end\n  config.vm.provider :b do |v|\n    v.memory = 2\n  end\n"), "default ? - -"},
		"under a condition":      {config("  config.vm.provider :a do |v|\n    if Vagrant.has_plugin?('x')\n      v.memory = 1\n    end\n    v.cpus = 2 if ENV['Y']\n  end\n"), "default ? ? -"},
		"several machines":       {config("  config.vm.provider :a do |v|\n    v.memory = 1\n  end\n  config.vm.define \"one\", primary: true do |m|\n    m.vm.provider :a do |v|\n      v.memory = 2\n    end\n  end\n  config.vm.define :two do |m|\n  end\n"), "one 2@7 - -,two 1@3 - -"},
		"no configuration":       {"x = 1\n", ""},
		"what is not worked out": {config("  config.vm.provider :a do |v|\n    v.memory = compute(1)\n    v.cpus = settings['cpus']\n  end\n"), "default ? ? -"},
	} {
		got, _ := read(nil, c.text)
		if d := cmp.Diff(c.want, strings.Join(got, ",")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestProvisioners(t *testing.T) {
	for name, c := range map[string]struct {
		files steptest.Files
		text  string
		want  []string
	}{
		"here-documents":       {nil, "$s = <<-SCRIPT\n  run #{1 + 1} $HOME\nSCRIPT\n" + config("  config.vm.provision \"shell\", inline: <<~SHELL\n    run a\n      run b\n  SHELL\n  config.vm.provision :shell, :inline => $s\n"), []string{"Vagrantfile:6:5 run a", "Vagrantfile:7:7 run b", "Vagrantfile:2:3 run 2 ~"}},
		"arguments over lines": {nil, config("  config.vm.provision \"shell\",\n    env: {\n      \"A\" => ENV['A'] # not known\n    },\n    inline: <<-S,\n      run a\n    S\n    run: \"always\"\n  config.vm.provision \"shell\", inline: \"run b\"\n"), []string{"Vagrantfile:7:7 run a", "Vagrantfile:10:41 run b"}},
		"a block":              {nil, config("  config.vm.provision :shell do |s|\n    s.name = 'x'\n    s.inline = 'run a'\n    s.args = \"b\"\n  end\n"), []string{"Vagrantfile:4:17 run a"}},
		"scripts":              {steptest.Files{"ops/s.sh": "run $1\nbash /vagrant/ops/t.sh\n", "ops/t.sh": "run t\n"}, config("  config.vm.provision \"shell\",\n    path: \"ops/s.sh\",\n    args: \"x\"\n  config.vm.provision \"shell\", path: \"gone.sh\"\n"), []string{"s.sh:1:1 run x", "t.sh:1:1 run t", "Vagrantfile:5:39 opaque: the script gone.sh is not in the repository"}},
		"synced folders": {steptest.Files{"hub/up.sh": "run up\nsource /conf/vars\nrun $A\ncp /hub/a.py /tmp\n", "conf/vars": "A=1\n", "Vagrantfile": ""}, config("  config.vm.synced_folder \"./hub\", \"/hub/\"\n  config.vm.synced_folder('conf', '/conf', type: 'nfs')\n  config.vm.synced_folder \".\", \"/off\", disabled: true\n  config.vm.synced_folder \"/etc\", \"/etc\"\n  config.vm.synced_folder \"../x\", \"/x\"\n  config.vm.provision \"shell\", inline: \"sudo /hub/up.sh; run /hubs /off/a /x/b\"\n"),
			[]string{"up.sh:1:1 run up", "up.sh:3:1 run 1", "up.sh:4:1 cp (checkout)/hub/a.py /tmp", "Vagrantfile:7:58 run /hubs /off/a /x/b"}},
		"files":     {steptest.Files{"c.yaml": "a: 1"}, config("  config.vm.provision \"file\", source: \"c.yaml\", destination: \"/tmp/\"\n"), []string{"Vagrantfile:2:3 write /tmp/c.yaml a: 1"}},
		"playbooks": {steptest.Files{"site.yml": "[]"}, config("  config.vm.provision :ansible do |a|\n    a.playbook = \"site.yml\"\n  end\n"), []string{"Vagrantfile:3:19 ansible-playbook (checkout)/site.yml"}},
		"arguments of playbooks": {steptest.Files{"play/site.yml": "[]", "hosts": "x"}, "size = 2\n" + config("  config.vm.provision :ansible_local do |a|\n    a.playbook = \"/vagrant/play/site.yml\"\n    a.extra_vars = {\n      mem: \"#{size}G\", \"a\" => [1, true, nil], :b => { c: ENV['C'] } # words\n    }\n    a.inventory_path = \"hosts\"\n    a.limit = \"all\"\n    a.groups = { \"hub\" => [\"default\"], \"db\" => [\"other\"], \"hub:vars\" => { x: 1 } }\n  end\n"), []string{
			`Vagrantfile:4:19 ansible-playbook --extra-vars {"mem": "2G", "a": [1, true, null], "b": {"c": "…"}} --inventory (checkout)/hosts --limit all --tljh-policy-groups hub (checkout)/play/site.yml`}},
		"a file of variables":        {steptest.Files{"site.yml": "[]", "v.yml": "a: 1"}, config("  config.vm.provision \"ansible\", playbook: \"site.yml\", extra_vars: \"v.yml\"\n"), []string{"Vagrantfile:2:45 ansible-playbook --extra-vars @v.yml (checkout)/site.yml"}},
		"a playbook that is missing": {nil, config("  config.vm.provision \"ansible\", playbook: \"site.yml\"\n"), []string{"Vagrantfile:2:3 opaque: the playbook site.yml is not in the repository"}},
		"directories": {steptest.Files{"conf/a": "x\n", "conf/b": "y\n", "s.sh": "bash /srv/conf/a\n"}, config("  config.vm.provision \"file\", source: \"./conf\", destination: \"/srv/\"\n  config.vm.provision \"file\", source: \"conf\", destination: \"/opt/c\"\n  config.vm.provision \"file\", source: \"~/.k\", destination: \"/k\"\n  config.vm.provision \"shell\", path: \"s.sh\"\n"), []string{
			"Vagrantfile:2:3 write /srv/conf/a x\n", "Vagrantfile:2:3 write /srv/conf/b y\n", "Vagrantfile:3:3 write /opt/c/a x\n", "Vagrantfile:3:3 write /opt/c/b y\n", "Vagrantfile:4:3 write /k …", "a:1:1 x"}},
		"manifests": {steptest.Files{"pp/manifests/a.pp": "Exec { path => '/bin' }\nexec { \"run ${size} ${more}\": }\n", "pp/manifests/b.pp": "include m\n", "pp/modules/m/manifests/init.pp": "class m { exec { 'bash /vagrant/s.sh': } }\n", "s.sh": "run s\n", "p/x.pp": "exec { 'run x': path => '/bin' }\n"}, config("  config.vm.provision \"puppet\" do |p|\n    p.environment_path = \"pp\"\n    p.environment = \".\"\n    p.facter = { \"size\" => \"2\", \"more\" => ENV['X'] }\n  end\n  config.vm.provision :puppet, manifests_path: 'p', manifest_file: \"x.pp\"\n"), []string{
			"a.pp:2:9 run 2 …", "s.sh:1:1 run s", "x.pp:1:9 run x"}},
		"not always":     {nil, config("  config.vm.provision \"shell\", inline: \"run a\", run: \"never\"\n  unless x\n    config.vm.provision \"shell\", inline: \"run b\"\n  end\n  config.vm.provision \"named\", type: \"shell\", inline: \"run c\"\n"), []string{"Vagrantfile:2:41 ? run a", "Vagrantfile:4:43 ? run b", "Vagrantfile:6:56 run c"}},
		"of one machine": {nil, config("  config.vm.define \"hub\" do |h|\n    h.vm.provision \"shell\", inline: \"run h\"\n  end\n  config.vm.provision \"shell\", inline: \"run all\"\n"), []string{"Vagrantfile:5:41 run all", "Vagrantfile:3:38 run h"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, f := read(c.files, c.text)
			if d := cmp.Diff(c.want, got[min(1, len(got)):]); d != "" {
				t.Errorf("%s\n%+v", d, f.Problems)
			}
		})
	}
}

// What is malformed is a problem with its place, or leaves values unknown; nothing is guessed.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ text, at, want string }{
		"no end":                {"Vagrant.configure('2') do |c|\n  c.vm.provider :a do |v|\n    v.memory = 1\n", "Vagrantfile:4:1", "default 1@3 - -"},
		"an open text":          {config("  config.vm.provider :a do |v|\n    v.memory = \"1\n  end\n"), "", "default ? - -"},
		"an open here-document": {config("  config.vm.provision :shell, inline: <<S\nrun\n"), "Vagrantfile:5:1", "default - - -,Vagrantfile:3:1 run,Vagrantfile:4:1 end"},
		"no number":             {config("  config.vm.provider :a do |v|\n    v.memory = \"4GB\"\n    v.cpus = 1 / 0\n  end\n"), "", "default ? ? -"},
		"nothing to run":        {config("  config.vm.provision :shell\n  config.vm.provision\n"), "Vagrantfile:3:3", "default - - -"},
		"another provisioner":   {config("  config.vm.provision :docker\n  config.vm.provision :salt\n  config.vm.provision :puppet\n"), "Vagrantfile:2:3", "default - - -,Vagrantfile:3:3 opaque: what the provisioner salt does is not read,Vagrantfile:4:3 opaque: the manifest manifests/default.pp is not in the repository"},
		"hashes":                {config("  config.vm.provision :ansible do |a|\n    a.playbook = \"Vagrantfile\"\n    a.extra_vars = { a, b: }\n    a.groups = { 'x' => 1, [] }\n  end\n"), "", "default - - -,Vagrantfile:3:19 ansible-playbook --extra-vars … (checkout)/Vagrantfile"},
		"circles":               {"a = b\nb = a\n" + config("  config.vm.provider :a do |v|\n    v.memory = b\n  end\n"), "", "default ? - -"},
	} {
		got, f := read(nil, c.text)
		if d := cmp.Diff(c.want, strings.Join(got, ",")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if len(f.Problems) > 0 != (c.at != "") || c.at != "" && f.Problems[0].At.String() != c.at {
			t.Errorf("%s: %+v, want a problem at %q", name, f.Problems, c.at)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("$a = <<-A\n#{b}\nA\n"+config("  (1..3).each do |i|\n    config.vm.define \"n#{i}\" do |m|\n      m.vm.provision :shell, path: \"s.sh\", args: [1]\n    end\n  end\n  config.vm.provider :x do |v|\n    v.memory = (1 + 2) * -3 % 2\n  end\n"), "bash /vagrant/s.sh\n")
	f.Add(config("config.vm.provision \"shell\",\n"), "x")
	f.Add("Vagrant.configure do |c|\nc.vm.provision :shell do |s|\ns.inline = <<~X\n  a\n\n b\nX\nend\nif a\nelse\nend\nc.vm.define 'a\nx = {\n", "")
	f.Fuzz(func(t *testing.T, text, script string) {
		files := steptest.Files{"s.sh": script}
		_, v := read(files, text)
		for _, m := range v.Machines {
			for _, s := range m.Steps {
				if _, ok := files[s.At.File]; !ok && s.At.File != "" {
					t.Fatalf("place in %q", s.At.File)
				}
			}
		}
	})
}
