package pulumi

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// native are the types of azure-native that say something about a machine, in Azure's own words: the type, and the property
// that holds the name. The module's version, as in "azure-native:compute/v20230301:VirtualMachine", is left out.
// Source: the schema of github.com/pulumi/pulumi-azure-native, whose tokens are made of Azure's resource providers.
var native = map[string][2]string{
	"azure-native:compute:virtualmachine":               {"Microsoft.Compute/virtualMachines", "vmName"},
	"azure-native:compute:disk":                         {"Microsoft.Compute/disks", "diskName"},
	"azure-native:compute:image":                        {"Microsoft.Compute/images", "imageName"},
	"azure-native:compute:snapshot":                     {"Microsoft.Compute/snapshots", "snapshotName"},
	"azure-native:network:networkinterface":             {"Microsoft.Network/networkInterfaces", "networkInterfaceName"},
	"azure-native:network:publicipaddress":              {"Microsoft.Network/publicIPAddresses", "publicIpAddressName"},
	"azure-native:network:networksecuritygroup":         {"Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"},
	"azure-native:network:bastionhost":                  {"Microsoft.Network/bastionHosts", "bastionHostName"},
	"azure-native:authorization:roleassignment":         {"Microsoft.Authorization/roleAssignments", "roleAssignmentName"},
	"azure-native:insights:actiongroup":                 {"Microsoft.Insights/actionGroups", "actionGroupName"},
	"azure-native:monitor:actiongroup":                  {"Microsoft.Insights/actionGroups", "actionGroupName"},
	"azure-native:maintenance:maintenanceconfiguration": {"Microsoft.Maintenance/maintenanceConfigurations", "resourceName"},
}

// partsNative are types of azure-native that make machines nobody here can see, or change one that is declared here.
var partsNative = map[string]bool{"azure-native:compute:virtualmachinescaleset": true, "azure-native:resources:deployment": true,
	"azure-native:compute:virtualmachineextension": true, "azure-native:compute:virtualmachineruncommandbyvirtualmachine": true,
	"azure-native:network:securityrule": true, "azure-native:recoveryservices:protecteditem": true}

// declareNative declares a resource of azure-native among Azure's own.
func (p *runner) declareNative(r *resource) {
	token := short(r.token)
	k, ok := native[token]
	if partsNative[token] {
		p.c.NotEvaluated(fmt.Sprintf("%s (%s) is not evaluated", r.name, r.token), r.at)
	}
	if !ok {
		return
	}
	name := p.value(r.node.Get("properties").Get(k[1]), 1)
	if name.IsNull() {
		name = eval.NotKnown("Pulumi makes the name of "+r.name, r.at)
	}
	if r.native = p.azure.Declare(k[0], name, r.name, r.at, ""); r.native != nil {
		r.res = r.native.Res()
	}
}

// top are the properties that Azure has beside "properties".
var top = map[string]bool{"location": true, "tags": true, "identity": true, "sku": true, "zones": true, "plan": true, "scope": true}

// fillNative gives a resource its properties, which azure-native has without the levels called "properties".
func (p *runner) fillNative(r *resource, v *eval.Val) {
	body, below := eval.MapAt(r.at), eval.MapAt(r.at)
	for _, k := range v.Keys {
		c := v.Child[k]
		switch {
		case k == native[short(r.token)][1] || k == "resourceGroupName":
		case top[k]:
			body.Put(k, c)
		case k == "ipConfigurations" || k == "securityRules":
			below.Put(k, wrapped(c))
		default:
			below.Put(k, c)
		}
	}
	body.Put("properties", below)
	r.native.Fill(body)
}

// wrapped puts the level called "properties" back into the elements of a list.
func wrapped(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.List {
		return v
	}
	out := eval.ListAt(v.At)
	for _, it := range v.Items {
		if it.Kind != eval.Map {
			out.Items = append(out.Items, it)
			continue
		}
		m := eval.MapAt(it.At)
		if n := it.Child["name"]; n != nil {
			m.Put("name", n)
		}
		m.Put("properties", it)
		out.Items = append(out.Items, m)
	}
	return out
}
