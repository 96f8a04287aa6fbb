# METADATA
# title: The shared environment is written down
# description: >-
#   All people use the packages of one shared environment. If somebody installs them by hand, nobody can make the same hub
#   again, next year's class gets other versions, and after a fault the environment is gone. Written down in the
#   repository (a requirements file, a conda environment file, or the install commands), it can be made again by anybody.
#   Default severity: warning.
# custom:
#   severity: warning
#   remediation: |
#     Commit a requirements.txt with versions (numpy==2.1.3), and give it to the installer:
#         curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --user-requirements-txt-url URL-OF-THE-FILE
#     or install it in the script that sets the hub up:
#         sudo /opt/tljh/user/bin/python3 -m pip install -r requirements.txt
#     An existing hub writes its list with: /opt/tljh/user/bin/python3 -m pip freeze
package tljh.rules["base-environment"]

import data.tljh
import data.tljh.common

sources := ["environment", "sources"]

# containers: people's servers run in images of their own, not in the shared environment.
containers := name if {
	tljh.known(["jupyterhub", "JupyterHub", "spawner_class"])
	name := input.jupyterhub.JupyterHub.spawner_class
	is_string(name)
	regex.match(`(?i)docker|container|podman|kube|swarm`, name)
}

# proven is the sources, by index, that surely install packages. A TLJH plugin may, but its own repository says so.
proven contains i if {
	some i, source in input.environment.sources
	common.sure(array.concat(sources, [i, "kind"]))
	source.kind != "plugin"
	not common.unsure(array.concat(sources, [i, "target"]))
}

proven contains i if some i in later

# later is the files whose name or address is filled in when the hub is set up: there is one, and somebody keeps it.
later contains i if {
	some i, source in input.environment.sources
	common.sure(array.concat(sources, [i, "kind"]))
	source.kind in {"requirements_file", "requirements_url", "environment_file"}
	tljh.unknown(array.concat(sources, [i, "target"]))
}

fail contains tljh.finding(sources, message) if {
	not containers
	whole
	common.installs
	common.list(sources) == []
	message := concat(" ", [
		"Nothing in the repository installs packages into the shared environment, so people have only what TLJH brings, and",
		"whatever is added by hand is lost when the hub is rebuilt. Commit a requirements.txt and install it in the set-up.",
	])
}

# whole: all that sets the hub up could be read.
whole if {
	not tljh.unknown(sources)
	not tljh.unknown(["config"])
}

unsure_targets contains path if {
	some i, _ in input.environment.sources
	path := array.concat(sources, [i, "target"])
	common.unsure(path)
}

unknown contains tljh.finding(sources, sprintf("What is in the shared environment cannot be told: %s.", [gap])) if {
	not containers
	count(proven) == 0
}

gap := common.reason(sources) if tljh.unknown(sources)

else := common.reason(["config"]) if {
	tljh.unknown(["config"])
	common.list(sources) == []
}

else := common.reason(min(unsure_targets)) if count(unsure_targets) > 0

else := "a TLJH plugin is installed, and what it adds is not in this repository; commit a requirements.txt beside it" if {
	common.list(sources) != []
}

else := "the script that sets the hub up is not in this repository; commit it, with the packages it installs" if {
	not common.installs
}

not_applicable contains message if {
	containers
	message := sprintf("people's servers run in container images (%s), not in the shared environment", [common.show(containers)])
}

pass contains tljh.finding(array.concat(sources, [i]), message) if {
	not containers
	some i in proven
	source := input.environment.sources[i]
	kind := object.get(kinds, source.kind, "its packages are installed")
	message := sprintf("The shared environment is written down: %s%s.", [kind, named(source)])
}

kinds := {
	"requirements_file": "a requirements file", "requirements_url": "a requirements file given to the installer",
	"environment_file": "a conda environment file", "packages": "install commands",
}

named(source) := sprintf(", %s", [common.show(source.target)]) if is_string(source.target)

else := ""

advice contains tljh.finding(array.concat(sources, [first]), message) if {
	not containers
	first := min({i | some i in proven; input.environment.sources[i].pinned == false})
	message := "Versions are not fixed, so the next hub gets other ones. Write them down (package==1.2.3)."
}

advice contains tljh.finding(array.concat(sources, [i, "target"]), message) if {
	not containers
	some i in later
	message := sprintf(
		"Which file it is is only known when the hub is set up (%s). Commit the file, so that people can see what they get.",
		[common.reason(array.concat(sources, [i, "target"]))],
	)
}
