package settle

import "strings"

// fact is a value of infra.yaml: its key in dotted form, the placeholder for it, and an example.
type fact struct{ key, word, example string }

const yesNo = "<true or false>"

// facts are the values that rules may ask for, in the order in which they are written (read/infrayaml/infra.schema.json). A key that ends
// in [] is a list, of one entry here; several facts with the same list make one entry.
var facts = []fact{
	{"expected_users.active", "<most people at the same time>", "20"},
	{"expected_users.total", "<all people>", "60"},
	{"https.terminated_by", "<what ends TLS>", "the campus load balancer"},
	{"instances.provider", "<provider>", "other"},
	{"instances.machine.vcpu", "<cores>", "4"},
	{"instances.machine.memory_mib", "<MiB>", "16384"},
	{"instances.machine.spot", yesNo, "false"},
	{"instances.os.family", "<family>", "ubuntu"},
	{"instances.os.version", "<version>", `"24.04"`},
	{"instances.os.pinned", yesNo, "true"},
	{"instances.boot_disk.size_gib", "<GiB>", "80"},
	{"instances.boot_disk.delete_with_instance", yesNo, "false"},
	{"instances.boot_disk.encrypted", yesNo, "true"},
	{"instances.boot_disk.source_prepared_image", yesNo, "true"},
	{"instances.volumes[]", "<volume>", "data"},
	{"instances.public_ips[].kind", "<kind>", "static"},
	{"instances.public_ips[].address", "<address>", "192.0.2.10"},
	{"instances.ingress_default", "<deny or allow>", "deny"},
	{"instances.ingress[].proto", "<protocol>", "tcp"},
	{"instances.ingress[].from", "<first port>", "443"},
	{"instances.ingress[].to", "<last port>", "443"},
	{"instances.ingress[].cidrs", "[<network>]", "[0.0.0.0/0]"},
	{"instances.ingress[].action", "<allow or deny>", "allow"},
	{"instances.egress_restricted", yesNo, "true"},
	{"instances.ssh.keys", "<how many>", "1"},
	{"instances.ssh.password_auth", yesNo, "false"},
	{"instances.ssh.alternative", "<none, bastion, ssm or oslogin>", "none"},
	{"instances.identity.attached", yesNo, "false"},
	{"instances.identity.privileged", yesNo, "false"},
	{"instances.metadata.endpoint", yesNo, "true"},
	{"instances.metadata.tokens", "<required or optional>", "required"},
	{"instances.metadata.hop_limit", "<hops>", "1"},
	{"instances.metadata.users_blocked", yesNo, "true"},
	{"instances.patching[].kind", "<kind>", "unattended"},
	{"instances.monitoring[].kind", "<kind>", "alert"},
	{"instances.monitoring[].signal", "<signal>", "disk"},
	{"instances.monitoring[].notify", yesNo, "true"},
	{"instances.protection.prevent_destroy", yesNo, "true"},
	{"instances.protection.deletion_protection", yesNo, "true"},
	{"instances.host_firewall.enabled", yesNo, "true"},
	{"instances.host_firewall.default_incoming", "<deny or allow>", "deny"},
	{"volumes[].id", "<volume>", "data"},
	{"volumes[].mount", "<directory>", "/home"},
	{"volumes[].size_gib", "<GiB>", "200"},
	{"volumes[].delete_with_instance", yesNo, "false"},
	{"volumes[].prevent_destroy", yesNo, "true"},
	{"backups[].id", "<name>", "nightly"},
	{"backups[].covers", "", ""}, // the machine and its volumes
	{"backups[].every_hours", "<hours>", "24"},
	{"backups[].keep_days", "<days>", "14"},
	{"backups[].survives_instance_delete", yesNo, "true"},
	{"backups[].enabled", yesNo, "true"},
	{"images[].id", "<image>", "hub-2026-09"},
	{"images[].kind", "<kind>", "instance_image"},
	{"dns[].fqdn", "<name>", "hub.example.org"},
	{"dns[].type", "<type>", "A"},
	{"dns[].targets", "[<address>]", "[192.0.2.10]"},
	{"dns[].target_kind", "<kind>", "static"},
	{"alerts_sinks[].id", "<name>", "admins"},
	{"alerts_sinks[].kind", "<kind>", "email"},
}

// with are facts that make sense only together.
var with = map[string][]string{
	"instances.ingress":         {"instances.ingress_default", "instances.ingress"},
	"instances.ingress_default": {"instances.ingress_default", "instances.ingress"},
	"instances.volumes":         {"instances.volumes", "volumes.id", "volumes.mount"},
	"instances.boot_disk":       {"instances.boot_disk.size_gib"},
	"volumes":                   {"instances.volumes", "volumes.id", "volumes.mount", "volumes.size_gib"},
	"instances.machine":         {"instances.machine.vcpu", "instances.machine.memory_mib"},
	"instances.os":              {"instances.os.family", "instances.os.version"},
	"instances.public_ips":      {"instances.public_ips.kind"},
}

// hints are what a placeholder of a kind may be, where the word alone does not say it.
var hints = map[string]string{
	"instances.public_ips":        "kind: static, ephemeral (changes at a restart), lifetime (ends with the machine), lb or none",
	"instances.patching":          "kind: unattended, provider, first_boot_only or removed",
	"instances.monitoring":        "kind: alert, uptime or agent; signal: disk, memory, http, status or cpu",
	"instances.ingress":           "one for each open port",
	"instances.volumes":           "volumes: [] here and below where it has none",
	"images":                      "kind: instance_image, disk_snapshot or packer",
	"instances.provider":          "aws, gcp, azure, digitalocean, openstack, hetzner, ovh, linode, vultr or other",
	"instances.os":                "family: ubuntu, debian or other",
	"dns":                         "type: A, AAAA or CNAME; target_kind: static, ephemeral, lifetime or lb",
	"alerts_sinks":                "kind: email, sns, slack, pagerduty or action_group",
	"instances.egress_restricted": "",
}

// plain is a dotted key without the signs of lists.
func plain(key string) string { return strings.ReplaceAll(key, "[]", "") }

// asked are the facts that a path asks for: its own value, or all those below it. keys may go deeper than infra.yaml does, or name what
// it does not hold.
func asked(keys []string) []string {
	for n := len(keys); n > 0; n-- {
		at := strings.Join(keys[:n], ".")
		starts := with[at]
		if starts == nil {
			starts = []string{at}
		}
		var out []string
		for _, f := range facts {
			for _, s := range starts {
				if p := plain(f.key); p == s || strings.HasPrefix(p, s+".") {
					out = append(out, f.key)
				}
			}
		}
		if len(out) > 0 && strings.Contains(out[0], "[].") && plain(out[0]) == at {
			continue // a list is stated as a whole: one key of an entry is no entry
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}
