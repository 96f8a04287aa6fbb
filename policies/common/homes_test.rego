package tljh.common_test

import data.tljh.common
import data.tljh.testing

mount := [{"path": "/home", "source": "/dev/sdb"}]

# on is the hub's machine with data volumes and with mounts that commands inside it make.
on(volumes, mounts) := testing.set(
	testing.set(
		testing.set(testing.declared, ["infra", "volumes"], volumes),
		testing.hub(["volumes"]), [volume.id | some volume in volumes],
	),
	testing.hub(["mounts"]), mounts,
)

places := {
	"system disk": on([], []),
	"volume": on([{"id": "v", "mount": "/home/"}], []),
	"elsewhere": on([], mount),
	"unclear": on([{"id": "v", "mount": null}], []),
}

test_homes[place] if {
	some place, document in places
	common.homes == place with input as document
}

test_homes_of_an_undeclared_machine if common.homes == "unclear" with input as testing.fresh

test_the_only_volume_is_mounted if common.home_volumes == {0} with input as on([{"id": "v"}], mount)

test_one_of_two_volumes if common.homes == "elsewhere" with input as on([{"id": "v"}, {"id": "w"}], mount)

test_home_mount if {
	mounts := [{"path": "/srv"}, {"path": "/home"}]
	common.home_mount == testing.hub(["mounts", 1]) with input as on([], mounts)
}

test_attached_by_reference if {
	volumes := [{"id": "other"}, {"id": "v", "attached_to": "aws_instance.hub", "mount": "/home"}]
	common.home_volumes == {1} with input as testing.set(testing.declared, ["infra", "volumes"], volumes)
}
