package tljh_test

import data.tljh

test_finding if tljh.finding(["config"], "m") == {"path": ["config"], "message": "m"}

test_finding_fix if {
	fix := tljh.set_key(["config", "https", "enabled"], true)
	tljh.finding_fix(["config"], "m", fix) == {
		"path": ["config"], "message": "m",
		"fix": {"op": "set", "path": ["config", "https", "enabled"], "value": true},
	}
}

test_related if {
	found := tljh.related(tljh.finding(["config"], "m"), [["hub"]])
	found == {"path": ["config"], "message": "m", "related": [["hub"]]}
}

test_all_of_one if tljh.all_of([tljh.unset_key(["a"])]) == tljh.unset_key(["a"])

test_all_of_several if {
	tljh.all_of([tljh.unset_key(["a"]), tljh.unset_key(["b"]), tljh.unset_key(["c"])]) == {
		"op": "unset", "path": ["a"],
		"then": [{"op": "unset", "path": ["b"]}, {"op": "unset", "path": ["c"]}],
	}
}

test_fixed_by if {
	found := tljh.finding(["a"], "m")
	tljh.fixed_by(found, []) == found
	tljh.fixed_by(found, [tljh.unset_key(["a"])]) == tljh.finding_fix(["a"], "m", tljh.unset_key(["a"]))
}

test_unset_key if tljh.unset_key(["a"]) == {"op": "unset", "path": ["a"]}

test_add_item if tljh.add_item(["a"], "x") == {"op": "add-item", "path": ["a"], "value": "x"}

test_remove_item if tljh.remove_item(["a"], "x") == {"op": "remove-item", "path": ["a"], "value": "x"}

test_param if tljh.param("r", "n", 1) == 2 with data.tljh.params as {"r": {"n": 2}}

test_param_false if tljh.param("r", "n", true) == false with data.tljh.params as {"r": {"n": false}}

test_param_default if tljh.param("r", "n", 1) == 1 with data.tljh.params as {"r": {"m": 2}}

test_settled_by if {
	tljh.settled_by(tljh.finding(["a"], "m"), [["b"]]) == {"path": ["a"], "message": "m", "settled_by": [["b"]]}
}
