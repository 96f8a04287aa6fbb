package pulumi

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// Providers that are called native are made of the clouds' own interfaces, not of Terraform's: their resources are
// CloudFormation's and Azure's, in Pulumi's spelling.

// azureNative are the types of azure-native that say something about a machine: Azure's type, the property that holds the
// name, and for a part of another resource the property that names that. The version that a module may have, as in
// "azure-native:compute/v20230301:VirtualMachine", is left out.
// Source: the schema of github.com/pulumi/pulumi-azure-native, whose tokens are made of Azure's resource providers.
var azureNative = map[string][3]string{
	"azure-native:authorization:managementlockatresourcelevel":      {"Microsoft.Authorization/locks", "lockName"},
	"azure-native:authorization:managementlockbyscope":              {"Microsoft.Authorization/locks", "lockName"},
	"azure-native:authorization:roleassignment":                     {"Microsoft.Authorization/roleAssignments", "roleAssignmentName"},
	"azure-native:compute:disk":                                     {"Microsoft.Compute/disks", "diskName"},
	"azure-native:compute:image":                                    {"Microsoft.Compute/images", "imageName"},
	"azure-native:compute:snapshot":                                 {"Microsoft.Compute/snapshots", "snapshotName"},
	"azure-native:compute:virtualmachine":                           {"Microsoft.Compute/virtualMachines", "vmName"},
	"azure-native:compute:virtualmachineextension":                  {"Microsoft.Compute/virtualMachines/extensions", "vmExtensionName", "vmName"},
	"azure-native:compute:virtualmachineruncommandbyvirtualmachine": {"Microsoft.Compute/virtualMachines/runCommands", "runCommandName", "vmName"},
	"azure-native:dns:recordset":                                    {recordType, "relativeRecordSetName", "zoneName"},
	"azure-native:dns:zone":                                         {"Microsoft.Network/dnsZones", "zoneName"},
	"azure-native:network:recordset":                                {recordType, "relativeRecordSetName", "zoneName"},
	"azure-native:network:zone":                                     {"Microsoft.Network/dnsZones", "zoneName"},
	"azure-native:recoveryservices:protecteditem":                   {"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems", "protectedItemName"},
	"azure-native:recoveryservices:protectionpolicy":                {"Microsoft.RecoveryServices/vaults/backupPolicies", "policyName"},
	"azure-native:insights:actiongroup":                             {"Microsoft.Insights/actionGroups", "actionGroupName"},
	"azure-native:insights:metricalert":                             {"Microsoft.Insights/metricAlerts", "ruleName"},
	"azure-native:maintenance:maintenanceconfiguration":             {"Microsoft.Maintenance/maintenanceConfigurations", "resourceName"},
	"azure-native:monitor:actiongroup":                              {"Microsoft.Insights/actionGroups", "actionGroupName"},
	"azure-native:monitor:metricalert":                              {"Microsoft.Insights/metricAlerts", "ruleName"},
	"azure-native:network:bastionhost":                              {"Microsoft.Network/bastionHosts", "bastionHostName"},
	"azure-native:network:networkinterface":                         {"Microsoft.Network/networkInterfaces", "networkInterfaceName"},
	"azure-native:network:networksecuritygroup":                     {"Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"},
	"azure-native:network:publicipaddress":                          {"Microsoft.Network/publicIPAddresses", "publicIpAddressName"},
	"azure-native:network:securityrule":                             {"Microsoft.Network/networkSecurityGroups/securityRules", "securityRuleName", "networkSecurityGroupName"},
	"azure-native:network:subnet":                                   {subnetType, "subnetName", "virtualNetworkName"},
	"azure-native:network:virtualnetwork":                           {"Microsoft.Network/virtualNetworks", "virtualNetworkName"},
}

const (
	subnetType = "Microsoft.Network/virtualNetworks/subnets"
	recordType = "Microsoft.Network/dnsZones/" // with what the record is behind it
)

// nested are the lists whose elements Azure has a level called "properties" in.
var nested = map[string]bool{"ipConfigurations": true, "securityRules": true, "subnets": true}

// top are the properties that Azure has beside "properties".
var top = map[string]bool{"location": true, "tags": true, "identity": true, "sku": true, "zones": true, "plan": true, "scope": true}

// declareNative declares a resource of a native provider; false for a type that says nothing about machines.
func (p *runner) declareNative(r *resource) bool {
	token := short(r.token)
	switch k, ok := azureNative[token]; {
	case ok && k[2] != "":
		p.later = append(p.later, r) // when what it is a part of has its name
		return true
	case ok:
		name := p.azureName(r, k[1])
		item := p.azure.Declare(k[0], name, r.name, r.at, "")
		p.take(r, item)
		if k[0] == "Microsoft.Network/virtualNetworks" {
			for _, s := range p.value(r.node.Get("properties").Get("subnets"), 1).List() {
				if sub := p.azure.Declare(subnetType, p.azure.Below(name, s.Attr("name")), "", s.At, ""); sub != nil {
					r.parts = append(r.parts, sub.Res())
				}
			}
		}
		return true
	}
	parts := strings.Split(token, ":")
	if parts[0] != "aws-native" || len(parts) != 3 {
		return false
	}
	one := cloudformation.Declare(p.c, cloudformation.Type(parts[1], parts[2]), r.name, r.at, "")
	if one == nil {
		return false
	}
	r.res = one.Res()
	r.own = one.Fill
	return true
}

func (p *runner) take(r *resource, item *arm.Item) {
	if item == nil {
		r.why = "there are too many resources"
		return
	}
	r.res = item.Res()
	r.own = func(v *eval.Val) { item.Fill(azureBody(v, azureNative[short(r.token)], r.at)) }
}

// azureName is what a property says of a resource's name. Pulumi makes up those that are not given.
func (p *runner) azureName(r *resource, property string) *eval.Val {
	name := p.value(r.node.Get("properties").Get(property), 1)
	if name.IsNull() {
		name = eval.NotKnown("Pulumi makes the name of "+r.name, r.at)
	}
	return name
}

// declareParts declares what is a part of another resource.
func (p *runner) declareParts() {
	for _, r := range p.later {
		k := azureNative[short(r.token)]
		whole := p.azureName(r, k[2])
		if t, path := whole.Target(); t != nil && path == "name" {
			for _, other := range p.order {
				if other.res == t {
					whole = p.azureName(other, azureNative[short(other.token)][1])
				}
			}
		}
		if k[0] == recordType {
			s, _ := p.value(r.node.Get("properties").Get("recordType"), 1).Str()
			k[0] += s
		}
		p.take(r, p.azure.Declare(k[0], p.azure.Below(whole, p.azureName(r, k[1])), r.name, r.at, ""))
	}
}

// azureBody puts back the levels called "properties", which azure-native leaves out.
func azureBody(v *eval.Val, k [3]string, at eval.Place) *eval.Val {
	body, below := eval.MapAt(at), eval.MapAt(at)
	for _, name := range v.Keys {
		c := v.Child[name]
		switch {
		case name == k[1] || name == k[2] || name == "resourceGroupName":
			if name == k[1] {
				body.Put("name", c)
			}
		case name == "properties" && c.Kind == eval.Map:
			for _, n := range c.Keys {
				below.Put(n, c.Child[n])
			}
		case top[name]:
			body.Put(name, c)
		case nested[name]:
			below.Put(name, wrapped(c))
		default:
			below.Put(name, c)
		}
	}
	body.Put("properties", below)
	return body
}

// wrapped puts the level called "properties" back into the elements of a list.
func wrapped(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.List {
		return v
	}
	out := eval.ListAt(v.At)
	for _, it := range v.Items {
		if it.Kind == eval.Map {
			m := eval.MapAt(it.At)
			if n := it.Child["name"]; n != nil {
				m.Put("name", n)
			}
			m.Put("properties", it)
			it = m
		}
		out.Items = append(out.Items, it)
	}
	return out
}

// part is the subnet that an index into a network's subnets names.
func (r *resource) part(steps []accessor) (*eval.Resource, []accessor) {
	if len(r.parts) > 0 && len(steps) > 1 && steps[0].name == "subnets" && steps[1].list {
		if i := steps[1].index; i >= 0 && i < len(r.parts) {
			return r.parts[i], steps[2:]
		}
	}
	return nil, nil
}
