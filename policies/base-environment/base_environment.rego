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

# proven is the sources, by index, of which something is known.
proven contains i if {
	some i, _ in input.environment.sources
	common.sure(array.concat(sources, [i, "kind"]))
	not common.unsure(array.concat(sources, [i, "target"]))
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

unknown contains tljh.finding(sources, sprintf("What is in the shared environment cannot be told: %s.", [gap])) if {
	not containers
	count(proven) == 0
}

gap := common.reason(sources) if tljh.unknown(sources)

else := common.reason(["config"]) if {
	tljh.unknown(["config"])
	common.list(sources) == []
}

else := common.reason(array.concat(sources, [0, "target"])) if {
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
	"environment_file": "a conda environment file", "packages": "install commands", "plugin": "a TLJH plugin",
}

named(source) := sprintf(", %s", [common.show(source.target)]) if is_string(source.target)

else := ""

advice contains tljh.finding(array.concat(sources, [first]), message) if {
	not containers
	first := min({i | some i in proven; input.environment.sources[i].pinned == false})
	message := "Versions are not fixed, so the next hub gets other ones. Write them down (package==1.2.3)."
}
