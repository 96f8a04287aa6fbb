package cloudcli

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// azure are the verbs of az.
func azure() []verb {
	return []verb{
		{words: "az vm create", machine: true, typ: "azurerm_linux_virtual_machine", fill: createVM},
		{words: "az vm show", lookup: true}, {words: "az vm list", lookup: true},
		{words: "az vm open-port", fill: func(s *script, m *made) {
			if vm := s.machineNamed(m.call.opt("name")); vm != nil {
				s.rule(m, s.group(vm.Name), m.call.opt("port"), nil, nil, m.call.opt("priority"))
			}
		}},
		{words: "az network public-ip create", typ: "azurerm_public_ip", fill: func(s *script, m *made) {
			m.give(s, "name", "allocation-method=allocation_method", "dns-name=domain_name_label", "location")
		}},
		{words: "az network nsg create", typ: "azurerm_network_security_group", fill: func(s *script, m *made) { m.give(s, "name") }},
		{words: "az network nsg rule create", fill: func(s *script, m *made) {
			group := s.named("azurerm_network_security_group", m.call.opt("nsg-name"))
			s.rule(m, group, m.call.opt("destination-port-ranges", "destination-port-range"), m.call.opt("source-address-prefixes", "source-address-prefix"),
				m.call.opt("access"), m.call.opt("priority"))
		}},
	}
}

// group is the name of the security group that az makes with a machine, or the machine's own.
func (s *script) group(vm string) *eval.Val {
	for _, r := range s.c.Of("azurerm_network_security_group") {
		if r.Name == vm+".nsg" {
			return r.Ref("id")
		}
	}
	return nil
}

// rule adds a rule to a security group.
func (s *script) rule(m *made, group, ports, sources, access, priority *eval.Val) {
	r := s.c.Declare("azurerm_network_security_rule", m.name+".rule", m.at)
	if r == nil || group.IsNull() {
		return
	}
	r.Cond = m.cond
	r.Give("network_security_group_name", group)
	r.Give("direction", eval.Text("Inbound", m.at))
	r.Give("protocol", eval.Text("*", m.at))
	r.Give("destination_port_range", s.val(ports))
	r.Give("source_address_prefix", eval.Text("*", m.at))
	r.Give("access", eval.Text("Allow", m.at))
	r.Give("priority", eval.Text("900", m.at))
	for name, v := range map[string]*eval.Val{"source_address_prefix": sources, "access": access, "priority": priority} {
		if !v.IsNull() {
			r.Give(name, s.val(v))
		}
	}
}

var alias = lazyregexp.New(`^(Ubuntu|Debian)(\d\d)(\d\d)?$`)

func createVM(s *script, m *made) {
	r := m.res
	m.give(s, "name", "size", "location", "priority", "admin-password=admin_password")
	if m.call.opt("size").IsNull() {
		r.Give("size", eval.Text("Standard_DS1_v2", m.at).Assume("az's default"))
	}
	if v := m.call.opt("image"); !v.IsNull() {
		r.Give("source_image_reference", image(s.val(v)))
		if !strings.Contains(v.TextString(), ":") && !alias.MatchString(v.TextString()) {
			r.Give("source_image_id", s.val(v))
		}
	}
	for _, o := range []string{"custom-data", "user-data"} {
		v := m.call.opt(o)
		if t := s.file(v); !v.IsNull() && (t.Kind == eval.String || strings.ContainsAny(v.TextString(), "./@")) {
			r.Give(strings.ReplaceAll(o, "-", "_"), t.Encoded()) // az encodes it
		} else if !v.IsNull() {
			r.Give(strings.ReplaceAll(o, "-", "_"), s.val(v).Encoded())
		}
	}
	if vs := m.call.opts["ssh-key-values"]; len(vs) > 0 || m.call.has("generate-ssh-keys") || m.call.has("ssh-key-name") {
		keys := eval.ListAt(m.at)
		for range max(1, len(vs)) {
			keys.Items = append(keys.Items, eval.MapOf("username", eval.Text("admin", m.at)))
		}
		r.Give("admin_ssh_key", keys)
	}
	if v := m.call.opt("authentication-type"); strings.EqualFold(v.TextString(), "password") || strings.EqualFold(v.TextString(), "all") {
		r.Give("disable_password_authentication", eval.BoolOf(false, v.At))
	}
	disk := eval.MapAt(m.at)
	for from, to := range map[string]string{"os-disk-size-gb": "disk_size_gb", "storage-sku": "storage_account_type"} {
		if v := m.call.opt(from); !v.IsNull() {
			disk.Put(to, s.val(v))
		}
	}
	r.Give("os_disk", disk)
	r.Give("tags", pairs(m.call.opts["tags"]))
	if m.call.has("assign-identity") {
		r.Give("identity", eval.MapOf("type", eval.Text("SystemAssigned", m.at)))
	}
	for k, v := range m.call.opts["data-disk-sizes-gb"] {
		d := s.c.Declare("azurerm_managed_disk", m.name+".data."+strconv.Itoa(k), v.At)
		tie := s.c.Declare("azurerm_virtual_machine_data_disk_attachment", m.name+".data."+strconv.Itoa(k)+".tie", v.At)
		if d == nil || tie == nil {
			return
		}
		d.Give("disk_size_gb", s.val(v))
		tie.Give("managed_disk_id", d.Ref("id"))
		tie.Give("virtual_machine_id", r.Ref("id"))
		tie.Give("lun", eval.Text(strconv.Itoa(k), v.At))
	}
	s.door(m)
}

// image is an image's URN, or az's short name of one, in its parts.
func image(v *eval.Val) *eval.Val {
	t := v.TextString()
	out := eval.MapAt(v.At)
	if a := alias.FindStringSubmatch(t); a != nil {
		sku := a[2]
		if a[3] != "" {
			sku += "_" + a[3] + "-lts"
		}
		for k, s := range map[string]string{"publisher": "Canonical", "offer": a[1], "sku": sku, "version": "latest"} {
			out.Put(k, eval.Text(s, v.At))
		}
		return out
	}
	parts := strings.Split(t, ":")
	if len(parts) != 4 || v.IsUnknown() {
		return nil
	}
	for k, name := range []string{"publisher", "offer", "sku", "version"} {
		out.Put(name, eval.Text(parts[k], v.At))
	}
	return out
}

// door is what az makes around a machine unless told otherwise: an interface, an address, a security group that lets SSH in.
func (s *script) door(m *made) {
	nic := s.c.Declare("azurerm_network_interface", m.name+".nic", m.at)
	if nic == nil {
		return
	}
	m.res.Give("network_interface_ids", eval.ListAt(m.at, nic.Ref("id")))
	if v := m.call.opt("nics"); !v.IsNull() {
		m.res.Give("network_interface_ids", s.vals(m.call.all("nics")))
		return
	}
	given := func(opt string) (v *eval.Val, none bool) {
		v = m.call.opt(opt)
		return v, m.call.has(opt) && (v.IsNull() || v.TextString() == "")
	}
	config := eval.MapAt(m.at)
	if v, none := given("public-ip-address"); !none {
		ip := s.named("azurerm_public_ip", v)
		if t, _ := ip.Target(); t == nil {
			own := s.c.Declare("azurerm_public_ip", m.name+".ip", m.at)
			if own == nil {
				return
			}
			own.Cond = m.cond
			for from, to := range map[string]string{"public-ip-address-allocation": "allocation_method", "public-ip-address-dns-name": "domain_name_label", "location": "location"} {
				own.Give(to, s.val(m.call.opt(from)))
			}
			if v := m.call.opt("public-ip-address-allocation"); strings.EqualFold(v.TextString(), "dynamic") {
				own.Give("allocation_method", eval.Text("Dynamic", v.At))
			}
			ip = own.Ref("id")
		}
		config.Put("public_ip_address_id", ip)
	}
	nic.Give("ip_configuration", config)
	v, none := given("nsg")
	if none {
		return
	}
	group := s.named("azurerm_network_security_group", v)
	if t, _ := group.Target(); t == nil {
		own := s.c.Declare("azurerm_network_security_group", m.name+".nsg", m.at)
		if own == nil {
			return
		}
		group = own.Ref("id")
		if rule := m.call.opt("nsg-rule"); !strings.EqualFold(rule.TextString(), "none") {
			s.rule(m, group, eval.Text("22", m.at), nil, nil, eval.Text("1000", m.at))
		}
	}
	nic.Give("network_security_group_id", group)
}
