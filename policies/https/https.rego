# METADATA
# title: HTTPS is on and can work
# description: >-
#   Without HTTPS, passwords and everything people type travel readable through every network on the way, the lecture
#   hall's included, and browsers warn. TLJH has HTTPS off until somebody switches it on. Once on, it needs a certificate:
#   from Let's Encrypt, for which it needs an e-mail address and a public name of the hub, or your own. Default severity:
#   error, because a password that was read once is lost.
# custom:
#   severity: error
#   remediation: |
#     Give the hub a name (a DNS record that points at its address), open ports 80 and 443, and commit these lines to the
#     script that sets it up:
#         sudo tljh-config set https.enabled true
#         sudo tljh-config set https.letsencrypt.email YOU@YOUR-INSTITUTION
#         sudo tljh-config add-item https.letsencrypt.domains hub.YOUR-INSTITUTION
#         sudo tljh-config reload
#         sudo tljh-config reload proxy
#     With a certificate of your own, set https.tls.key and https.tls.cert to their files (not below /home, /root or /tmp)
#     instead of the letsencrypt lines. If something in front of the hub ends TLS (nginx, Traefik, a load balancer), commit
#     its configuration too.
package tljh.rules.https

import data.tljh
import data.tljh.common

switch := ["config", "https", "enabled"]

front := ["https", "terminated_by"]

enabled := input.https.enabled if {
	tljh.known(["https", "enabled"])
	is_boolean(input.https.enabled)
}

decided if enabled in {true, false}

# in_front is what ends TLS before the hub, where the repository proves it.
in_front := tljh.value(front) if {
	tljh.known(front)
	is_string(tljh.value(front))
}

# perhaps_in_front is something that may end TLS before the hub, and may not.
perhaps_in_front := common.reason(front) if tljh.unknown(front)

else := "a load balancer stands in front of the hub; whether it ends TLS is not known" if {
	some address in common.entries(["public_ips"])
	address.kind == "lb"
}

else := "the DNS record goes through a proxy; whether that ends TLS is not known" if {
	some record in input.infra.dns
	record.proxied == true
}

else := sprintf("TLJH listens on port %v, not on the web's, so something in front of it may end TLS", [port_http]) if {
	tljh.known(["config", "http", "port"])
	port_http := input.config.http.port
	port_http != 80
}

else := "TLJH listens on this machine only, so something in front of it may end TLS" if {
	tljh.known(["config", "http", "address"])
	is_string(input.config.http.address)
	startswith(input.config.http.address, "127.")
}

proxy_fails if input.stages.proxy.status == "error"

fail contains tljh.finding(["stages", "proxy"], message) if {
	proxy_fails
	message := sprintf(
		"HTTPS would not come up: TLJH refuses this configuration when it reloads its proxy (%s), and the old one stays in force.",
		[common.stage_why("proxy")],
	)
}

fail contains tljh.fixed_by(tljh.finding(switch, message), fixes) if {
	enabled == false
	common.settled(switch)
	not in_front
	not perhaps_in_front
	message := sprintf("%s Passwords and all work travel readable through every network on the way.", [off])
}

# off is how HTTPS comes to be off, and what to type.
off := concat(" ", [
	"A certificate is set up, but HTTPS is not switched on, so TLJH does not use it.",
	"Set https.enabled to true.",
]) if {
	prepared
}

else := "HTTPS is switched off. Set https.enabled to true." if tljh.state(switch) == "set"

else := concat(" ", [
	"HTTPS is not switched on, and TLJH's default is off.",
	"Set https.enabled to true, https.letsencrypt.email and https.letsencrypt.domains.",
])

prepared if {
	some path in certificate_paths
	tljh.state(path) in {"set", "unknown"}
	not tljh.value(path) in {"", []}
}

# What speaks against the certificate is in certificate.rego.
fail contains finding if {
	enabled
	not in_front
	some finding in trouble
}

unknown contains tljh.finding(switch, message) if {
	not decided
	not in_front
	message := sprintf(
		"Whether HTTPS is on cannot be told: %s. Commit the value of https.enabled, or the file that sets it.",
		[common.reason(["https", "enabled"])],
	)
}

unknown contains tljh.finding(switch, sprintf("Whether HTTPS is on cannot be told: %s.", [common.missing(switch)])) if {
	enabled == false
	not common.settled(switch)
	not in_front
}

unknown contains tljh.finding(front, message) if {
	enabled == false
	not in_front
	message := sprintf(
		"The hub itself has HTTPS off, and %s. Commit the configuration of what ends TLS, or set https.enabled to true.",
		[perhaps_in_front],
	)
}

unknown contains finding if {
	enabled
	not in_front
	some finding in doubt
}

pass contains tljh.finding(front, sprintf("HTTPS is ended in front of the hub, by %s.", [common.show(in_front)])) if in_front

pass contains tljh.finding(switch, sprintf("HTTPS is on, with %s.", [certificate])) if enabled

advice contains tljh.fixed_by(tljh.finding(switch, message), meant) if {
	enabled
	is_string(tljh.value(switch))
	message := sprintf(
		"https.enabled is the text %s, and TLJH takes any text as on. Write true (or false), without quotes.",
		[common.show(tljh.value(switch))],
	)
}

advice contains finding if {
	enabled
	some finding in hint
}
