# METADATA
# title: Everything people would miss is backed up
# description: >-
#   The hub keeps its settings, accounts and database below /opt/tljh and people's work below /home, on disks that fail,
#   fill up or are deleted by a wrong command. Every disk that holds some of it needs copies that are made by themselves,
#   often enough, are kept long enough to notice a loss, and do not go away together with the machine. A backup of the
#   machine usually leaves out volumes that are attached to it. Default severity: error, since what is lost without a
#   backup is lost for good.
# custom:
#   severity: error
#   remediation: |
#     Declare a snapshot schedule where the disks are declared, and tie it to every one of them: aws_dlm_lifecycle_policy or
#     aws_backup_plan with a selection (AWS), google_compute_resource_policy with an attachment for each disk (Google),
#     azurerm_backup_protected_vm (Azure). Where the provider's backups end with the machine (DigitalOcean, Hetzner) or
#     leave out volumes, commit a daily job that copies /opt/tljh and /home elsewhere, with restic or borg for example.
#     If backups exist outside this repository, state them in an infra.yaml beside the hub:
#         backups:
#           - {id: nightly, covers: [ID-OF-THE-MACHINE, ID-OF-THE-VOLUME], every_hours: 24, keep_days: 14,
#              survives_instance_delete: true, enabled: true}
#   params:
#     max_hours:
#       type: number
#       default: 24
#       description: The most hours between two backups, so the most work that may be lost.
#     min_keep_days:
#       type: number
#       default: 7
#       description: How many days back a backup must reach, so how long a loss may go unnoticed.
#     outlive_machine:
#       type: boolean
#       default: true
#       description: Whether backups must survive the deletion of the machine.
package tljh.rules["disk-backups"]

import data.tljh
import data.tljh.common

# What is wrong with each backup and what is not known of it stands in quality.rego, what there is to protect in needs.rego.

protected contains name if {
	some name, need in needs
	some i in common.covering(need.ids, need.dirs)
	good(i)
}

label(i) := common.show(object.get(input.infra.backups[i], "id", "without a name"))

# bare is what nothing covers, and weak what is covered, but only badly.
bare contains name if {
	some name, need in needs
	count(common.covering(need.ids, need.dirs)) == 0
}

weak := (object.keys(needs) - protected) - bare

# hopeful is what would be well covered if what is not known turned out well.
hopeful contains name if {
	some name in weak
	some i in common.covering(needs[name].ids, needs[name].dirs)
	count(faults(i)) == 0
}

hopeless := weak - hopeful

fail contains tljh.finding(at, message) if {
	silence_means_no
	some at in {needs[name].at | some name in bare; needs[name].certain}
	what := sort([needs[name].what | some name in bare; needs[name].at == at])
	message := sprintf(
		"Nothing backs up %s. If the disk or the machine is lost, so is all of it. %s",
		[concat(" and ", what), "Add a daily snapshot schedule that covers this disk."],
	)
}

silence_means_no if {
	common.owned
	not common.unsure(["infra", "backups"])
	count(common.vague_backups) == 0
}

fail contains tljh.finding(fault.path, message) if {
	some name in hopeless
	some i in common.covering(needs[name].ids, needs[name].dirs)
	some fault in faults(i)
	message := sprintf("The backup %s of %s %s", [label(i), needs[name].what, fault.message])
}

unknown contains tljh.settled_by(tljh.finding(needs[name].at, message), [["infra", "backups"]]) if {
	some name in bare
	not silence_means_no
	message := sprintf("Whether %s is backed up cannot be told: %s.", [needs[name].what, gap])
}

gap := common.not_owned if not common.owned

else := common.reason(["infra", "backups"]) if {
	common.unsure(["infra", "backups"])
}

else := "a backup in the repository does not say which disks it covers; commit the names or tags it selects by"

unknown contains tljh.finding(needs[name].at, message) if {
	some name in bare
	silence_means_no
	not needs[name].certain
	message := sprintf("Nothing backs up %s, and %s.", [needs[name].what, needs[name].doubt])
}

unknown contains tljh.finding(doubt.path, message) if {
	some name in hopeful
	some i in common.covering(needs[name].ids, needs[name].dirs)
	count(faults(i)) == 0
	some doubt in doubts(i)
	message := sprintf("The backup %s covers %s, but %s", [label(i), needs[name].what, doubt.message])
}

pass contains tljh.finding(["infra", "backups", i], message) if {
	some name in protected
	i := min([i | some i in common.covering(needs[name].ids, needs[name].dirs); good(i)])
	message := sprintf(
		"The backup %s covers %s every %v hours.",
		[label(i), needs[name].what, input.infra.backups[i].every_hours],
	)
}

advice contains tljh.finding(["infra", "volumes", i], message) if {
	some i, volume in common.attached
	mount := common.without_slash(volume.mount)
	not mount in {"/home", "/opt", "/opt/tljh"}
	count(common.covering({volume.id}, {mount})) == 0
	message := sprintf("Nothing backs up what lies below %s. If people would miss it, back it up too.", [common.show(mount)])
}
