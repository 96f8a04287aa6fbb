# METADATA
# title: People log in with a real authenticator
# description: >-
#   Decides who gets in. Out of the box TLJH uses FirstUseAuthenticator: whoever types a name first chooses its password,
#   and that goes for administrators' names too, who can do anything on the machine. A real authenticator checks people
#   against something they cannot invent: accounts at GitHub, Google or your institution, LDAP, or accounts that an
#   administrator approves. Default severity: error, because a hub without one belongs to whoever comes first.
# custom:
#   severity: error
#   remediation: |
#     For accounts at GitHub (Google, GitLab, Azure AD… work alike), commit these lines to the script that sets the hub up:
#         sudo tljh-config set auth.type oauthenticator.github.GitHubOAuthenticator
#         sudo tljh-config set auth.GitHubOAuthenticator.client_id "$GITHUB_CLIENT_ID"
#         sudo tljh-config set auth.GitHubOAuthenticator.client_secret "$GITHUB_CLIENT_SECRET"
#         sudo tljh-config add-item auth.GitHubOAuthenticator.allowed_organizations YOUR-ORGANISATION
#         sudo tljh-config add-item users.admin YOUR-NAME
#         sudo tljh-config reload
#     For accounts of the hub's own that an administrator approves:
#         sudo tljh-config set auth.type nativeauthenticator.NativeAuthenticator
#         sudo tljh-config add-item users.admin YOUR-NAME
#         sudo tljh-config add-item users.allowed YOUR-NAME
#         sudo tljh-config add-item users.allowed EACH-NAME
#         sudo tljh-config reload
#     Then everybody signs up once at https://YOUR-HUB/hub/signup, you first: until somebody has signed up with a listed
#     name, anybody can take it.
#   params:
#     trusted_classes:
#       type: array
#       default: []
#       description: Classes of your own, dotted names, that you have looked at and count as real authenticators.
package tljh.rules.authenticator

import data.tljh
import data.tljh.common

class := input.authenticator.class if {
	tljh.known(["authenticator", "class"])
	is_string(input.authenticator.class)
}

else := "The authenticator"

family := input.authenticator.family if tljh.known(["authenticator", "family"])

# where is what decided the class: auth.type, or a snippet in jupyterhub_config.d that overrides it.
where := common.origin(["authenticator", decisive], ["config", "auth", "type"])

# decisive is the class, or its family where that is all that is known.
decisive := "family" if {
	tljh.unknown(["authenticator", "class"])
	tljh.known(["authenticator", "family"])
} else := "class"

# nobody_chose: the class is TLJH's default.
nobody_chose if tljh.state(["authenticator", "class"]) == "default"

fail contains tljh.finding(["stages", "hub"], message) if {
	input.stages.hub.status == "error"
	message := sprintf("The hub would not start with this configuration, so nobody could log in: %s.", [common.stage_why("hub")])
}

fail contains tljh.fixed_by(tljh.finding(where, message), fixes) if {
	family == "firstuse"
	nobody_chose
	common.installs
	message := concat(" ", [
		"Nobody has chosen how people log in, so TLJH's default applies, FirstUseAuthenticator: whoever types a name first",
		"picks its password, an administrator's name included.",
		claim,
		"Choose one, for example: sudo tljh-config set auth.type oauthenticator.github.GitHubOAuthenticator",
	])
}

fail contains tljh.fixed_by(tljh.finding(where, message), fixes) if {
	family == "firstuse"
	not nobody_chose
	message := concat(" ", [
		sprintf("%s is %s: whoever types a name first picks its password.", [common.show(class), kind("FirstUseAuthenticator")]),
		claim,
		"Set auth.type to one that checks who people are, for example oauthenticator.github.GitHubOAuthenticator.",
	])
}

fail contains tljh.fixed_by(tljh.finding(where, message), fixes) if {
	some harm in unfit[family]
	message := sprintf(
		"%s is %s: %s. Set auth.type to one that checks who people are, for example oauthenticator.github.GitHubOAuthenticator.",
		[common.show(class), kind(names[family]), harm],
	)
}

# claim is how far the door stands open under FirstUse.
claim := "create_users is on: anybody on the internet can make an account with any name." if creates_users

else := "Somebody else can claim a name before its owner does."

creates_users if input.jupyterhub.FirstUseAuthenticator.create_users == true

creates_users if { # a key without a value brings back the class's own default, which is on
	tljh.value(["config", "auth", "FirstUseAuthenticator", "create_users"]) == null
	tljh.state(["config", "auth", "FirstUseAuthenticator", "create_users"]) == "set"
}

names := {
	"dummy": "DummyAuthenticator", "tmp": "TmpAuthenticator", "null": "NullAuthenticator",
	"shared-password": "SharedPasswordAuthenticator",
}

# What goes wrong, by family; a set so that a family without harm is simply not there.
unfit := {
	"dummy": {"it is for testing and believes any name, so everybody can log in as anybody, as an administrator too"},
	"tmp": {"every visitor gets an account without any login"},
	"null": {"it lets nobody log in at all"},
	"shared-password": {"everybody has the same password, so everybody can be anybody"},
}

kind(name) := name if endswith(class, name)

else := sprintf("a kind of %s", [name])

# judged families are real or unfit; any other is for people to judge.
judged := (real | {"firstuse"}) | object.keys(unfit)

# real families check people against something that they cannot invent.
real := {"oauth", "native", "ldap", "pam", "lti", "cas", "saml"}

told if is_string(family)

trusted if class in tljh.param("authenticator", "trusted_classes", [])

unknown contains tljh.finding(where, message) if {
	not told
	message := sprintf(
		"How people log in cannot be told: %s. Commit the script or config.yaml that sets auth.type, with its value.",
		[common.reason(["authenticator", "family"])],
	)
}

unknown contains tljh.finding(where, message) if {
	family == "firstuse"
	nobody_chose
	not common.installs
	message := sprintf("How people log in cannot be told: %s.", [common.missing(["config", "auth", "type"])])
}

unknown contains tljh.finding(where, message) if {
	told
	not family in judged
	not trusted
	message := sprintf(
		"%s is not one of the authenticators that come with TLJH, so whether it checks anything cannot be told. %s",
		[common.show(class), "If you have looked at it, name it in .tljh-policy.yaml: rules.authenticator.params.trusted_classes."],
	)
}

pass contains tljh.finding(where, sprintf("People log in with %s.", [common.show(class)])) if {
	family in real
}

pass contains tljh.finding(where, sprintf("People log in with %s, which your settings trust.", [common.show(class)])) if {
	told
	not family in judged
	trusted
}

advice contains tljh.finding(where, message) if {
	not family in ({"firstuse"} | object.keys(unfit))
	input.authenticator.admits_strangers == true
	not approved
	message := "Anybody who has, or makes, an account there is let in. Name who may: users.allowed, or the organisation."
}

# approved: an administrator lets each account in.
approved if {
	family == "native"
	object.get(input, ["jupyterhub", "NativeAuthenticator", "open_signup"], false) == false
}

advice contains tljh.finding(where, message) if {
	input.authenticator.nobody_can_log_in == true
	message := "With this authenticator nobody is allowed in yet: add people with sudo tljh-config add-item users.allowed NAME."
}

advice contains tljh.finding(where, message) if {
	missing := concat(", ", [name | some name in input.authenticator.credentials_missing; is_string(name)])
	missing != ""
	message := sprintf(
		"%s: not in this repository. Logins fail until the hub gets it, from its environment for instance.",
		[missing],
	)
}
