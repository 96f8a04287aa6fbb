package check

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// bicepHub is a repository whose hub is declared in Bicep: a module for the network, the set-up in a file of its own.
var bicepHub = map[string]string{
	".tljh-policy.yaml": "version: 1\nhubs:\n  - name: hub\n    dir: infra\n    expected_users: {active: 4, total: 10}\n",
	"infra/main.bicep": `param vmSize string = 'Standard_D4s_v5'
param adminUsername string = 'ada'
@secure()
param adminKey string

module network './modules/network.bicep' = {
  name: 'network'
  params: { sshFrom: '198.51.100.0/24' }
}

resource data 'Microsoft.Compute/disks@2023-04-02' = {
  name: 'homes'
  sku: { name: 'Premium_LRS' }
  properties: { diskSizeGB: 128, creationData: { createOption: 'Empty' } }
}

resource vm 'Microsoft.Compute/virtualMachines@2023-03-01' = {
  name: 'hub'
  properties: {
    hardwareProfile: { vmSize: vmSize }
    storageProfile: {
      imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' }
      osDisk: { createOption: 'FromImage', diskSizeGB: 64 }
      dataDisks: [{ lun: 0, createOption: 'Attach', managedDisk: { id: data.id } }]
    }
    osProfile: {
      computerName: 'hub'
      adminUsername: adminUsername
      customData: base64(loadTextContent('cloud-init.yaml'))
      linuxConfiguration: {
        disablePasswordAuthentication: true
        ssh: { publicKeys: [{ path: '/home/${adminUsername}/.ssh/authorized_keys', keyData: adminKey }] }
      }
    }
    networkProfile: { networkInterfaces: [{ id: network.outputs.nicId }] }
  }
}

resource vault 'Microsoft.RecoveryServices/vaults@2023-01-01' = {
  name: 'vault'
  resource daily 'backupPolicies' = {
    name: 'daily'
    properties: {
      schedulePolicy: { schedulePolicyType: 'SimpleSchedulePolicy', scheduleRunFrequency: 'Daily' }
      retentionPolicy: { dailySchedule: { retentionDuration: { count: 30, durationType: 'Days' } } }
    }
  }
}

resource backup 'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems@2023-01-01' = {
  name: '${vault.name}/Azure/iaasvmcontainer;${vm.name}/vm;${vm.name}'
  properties: { policyId: vault::daily.id, sourceResourceId: vm.id }
}
`,
	"infra/modules/network.bicep": `param sshFrom string
var open = ['80', '443']
resource pip 'Microsoft.Network/publicIPAddresses@2023-04-01' = {
  name: 'hub-ip'
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}
resource nsg 'Microsoft.Network/networkSecurityGroups@2023-04-01' = {
  name: 'web'
  properties: {
    securityRules: concat(map(open, (port, i) => {
      name: 'web-${port}'
      properties: { priority: 100 + i, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', sourceAddressPrefix: '*', destinationPortRange: port }
    }), [
      {
        name: 'ssh'
        properties: { priority: 200, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', sourceAddressPrefix: sshFrom, destinationPortRange: '22' }
      }
    ])
  }
}
resource nic 'Microsoft.Network/networkInterfaces@2023-04-01' = {
  name: 'hub-nic'
  properties: {
    networkSecurityGroup: { id: nsg.id }
    ipConfigurations: [{ name: 'first', properties: { publicIPAddress: { id: pip.id } } }]
  }
}
output nicId string = nic.id
`,
	"infra/cloud-init.yaml": `#cloud-config
runcmd:
  - curl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada
  - tljh-config set limits.memory 2G
  - tljh-config reload
`,
}

// Verdicts on a hub that is declared in Bicep, as it is and with one thing changed at a time; a failure stands where it is written.
func TestBicepHub(t *testing.T) {
	for name, tt := range map[string]struct {
		file, old, new string // what is changed
		rule           string
		outcome        report.Outcome
		at             string
	}{
		"size":                       {"", "", "", "vm-sizing", "pass", ""},
		"address":                    {"", "", "", "pinned-ip", "pass", ""},
		"backups":                    {"", "", "", "disk-backups", "pass", ""},
		"firewall":                   {"", "", "", "firewall", "pass", ""},
		"ssh":                        {"", "", "", "ssh-access", "pass", ""},
		"limits":                     {"", "", "", "resource-limits", "pass", ""},
		"too small":                  {"infra/main.bicep", "Standard_D4s_v5", "Standard_B1s", "vm-sizing", "fail", "infra/main.bicep:1:24"},
		"no default":                 {"infra/main.bicep", " = 'Standard_D4s_v5'", "", "vm-sizing", "unknown", "infra/main.bicep:20:32"},
		"dynamic":                    {"infra/modules/network.bicep", "'Static'", "'Dynamic'", "pinned-ip", "fail", "infra/modules/network.bicep:6:44"},
		"open port":                  {"infra/modules/network.bicep", "'443'", "'443', '8888'", "firewall", "fail", "infra/modules/network.bicep:11:50"},
		"no backup":                  {"infra/main.bicep", "protectedItems@2023-01-01' =", "protectedItems@2023-01-01' = if (vmSize == 'other')", "disk-backups", "fail", ""},
		"passwords":                  {"infra/main.bicep", "disablePasswordAuthentication: true", "disablePasswordAuthentication: false", "ssh-access", "fail", "infra/main.bicep:31:40"},
		"no limit":                   {"infra/cloud-init.yaml", "tljh-config set limits.memory 2G", "true", "resource-limits", "fail", ""},
		"a bad limit":                {"infra/cloud-init.yaml", "2G", "2GB", "resource-limits", "fail", "infra/cloud-init.yaml:4:35"},
		"no module":                  {"infra/main.bicep", "'./modules/network.bicep'", "'br/public:network:1'", "pinned-ip", "unknown", ""},
		"refused first":              {"infra/modules/network.bicep", "      {\n        name: 'ssh'", "{ name: 'more', properties: { priority: 150, direction: 'Inbound', access: 'Deny', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' } }\n{ name: 'more', properties: { priority: 160, direction: 'Inbound', access: 'Allow', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '8888' } }\n      {\n        name: 'ssh'", "firewall", "pass", ""},
		"refused later":              {"infra/modules/network.bicep", "      {\n        name: 'ssh'", "{ name: 'more', properties: { priority: 170, direction: 'Inbound', access: 'Deny', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' } }\n{ name: 'more', properties: { priority: 160, direction: 'Inbound', access: 'Allow', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '8888' } }\n      {\n        name: 'ssh'", "firewall", "fail", ""},
		"refused for a service":      {"infra/modules/network.bicep", "      {\n        name: 'ssh'", "{ name: 'more', properties: { priority: 150, direction: 'Inbound', access: 'Deny', protocol: '*', sourceAddressPrefix: 'AzureCloud', destinationPortRange: '*' } }\n{ name: 'more', properties: { priority: 160, direction: 'Inbound', access: 'Allow', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '8888' } }\n      {\n        name: 'ssh'", "firewall", "fail", ""},
		"refused elsewhere":          {"infra/modules/network.bicep", "      {\n        name: 'ssh'", "{ name: 'more', properties: { priority: 150, direction: 'Inbound', access: 'Deny', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*', destinationAddressPrefix: '10.9.0.0/24' } }\n{ name: 'more', properties: { priority: 160, direction: 'Inbound', access: 'Allow', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '8888' } }\n      {\n        name: 'ssh'", "firewall", "unknown", ""},
		"refused from a port":        {"infra/modules/network.bicep", "      {\n        name: 'ssh'", "{ name: 'more', properties: { priority: 150, direction: 'Inbound', access: 'Deny', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*', sourcePortRange: '53' } }\n{ name: 'more', properties: { priority: 160, direction: 'Inbound', access: 'Allow', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '8888' } }\n      {\n        name: 'ssh'", "firewall", "unknown", ""},
		"any order":                  {"infra/modules/network.bicep", "      {\n        name: 'ssh'", "{ name: 'more', properties: { priority: 150, direction: 'Inbound', access: 'Deny', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' } }\n{ name: 'more', properties: { priority: later, direction: 'Inbound', access: 'Allow', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '8888' } }\n      {\n        name: 'ssh'", "firewall", "unknown", ""},
		"dynamic in small letters":   {"infra/modules/network.bicep", "'Static'", "'dynamic'", "pinned-ip", "fail", ""},
		"a subnet elsewhere":         {"infra/modules/network.bicep", "    networkSecurityGroup: { id: nsg.id }\n    ipConfigurations: [{ name: 'first', properties: { ", "    ipConfigurations: [{ name: 'first', properties: { subnet: { id: resourceId('net', 'Microsoft.Network/virtualNetworks/subnets', 'corp', 'hub') }, ", "firewall", "unknown", ""},
		"a kind of address":          {"infra/modules/network.bicep", "    networkSecurityGroup: { id: nsg.id }\n", "", "firewall", "pass", ""},
		"a group on the subnet":      {"infra/modules/network.bicep", "resource nic 'Microsoft.Network/networkInterfaces@2023-04-01' = {\n  name: 'hub-nic'\n  properties: {\n    networkSecurityGroup: { id: nsg.id }\n    ipConfigurations: [{ name: 'first', properties: { ", "resource vnet 'Microsoft.Network/virtualNetworks@2023-04-01' = {\n  name: 'net'\n  properties: { subnets: [{ name: 'hub', properties: { networkSecurityGroup: { id: nsg.id } } }] }\n}\nresource nic 'Microsoft.Network/networkInterfaces@2023-04-01' = {\n  name: 'hub-nic'\n  properties: {\n    ipConfigurations: [{ name: 'first', properties: { subnet: { id: vnet.properties.subnets[0].id }, ", "firewall", "pass", ""},
		"disks left out":             {"infra/main.bicep", "sourceResourceId: vm.id", "sourceResourceId: vm.id, extendedProperties: { diskExclusionProperties: { diskLunList: [0], isInclusionList: false } }", "disk-backups", "unknown", ""},
		"perhaps stopped":            {"infra/main.bicep", "sourceResourceId: vm.id", "sourceResourceId: vm.id, protectionState: state", "disk-backups", "unknown", ""},
		"keys of a bastion, perhaps": {"infra/main.bicep", "ssh: { publicKeys: [{ path: '/home/${adminUsername}/.ssh/authorized_keys', keyData: adminKey }] }\n      }\n    }\n    networkProfile: { networkInterfaces: [{ id: network.outputs.nicId }] }\n  }\n}", "}\n    }\n    networkProfile: { networkInterfaces: [{ id: network.outputs.nicId }] }\n  }\n}\nresource bastion 'Microsoft.Network/bastionHosts@2023-04-01' = if (on) {\n  name: 'bastion'\n}", "ssh-access", "unknown", ""},
		"no policy":                  {"infra/main.bicep", "scheduleRunFrequency: 'Daily'", "scheduleRunFrequency: x", "disk-backups", "unknown", ""},
		"a password":                 {"infra/main.bicep", "linuxConfiguration: {\n        disablePasswordAuthentication: true\n", "adminPassword: adminKey\n      linuxConfiguration: {\n", "ssh-access", "fail", "infra/main.bicep:30:22"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for f, text := range bicepHub {
				files[f] = text
			}
			if tt.file != "" {
				if files[tt.file] = strings.Replace(files[tt.file], tt.old, tt.new, 1); files[tt.file] == bicepHub[tt.file] {
					t.Fatal("nothing is changed")
				}
			}
			outcomes, rep := checked(t, files, tt.rule)
			if got := outcomes["hub "+tt.rule]; got != tt.outcome {
				t.Errorf("%s: %+v", got, rep.Results)
			}
			for _, r := range rep.Results {
				if r.Location == nil {
					t.Errorf("no place: %+v", r)
				} else if got := r.Location.String(); !strings.HasPrefix(got, tt.at) {
					t.Errorf("at %s, want %s: %s", got, tt.at, r.Message)
				}
			}
			for _, p := range rep.Problems {
				t.Errorf("problem: %+v", p)
			}
		})
	}
}
