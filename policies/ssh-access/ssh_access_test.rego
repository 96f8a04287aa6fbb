package tljh.rules["ssh-access_test"]

import data.tljh.rules["ssh-access"] as rule
import data.tljh.testing

keys := testing.hub(["ssh", "keys"])

passwords := testing.hub(["ssh", "password_auth"])

alternative := testing.hub(["ssh", "alternative"])

ssh(values) := json.patch(testing.set(testing.declared, testing.hub(["ssh"]), values), [
{"op": "add", "path": ["facts", sprintf("/infra/instances/0/ssh/%s", [key])], "value": {"state": "unset"}} |
	some key, null in values
])

# passes is what passes at a path.
passes(path) := {finding | some finding in rule.pass; finding.path == path}

test_key_passes if {
	document := ssh({"keys": 2, "password_auth": false, "alternative": "none"})
	testing.says(passes(keys), keys, ["by SSH key"]) with input as document
	testing.says(passes(passwords), passwords, ["no passwords"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
	count(rule.advice) == 0 with input as document
}

test_passwords_nobody_mentions if {
	document := ssh({"keys": 1, "password_auth": null, "alternative": null})
	testing.says(rule.advice, passwords, ["PasswordAuthentication no"]) with input as document
	count(rule.pass) == 1 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_passwords_fail if {
	document := ssh({"keys": 1, "password_auth": true, "alternative": null})
	testing.says(rule.fail, passwords, ["with a password", "PasswordAuthentication no"]) with input as document
}

test_unknown_passwords if {
	document := testing.hide(ssh({"keys": 1, "password_auth": null, "alternative": null}), passwords, "variable \"pw\"")
	testing.says(rule.unknown, passwords, ["variable \"pw\""]) with input as document
	count(rule.fail) == 0 with input as document
}

test_other_ways_pass[way] if {
	some way, words in {"oslogin": "OS Login", "ssm": "Systems Manager", "bastion": "bastion"}
	document := ssh({"keys": 0, "password_auth": false, "alternative": way})
	testing.says(passes(alternative), alternative, [words]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_no_way_in_fails if {
	document := ssh({"keys": 0, "password_auth": false, "alternative": "none"})
	testing.says(rule.fail, keys, ["Nobody's SSH key"]) with input as document
	count(rule.pass | rule.unknown) == 0 with input as document
}

test_unknown_keys if {
	document := testing.hide(ssh({"keys": null, "password_auth": false, "alternative": null}), keys, "the project's keys")
	testing.says(rule.unknown, keys, ["the project's keys"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_undeclared_machine_is_unknown if {
	testing.says(rule.unknown, keys, [testing.not_here]) with input as testing.fresh
	count(rule.fail | rule.pass) == 0 with input as testing.fresh
}
