package tljh.rules.firewall

import data.tljh
import data.tljh.common

# The two firewalls a packet has to pass: the provider's ("cloud") and the machine's own ("host"). A port is reachable
# only if both let it through, so one tight firewall is enough.

host_path := tljh.hub_path(["host_firewall"])

rules_path := {"cloud": tljh.hub_path(["ingress"]), "host": array.concat(host_path, ["rules"])}

switch_path := {"cloud": tljh.hub_path(["ingress_default"]), "host": array.concat(host_path, ["enabled"])}

default_path := {"cloud": tljh.hub_path(["ingress_default"]), "host": array.concat(host_path, ["default_incoming"])}

listed(layer) if {
	common.sure(rules_path[layer])
	is_array(tljh.value(rules_path[layer]))
}

# closed lets in only what its rules name, open lets in everything.
closed contains "cloud" if {
	common.is(default_path.cloud, "deny")
	listed("cloud")
}

closed contains "host" if {
	common.is(switch_path.host, true)
	common.is(default_path.host, "deny")
	listed("host")
}

open contains "cloud" if {
	common.is(default_path.cloud, "allow")
	settled
}

open contains "host" if common.is(switch_path.host, false)

open contains "host" if common.is(default_path.host, "allow")

# settled: the provider's default was written, or no firewall can be out of sight.
settled if common.owned

settled if tljh.state(default_path.cloud) == "set"

# absent is the firewall of which the repository does not speak at all, and which therefore is not relied on.
absent contains "cloud" if not common.declared

absent contains "host" if {
	object.get(input, host_path, null) == null
	not common.unsure(host_path)
}

# unclear may be tight, for all we know.
unclear contains layer if {
	some layer in ({"cloud", "host"} - absent)
	not layer in closed
	not layer in open
}

unclear contains layer if {
	some layer in closed
	count(object.get(doubts, layer, set())) > 0
	count(object.get(holes, layer, set())) == 0
}

entry[layer][i] := rule if {
	some layer, path in rules_path
	some i, rule in tljh.value(path)
	is_object(rule)
}

entry[layer][i] := {} if { # a rule that may be there, and may be any
	some layer, path in rules_path
	some i, null in tljh.value(path)
}

entry_path(layer, i) := array.concat(rules_path[layer], [i])

# doubts are rules of which the decisive part is not known. One that turns away matters only for what it may turn away.
doubts[layer] contains i if {
	some layer, rules in entry
	some i, rule in rules
	not harmless(rule)
	not refuses(layer, i)
	unsure(layer, i)
}

doubts[layer] contains j if {
	some layer, reach in reaching
	some i in reach
	not harmless(entry[layer][i])
	some j in perhaps_denied(layer, i)
}

ssh_doubts[layer] contains i if {
	some layer, rules in entry
	some i, rule in rules
	covers(rule, 22)
	not refuses(layer, i)
	unsure(layer, i)
}

refuses(layer, i) if common.is(array.concat(entry_path(layer, i), ["action"]), "deny")

unsure(layer, i) if {
	some key in decisive
	common.unsure(array.concat(entry_path(layer, i), [key]))
}

decisive := ["action", "scope", "proto", "from", "to", "cidrs"]

# reaching is the rules that let the world in, where no earlier rule turns it away.
reaching[layer] contains i if {
	some layer, rules in entry
	some i, rule in rules
	rule.action in {"allow", "limit"}
	worldwide(rule)
	count(denied(layer, i)) == 0
}

# denied is the rules before rule i that surely turn away all that it lets in.
denied(layer, i) := {j |
	some j, other in entry[layer]
	j < i
	other.action == "deny"
	not unsure(layer, j)
	everybody(other)
	within(entry[layer][i], other)
	every family in families(entry[layer][i]) {
		family in families(other)
	}
}

# everybody: a rule is about all there are. One that is about many may leave out those that a later rule lets in.
everybody(rule) if rule.scope == "world"

everybody(rule) if {
	not is_string(object.get(rule, "scope", null))
	object.get(rule, "cidrs", null) in {null, []}
}

everybody(rule) if {
	not is_string(object.get(rule, "scope", null))
	some cidr in rule.cidrs
	is_string(cidr)
	regex.match(`/0$|^(?i)any(where)?$`, cidr)
}

# families are the kinds of addresses that a rule is about: where it names the whole of one only, that one.
families(rule) := named if {
	named := {family |
		some cidr in rule.cidrs
		family := {"0.0.0.0/0": 4, "::/0": 6}[cidr]
	}
	count(named) > 0
	count(named) == count({cidr | some cidr in rule.cidrs})
} else := {4, 6}

worldwide(rule) if rule.scope in {"world", "broad"}

worldwide(rule) if {
	not is_string(object.get(rule, "scope", null))
	object.get(rule, "cidrs", null) in {null, []}
}

worldwide(rule) if {
	not is_string(object.get(rule, "scope", null))
	some cidr in rule.cidrs
	is_string(cidr)
	regex.match(`/[0-7]$|^(?i)any(where)?$`, cidr)
}

within(rule, other) if {
	covers(other, object.get(rule, "from", null))
	covers(other, object.get(rule, "to", null))
	other.proto in {rule.proto, "any"}
}

# covers: a rule speaks of a port. A rule without ports speaks of all of them, one without an end of all above.
covers(rule, _) if not starts(rule)

covers(rule, port) if {
	rule.from <= port
	not ends_before(rule, port)
}

starts(rule) if is_number(rule.from)

ends_before(rule, port) if {
	is_number(rule.to)
	rule.to < port
}

# harmless rules may let the world in. SSH is looked at by itself.
harmless(rule) if rule.proto == "icmp"

harmless(rule) if {
	rule.from in ({22} | {port | some port in allowed})
	rule.from == rule.to
	rule.proto in {"tcp", "udp", "any"}
}

holes[layer] contains i if {
	some layer, reach in reaching
	some i in reach
	not harmless(entry[layer][i])
	not unsure(layer, i)
	count(perhaps_denied(layer, i)) == 0
}

# perhaps_denied is the rules before rule i that may turn away what it lets in.
perhaps_denied(layer, i) := {j |
	some j, rule in entry[layer]
	j < i
	unsure(layer, j)
	not object.get(rule, "action", null) in {"allow", "limit"}
	not apart(layer, i, j)
}

# apart: two rules are surely about other ports.
apart(layer, i, j) if {
	every key in ["from", "to", "proto"] {
		not common.unsure(array.concat(entry_path(layer, j), [key]))
	}
	not within(entry[layer][i], entry[layer][j])
}

ssh_open[layer] contains i if {
	some layer, reach in reaching
	some i in reach
	entry[layer][i].proto in {"tcp", "any"}
	covers(entry[layer][i], 22)
	not unsure(layer, i)
}

# tight firewalls have no holes; guarding ones keep the world from SSH too, as far as they are asked.
tight contains layer if {
	some layer in closed
	count(object.get(holes, layer, set())) == 0
	count(object.get(doubts, layer, set())) == 0
}

guarding contains layer if {
	some layer in closed
	count(object.get(ssh_open, layer, set())) == 0
	count(object.get(ssh_doubts, layer, set())) == 0
}

allowed := tljh.param("firewall", "allowed_ports", [80, 443])
