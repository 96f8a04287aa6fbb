# METADATA
# title: Words and judgements that rules share
# description: >-
#   What a rule may conclude from silence, and how values are shown to people. Rules import it beside data.tljh.
package tljh.common

import data.tljh

# installs: the repository holds the step that installs TLJH, so TLJH's own defaults apply to what nobody wrote.
installs if input.hub.installs == true

# settled: the value at path was written, or nobody wrote it where TLJH's default then applies.
settled(path) if {
	tljh.known(path)
	installs
}

settled(path) if tljh.state(path) == "set"

# missing is why the value at path cannot be relied on and what would settle it; undefined where it can be.
missing(path) := reason(path) if tljh.unknown(path)

else := concat("", [
	"only a part of the hub's configuration is in this repository and nothing in it sets this; ",
	"commit the script that installs TLJH, or the whole config.yaml",
]) if {
	not settled(path)
}

# unsure: the value at path is not known, or it stands in something that may not be there at all. sure is the opposite,
# for values of the machine and what surrounds it, which are declared and run under conditions.
unsure(path) if tljh.unknown(path)

unsure(path) if count(shaky(path)) > 0

sure(path) if {
	tljh.known(path)
	count(shaky(path)) == 0
}

# shaky is the lengths of path at which something that may not be there contains it.
shaky(path) := {n |
	some n in numbers.range(1, count(path) - 1)
	input.facts[tljh.pointer(array.slice(path, 0, n))].state == "unknown"
}

# reason is why a value is unsure, in the reader's words, or the plainest there is.
reason(path) := tljh.why(path) if {
	tljh.unknown(path)
	tljh.why(path) != ""
}

else := why if {
	why := tljh.why(array.slice(path, 0, min(shaky(path))))
	why != ""
}

else := "the repository does not tell"

# origin is the path whose place decided an effective value: the setting's, or that of a snippet that overrides it.
origin(effective, setting) := effective if {
	tljh.state(effective) in {"set", "derived"}
	input.facts[tljh.pointer(effective)].at != object.get(input, ["facts", tljh.pointer(setting), "at"], null)
}

else := setting

# owned: the repository declares the hub's machine and everything around it could be read, so silence means no.
owned if {
	declared
	input.infra.complete == true
}

# not_owned is why silence about the machine proves nothing, and which file would settle it; undefined where it does.
not_owned := tljh.why(tljh.hub_path(["provider"])) if {
	not declared
	tljh.unknown(tljh.hub_path(["provider"])) # the stand-in for a machine says why it is one
}

else := "the machine the hub runs on is not described in this repository; commit its Terraform or an infra.yaml" if {
	not declared
}

else := sprintf("a part of the infrastructure could not be read (%s); state it in an infra.yaml", [parts]) if {
	not owned
	parts := concat("; ", [part | some part in input.infra.incomplete; is_string(part)])
}

declared if tljh.hub_instance.instance.declared == true

# list is the list at a path, empty where there is none; entries is the one at a path below the hub's machine.
list(path) := found if {
	found := tljh.value(path)
	is_array(found)
} else := []

entries(below) := list(tljh.hub_path(below))

# show quotes a value of the repository, cut to a length that fits a sentence.
show(value) := sprintf("%q", [shorten(value, 60)]) if is_string(value)

else := shorten(json.marshal(value), 60)

shorten(text, length) := text if count(text) <= length

else := concat("", [substring(text, 0, length - 3), "…"])

# memory is a size for people; mib is in MiB.
memory(mib) := sprintf("%d MiB", [ceil(mib)]) if mib < 1024

else := sprintf("%v GiB", [round((mib * 10) / 1024) / 10])

# stage_why is why TLJH stumbles at a stage, without a full stop at its end.
stage_why(stage) := trim_right(shorten(input.stages[stage].why, 300), ".") if is_string(input.stages[stage].why)

else := "the reason is not known"

# untold is why there is no value at a path below the hub's machine, and what would settle it.
untold(below) := reason(tljh.hub_path(below)) if unsure(tljh.hub_path(below))

else := not_owned if not owned

else := "nothing in the repository states it"

# number is the number at path, where it is known.
number(path) := value if {
	sure(path)
	value := tljh.value(path)
	is_number(value)
}

# is: the value at path is this one, and surely so.
is(path, value) if {
	sure(path)
	tljh.value(path) == value
}
