package tljh.rules.https

import data.tljh
import data.tljh.common

# What stands behind HTTPS once it is on: trouble keeps it from working, doubt leaves that open, a hint does neither.

domains := ["config", "https", "letsencrypt", "domains"]

email := ["config", "https", "letsencrypt", "email"]

staging := ["https", "staging"]

switch_staging := ["config", "https", "letsencrypt", "staging"]

port := ["https", "port"]

key := ["config", "https", "tls", "key"]

cert := ["config", "https", "tls", "cert"]

certificate_paths := {domains, email, key, cert}

kinds := {
	"letsencrypt": "a certificate from Let's Encrypt",
	"manual": "a certificate of your own",
	"ambiguous": "a certificate",
}

# certificate is where the certificate comes from, where that is known.
certificate := kind if kind := kinds[input.https.certificate]

else := "a certificate from Let's Encrypt" if placed(domains, email)

else := "a certificate of your own" if {
	placed(cert, key)
}

# placed: both settings are written, with values that are only known when the hub is set up.
placed(one, other) if {
	tljh.unknown(["https", "certificate"])
	every path in [one, other] {
		is_object(input.facts[tljh.pointer(path)].at)
		not tljh.value(path) in {"", []}
	}
}

# elsewhere: the value at path is only open because the repository does not hold all of the configuration. That is no reason
# to doubt what it does hold.
elsewhere(path) if {
	tljh.unknown(["config"])
	tljh.unknown(path)
	common.reason(path) == common.reason(["config"])
}

automatic if placed(domains, email)

own if placed(cert, key)

automatic if input.https.certificate in {"letsencrypt", "ambiguous"}

own if input.https.certificate in {"manual", "ambiguous"}

trouble contains tljh.finding_fix(domains, message, tljh.set_key(domains, [tljh.value(domains)])) if {
	automatic
	tljh.known(domains)
	is_string(tljh.value(domains))
	message := sprintf(
		"https.letsencrypt.domains is a text, %s, where TLJH wants a list: it would ask for a certificate for each letter. %s",
		[common.show(tljh.value(domains)), "Use tljh-config add-item, or write a list."],
	)
}

trouble contains tljh.finding(array.concat(domains, [i]), message) if {
	automatic
	is_array(tljh.value(domains))
	some i, domain in tljh.value(domains)
	tljh.known(array.concat(domains, [i]))
	is_string(domain)
	message := sprintf(
		"Let's Encrypt gives no certificate for %s: it %s. Put the hub's public name there.",
		[common.show(domain), common.name_trouble(domain)],
	)
}

trouble contains tljh.finding(email, message) if {
	automatic
	tljh.known(email)
	address := tljh.value(email)
	is_string(address)
	message := sprintf(
		"Let's Encrypt gives no certificate: %s %s. Put an address there that somebody reads.",
		[common.show(address), common.email_trouble(address)],
	)
}

trouble contains tljh.finding_fix(switch_staging, message, tljh.set_key(switch_staging, false)) if {
	automatic
	tljh.known(staging)
	tljh.value(staging) == true
	message := concat(" ", [
		"https.letsencrypt.staging is on, so the certificate comes from a test authority that browsers refuse.",
		"Type: sudo tljh-config set https.letsencrypt.staging false",
	])
}

trouble contains tljh.finding(key, message) if {
	own
	tljh.known(key)
	tljh.value(key) in {"", null}
	message := "https.tls.cert is set without https.tls.key, so visitors get a certificate that browsers refuse. Set both."
}

trouble contains tljh.finding(path, message) if {
	own
	some path in [key, cert]
	tljh.known(path)
	file := tljh.value(path)
	is_string(file)
	regex.match(`^/(home|root|run/user|tmp|var/tmp)/`, file)
	message := sprintf(
		"TLJH's proxy cannot read %s: it has no access to that directory. Put the file below /etc, for example /etc/tljh/tls.",
		[common.show(file)],
	)
}

doubt contains tljh.finding(["https", "certificate"], message) if {
	not certificate
	not proxy_fails
	message := sprintf(
		"HTTPS is on, but where its certificate comes from cannot be told: %s. Commit https.letsencrypt or https.tls.",
		[common.reason(["https", "certificate"])],
	)
}

doubt contains tljh.finding(switch_staging, message) if {
	automatic
	tljh.unknown(staging)
	not elsewhere(staging)
	message := sprintf("Whether the certificate is only a test one cannot be told: %s. Commit the value.", [common.reason(staging)])
}

doubt contains tljh.finding(["config", "https", "port"], message) if {
	automatic
	tljh.known(port)
	tljh.value(port) != 443
	message := sprintf(
		"HTTPS listens on port %v, but Let's Encrypt always connects to 443: without something that forwards 443 there is no %s",
		[tljh.value(port), "certificate. Set https.port to 443."],
	)
}

doubt contains tljh.finding(["config", "https", "port"], message) if {
	automatic
	tljh.unknown(port)
	not elsewhere(port)
	message := sprintf(
		"Whether HTTPS listens on 443, where Let's Encrypt connects to, cannot be told: %s. Commit the value.",
		[common.reason(port)],
	)
}

hint contains tljh.finding(path, message) if {
	some path in (certificate_paths | {array.concat(domains, [i]) | some i, _ in common.list(domains)})
	tljh.unknown(path)
	not elsewhere(path)
	message := sprintf(
		"What is set here is only known when the hub is set up (%s), so it could not be checked.",
		[common.reason(path)],
	)
}

hint contains tljh.finding(["config", "https"], message) if {
	input.https.certificate == "ambiguous"
	message := "Both Let's Encrypt and a certificate of your own are set up; which one visitors get is not defined. Remove one."
}
