package tljh.rules["auto-upgrades_test"]

import data.tljh.rules["auto-upgrades"] as rule
import data.tljh.testing

list := testing.hub(["patching"])

first := array.concat(list, [0])

patched(document, kinds) := testing.set(document, list, [{"kind": kind, "target": "apt"} | some kind in kinds])

test_silence_is_unknown if {
	testing.says(rule.unknown, list, ["nothing in the repository says so", "unattended-upgrades"]) with input as testing.declared
	testing.says(rule.unknown, list, ["nothing in the repository says so"]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.declared
}

test_unattended_passes[kind] if {
	some kind in ["unattended", "provider"]
	testing.says(rule.pass, first, ["install themselves"]) with input as patched(testing.fresh, [kind])
	count(rule.fail | rule.unknown) == 0 with input as patched(testing.fresh, [kind])
}

test_removed_fails if {
	document := patched(testing.fresh, ["removed"])
	testing.says(rule.fail, first, ["switched off here", "Remove this line"]) with input as document
	count(rule.pass | rule.unknown) == 0 with input as document
}

test_first_start_is_unknown if {
	document := patched(testing.declared, ["first_boot_only"])
	testing.says(rule.unknown, list, ["once, at its first start"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_image_is_unknown_unless_trusted if {
	document := patched(testing.declared, ["image_default"])
	count(rule.unknown) == 1 with input as document
	params := {"auto-upgrades": {"trust_image": true}}
	testing.says(rule.pass, first, ["install themselves"]) with input as document with data.tljh.params as params
	count(rule.unknown) == 0 with input as document with data.tljh.params as params
}

test_unknown_kind if {
	document := testing.hide(patched(testing.declared, ["unattended"]), array.concat(first, ["kind"]), "inside an if")
	testing.says(rule.unknown, list, ["inside an if"]) with input as document
	count(rule.pass) == 0 with input as document
}

test_what_may_switch_them_off_again if {
	second := array.concat(list, [1, "kind"])
	document := testing.hide(patched(testing.declared, ["unattended", "removed"]), second, "a playbook may see to it")
	testing.says(rule.unknown, second, ["whether that stays so", "a playbook"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_rare_updates if {
	document := testing.set(testing.declared, list, [{"kind": "provider", "every_hours": 720}])
	testing.says(rule.advice, array.concat(first, ["every_hours"]), ["720 hours"]) with input as document
	count(rule.pass) == 1 with input as document
}

test_updates_that_may_not_be_there_are_unknown if {
	document := testing.perhaps(patched(testing.fresh, ["unattended"]), first, "inside an if")
	testing.says(rule.unknown, list, ["inside an if"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}
