package tljh.rules.authenticator_test

import data.tljh.rules.authenticator as rule
import data.tljh.testing

setting := ["config", "auth", "type"]

# using is a hub on which somebody chose class, of family.
using(class, family) := json.patch(testing.set(testing.fresh, setting, class), [
	{"op": "replace", "path": ["facts", "/authenticator/class", "state"], "value": "derived"},
	{"op": "replace", "path": "/authenticator/class", "value": class},
	{"op": "replace", "path": "/authenticator/family", "value": family},
])

test_default_fails if {
	words := ["TLJH's default", "FirstUseAuthenticator", "Somebody else", "tljh-config set auth.type"]
	testing.says(rule.fail, setting, words) with input as testing.fresh
	count(((rule.pass | rule.unknown) | rule.advice)) == 0 with input as testing.fresh
}

test_default_with_create_users if {
	document := testing.set(testing.fresh, ["jupyterhub", "FirstUseAuthenticator", "create_users"], true)
	testing.says(rule.fail, setting, ["create_users is on"]) with input as document
}

test_default_with_create_users_null if {
	document := testing.set(testing.fresh, ["config", "auth", "FirstUseAuthenticator", "create_users"], null)
	testing.says(rule.fail, setting, ["create_users is on"]) with input as document
}

test_default_of_a_fragment_is_unknown if {
	document := testing.set(testing.fresh, ["hub", "installs"], false)
	testing.says(rule.unknown, setting, ["only a part", "commit"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

unfit := {
	["firstuseauthenticator.FirstUseAuthenticator", "firstuse"]: "is FirstUseAuthenticator: whoever",
	["builtins.LocalFirstUse", "firstuse"]: "\"builtins.LocalFirstUse\" is a kind of FirstUseAuthenticator",
	["jupyterhub.auth.DummyAuthenticator", "dummy"]: "believes any name",
	["builtins.Workshop", "dummy"]: "a kind of DummyAuthenticator",
	["tmpauthenticator.TmpAuthenticator", "tmp"]: "without any login",
	["jupyterhub.auth.NullAuthenticator", "null"]: "lets nobody",
	["jupyterhub.authenticators.shared.SharedPasswordAuthenticator", "shared-password"]: "the same password",
}

test_unfit_fails[class] if {
	some [class, family], words in unfit
	testing.says(rule.fail, setting, [words, "Set auth.type"]) with input as using(class, family)
	count(rule.pass | rule.unknown) == 0 with input as using(class, family)
}

test_unfit_without_a_known_class if {
	document := testing.hide(using("x", "dummy"), ["authenticator", "class"], "f-string")
	testing.says(rule.fail, setting, ["The authenticator"]) with input as document
}

real := {
	["oauthenticator.github.GitHubOAuthenticator", "oauth"], ["nativeauthenticator.NativeAuthenticator", "native"],
	["ldapauthenticator.LDAPAuthenticator", "ldap"], ["jupyterhub.auth.PAMAuthenticator", "pam"],
}

test_real_passes[class] if {
	some [class, family] in real
	testing.says(rule.pass, setting, [class]) with input as using(class, family)
	count(((rule.fail | rule.unknown) | rule.advice)) == 0 with input as using(class, family)
}

test_snippet_is_the_evidence if {
	document := testing.elsewhere(using("nativeauthenticator.NativeAuthenticator", "native"), ["authenticator", "class"])
	testing.says(rule.pass, ["authenticator", "class"], ["Native"]) with input as document
}

test_unknown_class if {
	document := testing.hide(testing.fresh, ["authenticator", "family"], "variable \"auth\" has no value")
	testing.says(rule.unknown, setting, ["variable \"auth\" has no value", "Commit"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_custom_is_unknown if {
	document := using("school.Login", "custom")
	testing.says(rule.unknown, setting, ["\"school.Login\"", "trusted_classes"]) with input as document
	count(rule.fail | rule.pass) == 0 with input as document
}

test_trusted_custom_passes if {
	document := using("school.Login", "custom")
	params := {"authenticator": {"trusted_classes": ["school.Login"]}}
	testing.says(rule.pass, setting, ["school.Login", "trust"]) with input as document with data.tljh.params as params
	count(rule.unknown) == 0 with input as document with data.tljh.params as params
}

test_no_advice_on_what_fails if {
	document := testing.set(testing.fresh, ["authenticator", "admits_strangers"], true)
	count(rule.advice) == 0 with input as document
}

test_no_advice_where_an_administrator_approves if {
	document := testing.set(using("x.Native", "native"), ["authenticator", "admits_strangers"], true)
	count(rule.advice) == 0 with input as document
	open := json.patch(document, [{"op": "add", "path": "/jupyterhub/NativeAuthenticator", "value": {"open_signup": true}}])
	testing.says(rule.advice, setting, ["Anybody"]) with input as open
}

test_hub_that_does_not_start_fails if {
	document := testing.set(using("a", "oauth"), ["stages", "hub"], {"status": "error", "why": "auth is null."})
	testing.says(rule.fail, ["stages", "hub"], ["would not start", "auth is null."]) with input as document
}

test_advice[key] if {
	some key, [value, words] in {
		"admits_strangers": [true, "Anybody"],
		"nobody_can_log_in": [true, "users.allowed NAME"],
		"credentials_missing": [["client_id", "client_secret"], "client_id, client_secret"],
	}
	document := testing.set(using("a", "oauth"), ["authenticator", key], value)
	testing.says(rule.advice, setting, [words]) with input as document
	count(rule.pass) == 1 with input as document
}

users(document, allowed, admin) := testing.set(
	testing.set(document, ["config", "users", "allowed"], allowed), ["config", "users", "admin"],
	admin,
)

native := {"op": "set", "path": setting, "value": "nativeauthenticator.NativeAuthenticator"}

list(name) := {"op": "add-item", "path": ["config", "users", "allowed"], "value": name}

fix_of(document) := fix if {
	some finding in rule.fail with input as document
	fix := finding.fix
}

test_fix_lists_administrators if {
	expected := object.union(list("ann"), {"then": [list("bob"), native]})
	every document in [testing.fresh, using("x.FirstUse", "firstuse"), using("x.Dummy", "dummy")] {
		fix_of(users(document, [], ["ann", "bob"])) == expected
	}
}

test_fix_lists_everybody_once if {
	fix_of(users(testing.fresh, [], ["bob", "ann", "bob"])) == object.union(list("ann"), {"then": [list("bob"), native]})
}

test_fix_leaves_who_is_listed if fix_of(users(testing.fresh, ["cem"], ["ann"])) == native

test_no_fix_that_shuts_everybody_out if not fix_of(users(testing.fresh, [], []))

test_no_fix_while_names_are_unknown if {
	not fix_of(testing.hide(users(testing.fresh, [], ["ann"]), ["config", "users", "admin", 0], "$ADMIN has no value"))
	not fix_of(testing.hide(users(testing.fresh, [], ["ann"]), ["config", "users", "allowed"], "$ADMIN has no value"))
	not fix_of(users(testing.fresh, [], [7]))
}

test_no_fix_that_opens_a_door if {
	not fix_of(testing.set(users(testing.fresh, [], ["ann"]), ["authenticator", "any_password_first_login"], false))
}

test_no_fix_for_other_purposes if {
	every family in {"tmp", "null", "shared-password"} {
		not fix_of(users(using("x", family), [], ["ann"]))
	}
}

test_no_fix_where_a_snippet_decides if {
	not fix_of(testing.elsewhere(users(using("x", "dummy"), [], ["ann"]), ["authenticator", "class"]))
}
