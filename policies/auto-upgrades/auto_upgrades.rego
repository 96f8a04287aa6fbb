# METADATA
# title: Security updates install themselves
# description: >-
#   Hubs run for years, and holes in the operating system become known every week; everybody who can log in can then use
#   them. On Ubuntu and Debian, unattended-upgrades installs security updates by itself. Most images bring it, but images
#   differ, so the repository should say it; an update at the first start only is none. TLJH itself is not touched.
#   Default severity: warning.
# custom:
#   severity: warning
#   remediation: |
#     Commit these lines to the script that sets the machine up:
#         sudo apt-get install -y unattended-upgrades
#         printf 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n' \
#           | sudo tee /etc/apt/apt.conf.d/20auto-upgrades
#     and remove lines that remove, disable or mask unattended-upgrades or apt-daily.
#   params:
#     trust_image:
#       type: boolean
#       default: false
#       description: Whether the default of a known Ubuntu or Debian image is proof enough.
package tljh.rules["auto-upgrades"]

import data.tljh
import data.tljh.common

list := tljh.hub_path(["patching"])

kinds := {"unattended", "provider"} | trusted

trusted := {"image_default"} if tljh.param("auto-upgrades", "trust_image", false)

else := set()

# of is the entries of a kind, by index.
of(kind) := {i |
	some i, entry in common.entries(["patching"])
	entry.kind == kind
	common.sure(array.concat(list, [i, "kind"]))
}

fail contains tljh.finding(array.concat(list, [i]), message) if {
	some i in of("removed")
	message := concat(" ", [
		"Automatic security updates are switched off here: known holes stay open, for everybody who can log in.",
		"Remove this line, or install them again after it: sudo apt-get install -y unattended-upgrades",
	])
}

proven contains i if {
	some kind in kinds
	some i in of(kind)
}

unknown contains tljh.finding(list, sprintf("Whether security updates install themselves cannot be told: %s.", [gap])) if {
	count(proven) == 0
	count(of("removed")) == 0
}

# What may also happen may switch them off again.
unknown contains tljh.finding(path, message) if {
	count(proven) > 0
	some path in unknown_kinds
	message := sprintf("Security updates are set up, but whether that stays so cannot be told: %s.", [common.reason(path)])
}

write_it := "write it down: sudo apt-get install -y unattended-upgrades, in the script that sets the machine up"

gap := common.reason(min(unknown_kinds)) if count(unknown_kinds) > 0

else := sprintf("the machine is updated once, at its first start, and later holes may stay open; %s", [write_it]) if {
	count(of("first_boot_only")) > 0
}

else := sprintf("nothing in the repository says so; images of Ubuntu and Debian mostly bring it, so %s", [write_it])

unknown_kinds contains path if {
	some i, _ in common.entries(["patching"])
	path := array.concat(list, [i, "kind"])
	common.unsure(path)
}

pass contains tljh.finding(array.concat(list, [i]), "Security updates install themselves.") if some i in proven

advice contains tljh.finding(array.concat(list, [i, "every_hours"]), message) if {
	some i in proven
	hours := common.number(array.concat(list, [i, "every_hours"]))
	hours > 168
	message := sprintf("Updates run only every %v hours. Holes are used within days: run them every day.", [hours])
}
