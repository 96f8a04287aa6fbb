package clouds

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// azure are the modules of azure.azcollection.
func azure(name string) (k kind, ok bool) {
	switch name {
	case "virtualmachine", "vm":
		return kind{typ: "azurerm_linux_virtual_machine", fill: virtualMachine}, true
	case "publicipaddress":
		return kind{typ: "azurerm_public_ip", fill: func(p *play, t *thing) {
			t.give("name", "domain_name=domain_name_label", "location")
			t.res.Give("allocation_method", method(first(t.arg("allocation_method"),
				eval.NotKnown("allocation_method is not set, and its default differs between versions of azure.azcollection", t.at))))
		}}, true
	case "networkinterface":
		return kind{typ: "azurerm_network_interface", fill: networkInterface}, true
	case "securitygroup":
		return kind{typ: "azurerm_network_security_group", fill: securityGroup}, true
	case "subnet":
		return kind{typ: "azurerm_subnet", fill: func(p *play, t *thing) {
			t.give("name")
			if v := t.arg("security_group"); v != nil {
				t.res.Give("network_security_group_id", p.named("azurerm_network_security_group", v))
			}
		}}, true
	case "manageddisk":
		return kind{typ: "azurerm_managed_disk", fill: func(p *play, t *thing) {
			t.give("name", "disk_size_gb", "storage_account_type")
			if v := t.arg("managed_by"); v != nil {
				p.tie(t, "azurerm_virtual_machine_data_disk_attachment", ".tie", "managed_disk_id", t.res.Ref("id"), "virtual_machine_id", p.named("azurerm_linux_virtual_machine", v))
			}
		}}, true
	}
	return k, false
}

// method is an allocation method in Terraform's spelling.
func method(v *eval.Val) *eval.Val {
	for _, m := range []string{"Static", "Dynamic"} {
		if s, ok := v.Str(); ok && strings.EqualFold(s, m) {
			return eval.Text(m, v.At)
		}
	}
	return v
}

func virtualMachine(p *play, t *thing) {
	r := t.res
	t.give("name", "vm_size=size", "location", "priority", "admin_password", "tags")
	if v := t.arg("image"); v != nil && v.Kind == eval.Map && v.Attr("id").IsNull() && v.Attr("name").IsNull() {
		r.Give("source_image_reference", v)
	} else if v != nil {
		r.Give("source_image_id", first(v.Attr("id"), v.Attr("name"), v))
	}
	for _, k := range []string{"custom_data", "user_data"} {
		if v := t.arg(k); v != nil {
			r.Give(k, v.Encoded()) // the module encodes it
		}
	}
	if v := t.arg("ssh_public_keys"); v != nil {
		r.Give("admin_ssh_key", blocks(v))
	}
	off := eval.BoolOf(false, t.at).Assume("azure_rm_virtualmachine's default")
	if v := t.arg("ssh_password_enabled"); v != nil {
		if on, ok := v.Bool(); ok {
			off = eval.BoolOf(!on, v.At)
		} else {
			off = eval.NotKnown(v.Reason(), v.At)
		}
	}
	r.Give("disable_password_authentication", off)
	disk := eval.MapAt(t.at)
	for _, k := range [][2]string{{"managed_disk_type", "storage_account_type"}, {"os_disk_size_gb", "disk_size_gb"}} {
		if v := t.arg(k[0]); v != nil {
			disk.Put(k[1], v)
			disk.At = v.At
		}
	}
	r.Give("os_disk", disk)
	if v := t.arg("vm_identity"); v != nil {
		r.Give("identity", eval.MapOf("type", first(v.Attr("type"), v)))
	}
	for i, b := range t.arg("data_disks").Blocks() {
		name := ".data." + strconv.Itoa(i)
		d := p.add(t, "azurerm_managed_disk", name)
		if d == nil {
			return
		}
		d.Give("disk_size_gb", b.Attr("disk_size_gb"))
		d.Give("storage_account_type", b.Attr("managed_disk_type"))
		if tie := p.add(t, "azurerm_virtual_machine_data_disk_attachment", name+".tie"); tie != nil {
			tie.Give("managed_disk_id", d.Ref("id"))
			tie.Give("virtual_machine_id", r.Ref("id"))
			tie.Give("lun", b.Attr("lun"))
		}
	}
	if v := t.arg("network_interfaces", "network_interface_names"); v != nil {
		r.Give("network_interface_ids", p.namedAll("azurerm_network_interface", v))
		return
	}
	p.door(t)
}

// door is what the module makes around a machine unless told otherwise: an interface, a security group with the open ports, and an address.
func (p *play) door(t *thing) {
	nic := p.add(t, "azurerm_network_interface", ".nic")
	group := p.add(t, "azurerm_network_security_group", ".nsg")
	if nic == nil || group == nil {
		return
	}
	t.res.Give("network_interface_ids", eval.ListAt(t.at, nic.Ref("id")))
	group.Give("security_rule", openPorts(t.arg("open_ports"), t.at))
	nic.Give("network_security_group_id", group.Ref("id"))
	config := eval.MapAt(t.at)
	m := first(t.arg("public_ip_allocation_method"), eval.Text("Static", t.at).Assume("azure_rm_virtualmachine's default"))
	if s, ok := m.Str(); !ok || !strings.EqualFold(s, "Disabled") {
		ip := p.add(t, "azurerm_public_ip", ".ip")
		if ip == nil {
			return
		}
		ip.Give("allocation_method", method(m))
		config.Put("public_ip_address_id", ip.Ref("id"))
	}
	nic.Give("ip_configuration", config)
}

// openPorts are the rules of the security group that the modules make: those ports for everybody, 22 by default.
func openPorts(v *eval.Val, at eval.Place) *eval.Val {
	if v.IsNull() {
		v = eval.ListAt(at, eval.Text("22", at))
	} else if v.Kind == eval.Unknown {
		return v
	}
	out := eval.ListAt(v.At)
	for i, port := range all(v) {
		b := eval.MapAt(port.At)
		b.Put("destination_port_range", port)
		b.Put("priority", eval.Text(strconv.Itoa(1000+i), port.At))
		b.Put("protocol", eval.Text("Tcp", port.At))
		out.Items = append(out.Items, inbound(b))
	}
	return out
}

// inbound is a rule with what the module sets by itself.
func inbound(b *eval.Val) *eval.Val {
	for _, d := range [][2]string{{"direction", "Inbound"}, {"access", "Allow"}, {"protocol", "*"}, {"source_address_prefix", "*"}, {"destination_port_range", "*"}} {
		if b.Attr(d[0]).IsNull() {
			b.Put(d[0], eval.Text(d[1], b.At))
		}
	}
	return b
}

func securityGroup(p *play, t *thing) {
	t.give("name")
	rules := blocks(t.arg("rules"))
	for _, b := range rules.Blocks() {
		if b.Kind == eval.Map {
			inbound(b)
		}
	}
	if keep, ok := t.arg("purge_rules").Bool(); !rules.IsNull() && rules.Kind == eval.List && (!ok || !keep) {
		rules.Items = append(rules.Items, eval.NotKnown("rules from elsewhere stay in the group unless purge_rules is true", t.at))
	}
	t.res.Give("security_rule", rules)
}

func networkInterface(p *play, t *thing) {
	t.give("name")
	list := eval.ListAt(t.at)
	for _, c := range t.arg("ip_configurations").Blocks() {
		b := eval.MapAt(c.At)
		if v := first(c.Attr("public_ip_address_name"), c.Attr("public_ip_name")); !v.IsNull() {
			b.Put("public_ip_address_id", p.named("azurerm_public_ip", v))
		}
		if v := first(t.arg("subnet_name", "subnet"), nil); v != nil {
			b.Put("subnet_id", p.named("azurerm_subnet", v))
		}
		list.Items = append(list.Items, b)
	}
	if v := t.arg("public_ip_address_name", "public_ip_name"); v != nil { // before there were several
		list.Items = append(list.Items, eval.MapOf("public_ip_address_id", p.named("azurerm_public_ip", v)))
	}
	t.res.Give("ip_configuration", list)
	if v := t.arg("security_group", "security_group_name"); v != nil {
		t.res.Give("network_security_group_id", p.named("azurerm_network_security_group", v))
		return
	}
	if on, ok := t.arg("create_with_security_group").Bool(); ok && !on {
		return
	}
	group := p.add(t, "azurerm_network_security_group", ".nsg")
	if group == nil {
		return
	}
	group.Give("security_rule", openPorts(t.arg("open_ports"), t.at))
	t.res.Give("network_security_group_id", group.Ref("id"))
}
