# METADATA
# title: People's work lies on a disk of its own
# description: >-
#   Advice. With /home on a volume of its own, the machine can be rebuilt or replaced without touching anybody's work, the
#   homes can grow without the system, a full home disk does not stop the hub, and they can be backed up more often. A file
#   system such as ZFS, on a pool of its own, does the same. Default severity: info, because a hub with well-kept backups
#   can do without.
# custom:
#   severity: info
#   scope: advice
#   remediation: |
#     Declare a volume, attach it to the hub's machine, and mount it on /home before TLJH is installed, for example in the
#     machine's cloud-init:
#         fs_setup:
#           - {device: /dev/sdb, filesystem: ext4, label: homes}
#         mounts:
#           - [LABEL=homes, /home, ext4, defaults]
#     Then back that volume up, more often than the system disk.
package tljh.rules["home-volume"]

import data.tljh
import data.tljh.common

fail contains tljh.finding(tljh.hub_path(["boot_disk"]), message) if {
	common.homes == "system disk"
	common.owned
	message := concat(" ", [
		"People's work lies on the system disk: rebuilding the machine deletes it, and a full disk stops the whole hub.",
		"Put /home on a volume of its own.",
	])
}

unknown contains tljh.finding(tljh.hub_path(["volumes"]), message) if {
	common.homes == "system disk"
	not common.owned
	message := sprintf("Whether people's work has a disk of its own cannot be told: %s.", [common.not_owned])
}

unknown contains tljh.finding(tljh.hub_path(["volumes"]), message) if {
	common.homes == "unclear"
	message := sprintf("Whether people's work has a disk of its own cannot be told: %s.", [unclear])
}

unclear := concat(" ", [
	"a volume is attached, and nothing says where it is mounted;",
	"commit what mounts it, or state its mount in an infra.yaml",
]) if {
	count(common.unplaced) > 0
} else := common.reason(min(common.doubtful_disks))

pass contains tljh.finding(["infra", "volumes", i], message) if {
	some i in common.home_volumes
	message := sprintf("People's work lies on the volume %s.", [common.show(input.infra.volumes[i].id)])
}

pass contains tljh.finding(common.home_mount, "People's work lies on a disk of its own, mounted on /home.") if {
	common.homes == "elsewhere"
}

# often is how many hours lie between two backups of a disk, at best.
often(id) := min([hours |
	some i in common.covering({id}, set())
	hours := common.number(["infra", "backups", i, "every_hours"])
])

advice contains tljh.finding(["infra", "volumes", i], message) if {
	some i in common.home_volumes
	homes := often(input.infra.volumes[i].id)
	homes >= often(tljh.hub_instance.instance.id)
	message := sprintf(
		"People's work is backed up every %v hours, no more often than the system. It changes more: back it up more often.",
		[homes],
	)
}
