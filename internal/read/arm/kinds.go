package arm

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// kind says what a type of resource is in Terraform's words, and how its body is passed on.
type kind struct {
	typ  string
	fill func(i *Item, body *eval.Val)
}

// fields passes fields on: "argument=path.to.field".
func fields(typ string, pairs ...string) kind {
	return kind{typ, func(i *Item, body *eval.Val) { i.give(body, pairs...) }}
}

// kinds are the types that say something about a machine, in lower case.
var kinds = map[string]kind{
	"microsoft.compute/virtualmachines":                                                   {"azurerm_virtual_machine", machine},
	"microsoft.compute/virtualmachines/extensions":                                        {"azurerm_virtual_machine_extension", extension},
	"microsoft.compute/virtualmachines/runcommands":                                       {"azurerm_virtual_machine_run_command", runCommand},
	"microsoft.compute/disks":                                                             fields("azurerm_managed_disk", "name=name", "disk_size_gb=properties.diskSizeGB", "storage_account_type=sku.name", "disk_encryption_set_id=properties.encryption.diskEncryptionSetId"),
	"microsoft.compute/images":                                                            fields("azurerm_image", "name=name", "source_virtual_machine_id=properties.sourceVirtualMachine.id"),
	"microsoft.compute/snapshots":                                                         fields("azurerm_snapshot", "name=name", "source_resource_id=properties.creationData.sourceResourceId"),
	"microsoft.network/networkinterfaces":                                                 {"azurerm_network_interface", networkInterface},
	"microsoft.network/publicipaddresses":                                                 {"azurerm_public_ip", publicIP},
	"microsoft.network/networksecuritygroups":                                             {"azurerm_network_security_group", securityGroup},
	"microsoft.network/networksecuritygroups/securityrules":                               {"azurerm_network_security_rule", securityRule},
	"microsoft.network/virtualnetworks":                                                   {"azurerm_virtual_network", virtualNetwork},
	"microsoft.network/virtualnetworks/subnets":                                           fields("azurerm_subnet", "name=name", "network_security_group_id=properties.networkSecurityGroup.id"),
	"microsoft.network/bastionhosts":                                                      fields("azurerm_bastion_host", "name=name"),
	"microsoft.network/dnszones":                                                          fields("azurerm_dns_zone", "name=name"),
	"microsoft.network/dnszones/a":                                                        {"azurerm_dns_a_record", dnsRecord},
	"microsoft.recoveryservices/vaults/backuppolicies":                                    {"azurerm_backup_policy_vm", backupPolicy},
	"microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems": {"azurerm_backup_protected_vm", protectedItem},
	"microsoft.dataprotection/backupvaults/backuppolicies":                                {"azurerm_data_protection_backup_policy_disk", diskPolicy},
	"microsoft.dataprotection/backupvaults/backupinstances": fields("azurerm_data_protection_backup_instance_disk",
		"disk_id=properties.dataSourceInfo.resourceID", "backup_policy_id=properties.policyInfo.policyId"),
	"microsoft.insights/metricalerts":                 {"azurerm_monitor_metric_alert", metricAlert},
	"microsoft.insights/scheduledqueryrules":          fields("azurerm_monitor_scheduled_query_rules_alert_v2", "name=name"),
	"microsoft.insights/actiongroups":                 {"azurerm_monitor_action_group", actionGroup},
	"microsoft.insights/webtests":                     {"azurerm_application_insights_standard_web_test", webTest},
	"microsoft.authorization/locks":                   {"azurerm_management_lock", lock},
	"microsoft.authorization/roleassignments":         {"azurerm_role_assignment", roleAssignment},
	"microsoft.maintenance/maintenanceconfigurations": fields("azurerm_maintenance_configuration", "name=name", "scope=properties.maintenanceScope"),
}

// machine is given as Terraform's older resource for machines, whose disks stay when it goes, as Azure's do.
func machine(i *Item, body *eval.Val) {
	i.give(body, "name=name", "location=location", "tags=tags", "vm_size=properties.hardwareProfile.vmSize", "priority=properties.priority",
		"user_data=properties.userData", "patch_mode=properties.osProfile.linuxConfiguration.patchSettings.patchMode",
		"source_image_id=properties.storageProfile.imageReference.id")
	p := field(body, "properties")
	if p.IsUnknown() {
		i.res.Give("vm_size", p)
		i.res.Give("user_data", p)
	}
	if id := field(body, "identity"); !id.IsNull() {
		if t, _ := field(id, "type").Str(); !strings.EqualFold(t, "None") {
			m := under(id, "type=type")
			if users := field(id, "userAssignedIdentities"); users.Kind == eval.Map && m.Kind == eval.Map {
				list := eval.ListAt(users.At)
				for _, k := range users.Keys {
					list.Items = append(list.Items, eval.Text(k, users.At))
				}
				m.Put("identity_ids", list)
			}
			i.res.Give("identity", m)
		}
	}
	storage := field(p, "storageProfile")
	i.res.Give("storage_image_reference", under(field(storage, "imageReference"), "publisher=publisher", "offer=offer", "sku=sku", "version=version", "id=id"))
	os := field(storage, "osDisk")
	i.res.Give("storage_os_disk", under(os, "disk_size_gb=diskSizeGB", "managed_disk_type=managedDisk.storageAccountType", "disk_encryption_set_id=managedDisk.diskEncryptionSet.id"))
	if d := field(os, "deleteOption"); !d.IsNull() {
		if s, ok := d.Str(); ok {
			d = eval.BoolOf(strings.EqualFold(s, "Delete"), d.At)
		}
		i.res.Give("delete_os_disk_on_termination", d)
	}
	i.dataDisks(field(storage, "dataDisks"))
	i.profile(field(p, "osProfile"))
	nics := field(p, "networkProfile", "networkInterfaces")
	if nics.IsUnknown() {
		i.res.Give("network_interface_ids", nics)
	}
	list := eval.ListAt(i.res.At)
	for _, n := range nics.List() {
		if id := field(n, "id"); !id.IsNull() {
			list.Items = append(list.Items, id)
		}
	}
	if v := field(p, "networkProfile", "networkInterfaceConfigurations"); !v.IsNull() {
		list.Items = append(list.Items, eval.NotKnown("a network interface that is declared inside the machine is not worked out", v.At))
	}
	if len(list.Items) > 0 {
		i.res.Give("network_interface_ids", list)
	}
}

// profile is how people get in, and what runs at the first boot.
func (i *Item) profile(p *eval.Val) {
	i.res.Give("os_profile", under(p, "custom_data=customData", "computer_name=computerName"))
	password := field(p, "adminPassword")
	i.res.Give("admin_password", password)
	linux := field(p, "linuxConfiguration")
	c := under(linux, "disable_password_authentication=disablePasswordAuthentication", "ssh_keys=ssh.publicKeys")
	if c.IsNull() {
		c = eval.MapAt(p.At)
	}
	if c.Kind == eval.Map && c.Child["disable_password_authentication"] == nil {
		at := c.At
		if !password.IsNull() && password.At != (eval.Place{}) {
			at = password.At // what lets people in
		}
		c.Put("disable_password_authentication", eval.BoolOf(false, at).Assume("Azure's default"))
	}
	if keys := field(linux, "ssh", "publicKeys"); keys.IsUnknown() && c.Kind == eval.Map {
		c.Put("ssh_keys", keys)
	}
	i.res.Give("os_profile_linux_config", c)
}

func (i *Item) dataDisks(v *eval.Val) {
	if v.IsUnknown() {
		i.res.Give("storage_data_disk", v)
		return
	}
	var own []*eval.Val
	deleted := eval.BoolOf(false, i.res.At)
	for k, d := range v.List() {
		id := field(d, "managedDisk", "id")
		if id.IsNull() {
			own = append(own, under(d, "disk_size_gb=diskSizeGB", "managed_disk_type=managedDisk.storageAccountType", "lun=lun"))
			if s, _ := field(d, "deleteOption").Str(); strings.EqualFold(s, "Delete") {
				deleted = eval.BoolOf(true, field(d, "deleteOption").At)
			}
			continue
		}
		if tie := i.beside("azurerm_virtual_machine_data_disk_attachment", "dataDisks."+strconv.Itoa(k), d.At); tie != nil {
			tie.Give("virtual_machine_id", i.res.Ref("id"))
			tie.Give("managed_disk_id", id)
			tie.Give("lun", field(d, "lun"))
		}
	}
	if len(own) > 0 {
		i.res.Give("storage_data_disk", eval.ListAt(v.At, own...))
		i.res.Give("delete_data_disks_on_termination", deleted)
	}
}

func extension(i *Item, body *eval.Val) {
	i.res.Give("virtual_machine_id", i.parent("microsoft.compute/virtualmachines"))
	i.give(body, "type=properties.type")
	for name, arg := range map[string]string{"settings": "settings", "protectedSettings": "protected_settings"} {
		i.res.Give(arg, field(body, "properties", name))
	}
}

func runCommand(i *Item, body *eval.Val) {
	i.res.Give("virtual_machine_id", i.parent("microsoft.compute/virtualmachines"))
	i.res.Give("source", under(field(body, "properties", "source"), "script=script"))
}
