package assemble

import (
	"strings"
	"testing"
)

// A check from outside counts for the hub where it names the hub's domain, or its DNS record is the machine's.
func TestWhatIsWatched(t *testing.T) {
	const hub = `
resource "digitalocean_droplet" "hub" {
  image     = "ubuntu-24-04-x64"
  size      = "s-4vcpu-8gb"
  user_data = <<-EOT
    #!/bin/bash
    ` + install + `
    tljh-config set https.enabled true
    tljh-config set https.letsencrypt.email ops@example.org
    tljh-config add-item https.letsencrypt.domains ${var.domain}
  EOT
}
resource "uptimerobot_monitor" "check" {
  url           = "https://CHECKED/hub/health"
  alert_contact = [{ id = "1" }]
}
`
	for _, tc := range []struct{ name, variable, checked, more, want string }{
		{"the hub's domain", `variable "domain" { default = "hub.example.org" }`, "hub.example.org", "", "uptime"},
		{"another site", `variable "domain" { default = "hub.example.org" }`, "www.example.org", "", ""},
		{"nobody knows the domain", `variable "domain" {}`, "www.example.org", "", ""},
		{"the machine's record", `variable "domain" {}`, "www.example.org",
			"resource \"digitalocean_record\" \"w\" {\n  domain = \"example.org\"\n  name = \"www\"\n  type = \"A\"\n  value = digitalocean_droplet.hub.ipv4_address\n}\n", "uptime"},
		{"another machine's record", `variable "domain" { default = "hub.example.org" }`, "www.example.org",
			"resource \"digitalocean_record\" \"w\" {\n  domain = \"example.org\"\n  name = \"www\"\n  type = \"A\"\n  value = \"192.0.2.9\"\n}\n", ""},
	} {
		res := load(t, map[string]string{"main.tf": tc.variable + strings.ReplaceAll(hub, "CHECKED", tc.checked) + tc.more})
		n := res.Hubs[0].Root.AtPath([]any{"infra", "instances", 0, "monitoring", 0, "kind"})
		got := ""
		if n != nil {
			got, _ = n.Str()
		}
		if n == nil || got != tc.want || tc.want == "" && n.State != "unknown" {
			t.Errorf("%s: %+v", tc.name, n)
		}
	}
}
