package other

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// record says which arguments of a DNS record hold what.
type record struct {
	typ, name, zone, targets string
	fixed                    string   // the record's type, where the resource's type says it
	zones                    []string // resource types of the zone, with their "name"
	zoneName                 string   // the argument of the zone that holds its name; "name" if empty
}

var records = []record{
	{typ: "aws_route53_record", name: "name", zone: "zone_id", targets: "records", zones: []string{"aws_route53_zone"}},
	{typ: "google_dns_record_set", name: "name", zone: "managed_zone", targets: "rrdatas", zones: []string{"google_dns_managed_zone"}, zoneName: "dns_name"},
	{typ: "azurerm_dns_a_record", name: "name", zone: "zone_name", targets: "records", fixed: "A", zones: []string{"azurerm_dns_zone"}},
	{typ: "azurerm_dns_aaaa_record", name: "name", zone: "zone_name", targets: "records", fixed: "AAAA", zones: []string{"azurerm_dns_zone"}},
	{typ: "azurerm_dns_cname_record", name: "name", zone: "zone_name", targets: "record", fixed: "CNAME", zones: []string{"azurerm_dns_zone"}},
	{typ: "digitalocean_record", name: "name", zone: "domain", targets: "value", zones: []string{"digitalocean_domain"}},
	{typ: "digitalocean_domain", name: "name", targets: "ip_address", fixed: "A"},
	{typ: "aws_lightsail_domain_entry", name: "name", zone: "domain_name", targets: "target", zones: []string{"aws_lightsail_domain"}, zoneName: "domain_name"},
	{typ: "cloudflare_record", name: "name", zone: "zone_id", targets: "value", zones: []string{"cloudflare_zone"}, zoneName: "zone"},
	{typ: "cloudflare_dns_record", name: "name", zone: "zone_id", targets: "content", zones: []string{"cloudflare_zone"}},
	{typ: "hcloud_zone_record", name: "name", zone: "zone", targets: "value", zones: []string{"hcloud_zone"}},
	{typ: "hcloud_zone_rrset", name: "name", zone: "zone", targets: "records", zones: []string{"hcloud_zone"}},
	{typ: "hetznerdns_record", name: "name", zone: "zone_id", targets: "value", zones: []string{"hetznerdns_zone"}},
	{typ: "openstack_dns_recordset_v2", name: "name", zone: "zone_id", targets: "records", zones: []string{"openstack_dns_zone_v2"}},
	{typ: "ovh_domain_zone_record", name: "subdomain", zone: "zone", targets: "target"},
	{typ: "linode_domain_record", name: "name", zone: "domain_id", targets: "target", zones: []string{"linode_domain"}, zoneName: "domain"},
	{typ: "vultr_dns_record", name: "name", zone: "domain", targets: "data"},
	{typ: "gandi_livedns_record", name: "name", zone: "zone", targets: "values"},
	{typ: "dnsimple_zone_record", name: "name", zone: "zone_name", targets: "value"},
}

// DNS reads address records.
func DNS(m *model.Infra) {
	for _, rec := range records {
		for _, res := range m.Config.Of(rec.typ) {
			at := res.At.Span()
			var typ *doc.Node
			if rec.fixed != "" {
				typ = doc.Of(rec.fixed, doc.Derived, at)
			} else {
				for _, name := range []string{"type", "record_type", "fieldtype"} {
					if v := res.Attr(name); !v.IsNull() {
						typ = model.Str(v, at)
					}
				}
			}
			if typ == nil {
				typ = doc.UnsetAt(at)
			}
			if s, ok := typ.Str(); ok && s != "A" && s != "AAAA" && s != "CNAME" && s != "ALIAS" {
				continue
			}
			targets := res.Attr(rec.targets)
			if rec.typ == "digitalocean_domain" && targets.IsNull() {
				continue // a zone without a record of its own
			}
			if b := targets.Blocks(); rec.typ == "hcloud_zone_rrset" {
				targets = eval.ListOf()
				for _, one := range b {
					targets.Items = append(targets.Items, one.Attr("value"))
				}
			}
			for _, name := range []string{"content", "target_resource_id"} {
				if v := res.Attr(name); targets.IsNull() {
					targets = v
				}
			}
			if b := res.Attr("alias").Blocks(); len(b) > 0 {
				targets = b[0].Attr("name")
			}
			var proxied *doc.Node
			if v := res.Attr("proxied"); !v.IsNull() {
				proxied = model.Bool(v, at)
			}
			m.AddDNS(res, res.Attr(rec.name), zoneOf(m, res.Attr(rec.zone), rec), typ, targets, proxied)
		}
	}
}

// zoneOf is the name of a record's zone: a literal, or that of the zone's resource or data source.
func zoneOf(m *model.Infra, v *eval.Val, rec record) *eval.Val {
	name := rec.zoneName
	if name == "" {
		name = "name"
	}
	if t, _ := v.Target(); t != nil {
		if z := t.Attr(name); !z.IsNull() {
			return z
		}
		if z := t.Attr("name"); !z.IsNull() && name == "zone" {
			return z
		}
	}
	if z := m.Named(v, "name", rec.zones...); z != nil {
		return z.Attr(name)
	}
	switch rec.zone {
	case "zone_id", "domain_id", "managed_zone":
		return nil // an opaque id
	}
	return v
}
