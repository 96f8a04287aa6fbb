package tljh.rules.firewall

import data.tljh
import data.tljh.common

passwords := tljh.hub_path(["ssh", "password_auth"])

# SSH that the world reaches is tolerated where only keys get in, unless settings say otherwise.
ssh_from_world := tljh.param("firewall", "ssh_from_world", "keys-only")

guarded if count(guarding) > 0

tolerated if ssh_from_world == "always"

tolerated if {
	ssh_from_world == "keys-only"
	common.is(passwords, false)
}

# ssh_reached: that the world reaches SSH is known.
ssh_reached if {
	count(unclear) == 0
	every layer in closed {
		some i in ssh_open[layer]
		count(perhaps_denied(layer, i)) == 0
	}
}

refused := concat(" ", [
	"SSH is open to the whole internet and takes passwords, which get guessed.",
	"Let in your own network only, and switch passwords off: PasswordAuthentication no.",
]) if {
	ssh_from_world == "keys-only"
	common.is(passwords, true)
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

advice contains tljh.finding(entry_path(layer, i), message) if {
	not guarded
	tolerated
	some layer in tight
	i := min(ssh_open[layer])
	message := "SSH is open to the whole internet. It takes keys only, but letting in just your own network is safer."
}
