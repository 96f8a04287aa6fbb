package tljh.common

import data.tljh

# Where the homes lie: on the system disk, on a volume of their own, or nobody can tell.

# attached is the data volumes of the hub's machine: their index in infra.volumes, and what they are.
attached[i] := volume if {
	some i, volume in input.infra.volumes
	volume.id in entries(["volumes"])
}

attached[i] := volume if {
	some i, volume in input.infra.volumes
	volume.attached_to == tljh.hub_instance.instance.id
}

# home_mount is the path of the mount that puts /home on another disk, as commands inside the machine show it.
home_mount := tljh.hub_path(["mounts", i]) if {
	i := min([i | some i, mount in entries(["mounts"]); is_home(mount.path); sure(tljh.hub_path(["mounts", i, "path"]))])
}

is_home(path) if without_slash(path) == "/home"

without_slash(path) := trim_right(path, "/") if is_string(path)

# unplaced is the volumes of which nobody says where they are mounted.
unplaced contains i if {
	some i, volume in attached
	not is_string(object.get(volume, "mount", null))
}

# home_volumes is the volumes that hold /home, by their index in infra.volumes.
home_volumes := on if {
	on := {i | some i, volume in attached; is_home(volume.mount); sure(["infra", "volumes", i, "mount"])}
	count(on) > 0
}

else := unplaced if { # something is mounted on /home, and there is only one volume it can be
	home_mount
	count(unplaced) == 1
}

else := set()

# doubtful_disks is the paths at which there may be a volume, or a mount of one, that would hold the homes.
doubtful_disks contains path if {
	path := tljh.hub_path(["volumes"])
	unsure(path)
}

doubtful_disks contains path if {
	some i, _ in entries(["volumes"])
	path := tljh.hub_path(["volumes", i])
	unsure(path)
}

doubtful_disks contains path if {
	some i, mount in entries(["mounts"])
	is_home(mount.path)
	path := tljh.hub_path(["mounts", i, "path"])
	unsure(path)
}

# homes is the place of the homes.
homes := "volume" if count(home_volumes) > 0

else := "elsewhere" if home_mount

else := "system disk" if {
	count(unplaced) == 0
	count(doubtful_disks) == 0
}

else := "unclear"
