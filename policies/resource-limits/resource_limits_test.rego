package tljh.rules["resource-limits_test"]

import data.tljh.rules["resource-limits"] as rule
import data.tljh.testing

setting := ["config", "limits", "memory"]

limit := ["limits", "memory_bytes"]

# limited is document with limits.memory and what it comes to, in MiB.
limited(document, text, mib) := testing.set(testing.put(document, limit, mib * 1048576, "derived"), setting, text)

test_default_fails_with_a_fix if {
	testing.says(rule.fail, setting, ["TLJH's default is no limit", "limits.memory 1G"]) with input as testing.fresh
	some finding in rule.fail with input as testing.fresh
	finding.fix == {"op": "set", "path": setting, "value": "1G"}
	count(rule.pass | rule.unknown) == 0 with input as testing.fresh
}

test_fix_shares_the_machine if {
	document := testing.set(testing.declared, ["hub", "expected_users", "active"], 10)
	testing.says(rule.fail, setting, ["limits.memory 806M"]) with input as document
}

test_written_null_fails if {
	fragment := testing.set(testing.fresh, ["hub", "installs"], false)
	document := testing.put(testing.set(fragment, setting, null), limit, null, "derived")
	testing.says(rule.fail, setting, ["Nothing limits the memory one person may use:"]) with input as document
	count(rule.unknown) == 0 with input as document
}

test_snippet_that_lifts_the_limit_fails if {
	document := testing.elsewhere(testing.set(testing.fresh, ["hub", "installs"], false), limit)
	testing.says(rule.fail, limit, ["Nothing limits"]) with input as document
	some finding in rule.fail with input as document
	not finding.fix
}

test_fragment_is_unknown if {
	document := testing.set(testing.fresh, ["hub", "installs"], false)
	testing.says(rule.unknown, setting, ["only a part"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_unknown_value if {
	document := testing.hide(testing.fresh, limit, "$MEM has no value")
	testing.says(rule.unknown, setting, ["$MEM has no value", "Commit"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_limit_passes if {
	document := limited(testing.fresh, "1.5G", 1536)
	testing.says(rule.pass, setting, ["1.5 GiB"]) with input as document
	testing.says(rule.advice, ["config", "limits", "cpu"], ["limits.cpu 2"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_limit_of_a_fragment_passes if {
	document := testing.set(limited(testing.fresh, "1G", 1024), ["hub", "installs"], false)
	testing.says(rule.pass, setting, ["1 GiB"]) with input as document
	count(rule.unknown) == 0 with input as document
}

test_cpu_limit_needs_no_advice if {
	count(rule.advice) == 0 with input as testing.set(limited(testing.fresh, "1G", 1024), ["limits", "cpu"], 2)
}

test_snippet_passes if {
	document := testing.elsewhere(testing.put(testing.fresh, limit, 2147483648, "derived"), limit)
	testing.says(rule.pass, limit, ["2 GiB"]) with input as document
}

test_refused_value_fails if {
	document := testing.set(
		testing.set(testing.fresh, setting, "2GB"), ["stages", "spawn"],
		{"status": "error", "why": "limits.memory is \"2GB\", and the unit must be K, M, G or T"},
	)
	testing.says(rule.fail, ["stages", "spawn"], ["Nobody's server", "\"2GB\""]) with input as document
}

test_tiny_limit_fails if {
	testing.says(rule.fail, setting, ["64 MiB", "128 MiB"]) with input as limited(testing.fresh, "64M", 64)
}

test_limit_above_the_machine_fails if {
	document := limited(testing.declared, "16G", 16384)
	testing.says(rule.fail, setting, ["16 GiB", "whole machine has (8 GiB)"]) with input as document
	some finding in rule.fail with input as document
	finding.related == [["infra", "instances", 0, "machine", "memory_mib"]]
	finding.fix == {"op": "set", "path": setting, "value": "1G"}
}

test_no_spawner_of_tljh_fails if {
	document := testing.put(testing.fresh, limit, null, "unset")
	testing.says(rule.fail, setting, ["Nothing limits"]) with input as document
}

# refused is a hub whose limits.memory is value, with which no server starts.
refused(value) := testing.set(
	testing.set(testing.fresh, setting, value), ["stages", "spawn"],
	{"status": "error", "why": "limits.memory"},
)

corrected(value) := fix.value if {
	some finding in rule.fail with input as refused(value)
	fix := finding.fix
	fix.op == "set"
	fix.path == setting
}

test_value_corrected[value] if {
	some value, want in {
		"2GB": "2G", "2g": "2G", "512mb": "512M", "1.5 GiB": "1.5G", "2Gi": "2G", " 2T ": "2T",
		"536870912": "512M", "2048": "2K", "8589934592": "8G", "none": "1G", "": "1G", "0": "1G",
	}
	corrected(value) == want
}

test_value_not_guessed if {
	every value in ["80%", "1000", "0GB", "-1G", "2P", "much", "2G", 7, null, ["2G"]] { # 2G: something else is wrong
		not corrected(value)
	}
}

test_fix_on_a_small_machine[mib] if {
	some mib, want in {1024: "819M", 2048: "1G", 128: "1G"}
	path := testing.hub(["machine", "memory_mib"])
	document := testing.set(testing.declared, path, mib)
	testing.says(rule.fail, setting, [sprintf("limits.memory %s", [want])]) with input as document
}
