package assemble

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The machine of a Vagrantfile is the hub's, with what its provisioners do, unless the repository declares other machines.
func TestVagrantfiles(t *testing.T) {
	file := "Vagrant.configure('2') do |config|\n  config.vm.provider :virtualbox do |v|\n    v.memory = 1024 * 4\n  end\n  config.vm.provision :shell, path: 'install.sh'\nend\n"
	alone := "Vagrant.configure('2') do |config|\n  config.vm.provider :virtualbox do |v|\n    v.memory = 2048\n  end\nend\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"that installs":         {map[string]string{"Vagrantfile": file, "install.sh": install + "ufw --force enable\n"}, []string{"hub(Vagrantfile install.sh) vagrant.default memory=4096 firewall=true"}},
		"beside a script":       {map[string]string{"Vagrantfile": alone, "install.sh": install}, []string{"hub(Vagrantfile install.sh) vagrant.default memory=2048 firewall=-"}},
		"of something else":     {map[string]string{"lab/Vagrantfile": alone, "hub/install.sh": install}, []string{"hub(hub/install.sh) (hub) memory=null firewall=-"}},
		"of a hub's own folder": {map[string]string{"tljh-vm/Vagrantfile": alone, "hub/install.sh": install}, []string{"hub(hub/install.sh tljh-vm/Vagrantfile) vagrant.default memory=2048 firewall=-"}},
		"sharing folders": {map[string]string{"vm/Vagrantfile": "Vagrant.configure('2') do |config|\n  config.vm.synced_folder '../hub', '/hub'\n  config.vm.provision :shell, inline: 'sudo -E /hub/up.sh'\nend\n",
			"hub/up.sh": install + "cp /hub/limits.py /opt/tljh/config/jupyterhub_config.d/\n", "hub/limits.py": "c.Spawner.mem_limit = '1G'\n"}, []string{"vm(hub/limits.py hub/up.sh vm/Vagrantfile) vagrant.default memory=null firewall=-"}},
		"beside other machines": {map[string]string{"Vagrantfile": alone, "install.sh": install, "main.tf": "resource \"digitalocean_droplet\" \"hub\" {\n  size = \"s-4vcpu-8gb\"\n}\n"}, []string{"hub(install.sh main.tf) digitalocean_droplet.hub memory=8192 firewall=-"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			res := load(t, c.files)
			for k, d := range res.Hubs {
				in := d.Root.Get("infra", "instances").List()[0]
				fw := "-"
				if n := in.Get("host_firewall", "enabled"); n != nil {
					fw = cmpString(n.Plain())
				}
				got = append(got, brief(d)+" "+machineOf(res, k)+" memory="+cmpString(in.Get("machine", "memory_mib").Plain())+" firewall="+fw)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
