package tljh.rules["disk-backups"]

import data.tljh
import data.tljh.common

# needs is what people would miss: what it is, the disks and directories whose backup covers it, and where it is declared.
# certain: it is known to lie there. Otherwise doubt says what is not known.

machine := tljh.hub_instance.instance.id

system_disk := tljh.hub_path(["boot_disk"])

needs["state"] := {
	"what": "the hub's settings, accounts and database (/opt/tljh)",
	"ids": {machine}, "dirs": {"/opt/tljh", "/opt/tljh/state"}, "at": system_disk, "certain": true,
} if {
	count(state_volumes) == 0
}

needs["state"] := {
	"what": "the hub's settings, accounts and database (/opt/tljh)",
	"ids": {input.infra.volumes[i].id}, "dirs": {"/opt/tljh", "/opt/tljh/state"}, "at": ["infra", "volumes", i], "certain": true,
} if {
	i := min(state_volumes)
}

state_volumes contains i if {
	some i, volume in common.attached
	common.without_slash(volume.mount) in {"/opt", "/opt/tljh"}
}

needs["homes"] := {
	"what": "people's work (/home)",
	"ids": {machine}, "dirs": {"/home"}, "at": system_disk, "certain": true,
} if {
	common.homes == "system disk"
}

needs["homes"] := {
	"what": "people's work (/home)",
	"ids": {machine}, "dirs": {"/home"}, "at": system_disk, "certain": true,
} if {
	common.homes == "unclear" # each volume that may hold them is a need of its own
	count(common.doubtful_disks) == 0
}

needs["homes"] := {
	"what": "people's work (/home)",
	"ids": set(), "dirs": {"/home"}, "at": path, "certain": false,
	"doubt": sprintf("which disk holds it cannot be told: %s", [common.reason(path)]),
} if {
	common.homes == "unclear"
	path := min(common.doubtful_disks)
}

needs["homes"] := {
	"what": "people's work (/home)",
	"ids": set(), "dirs": {"/home"}, "at": common.home_mount, "certain": false,
	"doubt": "the disk that is mounted there is not in this repository; commit it, or state its backup in an infra.yaml",
} if {
	common.homes == "elsewhere"
}

needs[name] := {
	"what": sprintf("people's work (/home, on the volume %s)", [common.show(volume.id)]),
	"ids": {volume.id}, "dirs": {"/home"}, "at": ["infra", "volumes", i], "certain": true,
} if {
	some i in common.home_volumes
	volume := input.infra.volumes[i]
	name := sprintf("homes %d", [i])
}

needs[name] := {
	"what": sprintf("the volume %s", [common.show(volume.id)]),
	"ids": {volume.id}, "dirs": set(), "at": ["infra", "volumes", i], "certain": false,
	"doubt": "the repository does not say what lies on it; commit what mounts it, or state mount in an infra.yaml",
} if {
	common.homes == "unclear"
	some i in common.unplaced
	volume := input.infra.volumes[i]
	name := sprintf("volume %d", [i])
}
