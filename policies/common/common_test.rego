package tljh.common_test

import data.tljh.common
import data.tljh.testing

test_installs if {
	common.installs with input as testing.fresh
	not common.installs with input as {"hub": {"installs": false}}
}

fragment := testing.set(testing.fresh, ["hub", "installs"], false)

memory := ["config", "limits", "memory"]

test_default_is_settled_by_the_install if common.settled(memory) with input as testing.fresh

test_default_of_a_fragment_is_not_settled if not common.settled(memory) with input as fragment

test_written_value_is_settled if common.settled(memory) with input as testing.set(fragment, memory, "1G")

test_missing_unknown if {
	common.missing(memory) == "no value" with input as testing.hide(testing.fresh, memory, "no value")
}

test_missing_without_reason if {
	common.missing(memory) == "the repository does not tell" with input as testing.hide(testing.fresh, memory, "")
}

test_missing_in_fragment if contains(common.missing(memory), "only a part") with input as fragment

test_nothing_missing if not common.missing(memory) with input as testing.fresh

test_owned if {
	common.owned with input as testing.declared
	not common.not_owned with input as testing.declared
}

test_not_owned if {
	not common.owned with input as testing.fresh
	common.not_owned == testing.not_here with input as testing.fresh
	contains(common.not_owned, "not described") with input as {}
}

partial := json.patch(testing.declared, [
	{"op": "replace", "path": "/infra/complete", "value": false},
	{"op": "replace", "path": "/infra/incomplete", "value": ["module.net is remote"]},
])

test_partly_owned if {
	not common.owned with input as partial
	contains(common.not_owned, "(module.net is remote)") with input as partial
}

test_entries if {
	common.entries(["volumes"]) == ["v"] with input as testing.set(testing.declared, testing.hub(["volumes"]), ["v"])
	common.entries(["volumes"]) == [] with input as testing.fresh
}

test_show if {
	common.show("a\"b") == `"a\"b"`
	common.show(true) == "true"
	count(common.show(concat("", [x | some _ in numbers.range(1, 70); x := "é"]))) == 60
}

test_memory if {
	common.memory(512) == "512 MiB"
	common.memory(2048) == "2 GiB"
	common.memory(1536) == "1.5 GiB"
}

test_stage_why if {
	stages := {"hub": {"status": "error", "why": "auth is null."}, "proxy": {"status": "error", "why": null}}
	common.stage_why("hub") == "auth is null" with input.stages as stages
	common.stage_why("proxy") == "the reason is not known" with input.stages as stages
}

test_untold if {
	common.untold(["machine"]) == testing.not_here with input as testing.fresh
	common.untold(["os"]) == "nothing in the repository states it" with input as testing.declared
	contains(common.untold(["os"]), "module.net") with input as partial
}

test_number if {
	common.number(["https", "port"]) == 443 with input as testing.fresh
	not common.number(["https", "certificate"]) with input as testing.fresh
	not common.number(["https", "port"]) with input as testing.put(testing.fresh, ["https", "port"], 443, "unknown")
}

doubtful := testing.perhaps(
	testing.set(testing.declared, testing.hub(["patching"]), [{"kind": "unattended"}]),
	testing.hub(["patching", 0]), "inside an if",
)

test_what_stands_in_something_doubtful_is_unsure if {
	path := testing.hub(["patching", 0, "kind"])
	common.unsure(path) with input as doubtful
	not common.sure(path) with input as doubtful
	not common.is(path, "unattended") with input as doubtful
	common.reason(path) == "inside an if" with input as doubtful
}

test_what_is_set_is_sure if {
	path := testing.hub(["machine", "memory_mib"])
	common.sure(path) with input as testing.declared
	not common.unsure(path) with input as testing.declared
	common.is(path, 8192) with input as testing.declared
}

class := ["authenticator", "class"]

test_origin if {
	setting := ["config", "auth", "type"]
	common.origin(class, setting) == setting with input as testing.fresh
	common.origin(class, setting) == class with input as testing.elsewhere(testing.fresh, class)
}
