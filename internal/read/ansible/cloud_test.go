package ansible

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// What tasks make in clouds, and the hosts that are added for it.
func TestClouds(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"made, asked for, taken away": {tasks(`  - hetzner.hcloud.server: {name: a}
  - hcloud_server_info: {}
  - hetzner.hcloud.server: {name: a, state: absent}
  - hcloud_server: {name: a, state: "{{ s }}"}
  - amazon.aws.ec2_instance: {instance_ids: [i-1], state: stopped}
  - ec2: {image: x, count: 3}
  - ec2: {image: x, count: 0}
  - ec2: {image: x, count: "{{ n }}"}
  - local_action: {module: linode.cloud.instance, label: l}
  - action: digital_ocean_droplet name=d
  - proxmox: {}
  - some.where.server: {}
  - amazon.aws.ec2_vol: {state: list}
`), `site.yml all
make site.yml:4:5 hetzner.hcloud.server
make site.yml:7:5 hcloud_server ? whether it is to be there is not known: variable "s" is not set in the repository
make site.yml:9:5 ec2
make site.yml:9:5 ec2
make site.yml:9:5 ec2
make site.yml:11:5 ec2 ? how many are made is not known: variable "n" is not set in the repository
make site.yml:12:5 linode.cloud.instance
make site.yml:13:5 digital_ocean_droplet
added all of 1
machine site.yml:14:5 proxmox
machine site.yml:15:5 some.where.server
`},
		"results and hosts": {tasks(`  - os_server: {name: "{{ item }}"}
    loop: [a, b]
    register: r
  - set_fact: {ip: "{{ r.results[0].openstack.public_v4 }}"}
  - add_host: name={{ ip }} groups=hub
  - add_host: {name: "{{ item.server.public_v4 }}", groups: [x, y]}
    with_items: "{{ r.results | map(attribute='server') | list }}"
  - add_host: {name: known, ansible_host: 192.0.2.1, groups: z}
  - add_host: {name: n, ansible_host: "{{ r.results[1].server.public_v4 }}", groups: z}
  - add_host: {name: "{{ lookup('env', 'IP') }}"}
  - os_server: {name: c}
    when: who
    register: c
`), `site.yml all
make site.yml:4:5 os_server
make site.yml:4:5 os_server
make site.yml:14:5 os_server ? it depends on "when: who", and variable "who" is not set in the repository
added hub of 1
added x y of 2
added z n of 1
added  of 0
`},
		"variables of an added host": {`site.yml --
- hosts: localhost
  tasks:
  - add_host: {name: "{{ lookup('env', 'IP') }}", groups: hub, size: 2G, b: "{{ size | default('1G') }}"}
- hosts: hub
  tasks:
  - command: a {{ size }} {{ b }}
- hosts: other
  tasks:
  - command: a {{ size }}
`, `site.yml localhost localhost
site.yml hub hub
6:14 a 2G 1G
site.yml other other
9:14 a …
added hub of 0
`},
	} {
		files := steptest.Files{}
		for _, f := range txtar.Parse([]byte("-- " + c.in)).Files {
			files[f.Name] = string(f.Data)
		}
		if d := cmp.Diff(c.want, brief(readAll(files))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
