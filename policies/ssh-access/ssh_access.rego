# METADATA
# title: Administrators get in by SSH key, not by password
# description: >-
#   When the hub does not start, SSH is the way back in. A key proves who somebody is and cannot be guessed. Passwords can:
#   machines on the internet get thousands of tries a day, and hub users' weak ones count too. Default severity: warning.
# custom:
#   severity: warning
#   remediation: |
#     Put an administrator's public key on the machine where it is declared (key_name on AWS, ssh-keys metadata on Google,
#     admin_ssh_key on Azure, ssh_keys on DigitalOcean and Hetzner), or in its cloud-init:
#         ssh_authorized_keys:
#           - ssh-ed25519 AAAA… YOU@YOUR-MACHINE
#         ssh_pwauth: false
#     and switch passwords off: PasswordAuthentication no in /etc/ssh/sshd_config.d/10-keys.conf
package tljh.rules["ssh-access"]

import data.tljh
import data.tljh.common

keys := tljh.hub_path(["ssh", "keys"])

passwords := tljh.hub_path(["ssh", "password_auth"])

alternative := tljh.hub_path(["ssh", "alternative"])

by_key if common.number(keys) > 0

names := {"oslogin": "Google's OS Login", "ssm": "AWS Systems Manager", "bastion": "a bastion service"}

# by_other is another way in that asks for more than a password.
by_other := names[tljh.value(alternative)] if common.sure(alternative)

way_in if by_key

way_in if by_other

# shut: that there is neither a key nor another way is known.
shut if {
	common.owned
	not way_in
	not common.unsure(keys)
	not common.unsure(alternative)
}

fail contains tljh.finding(passwords, message) if {
	common.is(passwords, true)
	message := concat(" ", [
		"SSH lets people in with a password, and passwords get guessed: whoever gets in reaches everybody's work.",
		"Write PasswordAuthentication no to /etc/ssh/sshd_config.d/10-keys.conf, or ssh_pwauth: false in cloud-init.",
	])
}

fail contains tljh.finding(keys, message) if {
	shut
	message := concat(" ", [
		"Nobody's SSH key is put on the machine, so when the hub does not start, nobody gets in to repair it.",
		"Add an administrator's public key where the machine is declared.",
	])
}

unknown contains tljh.finding(keys, message) if {
	not way_in
	not shut
	message := sprintf(
		"Whether an administrator can get in by SSH key cannot be told: %s.",
		[common.untold(["ssh", "keys"])],
	)
}

unknown contains tljh.finding(passwords, message) if {
	way_in
	common.unsure(passwords)
	message := sprintf(
		"Administrators get in by key, but whether passwords work too cannot be told: %s.",
		[common.reason(passwords)],
	)
}

pass contains tljh.finding(keys, "Administrators get in by SSH key.") if by_key

pass contains tljh.finding(alternative, sprintf("Administrators get in through %s.", [by_other])) if by_other

pass contains tljh.finding(passwords, "SSH takes no passwords.") if {
	way_in
	tljh.state(passwords) == "set"
	common.is(passwords, false)
}

advice contains tljh.finding(passwords, message) if {
	way_in
	tljh.unset(passwords)
	message := concat(" ", [
		"Nothing in the repository switches password logins off; the images of most providers do.",
		"To be sure, write PasswordAuthentication no to /etc/ssh/sshd_config.d/10-keys.conf.",
	])
}
