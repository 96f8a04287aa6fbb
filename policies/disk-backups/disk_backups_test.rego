package tljh.rules["disk-backups_test"]

import data.tljh.rules["disk-backups"] as rule
import data.tljh.testing

disk := testing.hub(["boot_disk"])

backup := {
	"id": "nightly", "kind": "snapshot_schedule", "covers": ["aws_instance.hub"], "enabled": true,
	"every_hours": 24, "keep_days": 14, "survives_instance_delete": true,
}

with_backups(document, backups) := testing.set(document, ["infra", "backups"], backups)

# changed is the hub whose only backup has other values.
changed(values) := with_backups(testing.declared, [object.union(backup, values)])

home := {"id": "vol", "mount": "/home", "size_gib": 100}

# with_volume is the hub with a data volume.
with_volume(volume) := testing.set(
	testing.set(testing.declared, ["infra", "volumes"], [volume]),
	testing.hub(["volumes"]), [volume.id],
)

test_nothing_backed_up_fails if {
	testing.says(rule.fail, disk, ["people's work (/home) and the hub's settings", "lost"]) with input as testing.declared
	count(rule.pass | rule.unknown) == 0 with input as testing.declared
}

test_undeclared_machine_is_unknown if {
	count(rule.unknown) == 2 with input as testing.fresh
	some finding in rule.unknown with input as testing.fresh
	contains(finding.message, testing.not_here)
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_good_backup_passes if {
	count(rule.pass) == 2 with input as changed({})
	some finding in rule.pass with input as changed({})
	finding.path == ["infra", "backups", 0]
	contains(finding.message, "\"nightly\" covers people's work (/home) every 24 hours")
	count(rule.fail | rule.unknown) == 0 with input as changed({})
}

# Each fault of the only backup, where it is shown, and what is said of it.
faults := {
	["enabled", "switched off"]: {"enabled": false},
	["every_hours", "every 168 hours"]: {"every_hours": 168},
	["keep_days", "only 3 days"]: {"keep_days": 3},
	["keep_days", "only 2 days"]: {"keep_days": null, "keep_count": 2},
	["survives_instance_delete", "together with the machine"]: {"survives_instance_delete": false},
	["survives_instance_delete", "Keep copies elsewhere"]: {"survives_instance_delete": null, "offsite": false},
}

test_fault[words] if {
	some [key, words], values in faults
	document := json.patch(changed(values), [
	{"op": "add", "path": ["facts", sprintf("/infra/backups/0/%s", [name])], "value": {"state": "unset"}} |
		some name, null in values
	])
	count(rule.fail) == 2 with input as document
	paths := {finding.path | some finding in rule.fail} with input as document
	paths == {["infra", "backups", 0, key]}
	every finding in rule.fail { contains(finding.message, words) } with input as document
	count(rule.pass) == 0 with input as document
}

doubts := {"enabled": "switched on", "every_hours": "how often", "keep_days": "how long", "survives_instance_delete": "outlives"}

test_doubt[key] if {
	some key, words in doubts
	document := testing.hide(changed({}), ["infra", "backups", 0, key], "module x is remote")
	count(rule.unknown) == 2 with input as document
	every finding in rule.unknown {
		finding.path == ["infra", "backups", 0, key]
		contains(finding.message, words)
		contains(finding.message, "module x is remote")
	} with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_doubt_of_what_nobody_states if {
	document := with_backups(testing.declared, [object.remove(backup, ["every_hours"])])
	every finding in rule.unknown { contains(finding.message, "nothing states it") } with input as document
	count(rule.unknown) == 2 with input as document
}

test_kept_for_ever_passes if count(rule.pass) == 2 with input as changed({"keep_days": null})

test_counted_copies_pass if {
	document := with_backups(testing.declared, [object.union(object.remove(backup, ["keep_days"]), {"keep_count": 7})])
	count(rule.pass) == 2 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_parameters if {
	document := changed({"every_hours": 168, "keep_days": 3, "survives_instance_delete": false})
	params := {"disk-backups": {"max_hours": 168, "min_keep_days": 3, "outlive_machine": false}}
	count(rule.pass) == 2 with input as document with data.tljh.params as params
	count(rule.fail | rule.unknown) == 0 with input as document with data.tljh.params as params
}

test_machine_backup_leaves_out_the_volume if {
	document := with_backups(with_volume(home), [backup])
	testing.says(rule.fail, ["infra", "volumes", 0], ["/home, on the volume \"vol\""]) with input as document
	count(rule.pass) == 1 with input as document # the system disk, but fail comes before pass
}

test_volume_covered_passes if {
	document := with_backups(with_volume(home), [object.union(backup, {"covers": ["aws_instance.hub", "vol"]})])
	count(rule.pass) == 2 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_state_on_a_volume if {
	document := with_backups(with_volume({"id": "vol", "mount": "/opt"}), [backup])
	testing.says(rule.fail, ["infra", "volumes", 0], ["/opt/tljh"]) with input as document
}

test_volume_of_unknown_use if {
	document := with_backups(with_volume({"id": "vol"}), [backup])
	testing.says(rule.unknown, ["infra", "volumes", 0], ["the volume \"vol\"", "does not say what lies on it"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_mount_without_a_volume if {
	mounts := [{"path": "/home", "source": "nfs.uni.edu:/home"}]
	document := with_backups(testing.set(testing.declared, testing.hub(["mounts"]), mounts), [backup])
	testing.says(rule.unknown, testing.hub(["mounts", 0]), ["/home", "not in this repository"]) with input as document
}

test_script_passes_without_a_declared_machine if {
	script := object.union(backup, {"kind": "script", "covers": ["/opt/tljh/", "/home/*"], "survives_instance_delete": null, "offsite": true})
	document := with_backups(testing.fresh, [script])
	count(rule.pass) == 2 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_script_that_covers_only_a_part if {
	script := object.union(backup, {"kind": "script", "covers": ["/home/ann", "/opt/tljh/state"]})
	testing.says(rule.fail, disk, ["/home"]) with input as with_backups(testing.declared, [script])
}

test_unknown_selection_is_unknown if {
	document := testing.hide(changed({}), ["infra", "backups", 0, "covers"], "a tag")
	every finding in rule.unknown { contains(finding.message, "does not say which disks") } with input as document
	count(rule.unknown) == 2 with input as document
	count(rule.fail) == 0 with input as document
}

test_partly_unknown_selection_is_unknown if {
	document := testing.hide(changed({"covers": ["x"]}), ["infra", "backups", 0, "covers", 0], "a tag")
	count(rule.unknown) == 2 with input as document
	count(rule.fail) == 0 with input as document
}

test_a_good_backup_beside_a_bad_one if {
	document := with_backups(testing.declared, [object.union(backup, {"every_hours": 168}), backup])
	count(rule.pass) == 2 with input as document
	count(rule.fail) == 0 with input as document
}

test_other_volume if {
	document := with_backups(with_volume({"id": "vol", "mount": "/srv"}), [backup])
	testing.says(rule.advice, ["infra", "volumes", 0], ["\"/srv\""]) with input as document
	count(rule.advice) == 0 with input as with_backups(with_volume(home), [])
}

test_unknown_volumes_are_unknown if {
	document := testing.hide(changed({}), testing.hub(["volumes"]), "infra.yaml does not state volumes")
	words := ["Nothing backs up people's work", "infra.yaml does not state volumes"]
	testing.says(rule.unknown, testing.hub(["volumes"]), words) with input as document
	count(rule.fail) == 0 with input as document
}

test_unknown_backups_are_unknown if {
	document := testing.hide(testing.declared, ["infra", "backups"], "infra.yaml does not speak of backups")
	every finding in rule.unknown { contains(finding.message, "does not speak of backups") } with input as document
	count(rule.unknown) == 2 with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_backup_that_may_not_be_there_is_unknown if {
	document := testing.perhaps(changed({}), ["infra", "backups", 0], "inside an if")
	every finding in rule.unknown { contains(finding.message, "inside an if") } with input as document
	count(rule.unknown) > 0 with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_volume_that_may_not_be_attached_is_unknown if {
	document := testing.hide(with_backups(with_volume(home), [backup]), testing.hub(["volumes", 0]), "count is not known")
	words := ["people's work", "count is not known"]
	testing.says(rule.unknown, testing.hub(["volumes", 0]), words) with input as document
	count(rule.fail) == 0 with input as document
}
