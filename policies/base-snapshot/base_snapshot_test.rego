package tljh.rules["base-snapshot_test"]

import data.tljh.rules["base-snapshot"] as rule
import data.tljh.testing

images := ["infra", "images"]

prepared := testing.hub(["boot_disk", "source_prepared_image"])

image := {"id": "packer.hub", "kind": "packer", "of": null}

test_nothing_fails if {
	testing.says(rule.fail, images, ["No image", "Packer"]) with input as testing.declared
	count(rule.pass | rule.unknown) == 0 with input as testing.declared
}

test_undeclared_machine_is_unknown if {
	testing.says(rule.unknown, images, [testing.not_here]) with input as testing.fresh
	count(rule.pass | rule.fail) == 0 with input as testing.fresh
}

test_unknown_start_is_unknown if {
	document := testing.hide(testing.declared, prepared, "the image is a variable")
	testing.says(rule.unknown, images, ["the image is a variable"]) with input as document
	count(rule.pass | rule.fail) == 0 with input as document
}

test_image_passes[kind] if {
	some kind in ["packer", "instance_image", "disk_snapshot"]
	document := testing.set(testing.fresh, images, [object.union(image, {"kind": kind})])
	testing.says(rule.pass, ["infra", "images", 0], ["\"packer.hub\""]) with input as document
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_image_of_the_environment if {
	document := testing.set(testing.fresh, ["environment", "images"], [image])
	testing.says(rule.pass, ["environment", "images", 0], ["\"packer.hub\""]) with input as document
	both := testing.set(document, images, [image])
	testing.says(rule.pass, ["infra", "images", 0], ["\"packer.hub\""]) with input as both
}

test_other_kinds_do_not_count if {
	document := testing.set(testing.declared, images, [object.union(image, {"kind": "requirements_file"})])
	count(rule.fail) == 1 with input as document
	count(rule.pass) == 0 with input as document
}

test_image_of_another_machine_does_not_count if {
	other := {"id": "aws_instance.db", "is_hub": false}
	two := testing.set(testing.declared, ["infra", "instances"], [testing.machine, other])
	document := testing.set(two, images, [object.union(image, {"of": "aws_instance.db"})])
	count(rule.fail) == 1 with input as document
	count(rule.pass) == 0 with input as document
}

test_started_from_an_image if {
	testing.says(rule.pass, prepared, ["starts from"]) with input as testing.set(testing.declared, prepared, true)
	count(rule.fail) == 0 with input as testing.set(testing.declared, prepared, true)
}
