package tljh_test

import data.tljh

machines := {"infra": {"instances": [{"id": "db", "is_hub": false}, {"id": "hub", "is_hub": true}]}}

test_hub_instance if {
	found := tljh.hub_instance with input as machines
	found == {"index": 1, "path": ["infra", "instances", 1], "instance": {"id": "hub", "is_hub": true}}
}

test_hub_path if tljh.hub_path(["ssh", "keys"]) == ["infra", "instances", 1, "ssh", "keys"] with input as machines

test_no_hub_instance if not tljh.hub_instance with input as {"infra": {"instances": []}}
