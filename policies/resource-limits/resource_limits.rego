# METADATA
# title: Each person's memory is limited
# description: >-
#   All people on the hub share one machine. Without a limit, which is TLJH's default, one notebook that loads too much
#   data takes all the memory, and everybody's work stops, not only its owner's. With a limit, only that one notebook is
#   stopped. A limit on CPU is advised: without one the others get slow, but lose nothing. Default severity: error,
#   because it is the usual way in which one mistake ends a whole class.
# custom:
#   severity: error
#   remediation: |
#     Commit these lines to the script that sets the hub up, with the memory one person needs:
#         sudo tljh-config set limits.memory 1G
#         sudo tljh-config set limits.cpu 2
#         sudo tljh-config reload
#     Write the unit as one capital letter, K, M, G or T: 2GB, 2g or 2Gi stop every server from starting. A good value is
#     the machine's memory, less 128 MB, divided by the number of people who work at the same time.
#   params:
#     minimum_mib:
#       type: number
#       default: 128
#       description: The smallest limit, in MiB, with which a notebook server can still start.
#     suggested:
#       type: string
#       default: 1G
#       description: The limit to suggest where none is set and the number of people is not known.
package tljh.rules["resource-limits"]

import data.tljh
import data.tljh.common

setting := ["config", "limits", "memory"]

limit := ["limits", "memory_bytes"]

# where is what decided the limit: limits.memory, or a snippet in jupyterhub_config.d that overrides it.
where := common.origin(limit, setting)

mib := common.number(limit) / 1048576

machine_mib := common.number(tljh.hub_path(["machine", "memory_mib"]))

spawn_fails if input.stages.spawn.status == "error"

fail contains tljh.fixed_by(tljh.finding(["stages", "spawn"], message), corrections) if {
	spawn_fails
	message := sprintf(
		"Nobody's server would start with this configuration: %s. Correct it, then: sudo tljh-config reload",
		[common.stage_why("spawn")],
	)
}

fail contains tljh.fixed_by(tljh.finding(where, message), suggestions) if {
	none
	settled
	not spawn_fails
	message := sprintf(
		"Nothing limits the memory one person may use%s: one big notebook stops the work of everybody. %s %s",
		[by_default, "Type: sudo tljh-config set limits.memory", suggestion],
	)
}

none if {
	not common.unsure(limit)
	tljh.value(limit) == null
}

settled if common.installs

settled if tljh.state(limit) in {"set", "derived"}

by_default := " (TLJH's default is no limit)" if tljh.state(limit) in {"default", "unset"}

else := ""

minimum := tljh.param("resource-limits", "minimum_mib", 128)

fail contains tljh.finding(where, message) if {
	mib < minimum
	message := sprintf(
		"The memory limit is %s for each person; a notebook server does not even start with less than %s. Raise limits.memory.",
		[common.memory(mib), common.memory(minimum)],
	)
}

fail contains tljh.related(found, [tljh.hub_path(["machine", "memory_mib"])]) if {
	mib > machine_mib
	message := sprintf(
		"The memory limit, %s for each person, is more than the whole machine has (%s), so it protects nobody. Lower limits.memory.",
		[common.memory(mib), common.memory(machine_mib)],
	)
	found := tljh.fixed_by(tljh.finding(where, message), suggestions)
}

unknown contains tljh.finding(where, message) if {
	common.unsure(limit)
	message := sprintf(
		"Whether a memory limit is in force cannot be told: %s. Commit the value of limits.memory, or the file that sets it.",
		[common.reason(limit)],
	)
}

unknown contains tljh.finding(where, message) if {
	none
	not settled
	message := sprintf("Whether a memory limit is in force cannot be told: %s.", [common.missing(setting)])
}

pass contains tljh.finding(where, sprintf("Each person may use up to %s of memory.", [common.memory(mib)])) if mib > 0

advice contains tljh.finding(["config", "limits", "cpu"], message) if {
	mib > 0
	tljh.known(["limits", "cpu"])
	input.limits.cpu == null
	message := "CPU is not limited: one busy notebook slows everybody. Type: sudo tljh-config set limits.cpu 2"
}
