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

# Which firewall lets what in stands in layers.rego.

passwords := tljh.hub_path(["ssh", "password_auth"])

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

ports(rule) := "All ports are" if not is_number(object.get(rule, "from", null))

else := sprintf("Port %v is", [rule.from]) if rule.from == object.get(rule, "to", rule.from)

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

wide["host"] := "Firewall rules are set, but the firewall is never switched on. Add: sudo ufw --force enable" if {
	is(switch_path.host, false)
}

wide["host"] := "The machine's firewall lets in what no rule names. Add: sudo ufw default deny incoming" if {
	not is(switch_path.host, false)
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
	tljh.unknown(path)
}

# SSH that the world reaches is tolerated where only keys get in, unless settings say otherwise.
ssh_from_world := tljh.param("firewall", "ssh_from_world", "keys-only")

guarded if count(guarding) > 0

tolerated if ssh_from_world == "always"

tolerated if {
	ssh_from_world == "keys-only"
	is(passwords, false)
}

# ssh_reached: that the world reaches SSH is known.
ssh_reached if {
	count(unclear) == 0
	every layer in closed {
		count(object.get(ssh_open, layer, set())) > 0
	}
}

refused := concat(" ", [
	"SSH is open to the whole internet and takes passwords, which get guessed.",
	"Let in your own network only, and switch passwords off: PasswordAuthentication no.",
]) if {
	ssh_from_world == "keys-only"
	is(passwords, true)
}

else := "SSH is open to the whole internet. Let in your own network only." if {
	ssh_from_world == "never"
}

fail contains tljh.finding(entry_path(layer, i), refused) if {
	count(tight) > 0
	not guarded
	ssh_reached
	some layer in tight
	i := min(ssh_open[layer])
}

unknown contains tljh.finding(passwords, message) if {
	count(tight) > 0
	not guarded
	not tolerated
	ssh_reached
	not refused
	message := sprintf(
		"SSH is open to the whole internet, and whether it takes passwords cannot be told: %s. Let in your own network only, %s",
		[common.untold(["ssh", "password_auth"]), "or write PasswordAuthentication no to /etc/ssh/sshd_config.d/10-keys.conf."],
	)
}

unknown contains tljh.finding(rules_path[layer], message) if {
	not guarded
	not tolerated
	not ssh_reached
	some layer in tight
	message := sprintf("From where SSH can be reached cannot be told: %s.", [ssh_gap])
}

ssh_gap := sprintf("of a rule, %s", [common.reason(path)]) if {
	path := min(unsure_paths(ssh_doubts))
} else := common.untold(["ingress"])

pass contains tljh.finding(rules_path[layer], "Only the web ports are open to the world, and SSH is restricted.") if {
	guarded
	some layer in tight
}

pass contains tljh.finding(rules_path[layer], "Only the web ports and SSH are open to the world, and SSH takes keys only.") if {
	not guarded
	tolerated
	some layer in tight
}

advice contains tljh.finding(entry_path(layer, i), message) if {
	not guarded
	tolerated
	some layer in tight
	i := min(ssh_open[layer])
	message := "SSH is open to the whole internet. It takes keys only, but letting in just your own network is safer."
}

advice contains tljh.finding(rules_path[layer], message) if {
	input.https.certificate == "letsencrypt"
	some layer in tight
	count({i | some i in reaching[layer]; covers(entry[layer][i], 443)}) == 0
	message := "Port 443 is not open to the world, so Let's Encrypt cannot check the hub's name and gives no certificate."
}
