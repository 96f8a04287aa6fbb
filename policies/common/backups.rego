package tljh.common

import data.tljh

# What backs up what. A backup covers disks by the id of the machine (its system disk) or of a volume, and directories
# by their path, where a script makes it.

# covering is the backups, by index in infra.backups, that cover one of ids or the whole of one of dirs.
covering(ids, dirs) := {i |
	some i, backup in input.infra.backups
	is_array(backup.covers)
	some target in backup.covers
	covers(target, ids, dirs)
}

covers(target, ids, _) if target in ids

covers(target, _, dirs) if {
	is_string(target)
	some dir in dirs
	startswith(target, "/")
	startswith(concat("", [dir, "/"]), concat("", [trim_right(target, "/*"), "/"]))
}

# vague_backups is the backups of which nobody can tell what they cover.
vague_backups contains i if {
	some i, _ in input.infra.backups
	vague(["infra", "backups", i, "covers"])
}

vague(path) if unsure(path)

vague(path) if {
	some j, _ in tljh.value(path)
	tljh.unknown(array.concat(path, [j]))
}

# kept_days is how many days back a backup reaches; undefined where that is not known or there is no end.
kept_days(i) := days if days := number(["infra", "backups", i, "keep_days"])

else := (copies * hours) / 24 if {
	copies := number(["infra", "backups", i, "keep_count"])
	hours := number(["infra", "backups", i, "every_hours"])
}

# kept_for_ever: that nothing removes old copies is known.
kept_for_ever(i) if {
	not kept_days(i)
	sure(["infra", "backups", i, "keep_days"])
}
