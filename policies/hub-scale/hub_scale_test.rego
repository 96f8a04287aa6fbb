package tljh.rules["hub-scale_test"]

import data.tljh.rules["hub-scale"] as rule
import data.tljh.testing

active := ["hub", "expected_users", "active"]

total := ["hub", "expected_users", "total"]

test_nothing_stated_is_unknown if {
	testing.says(rule.unknown, active, ["not stated. Write", "expected_users"]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_unknown_number if {
	testing.says(rule.unknown, active, ["(two files disagree)"]) with input as testing.hide(testing.fresh, active, "two files disagree")
}

test_many_fail if {
	testing.says(rule.fail, active, ["101 people", "Kubernetes"]) with input as testing.set(testing.fresh, active, 101)
	count(rule.pass | rule.unknown) == 0 with input as testing.set(testing.fresh, active, 101)
}

test_few_pass if {
	testing.says(rule.pass, active, ["30 people"]) with input as testing.set(testing.fresh, active, 30)
	count(rule.advice) == 0 with input as testing.set(testing.fresh, active, 30)
}

test_nearly_too_many if {
	testing.says(rule.advice, active, ["90 people", "limit of 100"]) with input as testing.set(testing.fresh, active, 90)
	count(rule.pass) == 1 with input as testing.set(testing.fresh, active, 90)
}

test_small_total_passes if {
	testing.says(rule.pass, total, ["80 people", "all at once"]) with input as testing.set(testing.fresh, total, 80)
	count(rule.unknown) == 0 with input as testing.set(testing.fresh, total, 80)
}

test_large_total_is_unknown if {
	testing.says(rule.unknown, active, ["not stated"]) with input as testing.set(testing.fresh, total, 300)
}

test_limit_is_a_parameter if {
	document := testing.set(testing.fresh, active, 60)
	count(rule.fail) == 1 with input as document with data.tljh.params as {"hub-scale": {"max_active": 50}}
}
