# METADATA
# title: The hub is within what TLJH is made for
# description: >-
#   TLJH runs everybody on one machine and is made for up to about 100 people at a time. Beyond that, one machine becomes
#   the limit: it has to be huge, an upgrade or a fault stops everybody, and it cannot grow during a lecture. JupyterHub
#   on Kubernetes spreads people over many machines. Default severity: warning.
# custom:
#   severity: warning
#   remediation: |
#     State how many people work at the same time, in .tljh-policy.yaml:
#         version: 1
#         hubs:
#           - name: hub
#             dir: .
#             expected_users: {active: 30, total: 200}
#     Beyond 100, look at Zero to JupyterHub with Kubernetes (https://z2jh.jupyter.org), or give each class its own hub.
#   params:
#     max_active:
#       type: number
#       default: 100
#       description: People at the same time up to which one machine is right.
package tljh.rules["hub-scale"]

import data.tljh
import data.tljh.common

max_active := tljh.param("hub-scale", "max_active", 100)

active_path := ["hub", "expected_users", "active"]

total_path := ["hub", "expected_users", "total"]

fail contains tljh.finding(active_path, message) if {
	common.number(active_path) > max_active
	message := sprintf(
		"%v people at a time are more than TLJH is made for (about %v): one machine cannot carry them reliably. %s",
		[common.number(active_path), max_active, "Look at JupyterHub on Kubernetes (z2jh.jupyter.org), or use several hubs."],
	)
}

unknown contains tljh.finding(active_path, message) if {
	not common.number(active_path)
	not few
	message := sprintf("How many people use the hub at the same time is not stated%s. Write it in .tljh-policy.yaml: %s", [
		because,
		"hubs, expected_users: {active: …, total: …}.",
	])
}

because := sprintf(" (%s)", [common.reason(active_path)]) if tljh.unknown(active_path)

else := ""

# few: everybody at once is still few enough.
few if common.number(total_path) <= max_active

pass contains tljh.finding(active_path, message) if {
	common.number(active_path) <= max_active
	message := sprintf("%v people at a time are within what TLJH is made for.", [common.number(active_path)])
}

pass contains tljh.finding(total_path, message) if {
	not common.number(active_path)
	few
	message := sprintf("%v people are within what TLJH is made for, even all at once.", [common.number(total_path)])
}

advice contains tljh.finding(active_path, message) if {
	common.number(active_path) > max_active * 0.8
	common.number(active_path) <= max_active
	message := sprintf(
		"%v people at a time are close to the limit of %v: plan what comes after.",
		[common.number(active_path), max_active],
	)
}
