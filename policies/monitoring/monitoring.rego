# METADATA
# title: Somebody is told when the hub is in trouble
# description: >-
#   A hub rarely fails all at once: a disk fills up, memory runs out, and then nobody can log in, usually the evening before
#   the deadline. A program that only collects figures helps afterwards; somebody has to be told while there is time. What
#   counts is an alert on the disk or the memory, or a check from outside that the hub answers, that reaches a person.
#   Default severity: warning.
# custom:
#   severity: warning
#   remediation: |
#     Declare an alert with somebody to notify:
#       AWS: aws_cloudwatch_metric_alarm with alarm_actions and aws_sns_topic_subscription
#       Google: google_monitoring_uptime_check_config and google_monitoring_alert_policy with notification_channels
#       Azure: azurerm_monitor_metric_alert with action
#       DigitalOcean: digitalocean_monitor_alert, or digitalocean_uptime_check with digitalocean_uptime_alert
#     A monitor outside this repository is stated in an infra.yaml, at the machine:
#         monitoring:
#           - {kind: uptime, signal: http, notify: true, target: WHERE-IT-IS-SET-UP}
#   params:
#     require_alert:
#       type: boolean
#       default: true
#       description: Whether somebody has to be told; if not, a program that collects figures is enough.
package tljh.rules.monitoring

import data.tljh
import data.tljh.common

list := tljh.hub_path(["monitoring"])

at(i, key) := array.concat(list, [i, key])

# watches is the monitors that notice what matters; an alert on the CPU or on cost does not.
watches contains i if {
	some i, monitor in common.entries(["monitoring"])
	monitor.kind in {"alert", "uptime"}
	common.sure(at(i, "kind"))
	noticed(monitor)
}

noticed(monitor) if monitor.kind == "uptime"

noticed(monitor) if monitor.signal in {"memory", "disk", "http", "status"}

tells contains i if {
	some i in watches
	common.is(at(i, "notify"), true)
}

collects contains i if {
	some i, monitor in common.entries(["monitoring"])
	monitor.kind == "agent"
	common.sure(at(i, "kind"))
}

enough if count(tells) > 0

enough if {
	not tljh.param("monitoring", "require_alert", true)
	count(collects | watches) > 0
}

# hopeful is monitors of which the decisive part is not known.
hopeful contains path if {
	some i, _ in common.entries(["monitoring"])
	not common.is(at(i, "kind"), "agent")
	not common.is(at(i, "notify"), false)
	some key in ["kind", "signal", "notify"]
	path := at(i, key)
	common.unsure(path)
}

# evident: not enough, and nothing that might be is out of sight.
evident if {
	not enough
	common.owned
	count(hopeful) == 0
	not common.unsure(list)
}

fail contains tljh.finding(list, message) if {
	evident
	count(common.entries(["monitoring"])) == 0
	message := concat(" ", [
		"Nothing watches the hub: when its disk is full or it stops answering, you hear it from the people who cannot work.",
		"Declare an alert on disk and memory, or a check that the hub answers, with somebody to notify.",
	])
}

fail contains tljh.finding(array.concat(list, [i]), message) if {
	evident
	some i, monitor in common.entries(["monitoring"])
	message := sprintf("%s Declare an alert that somebody gets.", [flaw(monitor)])
}

flaw(monitor) := "Figures are collected, but nobody is told when they get bad." if not monitor.kind in {"alert", "uptime"}

else := "Trouble is noticed, but nobody is told." if {
	noticed(monitor)
}

else := "What is watched here says nothing of a full disk, of too little memory or of a hub that does not answer."

unknown contains tljh.finding(list, message) if {
	not enough
	not evident
	message := sprintf("Whether somebody is told of trouble cannot be told: %s.", [gap])
}

gap := common.reason(min(hopeful)) if count(hopeful) > 0

else := common.untold(["monitoring"])

pass contains tljh.finding(array.concat(list, [i]), "Somebody is told when the hub is in trouble.") if {
	some i in tells
}

pass contains tljh.finding(at(i, "every_hours"), sprintf("The hub is asked every %v hours whether it answers.", [hours])) if {
	some i in tells
	hours := common.number(at(i, "every_hours"))
}

pass contains tljh.finding(array.concat(list, [i]), "The hub's figures are collected, which your settings accept.") if {
	enough
	count(tells) == 0
	some i in (collects | watches)
}

advice contains tljh.finding(list, message) if {
	enough
	not disk_watched
	message := "No alert watches the disk, and a full one is what most often stops a hub silently. Add one."
}

disk_watched if {
	some i in tells
	tljh.value(at(i, "signal")) == "disk"
}
