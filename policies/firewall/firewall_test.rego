package tljh.rules.firewall_test

import data.tljh.rules.firewall as rule
import data.tljh.testing

ingress := testing.hub(["ingress"])

host := testing.hub(["host_firewall"])

passwords := testing.hub(["ssh", "password_auth"])

open(port) := {"proto": "tcp", "from": port, "to": port, "cidrs": ["0.0.0.0/0"], "scope": "world", "action": "allow"}

restricted := {"proto": "tcp", "from": 22, "to": 22, "cidrs": ["192.0.2.0/24"], "scope": "restricted", "action": "allow"}

ping := {"proto": "icmp", "from": null, "to": null, "cidrs": ["0.0.0.0/0"], "scope": "world", "action": "allow"}

# cloud is the hub behind a provider's firewall with rules.
cloud(rules) := testing.set(testing.put(testing.declared, passwords, null, "unset"), ingress, rules)

web := [open(80), open(443), ping]

# ufw is document with a firewall on the machine.
ufw(document, enabled, rules) := testing.set(
	document, host,
	{"tool": "ufw", "enabled": enabled, "default_incoming": "deny", "rules": rules},
)

allow(port) := {"action": "allow", "proto": "tcp", "from": port, "to": port, "cidrs": []}

keys_only(document) := testing.set(testing.set(document, testing.hub(["ssh"]), {}), passwords, false)

with_passwords(document) := testing.set(testing.set(document, testing.hub(["ssh"]), {}), passwords, true)

wide_open := testing.set(testing.declared, testing.hub(["ingress_default"]), "allow")

test_tight_firewall_passes if {
	document := cloud(array.concat(web, [restricted]))
	testing.says(rule.pass, ingress, ["SSH is restricted"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
	count(rule.advice) == 0 with input as document
}

test_hole_fails if {
	document := cloud(array.concat(web, [open(8888)]))
	testing.says(rule.fail, array.concat(ingress, [3]), ["Port 8888 is open", "Leave only 80 and 443"]) with input as document
	count(rule.pass | rule.unknown) == 0 with input as document
}

test_range_fails if {
	document := cloud([object.union(open(80), {"to": 443})])
	testing.says(rule.fail, array.concat(ingress, [0]), ["Ports 80 to 443 are"]) with input as document
}

test_range_without_end_fails if {
	document := cloud([object.union(open(8000), {"to": null})])
	testing.says(rule.fail, array.concat(ingress, [0]), ["Ports from 8000 on are"]) with input as document
}

test_all_ports_by_number_fail if {
	document := cloud([object.union(open(0), {"to": 65535})])
	testing.says(rule.fail, array.concat(ingress, [0]), ["All ports are"]) with input as document
}

test_everything_fails if {
	everything := {"proto": "any", "from": null, "to": null, "scope": "world", "action": "allow"}
	testing.says(rule.fail, array.concat(ingress, [0]), ["All ports are"]) with input as cloud([everything])
}

test_allowed_ports_are_a_parameter if {
	document := cloud(array.concat(web, [open(8888)]))
	params := {"firewall": {"allowed_ports": [80, 443, 8888]}}
	count(rule.pass) == 1 with input as document with data.tljh.params as params
	count(rule.fail) == 0 with input as document with data.tljh.params as params
}

test_earlier_denial_closes_a_hole if {
	document := cloud(array.concat([object.union(open(8000), {"action": "deny", "to": 9000})], array.concat(web, [open(8888)])))
	count(rule.pass) == 1 with input as document
	count(rule.fail) == 0 with input as document
}

test_earlier_denial_of_everything if {
	document := cloud([{"proto": "any", "from": null, "to": null, "scope": "world", "action": "deny"}, open(8888)])
	count(rule.fail) == 0 with input as document
}

test_no_firewall_fails if {
	words := ["No firewall protects", "Declare one"]
	testing.says(rule.fail, testing.hub(["ingress_default"]), words) with input as wide_open
	count(rule.pass | rule.unknown) == 0 with input as wide_open
}

test_default_of_partly_read_infrastructure_is_unknown if {
	partly := testing.set(testing.set(wide_open, ["infra", "complete"], false), ["infra", "incomplete"], ["module.x"])
	document := testing.put(partly, testing.hub(["ingress_default"]), "allow", "default")
	testing.says(rule.unknown, ingress, ["(module.x)"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_written_default_of_partly_read_infrastructure_fails if {
	partly := testing.set(testing.set(wide_open, ["infra", "complete"], false), ["infra", "incomplete"], ["module.x"])
	count(rule.fail) == 1 with input as partly
	count(rule.unknown) == 0 with input as partly
}

test_machine_firewall_nobody_can_tell if {
	document := testing.hide(wide_open, host, "a role that is not here")
	count(rule.unknown) == 1 with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_undeclared_machine_is_unknown if {
	testing.says(rule.unknown, ingress, [testing.not_here]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_unknown_rules_are_unknown if {
	document := testing.hide(testing.declared, ingress, "the group sg-1 is declared elsewhere")
	testing.says(rule.unknown, ingress, ["sg-1"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_unknown_port_is_unknown if {
	document := testing.hide(cloud(array.concat(web, [open(1)])), array.concat(ingress, [3, "from"]), "variable \"port\"")
	testing.says(rule.unknown, ingress, ["of a rule, variable \"port\""]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_hole_beside_an_unknown_rule_fails if {
	rules := array.concat(web, [open(8888), open(1)])
	document := testing.hide(cloud(rules), array.concat(ingress, [4, "from"]), "variable \"port\"")
	testing.says(rule.fail, array.concat(ingress, [3]), ["8888"]) with input as document
}

ssh_rule := array.concat(ingress, [3])

ssh_world := cloud(array.concat(web, [open(22)]))

test_ssh_by_key_passes_with_advice if {
	testing.says(rule.pass, ingress, ["keys only"]) with input as keys_only(ssh_world)
	testing.says(rule.advice, ssh_rule, ["your own network"]) with input as keys_only(ssh_world)
	count(rule.fail | rule.unknown) == 0 with input as keys_only(ssh_world)
}

test_ssh_by_password_fails if {
	testing.says(rule.fail, ssh_rule, ["takes passwords", "PasswordAuthentication no"]) with input as with_passwords(ssh_world)
	count(rule.pass | rule.unknown) == 0 with input as with_passwords(ssh_world)
}

test_ssh_by_who_knows_what_is_unknown if {
	testing.says(rule.unknown, passwords, ["open to the whole internet", "nothing in the repository"]) with input as ssh_world
	count(rule.pass | rule.fail) == 0 with input as ssh_world
}

test_ssh_never if {
	params := {"firewall": {"ssh_from_world": "never"}}
	testing.says(rule.fail, ssh_rule, ["SSH is open"]) with input as keys_only(ssh_world) with data.tljh.params as params
	count(rule.pass) == 0 with input as keys_only(ssh_world) with data.tljh.params as params
}

test_ssh_always if {
	params := {"firewall": {"ssh_from_world": "always"}}
	count(rule.pass) == 1 with input as ssh_world with data.tljh.params as params
	count(rule.fail | rule.unknown) == 0 with input as ssh_world with data.tljh.params as params
}

hidden_source := testing.hide(cloud(array.concat(web, [open(22)])), array.concat(ssh_rule, ["scope"]), "variable \"admin_cidr\"")

test_ssh_from_somewhere_is_unknown if {
	testing.says(rule.unknown, ingress, ["From where SSH", "variable \"admin_cidr\""]) with input as hidden_source
	count(rule.pass | rule.fail) == 0 with input as hidden_source
}

test_ssh_from_somewhere_by_key_passes if {
	count(rule.pass) == 1 with input as keys_only(hidden_source)
	count(rule.unknown) == 0 with input as keys_only(hidden_source)
}

test_ports_of_any_protocol_pass if {
	document := keys_only(ufw(testing.fresh, true, [object.union(allow(port), {"proto": "any"}) | some port in [80, 443, 22]]))
	count(rule.pass) == 1 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

ssh_limited := object.union(allow(22), {"action": "limit"})

test_machine_firewall_passes if {
	document := keys_only(ufw(testing.fresh, true, [allow(80), allow(443), ssh_limited]))
	testing.says(rule.pass, array.concat(host, ["rules"]), ["keys only"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_machine_firewall_without_ssh_passes if {
	sources := object.union(allow(22), {"cidrs": ["192.0.2.0/24"]})
	testing.says(rule.pass, array.concat(host, ["rules"]), ["restricted"]) with input as ufw(testing.fresh, true, [allow(80), sources])
}

test_machine_firewall_from_anywhere if {
	rules := [object.union(allow(8888), {"cidrs": ["0.0.0.0/0"]}), object.union(allow(9999), {"cidrs": ["any"]})]
	count(rule.fail) == 2 with input as ufw(testing.fresh, true, rules)
}

test_machine_firewall_in_an_open_cloud_passes if {
	document := ufw(wide_open, true, [allow(80)])
	testing.says(rule.pass, array.concat(host, ["rules"]), ["restricted"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_machine_firewall_never_switched_on_fails if {
	document := ufw(testing.fresh, false, [allow(80)])
	testing.says(rule.fail, array.concat(host, ["enabled"]), ["never switched on", "ufw --force enable"]) with input as document
	count(rule.pass | rule.unknown) == 0 with input as document
}

test_machine_firewall_that_allows_fails if {
	document := testing.set(ufw(testing.fresh, true, []), array.concat(host, ["default_incoming"]), "allow")
	testing.says(rule.fail, array.concat(host, ["enabled"]), ["default deny incoming"]) with input as document
}

test_machine_firewall_nobody_knows_to_be_on if {
	document := testing.hide(ufw(testing.fresh, true, [allow(80)]), array.concat(host, ["enabled"]), "inside an if")
	count(rule.unknown) == 1 with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_ssh_perhaps_shut_by_the_cloud_is_unknown if {
	hidden := testing.hide(testing.declared, ingress, "the group sg-1 is declared elsewhere")
	document := with_passwords(ufw(hidden, true, [allow(80), allow(22)]))
	testing.says(rule.unknown, array.concat(host, ["rules"]), ["From where SSH", "sg-1"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_certificate_authority_shut_out if {
	document := testing.set(cloud([open(80)]), ["https", "certificate"], "letsencrypt")
	testing.says(rule.advice, ingress, ["443"]) with input as document
}

test_rules_of_which_nothing_is_known if {
	document := testing.hide(cloud([open(80), open(443), null]), array.concat(ingress, [2]), "a rule set that is declared elsewhere")
	testing.says(rule.unknown, ingress, ["a rule set that is declared elsewhere"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_machine_firewall_that_is_not_wholly_known if {
	document := testing.perhaps(ufw(testing.fresh, true, [allow(80)]), host, "a rule of ufw is deleted again")
	testing.says(rule.unknown, ingress, ["cannot be told"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_denial_that_may_not_be_there if {
	denial := object.union(open(8000), {"action": "deny", "to": 9000})
	document := testing.perhaps(cloud([denial, open(8888)]), array.concat(ingress, [0]), "inside an if")
	count(rule.unknown) == 1 with input as testing.set(document, ["hub", "name"], "x")
	count(rule.pass) == 0 with input as document
}

refused_all := {"proto": "any", "from": 0, "to": 65535, "cidrs": ["0.0.0.0/0"], "scope": "world", "action": "deny"}

# Only what surely turns everybody away closes what a later rule opens.
test_denials_that_leave_somebody_out[name] if {
	some name, denial in {
		"some": object.union(refused_all, {"scope": "broad", "cidrs": ["AzureCloud"]}),
		"addresses of version 6": object.union(refused_all, {"cidrs": ["::/0"]}),
		"another port": object.union(refused_all, {"from": 22, "to": 22}),
	}
	testing.says(rule.fail, array.concat(ingress, [1]), ["8888"]) with input as cloud([denial, open(8888)])
	count(rule.pass) == 0 with input as cloud([denial, open(8888)])
}

test_denial_that_perhaps_comes_first if {
	document := testing.hide(cloud([refused_all, open(8888)]), array.concat(ingress, [0, "scope"]), "its priority is not known")
	testing.says(rule.unknown, ingress, ["its priority is not known"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

# A denial that nobody can tell restricts only what it may be about.
test_denial_of_nothing_that_is_open if {
	document := testing.hide(cloud(array.concat([refused_all], web)), array.concat(ingress, [0, "scope"]), "to some addresses")
	testing.says(rule.pass, ingress, ["SSH is restricted"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_unsure_denial_of_another_port if {
	denial := object.union(refused_all, {"from": 22, "to": 22})
	document := testing.hide(cloud([denial, open(8888)]), array.concat(ingress, [0, "scope"]), "variable \"x\"")
	testing.says(rule.fail, array.concat(ingress, [1]), ["8888"]) with input as document
	count(rule.pass) == 0 with input as document
}

# On the machine's own firewall sources are only listed: none, any, or a range that holds everybody.
test_machine_firewall_refuses_first[name] if {
	some name, cidrs in {"none": [], "any": ["any"], "a range": ["0.0.0.0/0"]}
	denial := {"action": "deny", "proto": "any", "from": 0, "to": 65535, "cidrs": cidrs}
	document := keys_only(ufw(testing.fresh, true, [denial, object.union(allow(8888), {"cidrs": ["0.0.0.0/0"]})]))
	count(rule.pass) == 1 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_ssh_perhaps_refused_first if {
	document := with_passwords(cloud([object.union(refused_all, {"from": 22, "to": 22}), open(80), open(22)]))
	hidden := testing.hide(document, array.concat(ingress, [0, "scope"]), "its priority is not known")
	testing.says(rule.unknown, ingress, ["From where SSH"]) with input as hidden
	count(rule.pass | rule.fail) == 0 with input as hidden
}
