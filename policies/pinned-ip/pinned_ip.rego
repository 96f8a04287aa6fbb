# METADATA
# title: The hub's address stays
# description: >-
#   The hub's name, its certificate and the login through GitHub or Google all point at one address. Many providers give a
#   machine a new address whenever it is stopped and started, or replaced; then nobody reaches the hub until somebody
#   corrects the name, and that takes hours to spread. An address that is reserved by itself stays. Default severity:
#   warning, because nothing is lost, but the hub is gone at the worst moment.
# custom:
#   severity: warning
#   remediation: |
#     Reserve an address and tie it to the hub's machine, where that is declared:
#       AWS: aws_eip with instance = aws_instance.NAME.id
#       Google: google_compute_address, used as nat_ip in access_config
#       Azure: azurerm_public_ip with allocation_method = "Static"
#       DigitalOcean: digitalocean_reserved_ip with droplet_id
#       Hetzner: hcloud_primary_ip with auto_delete = false
#       OpenStack: openstack_networking_floatingip_v2
#     Then let the DNS record point at that address.
package tljh.rules["pinned-ip"]

import data.tljh
import data.tljh.common

addresses := tljh.hub_path(["public_ips"])

# of is the indexes of the addresses of a kind.
of(kind) := {i |
	some i, address in common.entries(["public_ips"])
	common.sure(array.concat(addresses, [i, "kind"]))
	address.kind == kind
}

stays if count(of("static")) > 0

behind if count(of("lb")) > 0

fail contains tljh.finding(array.concat(addresses, [i]), message) if {
	not stays
	not behind
	some kind, message in passing
	some i in of(kind)
	sure(i)
}

# A name that points at an address which passes away shows where it hurts.
fail contains tljh.finding(["infra", "dns", k, "targets"], message) if {
	not stays
	not behind
	some kind, _ in passing
	some i in of(kind)
	sure(i)
	some k, record in input.infra.dns
	record.instance == tljh.hub_instance.instance.id
	record.target_kind == kind
	common.sure(["infra", "dns", k, "target_kind"])
	message := "This name points at the hub's address, which does not stay: later it leads nowhere, or to somebody else's machine."
}

passing := {
	"ephemeral": concat(" ", [
		"The hub's public address changes whenever the machine is stopped and started: its name, certificate and logins then",
		"point at nothing. Reserve an address and tie it to the machine.",
	]),
	"lifetime": concat(" ", [
		"The hub's public address lasts only as long as this machine: when the machine is replaced, for an upgrade or after",
		"a fault, its name, certificate and logins point at nothing. Reserve an address and tie it to the machine.",
	]),
}

# sure: the address was written, or nothing that could tie another one to the machine is out of sight.
sure(_) if common.owned

sure(i) if tljh.state(array.concat(addresses, [i, "kind"])) == "set"

unknown contains tljh.finding(array.concat(addresses, [i]), message) if {
	not stays
	not behind
	some i in (of("ephemeral") | of("lifetime"))
	not sure(i)
	message := sprintf("Whether the hub's address stays cannot be told: %s.", [common.not_owned])
}

unknown contains tljh.finding(addresses, message) if {
	not stays
	not behind
	count(of("ephemeral") | of("lifetime")) == 0
	not private
	message := sprintf("Whether the hub's address stays cannot be told: %s.", [common.untold(told)])
}

# told is where the reason stands: at an address whose kind is not known, else at the list.
told := ["public_ips", i, "kind"] if {
	i := min([i | some i, _ in common.entries(["public_ips"]); common.unsure(array.concat(addresses, [i, "kind"]))])
} else := ["public_ips"]

private if {
	common.owned
	is_array(tljh.value(addresses))
	every i, _ in tljh.value(addresses) {
		i in of("none")
	}
}

not_applicable contains "people reach the hub through a load balancer, whose own address or name stays" if {
	behind
	not stays
}

not_applicable contains "the hub's machine has no public address of its own" if {
	private
	not behind
}

pass contains tljh.finding(array.concat(addresses, [i]), "The hub's public address is reserved and stays.") if {
	some i in of("static")
}
