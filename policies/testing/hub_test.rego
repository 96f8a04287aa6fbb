# Documents for the tests of rules: small, whole, and changed value by value.
package tljh.testing

import data.tljh

not_here := "no infrastructure for the hub's machine in this repository; commit its Terraform or an infra.yaml"

# fresh is a hub right after the installer, on a machine that the repository does not describe.
fresh := json.patch(bare, [
{"op": "add", "path": ["facts", sprintf("/infra/instances/0/%s", [key])], "value": {"state": "unknown", "why": not_here}} |
	some key in machine_keys
])

bare := {
	"schema_version": 1,
	"hub": {"name": "hub", "dir": ".", "sources": ["install.sh"], "installs": true, "expected_users": {"active": null, "total": null}},
	"tljh": {"version": null, "pinned": false, "installer": {"admins": [], "plugins": [], "user_requirements_txt_url": null}},
	"config": {
		"auth": {"type": "firstuseauthenticator.FirstUseAuthenticator", "FirstUseAuthenticator": {"create_users": false}},
		"users": {"allowed": [], "banned": [], "admin": [], "extra_user_groups": {}},
		"limits": {"memory": null, "cpu": null},
		"http": {"address": "", "port": 80},
		"https": {
			"enabled": false, "address": "", "port": 443,
			"tls": {"cert": "", "key": ""}, "letsencrypt": {"email": "", "domains": [], "staging": false},
		},
	},
	"stages": {stage: {"status": "ok", "why": null} | some stage in ["merge", "hub", "proxy", "spawn"]},
	"jupyterhub": {
		"FirstUseAuthenticator": {"create_users": false},
		"JupyterHub": {"spawner_class": "tljh.user_creating_spawner.UserCreatingSpawner"},
	},
	"authenticator": {
		"class": "firstuseauthenticator.FirstUseAuthenticator", "family": "firstuse", "provider": null,
		"admits_strangers": false, "nobody_can_log_in": false, "any_password_first_login": true,
		"credentials_missing": [], "allow": [], "admins": [],
	},
	"limits": {"memory_bytes": null, "cpu": null},
	"https": {
		"enabled": false, "certificate": "none", "domains": [], "email": null,
		"staging": false, "port": 443, "terminated_by": null,
	},
	"services": ["cull-idle"],
	"infra": {
		"complete": true, "incomplete": [], "volumes": [], "backups": [], "dns": [], "images": [], "alerts_sinks": [],
		"instances": [object.union(
			{key: null | some key in machine_keys},
			{"id": "(hub)", "is_hub": true, "declared": false},
		)],
	},
	"environment": {"sources": [], "images": []},
	"attestations": [],
	"secrets": [],
	"problems": [],
	"facts": {
		"/config": {"state": "default"},
		"/authenticator": {"state": "derived"},
		"/https": {"state": "derived"},
		"/https/terminated_by": {"state": "unset"},
		"/limits": {"state": "derived"},
		"/environment/sources": {"state": "derived"},
		"/authenticator/class": {"state": "default"},
		"/limits/memory_bytes": {"state": "default"},
		"/infra/instances/0": {"state": "derived"},
	},
}

machine_keys := {
	"provider", "machine", "os", "boot_disk", "volumes", "public_ips", "ingress", "ingress_default", "egress_restricted",
	"ssh", "identity", "metadata", "userdata", "patching", "monitoring", "protection", "tags",
}

# declared is the same hub on a machine that the repository owns, with nothing around it yet.
declared := json.patch(bare, [
	{"op": "replace", "path": ["infra", "instances"], "value": [machine]},
	{"op": "add", "path": ["facts", "/infra/instances/0"], "value": {"state": "set"}},
])

machine := {
	"id": "aws_instance.hub", "provider": "aws", "is_hub": true, "declared": true,
	"machine": {"type": "t3.large", "vcpu": 2, "memory_mib": 8192, "spot": false},
	"boot_disk": {"size_gib": 30},
	"volumes": [],
	"public_ips": [],
	"ingress": [], "ingress_default": "deny",
	"ssh": {"keys": 0, "password_auth": null, "alternative": null},
	"patching": [], "monitoring": [], "host_firewall": null, "mounts": [],
}

# put is document with another value at path, known as state says, which must lie in what document already has.
put(document, path, value, state) := json.patch(document, [
	change(document, path, value),
	{"op": "add", "path": ["facts", tljh.pointer(path)], "value": {"state": state}},
])

change(document, path, value) := {"op": op, "path": [sprintf("%v", [e]) | some e in path], "value": value} if {
	op := {true: "add", false: "replace"}[object.get(document, path, set()) == set()] # add would insert into a list
}

# set is put for what somebody wrote in the repository.
set(document, path, value) := put(document, path, value, "set")

# hide is document with an unknown at path, for the reason why.
hide(document, path, why) := json.patch(document, [
	change(document, path, null),
	{"op": "add", "path": ["facts", tljh.pointer(path)], "value": {"state": "unknown", "why": why}},
])

# elsewhere is document where the value at path was decided in a file of its own.
elsewhere(document, path) := json.patch(document, [{
	"op": "add", "path": ["facts", tljh.pointer(path)],
	"value": {"state": "derived", "at": {"file": "snippet.py", "start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 2}}},
}])

# perhaps is document where the thing at path may not be there, though all below it is set.
perhaps(document, path, why) := json.patch(document, [
	{"op": "add", "path": ["facts", tljh.pointer(path)], "value": {"state": "unknown", "why": why}},
	{"op": "add", "path": ["facts", tljh.pointer(array.concat(path, ["kind"]))], "value": {"state": "set"}},
])

# hub is the path of a value of the machine.
hub(below) := array.concat(["infra", "instances", 0], below)

# says: found has exactly one finding, its path is path, and its message holds every one of words.
says(found, path, words) if {
	count(found) == 1
	some finding in found
	finding.path == path
	missing := [word | some word in words; not contains(finding.message, word)]
	missing == []
}
