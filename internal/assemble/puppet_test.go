package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// From manifests to what rules see: those that Vagrant or a script applies, and those that nothing here does.
func TestPuppet(t *testing.T) {
	const exec = "exec { 'tljh':\n  command => 'curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada',\n  creates => '/opt/tljh/hub',\n  path => ['/usr/bin', '/bin'],\n}\n"
	const limit = "exec { 'limit':\n  command => \"tljh-config set limits.memory ${mem}\",\n  require => Exec['tljh'],\n  path => '/usr/bin',\n}\n"
	const vagrant = "Vagrant.configure('2') do |config|\n  config.vm.provider :virtualbox do |v|\n    v.memory = 4096\n  end\n"
	module := map[string]string{
		"modules/hub/manifests/init.pp":       "class hub($mem = '1G') {\n  include hub::install\n  include hub::config\n  Class['hub::install'] -> Class['hub::config']\n}\n",
		"modules/hub/manifests/install.pp":    "class hub::install {\n" + exec + "}\n",
		"modules/hub/manifests/config.pp":     "class hub::config {\n  $mem = $hub::mem\n  file { '/opt/tljh/config/jupyterhub_config.d/limits.py':\n    content => template('hub/limits.py.erb'),\n  }\n  file { '/opt/tljh/config/jupyterhub_config.d/cpu.py': source => 'puppet:///modules/hub/cpu.py' }\n}\n",
		"modules/hub/templates/limits.py.erb": "c.Spawner.mem_limit = '<%= @mem %>'\n",
		"modules/hub/files/cpu.py":            "c.Spawner.cpu_limit = 2\n",
	}
	with := func(more ...string) map[string]string {
		out := map[string]string{}
		for k, v := range module {
			out[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"by Vagrant": {map[string]string{"Vagrantfile": vagrant + "  config.vm.provision :puppet\nend\n", "manifests/default.pp": limit + "$mem = '3G'\n" + exec},
			[]string{"hub(Vagrantfile manifests/default.pp) limits/memory_bytes=? limits/cpu=null machine=vagrant.default mib=4096"}},
		"by Vagrant, with modules": {with("Vagrantfile", vagrant+"  config.vm.provision :puppet do |p|\n    p.manifests_path = 'puppet'\n    p.manifest_file = 'site.pp'\n    p.module_path = ['gone', 'modules']\n    p.facter = { 'size' => '5G' }\n  end\nend\n", "puppet/site.pp", "node default {\n  class { 'hub': mem => $size }\n}\n"),
			[]string{"hub(Vagrantfile modules/hub/files/cpu.py modules/hub/manifests/config.pp modules/hub/manifests/init.pp modules/hub/manifests/install.pp modules/hub/templates/limits.py.erb puppet/site.pp) limits/memory_bytes=5368709120 limits/cpu=2 machine=vagrant.default mib=4096"}},
		"by nobody": {map[string]string{"manifests/site.pp": "$mem = '3G'\n" + limit + exec},
			[]string{"hub(manifests/site.pp) limits/memory_bytes=3221225472 limits/cpu=null machine=(hub) mib=null"}},
		"by a script": {with("up.sh", "#!/bin/bash\napt-get install -y puppet\npuppet apply --modulepath modules site/hub.pp\n", "site/hub.pp", "class { 'hub': mem => '2G' }\n"),
			[]string{"hub(modules/hub/files/cpu.py modules/hub/manifests/config.pp modules/hub/manifests/init.pp modules/hub/manifests/install.pp modules/hub/templates/limits.py.erb site/hub.pp up.sh) limits/memory_bytes=2147483648 limits/cpu=2 machine=(hub) mib=null"}},
		"by a script, of one class": {with("up.sh", "#!/bin/bash\npuppet apply --modulepath=./modules -e 'include hub'\n"),
			[]string{"hub(modules/hub/files/cpu.py modules/hub/manifests/config.pp modules/hub/manifests/init.pp modules/hub/manifests/install.pp modules/hub/templates/limits.py.erb up.sh) limits/memory_bytes=1073741824 limits/cpu=2 machine=(hub) mib=null"}},
		"a firewall by a module that is not there": {map[string]string{"manifests/site.pp": exec + "include ufw\n"},
			[]string{"hub(manifests/site.pp) limits/memory_bytes=null limits/cpu=null machine=(hub) mib=null firewall=?"}},
		"by a script of Vagrant's": {with("Vagrantfile", vagrant+"  config.vm.provision :shell, inline: 'sudo puppet apply --modulepath=/vagrant/modules /vagrant/site.pp'\nend\n", "site.pp", "class { 'hub': mem => '2G' }\n"),
			[]string{"hub(Vagrantfile modules/hub/files/cpu.py modules/hub/manifests/config.pp modules/hub/manifests/init.pp modules/hub/manifests/install.pp modules/hub/templates/limits.py.erb site.pp) limits/memory_bytes=2147483648 limits/cpu=2 machine=vagrant.default mib=4096"}},
		"a module": {with(),
			[]string{"hub(modules/hub/files/cpu.py modules/hub/manifests/config.pp modules/hub/manifests/init.pp modules/hub/manifests/install.pp modules/hub/templates/limits.py.erb) limits/memory_bytes=? limits/cpu=2 machine=(hub) mib=null"}},
		"a condition": {map[string]string{"manifests/site.pp": exec + "$mem = '3G'\nif $facts['virtual'] == 'kvm' {\n" + limit + "}\n"},
			[]string{"hub(manifests/site.pp) limits/memory_bytes=? limits/cpu=null machine=(hub) mib=null"}},
		"the installer's condition": {map[string]string{"manifests/site.pp": "$mem = '3G'\nunless $::environment == 'ci' {\n" + exec + limit + "}\n"},
			[]string{"hub(manifests/site.pp) limits/memory_bytes=3221225472 limits/cpu=null machine=(hub) mib=null"}},
		"a condition within the installer's": {map[string]string{"manifests/site.pp": "$mem = '3G'\nunless $::environment == 'ci' {\n" + exec + "if $::limited {\n" + limit + "}\n}\n"},
			[]string{"hub(manifests/site.pp) limits/memory_bytes=? limits/cpu=null machine=(hub) mib=null"}},
		"a manifest in an environment that is not known": {map[string]string{"Vagrantfile": vagrant + "  config.vm.provision :puppet do |p|\n    p.manifests_path = 'puppet'\n    p.manifest_file = 'site.pp'\n    p.environment_path = 'env'\n    p.environment = Lab.environment\n  end\nend\n", "puppet/site.pp": "$mem = '3G'\n" + limit + exec},
			[]string{"hub(Vagrantfile puppet/site.pp) limits/memory_bytes=3221225472 limits/cpu=null machine=vagrant.default mib=4096"}},
		"a broken manifest":   {map[string]string{"manifests/site.pp": exec + "file {\n"}, []string{"manifests(manifests/site.pp) limits/memory_bytes=? limits/cpu=? machine=(hub) mib=null"}},
		"of something else":   {map[string]string{"manifests/site.pp": "package { 'python3-pip': }\npackage { 'numpy': provider => pip }\nexec { $x: }\n"}, nil},
		"not in the checkout": {map[string]string{"Vagrantfile": vagrant + "  config.vm.provision :puppet\nend\n", "install.sh": install}, []string{"hub(Vagrantfile install.sh) limits/memory_bytes=? limits/cpu=? machine=vagrant.default mib=4096"}},
		"Salt":                {map[string]string{"srv/hub.sls": "tljh:\n  cmd.run:\n    - name: curl -L https://tljh.jupyter.org/bootstrap.py | python3 -\n"}, []string{"srv(srv/hub.sls) limits/memory_bytes=null limits/cpu=null machine=(hub) mib=null"}},
		"Chef":                {map[string]string{"cookbooks/hub/recipes/default.rb": "bash 'tljh' do\n  code 'curl -L https://tljh.jupyter.org/bootstrap.py | python3 -; tljh-config set limits.memory 1G'\nend\n"}, []string{"recipes(cookbooks/hub/recipes/default.rb) limits/memory_bytes=? limits/cpu=null machine=(hub) mib=null"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			res := load(t, c.files)
			for k, d := range res.Hubs {
				in := d.Root.Get("infra", "instances").List()[0]
				got = append(got, brief(d, "limits/memory_bytes", "limits/cpu")+" machine="+machineOf(res, k)+" mib="+cmpString(in.Get("machine", "memory_mib").Plain()))
				if n := in.Get("host_firewall"); n != nil && n.State == "unknown" {
					got[len(got)-1] += " firewall=?"
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
