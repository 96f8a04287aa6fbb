package tljh.rules.monitoring_test

import data.tljh.rules.monitoring as rule
import data.tljh.testing

list := testing.hub(["monitoring"])

first := array.concat(list, [0])

watched(monitors) := testing.set(testing.declared, list, monitors)

disk := {"kind": "alert", "signal": "disk", "notify": true, "target": "x"}

test_nothing_fails if {
	testing.says(rule.fail, list, ["Nothing watches the hub", "somebody to notify"]) with input as testing.declared
	count(rule.pass | rule.unknown) == 0 with input as testing.declared
}

test_undeclared_machine_is_unknown if {
	testing.says(rule.unknown, list, [testing.not_here]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_alert_passes if {
	testing.says(rule.pass, first, ["Somebody is told"]) with input as watched([disk])
	count(rule.fail | rule.unknown) == 0 with input as watched([disk])
	count(rule.advice) == 0 with input as watched([disk])
}

test_uptime_check_passes_with_advice if {
	document := watched([{"kind": "uptime", "signal": null, "notify": true}])
	testing.says(rule.pass, first, ["Somebody is told"]) with input as document
	testing.says(rule.advice, list, ["disk"]) with input as document
}

test_alert_of_an_undeclared_machine_passes if {
	document := testing.set(testing.fresh, list, [disk])
	count(rule.pass) == 1 with input as document
	count(rule.unknown) == 0 with input as document
}

flaws := {
	"Figures are collected": {"kind": "agent", "signal": null, "notify": false},
	"noticed, but nobody": {"kind": "alert", "signal": "memory", "notify": false},
	"says nothing of a full disk": {"kind": "alert", "signal": "cpu", "notify": true},
}

test_not_enough_fails[words] if {
	some words, monitor in flaws
	testing.says(rule.fail, first, [words]) with input as watched([monitor])
	count(rule.pass | rule.unknown) == 0 with input as watched([monitor])
}

test_agent_of_an_undeclared_machine_is_unknown if {
	document := testing.set(testing.fresh, list, [flaws["Figures are collected"]])
	testing.says(rule.unknown, list, [testing.not_here]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_agent_is_enough_if_settings_say_so if {
	params := {"monitoring": {"require_alert": false}}
	document := watched([flaws["Figures are collected"]])
	testing.says(rule.pass, first, ["settings accept"]) with input as document with data.tljh.params as params
	count(rule.fail | rule.unknown) == 0 with input as document with data.tljh.params as params
}

test_unknown_receiver_is_unknown if {
	document := testing.hide(watched([disk]), array.concat(first, ["notify"]), "variable \"mail\" has no value")
	testing.says(rule.unknown, list, ["variable \"mail\" has no value"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_monitor_that_may_not_be_there_is_unknown if {
	document := testing.perhaps(watched([disk]), first, "inside an if")
	testing.says(rule.unknown, list, ["inside an if"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_how_often_is_shown if {
	document := watched([{"kind": "uptime", "signal": "http", "notify": true, "every_hours": 0.5}])
	path := array.concat(first, ["every_hours"])
	asked := {finding | some finding in rule.pass; finding.path == path} with input as document
	testing.says(asked, path, ["every 0.5 hours"])
}
