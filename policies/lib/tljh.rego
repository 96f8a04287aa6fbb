# METADATA
# title: Findings
# description: What every rule imports. A finding names a path in the hub document; the program turns it into file, line and column.
package tljh

# finding says something about the value at path: keys and list indices, e.g. ["config", "https", "enabled"].
# The path need not exist: the place shown is then that of its nearest parent.
finding(path, message) := {"path": path, "message": message}

# finding_fix also says what would put it right: set_key, unset_key, add_item or remove_item, or all_of several.
finding_fix(path, message, fix) := {"path": path, "message": message, "fix": fix}

# fixed_by adds to a finding what would put it right: all of fixes, where there are any.
fixed_by(found, fixes) := found if fixes == []

else := object.union(found, {"fix": all_of(fixes)})

# related adds further places, paths again, that help to understand the finding.
related(found, paths) := object.union(found, {"related": paths})

# settled_by names the facts that would decide an unknown, where they are not the one at its path: paths again.
settled_by(found, paths) := object.union(found, {"settled_by": paths})

# The fixes do what the tljh-config command of the same name does.
set_key(path, value) := {"op": "set", "path": path, "value": value}

unset_key(path) := {"op": "unset", "path": path}

add_item(path, value) := {"op": "add-item", "path": path, "value": value}

remove_item(path, value) := {"op": "remove-item", "path": path, "value": value}

# all_of is one fix of several: all are done, in this order, or none is.
all_of(fixes) := fixes[0] if count(fixes) == 1

else := object.union(fixes[0], {"then": array.slice(fixes, 1, count(fixes))}) if count(fixes) > 1

# param is the value that settings give to a parameter of a rule. METADATA declares parameters under custom.params;
# default_value is the one declared there (a test compares them), for stock opa, which does not read METADATA.
param(rule, name, default_value) := value_set if {
	value_set := data.tljh.params[rule][name]
}

else := default_value
