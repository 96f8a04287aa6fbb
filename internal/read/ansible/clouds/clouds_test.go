package clouds

import (
	"sort"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// read reads what the playbook of this name makes.
func read(m steptest.Files, file string) terraform.Module {
	var found []string
	for f := range m {
		if strings.HasSuffix(f, ".yml") {
			found = append(found, f)
		}
	}
	sort.Strings(found)
	for _, b := range ansible.Read(m, found, ansible.Options{}).Playbooks {
		if b.File == file {
			res, ok := Read(m, span.NewSource(file, m[file]), &b)
			if !ok {
				return terraform.Module{}
			}
			return res.Module
		}
	}
	return terraform.Module{}
}

func TestPlaybooks(t *testing.T) { moduletest.Run(t, read) }

// What is malformed leaves values unknown, or the list of what there is incomplete; a machine is never lost.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ task, key, want string }{
		"arguments that are a text":  {"amazon.aws.ec2_instance: hello", "/instances/0/machine/type", "unset"},
		"no arguments":               {"hetzner.hcloud.server:", "/instances/0/os/family", "unknown"},
		"a list for a text":          {"community.digitalocean.digital_ocean_droplet: {size: [a, b], image: {a: b}}", "/instances/0/machine/type", "unknown"},
		"numbers for lists":          {"openstack.cloud.server: {name: a, security_groups: 5, volumes: 3, floating_ips: {}}", "/instances/0/machine/type", "unset"},
		"disks that are texts":       {"google.cloud.gcp_compute_instance: {name: a, disks: [x], network_interfaces: [y], tags: z}", "/instances/0/machine/type", "unset"},
		"rules that are texts":       {"azure.azcollection.azure_rm_virtualmachine: {name: a, open_ports: '80,x', image: [], data_disks: [1]}", "/instances/0/ingress/0/from", "set 80"},
		"a template without an end":  {"linode.cloud.instance: {label: a, type: '{{ x', image: '{{ }}'}", "/instances/0/os/family", "unknown"},
		"how many is a text":         {"amazon.aws.ec2_instance: {count: many, image_id: a, instance_type: t3.large}", "/complete", "derived false"},
		"a variable that is not set": {"vultr.cloud.instance: {label: a, plan: '{{ plan }}', backups: '{{ b }}'}", "/instances/0/machine/type", "unknown"},
	} {
		got := moduletest.Describe(read(steptest.Files{"site.yml": "- hosts: localhost\n  tasks:\n  - " + c.task + "\n"}, "site.yml"))
		if !strings.HasPrefix(got[c.key], c.want) {
			t.Errorf("%s: %s = %q, want %q", name, c.key, got[c.key], c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for _, text := range m {
			f.Add(text)
		}
	}
	f.Add("- hosts: localhost\n  tasks:\n  - ec2: {image: a, exact_count: 99999999999, volumes: [{ebs: 1}], group: [[x]]}\n    register: r\n  - add_host: name={{ r.instances[7].public_ip }} groups={{ r }}\n")
	f.Add("- hosts: a\n  tasks:\n  - local_action: {module: ec2_group, name: x, rules: [{ports: [1-2, -, '{{ x }}'], cidr_ip: 0.0.0.0/0}]}\n    loop: '{{ y }}'\n  - delegate_to: localhost\n    digital_ocean_droplet: {name: a, firewall: [x, y], volumes: '{{ r }}'}\n")
	f.Fuzz(func(t *testing.T, text string) {
		moduletest.Describe(read(steptest.Files{"site.yml": text, "vars.yml": text}, "site.yml"))
	})
}
