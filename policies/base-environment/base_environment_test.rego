package tljh.rules["base-environment_test"]

import data.tljh.rules["base-environment"] as rule
import data.tljh.testing

sources := ["environment", "sources"]

first := ["environment", "sources", 0]

made(source) := testing.set(testing.fresh, sources, [source])

test_nothing_installed_fails if {
	testing.says(rule.fail, sources, ["Nothing in the repository installs", "requirements.txt"]) with input as testing.fresh
	count(rule.pass | rule.unknown) == 0 with input as testing.fresh
}

test_fragment_is_unknown if {
	document := testing.set(testing.fresh, ["hub", "installs"], false)
	testing.says(rule.unknown, sources, ["sets the hub up", "commit"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_unread_sources_are_unknown if {
	document := testing.hide(testing.fresh, sources, "a script from the internet")
	testing.says(rule.unknown, sources, ["a script from the internet"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_unknown_packages_are_unknown if {
	document := testing.hide(made({"kind": "packages", "target": "…"}), array.concat(first, ["target"]), "$PACKAGES")
	testing.says(rule.unknown, sources, ["$PACKAGES"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_file_named_later_passes_with_advice if {
	document := testing.hide(made({"kind": "requirements_url", "target": "…"}), array.concat(first, ["target"]), "$REQUIREMENTS")
	testing.says(rule.pass, first, ["requirements file given to the installer."]) with input as document
	testing.says(rule.advice, array.concat(first, ["target"]), ["$REQUIREMENTS"]) with input as document
	count(rule.unknown | rule.fail) == 0 with input as document
}

test_plugin_alone_is_unknown if {
	document := made({"kind": "plugin", "target": "tljh-something"})
	testing.says(rule.unknown, sources, ["a TLJH plugin is installed"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_kinds_pass[kind] if {
	some kind, words in {
		"requirements_file": "a requirements file, \"t\"", "requirements_url": "given to the installer",
		"environment_file": "conda", "packages": "install commands",
	}
	document := made({"kind": kind, "target": "t", "pinned": true})
	testing.says(rule.pass, first, [words]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
	count(rule.advice) == 0 with input as document
}

test_without_target if {
	testing.says(rule.pass, first, ["install commands."]) with input as made({"kind": "packages", "target": null})
}

test_one_known_source_is_enough if {
	document := testing.set(testing.fresh, sources, [{"kind": "packages", "target": "numpy"}, {"kind": "packages", "target": "…"}])
	hidden := testing.hide(document, ["environment", "sources", 1, "target"], "$PACKAGES")
	testing.says(rule.pass, first, ["numpy"]) with input as hidden
	count(rule.fail | rule.unknown) == 0 with input as hidden
}

test_unpinned if {
	document := made({"kind": "packages", "target": "numpy", "pinned": false})
	testing.says(rule.advice, first, ["package==1.2.3"]) with input as document
}

test_containers if {
	document := testing.set(testing.fresh, ["jupyterhub", "JupyterHub", "spawner_class"], "dockerspawner.DockerSpawner")
	some reason in rule.not_applicable with input as document
	contains(reason, "\"dockerspawner.DockerSpawner\"")
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_source_that_may_not_be_there_is_unknown if {
	document := testing.perhaps(made({"kind": "packages", "target": "numpy"}), first, "inside an if")
	testing.says(rule.unknown, sources, ["inside an if"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_unread_set_up_is_unknown if {
	document := testing.perhaps(testing.fresh, ["config"], "an Ansible playbook may set it")
	testing.says(rule.unknown, sources, ["an Ansible playbook may set it"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}
