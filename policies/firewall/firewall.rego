# METADATA
# title: Only the web is open to the world
# description: >-
#   The hub needs ports 80 and 443 open to the world, and SSH for its administrators. Everything else should be shut:
#   people's notebooks can start programs that listen, and databases or dashboards end up on the machine; with everything
#   open, anybody on the internet reaches them. TLJH sets up no firewall, and several providers leave all ports open unless
#   you say otherwise. Default severity: error.
# custom:
#   severity: error
#   remediation: |
#     Declare a firewall for the machine that lets in 80 and 443 from everywhere, and 22 only from your own network
#     (aws_security_group, google_compute_firewall, azurerm_network_security_group, digitalocean_firewall,
#     hcloud_firewall), or set one up on the machine itself, in the script that sets it up:
#         sudo ufw default deny incoming
#         sudo ufw allow 80,443/tcp
#         sudo ufw allow from YOUR-NETWORK/24 to any port 22 proto tcp
#         sudo ufw --force enable
#   params:
#     allowed_ports:
#       type: array
#       default: [80, 443]
#       description: Ports that may be open to the whole world.
#     ssh_from_world:
#       type: string
#       default: keys-only
#       description: "Whether port 22 may be open to the world: never, always, or keys-only: where passwords are off."
package tljh.rules.firewall

import data.tljh
import data.tljh.common

# Which firewall lets what in stands in layers.rego, what that means for SSH in ssh.rego.

# evident: no firewall is tight, and none that could be is out of sight.
evident if {
	count(tight) == 0
	count(unclear) == 0
	count(absent) < 2
}

fail contains tljh.finding(entry_path(layer, i), message) if {
	evident
	some layer in closed
	some i in holes[layer]
	message := sprintf(
		"%s open to the whole internet: anybody reaches whatever runs there, people's own programs too. %s",
		[ports(entry[layer][i]), "Leave only 80 and 443 open, and SSH for your own network."],
	)
}

ports(rule) := "All ports are" if {
	covers(rule, 1)
	covers(rule, 65535)
}

else := sprintf("Port %v is", [rule.from]) if rule.from == rule.to

else := sprintf("Ports from %v on are", [rule.from]) if not is_number(object.get(rule, "to", null))

else := sprintf("Ports %v to %v are", [rule.from, rule.to])

fail contains tljh.finding(switch_path[layer], wide[layer]) if {
	evident
	some layer in open
	count(closed) == 0
}

wide["cloud"] := concat(" ", [
	"No firewall protects the machine, and everything is let in: anybody on the internet reaches whatever runs on it.",
	"Declare one that lets in 80 and 443, and 22 from your own network.",
])

wide["host"] := concat(" ", [
	"Firewall rules are set, but the firewall is never switched on.",
	"Let SSH in first, or you lock yourself out: sudo ufw allow from YOUR-NETWORK/24 to any port 22 proto tcp",
	"Then add: sudo ufw --force enable",
]) if {
	common.is(switch_path.host, false)
}

wide["host"] := "The machine's firewall lets in what no rule names. Add: sudo ufw default deny incoming" if {
	not common.is(switch_path.host, false)
}

unknown contains tljh.finding(rules_path.cloud, message) if {
	count(tight) == 0
	not evident
	message := sprintf("Which ports are open to the world cannot be told: %s.", [gap])
}

gap := sprintf("of a rule, %s", [common.reason(path)]) if {
	path := min(unsure_paths(doubts))
} else := common.untold(["ingress"])

unsure_paths(rules) := {path |
	some layer, indexes in rules
	some i in indexes
	some key in decisive
	path := array.concat(entry_path(layer, i), [key])
	common.unsure(path)
}

pass contains tljh.finding(rules_path[layer], "Only the web ports are open to the world, and SSH is restricted.") if {
	guarded
	some layer in tight
}

pass contains tljh.finding(rules_path[layer], "Only the web ports and SSH are open to the world, and SSH takes keys only.") if {
	not guarded
	tolerated
	some layer in tight
}

advice contains tljh.finding(rules_path[layer], message) if {
	input.https.certificate == "letsencrypt"
	some layer in tight
	count({i | some i in reaching[layer]; covers(entry[layer][i], 443)}) == 0
	message := "Port 443 is not open to the world, so Let's Encrypt cannot check the hub's name and gives no certificate."
}
