package tljh.rules.authenticator

import data.tljh
import data.tljh.common

# What puts the authenticator right with nothing from outside: accounts of the hub's own (NativeAuthenticator), for people
# who are listed and for those whom an administrator adds. It is only offered where it opens no door that is shut (today
# anybody who comes first can take a name that counts) and shuts nobody out who runs the hub: TLJH 2 lets even
# administrators in only where people are listed (reference/tljh.md §9.2).

auth_type := ["config", "auth", "type"]

allowed := ["config", "users", "allowed"]

admin := ["config", "users", "admin"]

fixes := array.concat(listed, [tljh.set_key(auth_type, "nativeauthenticator.NativeAuthenticator")]) if {
	family in {"firstuse", "dummy"}
	where == auth_type
	input.authenticator.any_password_first_login == true
}

else := []

# listed names the administrators among those who may log in, where nobody is named yet.
listed := [] if count(names_at(allowed)) > 0

else := [tljh.add_item(allowed, name) | some name in {name | some name in names_at(admin)}] if {
	names_at(allowed) == []
	count(names_at(admin)) > 0
}

# names_at is the names in a list of which every one is known.
names_at(path) := names if {
	common.sure(path)
	names := tljh.value(path)
	every i, name in names {
		is_string(name)
		tljh.known(array.concat(path, [i]))
	}
}
