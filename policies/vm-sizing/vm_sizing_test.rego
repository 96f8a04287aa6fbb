package tljh.rules["vm-sizing_test"]

import data.tljh.rules["vm-sizing"] as rule
import data.tljh.testing

type := testing.hub(["machine", "type"])

# of is a hub for active people, each limited to mib of memory, on a machine with memory.
of(active, mib, memory) := testing.set(
	testing.put(
		testing.set(testing.declared, ["hub", "expected_users", "active"], active),
		["limits", "memory_bytes"], mib * 1048576, "derived",
	),
	testing.hub(["machine", "memory_mib"]), memory,
)

# sized is a hub on a machine with memory, whose number of people nobody states.
sized(memory) := testing.set(testing.declared, testing.hub(["machine", "memory_mib"]), memory)

test_formula_passes if {
	document := of(15, 512, 8192) # 15 × 512 + 128 = 7808 MiB
	testing.says(rule.pass, type, ["8 GiB", "15 people", "7.6 GiB"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
	count(rule.advice) == 0 with input as document
}

test_formula_tolerates_5_percent if {
	count(rule.pass) == 1 with input as of(16, 512, 7923) # 8320 × 0.95 = 7904
	count(rule.fail) == 0 with input as of(16, 512, 7923)
}

test_too_little_memory_fails if {
	document := of(30, 1024, 8192)
	testing.says(rule.fail, type, ["8 GiB of memory is too little", "30 people", "30.1 GiB"]) with input as document
	count(rule.pass) == 0 with input as document
}

test_two_gib_can_be_enough_for_few if {
	testing.says(rule.pass, type, ["2 GiB", "3 people"]) with input as of(3, 512, 2048)
	count(rule.fail) == 0 with input as of(3, 512, 2048)
}

test_too_much_memory_fails if {
	document := of(10, 512, 65536)
	testing.says(rule.fail, type, ["64 GiB", "far more than the 5.1 GiB"]) with input as document
}

test_ratio_is_a_parameter if {
	params := {"vm-sizing": {"max_ratio": 20}}
	count(rule.fail) == 0 with input as of(10, 512, 65536) with data.tljh.params as params
}

test_total_alone_counts_at_60_percent if {
	document := testing.set(of(0, 512, 8192), ["hub", "expected_users"], {"active": null, "total": 40})
	with_total := testing.put(document, ["hub", "expected_users", "active"], null, "unset")
	testing.says(rule.fail, type, ["24 people"]) with input as testing.set(with_total, testing.hub(["boot_disk", "size_gib"]), 50)
}

test_too_few_cores_fail if {
	document := testing.put(of(15, 512, 8192), ["limits", "cpu"], 0.5, "derived")
	testing.says(rule.fail, type, ["2 CPU cores", "15 people", "need 8"]) with input as document
}

test_unknown_cores if {
	document := testing.put(of(15, 512, 8192), ["limits", "cpu"], 0.5, "derived")
	hidden := testing.hide(document, testing.hub(["machine", "vcpu"]), "flavour not known")
	testing.says(rule.unknown, type, ["CPU cores", "flavour not known"]) with input as hidden
}

test_small_disk_fails if {
	document := testing.set(of(15, 512, 8192), ["hub", "expected_users", "total"], 100)
	testing.says(rule.fail, testing.hub(["boot_disk", "size_gib"]), ["30 GiB", "100 people", "102 GiB"]) with input as document
}

test_disk_is_that_of_the_homes if {
	document := testing.set(of(15, 512, 8192), ["hub", "expected_users", "total"], 100)
	volume := {"id": "v", "attached_to": "aws_instance.hub", "mount": "/home", "size_gib": 50}
	with_volume := testing.set(document, ["infra", "volumes"], [volume])
	testing.says(rule.fail, ["infra", "volumes", 0, "size_gib"], ["50 GiB"]) with input as with_volume
}

test_unknown_disk if {
	document := testing.set(of(15, 512, 8192), ["hub", "expected_users", "total"], 100)
	hidden := testing.hide(document, testing.hub(["boot_disk", "size_gib"]), "the image's")
	testing.says(rule.unknown, testing.hub(["boot_disk", "size_gib"]), ["100 people", "size_gib"]) with input as hidden
}

test_no_limit_is_unknown if {
	document := testing.set(testing.declared, ["hub", "expected_users", "active"], 10)
	testing.says(rule.unknown, ["limits", "memory_bytes"], ["10 people", "limits.memory"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_without_people_4_gib_pass if {
	testing.says(rule.pass, type, ["4 GiB", "small hub"]) with input as sized(4096)
	testing.says(rule.advice, type, ["expected_users"]) with input as sized(4096)
	count(rule.fail | rule.unknown) == 0 with input as sized(4096)
}

test_without_people_2_gib_fail if {
	testing.says(rule.fail, type, ["2 GiB", "too little for a hub", "4 GiB or more"]) with input as sized(2048)
	count(rule.pass | rule.unknown) == 0 with input as sized(2048)
}

test_without_people_3_gib_are_unknown if {
	testing.says(rule.unknown, type, ["3 GiB", "expected_users"]) with input as sized(3072)
	count(rule.pass | rule.fail) == 0 with input as sized(3072)
}

test_undeclared_machine_is_unknown if {
	words := ["cannot be told", testing.not_here, "memory_mib"]
	testing.says(rule.unknown, testing.hub(["machine", "memory_mib"]), words) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_unknown_type if {
	document := testing.hide(testing.declared, testing.hub(["machine", "memory_mib"]), "type x9.huge is not in the catalogue")
	testing.says(rule.unknown, type, ["x9.huge"]) with input as document
}

test_spot_machine if {
	document := testing.set(of(15, 512, 8192), testing.hub(["machine", "spot"]), true)
	testing.says(rule.advice, testing.hub(["machine", "spot"]), ["spot"]) with input as document
}

test_hidden_terms_are_unknown[term] if {
	some term in [["hub", "expected_users", "active"], ["hub", "expected_users", "total"], ["limits", "cpu"]]
	document := testing.hide(of(15, 512, 8192), term, "the attestation of ann ended")
	some finding in rule.unknown with input as document
	finding.path == term
	contains(finding.message, "the attestation of ann ended")
	count(rule.fail) == 0 with input as document
}
