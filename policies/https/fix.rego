package tljh.rules.https

import data.tljh

# Where a certificate is set up completely, all that is missing is the switch. A name or an address nobody can guess, so
# without them there is no fix.

fixes := array.concat(as_list, [tljh.set_key(switch, true)]) if complete

else := []

# complete: TLJH reloads its proxy with one kind of certificate, wholly given, and with nothing half given (§11 of
# reference/tljh.md).
complete if {
	given(domains)
	given(email)
	not given(key)
	not given(cert)
	tljh.value(switch_staging) == false
}

complete if {
	given(key)
	given(cert)
	not given(domains)
	not given(email)
}

# given: somebody wrote it, perhaps as a variable.
given(path) if {
	tljh.state(path) in {"set", "unknown"}
	not tljh.value(path) in {"", [], null}
}

# as_list makes a list of a domain that was written as a text.
as_list := [tljh.set_key(domains, [tljh.value(domains)])] if {
	is_string(tljh.value(domains))
	tljh.known(domains)
}

else := []

# meant is true where a text says so; one that says no may have been meant, or be as old as the hub.
meant := [tljh.set_key(switch, true)] if lower(tljh.value(switch)) in {"true", "yes", "on", "y", "1"}

else := []
