package tljh.rules["home-volume_test"]

import data.tljh.rules["home-volume"] as rule
import data.tljh.testing

volumes := testing.hub(["volumes"])

# with_volume is the hub with a data volume.
with_volume(volume) := testing.set(testing.set(testing.declared, ["infra", "volumes"], [volume]), volumes, [volume.id])

home := with_volume({"id": "vol", "mount": "/home"})

test_system_disk_fails if {
	testing.says(rule.fail, testing.hub(["boot_disk"]), ["system disk", "volume of its own"]) with input as testing.declared
	count(rule.pass | rule.unknown) == 0 with input as testing.declared
}

test_undeclared_machine_is_unknown if {
	testing.says(rule.unknown, volumes, [testing.not_here]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_partly_read_infrastructure_is_unknown if {
	document := testing.set(testing.set(testing.declared, ["infra", "complete"], false), ["infra", "incomplete"], ["module.x"])
	testing.says(rule.unknown, volumes, ["(module.x)"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_unplaced_volume_is_unknown if {
	testing.says(rule.unknown, volumes, ["nothing says where it is mounted"]) with input as with_volume({"id": "vol"})
}

test_volume_passes if {
	testing.says(rule.pass, ["infra", "volumes", 0], ["\"vol\""]) with input as home
	count(rule.fail | rule.unknown) == 0 with input as home
}

test_mount_passes if {
	mounts := [{"path": "/home", "source": "tank/home", "filesystem": "zfs"}]
	document := testing.set(testing.fresh, testing.hub(["mounts"]), mounts)
	testing.says(rule.pass, testing.hub(["mounts", 0]), ["mounted on /home"]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

backups(hours) := [
	{"id": "system", "covers": ["aws_instance.hub"], "every_hours": 24},
	{"id": "homes", "covers": ["vol"], "every_hours": hours},
]

test_backed_up_as_often_as_the_system if {
	document := testing.set(home, ["infra", "backups"], backups(24))
	testing.says(rule.advice, ["infra", "volumes", 0], ["every 24 hours"]) with input as document
	count(rule.advice) == 0 with input as testing.set(home, ["infra", "backups"], backups(6))
}

test_mount_that_may_not_be_there_is_unknown if {
	document := testing.set(testing.declared, testing.hub(["mounts"]), [{"path": "/home", "source": "/dev/sdb"}])
	doubtful := testing.perhaps(document, testing.hub(["mounts", 0]), "inside an if")
	testing.says(rule.unknown, volumes, ["inside an if"]) with input as doubtful
	count(rule.pass | rule.fail) == 0 with input as doubtful
}
