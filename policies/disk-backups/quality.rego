package tljh.rules["disk-backups"]

import data.tljh
import data.tljh.common

# What is wrong with a backup, and what is not known of it. Each is a path and the end of a sentence.

of(i, key) := ["infra", "backups", i, key]

good(i) if {
	count(faults(i)) == 0
	count(doubts(i)) == 0
}

faults(i) := union({off(i), rare(i), short(i), mortal(i)})

doubts(i) := union({perhaps_off(i), perhaps_rare(i), perhaps_short(i), perhaps_mortal(i)})

off(i) := {{"path": of(i, "enabled"), "message": "is switched off. Switch it on (enabled, or state, where it is declared)."}} if {
	common.is(of(i, "enabled"), false)
} else := set()

perhaps_off(i) := {{"path": of(i, "enabled"), "message": message}} if {
	common.unsure(of(i, "enabled"))
	message := sprintf("whether it is switched on cannot be told: %s.", [common.reason(of(i, "enabled"))])
} else := set()

max_hours := tljh.param("disk-backups", "max_hours", 24)

rare(i) := {{"path": of(i, "every_hours"), "message": message}} if {
	hours := common.number(of(i, "every_hours"))
	hours > max_hours
	message := sprintf("runs only every %v hours, so that much work can be lost. Run it every %v hours.", [hours, max_hours])
} else := set()

perhaps_rare(i) := {{"path": of(i, "every_hours"), "message": message}} if {
	not common.number(of(i, "every_hours"))
	message := sprintf("how often it runs cannot be told: %s.", [reason(of(i, "every_hours"))])
} else := set()

min_days := tljh.param("disk-backups", "min_keep_days", 7)

short(i) := {{"path": of(i, "keep_days"), "message": message}} if {
	days := common.kept_days(i)
	days < min_days
	message := sprintf(
		"reaches only %v days back: a loss that is noticed later cannot be undone. Keep it for at least %v days.",
		[round(days * 10) / 10, min_days],
	)
} else := set()

perhaps_short(i) := {{"path": of(i, "keep_days"), "message": message}} if {
	not common.kept_days(i)
	not common.kept_for_ever(i)
	message := sprintf("how long it is kept cannot be told: %s.", [reason(of(i, "keep_days"))])
} else := set()

# A copy outlives the machine when the provider keeps it, or when it lies elsewhere.
outlives(i) if {
	some key in ["survives_instance_delete", "offsite"]
	common.is(of(i, key), true)
}

outlives(_) if not tljh.param("disk-backups", "outlive_machine", true)

dies(i) if common.is(of(i, "survives_instance_delete"), false)

dies(i) if { # a script's copy on the disk that it copies
	common.is(of(i, "offsite"), false)
	not common.unsure(of(i, "survives_instance_delete"))
}

mortal(i) := {{"path": of(i, "survives_instance_delete"), "message": message}} if {
	dies(i)
	not outlives(i)
	message := "goes away together with the machine, so it does not help when the machine is deleted. Keep copies elsewhere too."
} else := set()

perhaps_mortal(i) := {{"path": of(i, "survives_instance_delete"), "message": message}} if {
	not outlives(i)
	not dies(i)
	message := sprintf("whether it outlives the machine cannot be told: %s.", [reason(of(i, "survives_instance_delete"))])
} else := set()

reason(path) := common.reason(path) if common.unsure(path)

else := "nothing states it; say it where the backup is declared, or in an infra.yaml"
