package tljh_test

import data.tljh

document := {
	"config": {"https": {"enabled": true, "letsencrypt": {"email": null}}, "a/b": {"c~d": 1}},
	"infra": {"instances": [{"id": "hub", "type": null}]},
	"hub": {"name": "hub", "dir": null},
	"facts": {
		"/config/https": {"state": "set"},
		"/config/https/enabled": {"state": "derived", "why": "a certificate is given"},
		"/config/a~1b/c~0d": {"state": "default", "why": "TLJH's default"},
		"/infra/instances/0": {"state": "unknown", "why": "no infrastructure"},
		"/infra/instances/0/id": {"state": "set"},
	},
}

states := {
	["config", "https", "enabled"]: "derived", # its own fact
	["config", "https", "letsencrypt", "email"]: "set", # its container's
	["config", "https", "tls", "key"]: "unset", # not there, though its container is
	["config", "a/b", "c~d"]: "default", # escapes
	["infra", "instances", 0, "id"]: "set",
	["infra", "instances", 0, "type"]: "unknown",
	["infra", "instances", 0, "zone"]: "unknown", # not there, and its container is unknown
	["hub", "name"]: "set", # no fact covers it
	["hub", "dir"]: "unset",
	["hub", "sources"]: "unset",
	[]: "set",
}

test_state[path] if {
	some path, state in states
	tljh.state(path) == state with input as document
}

test_known[path] if {
	some path, state in states
	known := {p | some p; p = path; tljh.known(p)} with input as document
	known == {p | p = path; state in {"set", "default", "derived"}}
}

test_unknown if tljh.unknown(["infra", "instances", 0, "type"]) with input as document

test_unset if tljh.unset(["hub", "sources"]) with input as document

test_without_input if tljh.unset(["hub"])

test_why if tljh.why(["config", "https", "enabled"]) == "a certificate is given" with input as document

test_why_of_container if tljh.why(["infra", "instances", 0, "type"]) == "no infrastructure" with input as document

test_why_none if tljh.why(["hub", "name"]) == "" with input as document

test_value if tljh.value(["infra", "instances", 0, "id"]) == "hub" with input as document

test_value_null if tljh.value(["infra", "instances", 0, "type"]) == null with input as document

test_value_false if tljh.value(["a"]) == false with input as {"a": false}

test_value_missing if not tljh.value(["hub", "sources"]) with input as document
