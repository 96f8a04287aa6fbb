package tljh.rules.https_test

import data.tljh.rules.https as rule
import data.tljh.testing

switch := ["config", "https", "enabled"]

domains := ["config", "https", "letsencrypt", "domains"]

email := ["config", "https", "letsencrypt", "email"]

# on is a hub with HTTPS on and a certificate of a kind.
on(certificate) := json.patch(testing.set(testing.fresh, switch, true), [
	{"op": "replace", "path": "/https/enabled", "value": true},
	{"op": "replace", "path": "/https/certificate", "value": certificate},
])

letsencrypt := testing.set(testing.set(on("letsencrypt"), domains, ["hub.uni.edu"]), email, "ann@uni.edu")

manual := testing.set(
	testing.set(on("manual"), ["config", "https", "tls", "key"], "/etc/tljh/k"),
	["config", "https", "tls", "cert"], "/etc/tljh/c",
)

test_default_fails if {
	testing.says(rule.fail, switch, ["default is off", "readable", "https.letsencrypt.email"]) with input as testing.fresh
	count(((rule.pass | rule.unknown) | rule.advice)) == 0 with input as testing.fresh
}

test_switched_off_fails if {
	testing.says(rule.fail, switch, ["HTTPS is switched off"]) with input as testing.set(testing.fresh, switch, false)
}

test_prepared_but_off_fails if {
	document := testing.set(testing.fresh, ["config", "https", "tls", "key"], "/etc/tljh/k")
	testing.says(rule.fail, switch, ["not switched on", "Set https.enabled to true. Passwords"]) with input as document
}

test_fragment_is_unknown if {
	document := testing.set(testing.fresh, ["hub", "installs"], false)
	testing.says(rule.unknown, switch, ["only a part"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_fragment_switched_off_fails if {
	document := testing.set(testing.set(testing.fresh, ["hub", "installs"], false), switch, false)
	testing.says(rule.fail, switch, ["switched off"]) with input as document
	count(rule.unknown) == 0 with input as document
}

test_unknown_switch if {
	document := testing.hide(testing.fresh, ["https", "enabled"], "variable \"tls\" has no value")
	testing.says(rule.unknown, switch, ["variable \"tls\" has no value", "Commit"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_ended_in_front_passes if {
	document := testing.set(testing.fresh, ["https", "terminated_by"], "traefik")
	testing.says(rule.pass, ["https", "terminated_by"], ["\"traefik\""]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_perhaps_ended_in_front_is_unknown if {
	document := testing.hide(testing.fresh, ["https", "terminated_by"], "nginx's certificate is a variable")
	testing.says(rule.unknown, ["https", "terminated_by"], ["nginx's certificate", "Commit"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_load_balancer_is_unknown if {
	document := testing.set(testing.declared, testing.hub(["public_ips"]), [{"ref": "aws_lb.hub", "kind": "lb"}])
	testing.says(rule.unknown, ["https", "terminated_by"], ["load balancer"]) with input as document
}

test_proxied_record_is_unknown if {
	document := testing.set(testing.fresh, ["infra", "dns"], [{"fqdn": "hub.uni.edu", "proxied": true}])
	testing.says(rule.unknown, ["https", "terminated_by"], ["proxy"]) with input as document
}

test_another_port if {
	document := testing.set(testing.fresh, ["config", "http", "port"], 10080)
	testing.says(rule.unknown, ["https", "terminated_by"], ["port 10080"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_this_machine_only if {
	document := testing.set(testing.fresh, ["config", "http", "address"], "127.0.0.1")
	testing.says(rule.unknown, ["https", "terminated_by"], ["this machine only"]) with input as document
	count(rule.fail) == 0 with input as document
}

test_proxy_that_does_not_reload_fails if {
	document := testing.set(on("none"), ["stages", "proxy"], {"status": "error", "why": "no certificate"})
	testing.says(rule.fail, ["stages", "proxy"], ["no certificate", "old one stays"]) with input as document
	count(rule.pass | rule.unknown) == 0 with input as document
}

good := {"Let's Encrypt": letsencrypt, "a certificate of your own": manual}

test_passes[words] if {
	some words, document in good
	testing.says(rule.pass, switch, [words]) with input as document
	count(((rule.fail | rule.unknown) | rule.advice)) == 0 with input as document
}

test_text_is_on if {
	document := testing.set(letsencrypt, switch, "no")
	testing.says(rule.advice, switch, ["\"no\"", "any text as on"]) with input as document
	count(rule.pass) == 1 with input as document
}

test_both_kinds_pass_with_advice if {
	document := testing.set(letsencrypt, ["https", "certificate"], "ambiguous")
	with_files := testing.set(document, ["config", "https", "tls", "key"], "/etc/k")
	testing.says(rule.advice, ["config", "https"], ["Both"]) with input as with_files
	count(rule.pass) == 1 with input as with_files
	count(rule.fail) == 0 with input as with_files
}

test_domain_from_a_variable_passes_with_advice if {
	document := testing.hide(letsencrypt, domains, "variable \"domain\" has no value")
	testing.says(rule.advice, domains, ["variable \"domain\" has no value"]) with input as document
	count(rule.pass) == 1 with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_part_of_a_domain_from_a_variable if {
	document := testing.put(letsencrypt, array.concat(domains, [0]), "…", "unknown")
	count(rule.fail) == 0 with input as document
	count(rule.pass) == 1 with input as document
}

test_domains_as_text_fail_with_a_fix if {
	document := testing.set(letsencrypt, domains, "hub.uni.edu")
	testing.says(rule.fail, domains, ["each letter"]) with input as document
	some finding in rule.fail with input as document
	finding.fix == {"op": "set", "path": domains, "value": ["hub.uni.edu"]}
}

test_bad_domain_fails if {
	document := testing.set(letsencrypt, domains, ["hub.uni.edu", "10.0.0.7"])
	testing.says(rule.fail, array.concat(domains, [1]), ["\"10.0.0.7\"", "is an IP address"]) with input as document
}

test_bad_email_fails if {
	testing.says(rule.fail, email, ["ann@example.com", "refuses"]) with input as testing.set(letsencrypt, email, "ann@example.com")
}

staging := ["config", "https", "letsencrypt", "staging"]

test_staging_fails if {
	testing.says(rule.fail, staging, ["test authority"]) with input as testing.set(letsencrypt, ["https", "staging"], true)
}

test_staging_unknown if {
	document := testing.hide(letsencrypt, ["https", "staging"], "variable \"staging\"")
	testing.says(rule.unknown, staging, ["variable \"staging\""]) with input as document
}

test_other_port_is_unknown if {
	document := testing.set(letsencrypt, ["https", "port"], 8443)
	testing.says(rule.unknown, ["config", "https", "port"], ["8443", "443"]) with input as document
}

test_certificate_without_key_fails if {
	document := testing.set(manual, ["config", "https", "tls", "key"], "")
	testing.says(rule.fail, ["config", "https", "tls", "key"], ["without https.tls.key"]) with input as document
}

test_certificate_the_proxy_cannot_read_fails if {
	document := testing.set(manual, ["config", "https", "tls", "cert"], "/home/ann/cert.pem")
	testing.says(rule.fail, ["config", "https", "tls", "cert"], ["\"/home/ann/cert.pem\"", "cannot read"]) with input as document
}

test_unknown_certificate if {
	document := testing.hide(letsencrypt, ["https", "certificate"], "a template")
	testing.says(rule.unknown, ["https", "certificate"], ["a template", "Commit"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

# filled is Let's Encrypt set up with values that are only known later, as a template is: written, but not known.
filled(paths) := json.patch(testing.hide(on(null), ["https", "certificate"], "variable \"domain\""), [
{"op": "add", "path": ["facts", sprintf("/%s", [concat("/", path)])], "value": {
	"state": "unknown", "why": "variable \"domain\"",
	"at": {"file": "config.yaml", "start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 2}},
}} |
	some path in paths
])

unwritten := json.patch(testing.fresh, [
	{"op": "replace", "path": "/config/https/letsencrypt", "value": {"email": null, "domains": ["…"]}},
	{"op": "replace", "path": "/config/https/tls", "value": {"key": null, "cert": null}},
])

test_template_passes[words] if {
	some words, paths in {
		"Let's Encrypt": [domains, email],
		"of your own": [["config", "https", "tls", "key"], ["config", "https", "tls", "cert"]],
	}
	document := json.patch(filled(paths), [{"op": "replace", "path": "/config/https", "value": unwritten.config.https}])
	testing.says(rule.pass, switch, [words]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
	count(rule.advice) >= 2 with input as document
}

test_template_of_half_a_certificate_is_unknown if {
	document := json.patch(filled([email]), [{"op": "replace", "path": "/config/https", "value": unwritten.config.https}])
	testing.says(rule.unknown, ["https", "certificate"], ["variable \"domain\""]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

off(document) := testing.set(testing.set(document, switch, false), ["https", "enabled"], false)

fix_of(document) := fix if {
	some finding in rule.fail with input as document
	fix := finding.fix
}

on_again := {"op": "set", "path": switch, "value": true}

test_fix_switches_a_complete_certificate_on if {
	fix_of(off(letsencrypt)) == on_again
	fix_of(off(manual)) == on_again
}

test_fix_for_a_domain_from_a_variable if {
	document := testing.put(off(letsencrypt), array.concat(domains, [0]), "…", "unknown")
	fix_of(document) == on_again
}

test_fix_also_makes_a_list_of_domains if {
	document := testing.set(off(letsencrypt), domains, "hub.uni.edu")
	fix_of(document) == {"op": "set", "path": domains, "value": ["hub.uni.edu"], "then": [on_again]}
}

test_no_fix_without_a_whole_certificate[name] if {
	some name, document in {
		"nothing": testing.fresh,
		"no e-mail": testing.set(off(letsencrypt), email, ""),
		"no domains": testing.set(off(letsencrypt), domains, []),
		"no key": testing.set(off(manual), ["config", "https", "tls", "key"], ""),
		"staging": testing.set(off(letsencrypt), ["config", "https", "letsencrypt", "staging"], true),
		"a key and a name": testing.set(off(letsencrypt), ["config", "https", "tls", "key"], "/etc/tljh/k"),
		"half of another": testing.set(off(manual), email, "ann@uni.edu"),
		"e-mail not known": testing.hide(off(letsencrypt), email, "$EMAIL has no value"),
	}
	not fix_of(document)
}

test_staging_has_a_fix if {
	path := ["config", "https", "letsencrypt", "staging"]
	document := testing.set(testing.set(letsencrypt, ["https", "staging"], true), path, true)
	fix_of(document) == {"op": "set", "path": path, "value": false}
}

test_text_that_says_yes_has_a_fix[text] if {
	some text, fixed in {"true": true, "Yes": true, "on": true, "no": false, "false": false}
	some finding in rule.advice with input as testing.set(letsencrypt, switch, text)
	[1 | finding.fix == on_again] == [1 | fixed]
}

# part is a repository that switches HTTPS on and does not install TLJH: all that it does not write is open.
part := json.patch(letsencrypt, array.concat(
	[
		{"op": "replace", "path": "/hub/installs", "value": false},
		{"op": "replace", "path": "/https/certificate", "value": null},
		{"op": "replace", "path": "/facts/~1config", "value": {"state": "unknown", "why": "set elsewhere"}},
		{"op": "add", "path": "/facts/~1https~1certificate", "value": {"state": "unknown", "why": "set elsewhere"}},
		{"op": "add", "path": "/facts/~1https~1staging", "value": {"state": "unknown", "why": "set elsewhere"}},
		{"op": "add", "path": "/facts/~1https~1port", "value": {"state": "unknown", "why": "set elsewhere"}},
		{"op": "add", "path": "/facts/~1config~1https~1tls", "value": {"state": "unknown", "why": "set elsewhere"}},
	],
	[{"op": "add", "path": ["facts", sprintf("/config/https/letsencrypt/%s", [key]), "at"], "value": {"file": "up.sh"}} |
		some key in ["domains", "email"]
	],
))

test_part_of_a_configuration_passes if {
	testing.says(rule.pass, switch, ["HTTPS is on, with a certificate from Let's Encrypt"]) with input as part
	count(((rule.fail | rule.unknown) | rule.advice)) == 0 with input as part
}

test_port_of_part_is_unknown if {
	document := testing.hide(part, ["https", "port"], "argument $3")
	testing.says(rule.unknown, ["config", "https", "port"], ["443", "argument $3"]) with input as document
}

test_certificate_of_part_is_unknown if {
	document := testing.hide(part, ["config", "https", "letsencrypt", "email"], "set elsewhere")
	testing.says(rule.unknown, ["https", "certificate"], ["where its certificate comes from"]) with input as document
	count(rule.fail) == 0 with input as document
}
