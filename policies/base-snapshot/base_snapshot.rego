# METADATA
# title: The prepared machine is kept as an image
# description: >-
#   Installing TLJH and all packages anew takes long, and on the day it is needed a download may fail or a version may be
#   gone. An image or snapshot of the machine after set-up, made by the repository (Packer, an image resource), brings the
#   same hub back in minutes, and makes a second one for the next class. Default severity: info, because a written-down
#   environment (base-environment) gets there too, only slower.
# custom:
#   severity: info
#   scope: advice
#   remediation: |
#     Add a Packer template that runs the set-up script, or declare an image of the prepared machine:
#       AWS: aws_ami_from_instance; Google: google_compute_machine_image; Azure: azurerm_image;
#       DigitalOcean: digitalocean_droplet_snapshot; Hetzner: hcloud_snapshot
#     and start the hub's machine from it.
package tljh.rules["base-snapshot"]

import data.tljh
import data.tljh.common

prepared := tljh.hub_path(["boot_disk", "source_prepared_image"])

# images is where images of a prepared machine stand in the document. Those of another machine do not count.
images contains path if {
	some list in [["infra", "images"], ["environment", "images"]]
	some i, image in tljh.value(list)
	path := array.concat(list, [i])
	common.sure(array.concat(path, ["kind"]))
	image.kind in {"instance_image", "disk_snapshot", "packer"}
	not elsewhere(image)
}

elsewhere(image) if {
	some instance in input.infra.instances
	image.of == instance.id
	not instance.is_hub
}

started_from if common.is(prepared, true)

nothing if {
	count(images) == 0
	not started_from
}

fail contains tljh.finding(["infra", "images"], message) if {
	nothing
	common.owned
	not common.unsure(prepared)
	message := concat(" ", [
		"No image of the prepared machine is made: after a fault, or for the next class, everything is installed anew, if all",
		"of it can still be downloaded. Add a Packer template or an image of the machine.",
	])
}

unknown contains tljh.finding(["infra", "images"], message) if {
	nothing
	message := sprintf("Whether an image of the prepared machine is kept cannot be told: %s.", [gap])
}

gap := common.not_owned if not common.owned

else := common.reason(prepared) if {
	common.unsure(prepared)
}

# One image can stand in both lists; it is shown where it was declared.
pass contains tljh.finding(path, sprintf("An image of the prepared machine is kept: %s.", [common.show(image.id)])) if {
	some path in images
	image := tljh.value(path)
	not again(path, image)
}

again(path, image) if {
	path[0] == "environment"
	some other in input.infra.images
	other.id == image.id
}

pass contains tljh.finding(prepared, "The hub's machine starts from a prepared image.") if started_from
