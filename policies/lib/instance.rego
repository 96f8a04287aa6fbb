package tljh

# hub_instance is the machine the hub runs on: {"index", "path", "instance"}, path being ["infra", "instances", index].
# Every hub document has one; where the repository declares no machine, it is a stand-in whose values are unknown.
hub_instance := {"index": index, "path": ["infra", "instances", index], "instance": input.infra.instances[index]} if {
	index := min([i | some i, instance in input.infra.instances; instance.is_hub == true])
}

# hub_path is the path of a value of the hub's machine: hub_path(["ssh", "keys"]).
hub_path(below) := array.concat(hub_instance.path, below)
