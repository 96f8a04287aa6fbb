# METADATA
# title: The machine fits the number of people
# description: >-
#   A machine that is too small stops notebooks in the middle of the class; one that is several times too large costs
#   money for nothing. TLJH's formulas say what is needed: memory is the people who work at the same time, times the
#   memory limit, plus 128 MB; CPU is the same people times the CPU limit, plus a fifth of a core; disk is everybody who
#   has an account, times what each may store, plus 2 GB. Without the number of people only the extremes can be judged.
#   Default severity: warning, since people are slowed or interrupted, but lose nothing for good.
# custom:
#   severity: warning
#   remediation: |
#     State how many people use the hub, in .tljh-policy.yaml:
#         version: 1
#         hubs:
#           - name: hub
#             dir: .
#             expected_users: {active: 30, total: 200}
#     Then change the machine's type, size or disk where Terraform declares it, or limits.memory, as the message says.
#   params:
#     minimum_gib:
#       type: number
#       default: 4
#       description: Memory in GiB that is enough for a hub whose number of people nobody states.
#     too_small_gib:
#       type: number
#       default: 2
#       description: Memory in GiB that is not, whatever the number of people.
#     max_ratio:
#       type: number
#       default: 4
#       description: How many times the needed memory a machine may have before it counts as waste.
#     disk_gib_per_user:
#       type: number
#       default: 1
#       description: Disk space in GiB that each person may fill.
package tljh.rules["vm-sizing"]

import data.tljh
import data.tljh.common

fail contains tljh.finding(where, message) if {
	short(memory, needed_memory)
	message := sprintf(
		"%s of memory is too little: %v people at a time with the memory limit you set need %s. %s",
		[common.memory(memory), active, common.memory(needed_memory), "Take a larger machine, or lower limits.memory."],
	)
}

fail contains tljh.finding(where, message) if {
	vcpu := common.number(tljh.hub_path(["machine", "vcpu"]))
	short(vcpu, needed_cpu)
	message := sprintf(
		"%v CPU cores are too few: %v people at a time with the CPU limit you set need %v. %s",
		[vcpu, active, ceil(needed_cpu), "Take a larger machine, or lower limits.cpu."],
	)
}

fail contains tljh.finding(disk_path, message) if {
	size := common.number(disk_path)
	short(size, needed_disk)
	message := sprintf(
		"A disk of %v GiB is too small for the homes of %v people with %v GiB each: they need %v GiB. Enlarge the disk.",
		[size, total, param("disk_gib_per_user", 1), ceil(needed_disk)],
	)
}

fail contains tljh.finding(where, message) if {
	not needed_memory
	memory <= (param("too_small_gib", 2) * 1024) * 1.05
	message := sprintf(
		"%s of memory is too little for a hub: TLJH and a handful of notebooks fill it. Take a machine with %v GiB or more.",
		[common.memory(memory), param("minimum_gib", 4)],
	)
}

fail contains tljh.finding(where, message) if {
	memory > max([needed_memory * param("max_ratio", 4), param("minimum_gib", 4) * 1024])
	message := sprintf(
		"%s of memory is far more than the %s that %v people at a time need, and costs accordingly. Take a smaller machine.",
		[common.memory(memory), common.memory(needed_memory), active],
	)
}

unknown contains tljh.finding(where, message) if {
	not memory
	message := sprintf(
		"The size of the hub's machine cannot be told: %s. In an infra.yaml, write its machine: {memory_mib: …, vcpu: …}.",
		[common.untold(["machine", "memory_mib"])],
	)
}

unknown contains tljh.finding(where, message) if {
	memory > (param("too_small_gib", 2) * 1024) * 1.05
	not active
	short(memory, param("minimum_gib", 4) * 1024)
	message := sprintf("Whether %s of memory is enough depends on the number of people. %s", [common.memory(memory), state_users])
}

state_users := "State it in .tljh-policy.yaml: hubs, expected_users: {active: …, total: …}."

unknown contains tljh.finding(["limits", "memory_bytes"], message) if {
	memory
	active
	not needed_memory
	message := sprintf(
		"Without a memory limit, no machine is surely large enough for %v people at a time. Set limits.memory, for example to 1G.",
		[active],
	)
}

unknown contains tljh.finding(path, message) if {
	memory
	some path in terms
	common.unsure(path)
	message := sprintf("Whether the machine is large enough cannot be told: %s. Commit the value.", [common.reason(path)])
}

unknown contains tljh.finding(where, message) if {
	needed_cpu
	not common.number(tljh.hub_path(["machine", "vcpu"]))
	message := sprintf("The number of CPU cores cannot be told: %s.", [common.untold(["machine", "vcpu"])])
}

unknown contains tljh.finding(tljh.hub_path(["boot_disk", "size_gib"]), message) if {
	memory
	needed_disk
	not common.number(disk_path)
	message := sprintf(
		"Whether the disk is large enough for the homes of %v people cannot be told: its size is not stated. %s",
		[total, "Set the size of the disk that holds /home, in the Terraform or in an infra.yaml (size_gib)."],
	)
}

pass contains tljh.finding(where, message) if {
	needed_memory
	not short(memory, needed_memory)
	message := sprintf(
		"%s of memory is enough for %v people at a time, who need %s.",
		[common.memory(memory), active, common.memory(needed_memory)],
	)
}

pass contains tljh.finding(where, sprintf("%s of memory is enough for a small hub.", [common.memory(memory)])) if {
	not active
	not short(memory, param("minimum_gib", 4) * 1024)
}

advice contains tljh.finding(where, sprintf("Whether it is enough for yours depends on the number of people. %s", [state_users])) if {
	memory
	not active
}

advice contains tljh.finding(tljh.hub_path(["machine", "spot"]), message) if {
	tljh.value(tljh.hub_path(["machine", "spot"])) == true
	message := "The machine is a spot machine: the provider may take it away in the middle of a class. Use a regular one."
}
