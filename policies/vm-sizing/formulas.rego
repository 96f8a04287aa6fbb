package tljh.rules["vm-sizing"]

import data.tljh
import data.tljh.common

# What is there, and what TLJH's formulas ask for (reference/tljh.md §16).

memory_path := tljh.hub_path(["machine", "memory_mib"])

where := tljh.hub_path(["machine", "type"]) if tljh.known(tljh.hub_path(["machine", "type"]))

else := memory_path

memory := common.number(memory_path)

total := common.number(["hub", "expected_users", "total"])

# active is how many work at the same time; of a class that is 40 to 60 %, and the hub has to carry the upper end.
active := people if people := common.number(["hub", "expected_users", "active"])

else := ceil(total * 0.6)

# What is needed is defined where the terms of its formula are known.
needed_memory := (active * (common.number(["limits", "memory_bytes"]) / 1048576)) + 128

needed_cpu := (active * common.number(["limits", "cpu"])) + 0.2

needed_disk := (total * param("disk_gib_per_user", 1)) + 2

param(name, default_value) := tljh.param("vm-sizing", name, default_value)

# terms is the values of the formulas that, not known, leave a verdict open. An unset one is not reckoned with.
terms := [["hub", "expected_users", "active"], ["hub", "expected_users", "total"], ["limits", "cpu"]]

# short: less than needed, beyond what vendors' loose use of GB and GiB explains.
short(have, need) if have < need * 0.95

disk_path := ["infra", "volumes", min(common.home_volumes), "size_gib"] if common.homes == "volume"

else := tljh.hub_path(["boot_disk", "size_gib"]) if {
	common.homes == "system disk"
}
