package tljh.rules["pinned-ip_test"]

import data.tljh.rules["pinned-ip"] as rule
import data.tljh.testing

addresses := testing.hub(["public_ips"])

first := testing.hub(["public_ips", 0])

at(kind) := testing.set(testing.declared, addresses, [{"ref": "x", "address": null, "kind": kind}])

partly(document) := testing.set(testing.set(document, ["infra", "complete"], false), ["infra", "incomplete"], ["module.x"])

test_passing_addresses_fail[kind] if {
	some kind, words in {"ephemeral": "stopped and started", "lifetime": "when the machine is replaced"}
	testing.says(rule.fail, first, [words, "Reserve an address"]) with input as at(kind)
	count(rule.pass | rule.unknown) == 0 with input as at(kind)
}

test_static_passes if {
	testing.says(rule.pass, first, ["reserved"]) with input as at("static")
	count(rule.fail | rule.unknown) == 0 with input as at("static")
	count(rule.not_applicable) == 0 with input as at("static")
}

test_static_beside_ephemeral_passes if {
	document := testing.set(testing.declared, addresses, [{"kind": "ephemeral"}, {"kind": "static"}])
	testing.says(rule.pass, testing.hub(["public_ips", 1]), ["reserved"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_load_balancer if {
	document := testing.set(testing.declared, addresses, [{"kind": "ephemeral"}, {"kind": "lb"}])
	rule.not_applicable == {"people reach the hub through a load balancer, whose own address or name stays"} with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

private := {"the hub's machine has no public address of its own"}

test_private_machine if {
	rule.not_applicable == private with input as testing.declared
	rule.not_applicable == private with input as at("none")
	count(rule.fail | rule.unknown) == 0 with input as at("none")
}

test_default_address_of_partly_read_infrastructure if {
	document := testing.put(partly(at("ephemeral")), array.concat(first, ["kind"]), "ephemeral", "default")
	testing.says(rule.unknown, first, ["(module.x)"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_written_address_of_partly_read_infrastructure if {
	document := testing.put(partly(at("lifetime")), array.concat(first, ["kind"]), "lifetime", "set")
	testing.says(rule.fail, first, ["replaced"]) with input as document
}

test_no_address_in_partly_read_infrastructure if {
	testing.says(rule.unknown, addresses, ["(module.x)"]) with input as partly(testing.declared)
	count(rule.not_applicable) == 0 with input as partly(testing.declared)
}

test_undeclared_machine_is_unknown if {
	testing.says(rule.unknown, addresses, [testing.not_here]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_unknown_kind if {
	document := testing.hide(at("static"), array.concat(first, ["kind"]), "variable \"static\" has no value")
	testing.says(rule.unknown, addresses, ["variable \"static\""]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

# A name that points at a passing address fails too; the name of another machine does not.
test_name_of_passing_address if {
	names := [
		{"fqdn": "hub.example.org", "instance": "aws_instance.hub", "target_kind": "lifetime", "targets": ["x"]},
		{"fqdn": "other.example.org", "instance": "aws_instance.other", "target_kind": "lifetime", "targets": ["y"]},
	]
	document := testing.set(at("lifetime"), ["infra", "dns"], names)
	named := {finding | some finding in rule.fail; finding.path[1] == "dns"} with input as document
	testing.says(named, ["infra", "dns", 0, "targets"], ["points at the hub's address"])
	count(rule.fail) == 2 with input as document
	static := testing.set(at("static"), ["infra", "dns"], names)
	count(rule.fail) == 0 with input as static
}
