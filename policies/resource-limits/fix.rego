package tljh.rules["resource-limits"]

import data.tljh
import data.tljh.common

# Which limit to set: what was meant where the value says so, a suggestion where there is none.

# suggestion is a fair share of the machine where it and the number of people are known.
suggestion := sprintf("%dM", [share]) if {
	people := common.number(["hub", "expected_users", "active"])
	people > 0
	share := floor((machine_mib - 128) / people)
	share >= minimum
}

# On a small machine, four fifths of it: no one notebook takes all.
else := sprintf("%dM", [floor(machine_mib * 0.8)]) if {
	mib_of(suggested) > machine_mib * 0.8
	machine_mib * 0.8 >= minimum
}

else := suggested

suggested := tljh.param("resource-limits", "suggested", "1G")

suggestions := [tljh.set_key(setting, suggestion)] if where == setting

else := []

# corrections are for a value that no server starts with (reference/tljh.md §8).
corrections := [tljh.set_key(setting, corrected)] if {
	where == setting
	common.sure(setting)
	is_string(tljh.value(setting))
	not regex.match(`^ *[0-9]+(\.[0-9]+)? *[KMGT]$`, tljh.value(setting))
}

else := []

written := upper(trim_space(tljh.value(setting)))

# corrected is the unit as TLJH wants it: 2GB, 2g and 2Gi were meant as 2G.
corrected := concat("", [found[0][1], found[0][2]]) if {
	found := regex.find_all_string_submatch_n(`^([0-9]+(?:\.[0-9]+)?) *([KMGT])(?:I?B?)$`, written, 1)
	to_number(found[0][1]) > 0
}

# Digits in quotes are bytes, and a text needs a unit.
else := sprintf("%d%s", whole[0]) if {
	regex.match(`^[1-9][0-9]{3,14}$`, written)
	bytes := to_number(written)
	whole := [[bytes / size, unit] | some [unit, size] in unit_sizes; bytes % size == 0]
}

# These were meant as no limit, which would not pass either.
else := suggestion if written in {"", "0", "NONE", "NULL"}

unit_sizes := [["G", 1073741824], ["M", 1048576], ["K", 1024]]

mib_of(text) := to_number(trim_right(text, "KMGT")) * mib_per[substring(text, count(text) - 1, 1)]

mib_per := {"K": 1 / 1024, "M": 1, "G": 1024, "T": 1048576}
