package assemble

import (
	"strings"
	"testing"
)

const bicepMachine = `param size string = 'Standard_B2ms'
resource vm 'Microsoft.Compute/virtualMachines@2023-03-01' = {
  name: 'hub'
  properties: {
    hardwareProfile: { vmSize: size }
    osProfile: {
      customData: base64('''
#!/bin/bash
curl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada
tljh-config set limits.memory 2G
''')
    }
  }
}
`

// compiled is what Bicep's compiler makes of a file, in short.
const compiled = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"metadata": {"_generator": {"name": "bicep", "version": "0.30.3"}},
"resources": [{"type": "Microsoft.Compute/virtualMachines", "name": "hub", "properties": {"hardwareProfile": {"vmSize": "Standard_B1s"},
"osProfile": {"customData": "[base64('#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada\ntljh-config set limits.memory 1G\n')]"}}}]}`

// A hub in Bicep, as one file, as a module of another, and beside what it was compiled to: one hub, one machine each time.
func TestBicepIsHub(t *testing.T) {
	bought := "module vm 'br/public:avm/res/compute/virtual-machine:0.5.0' = { name: 'tljh' }\n"
	use := "module hub 'modules/hub.bicep' = { name: 'hub', params: { size: 'Standard_B2ms' } }\n"
	for name, tt := range map[string]struct {
		files          map[string]string
		limit, machine string
		says           string
	}{
		"alone":    {map[string]string{"main.bicep": bicepMachine}, "2147483648 @main.bicep:10:31", "Standard_B2ms @main.bicep:1:22", ""},
		"a module": {map[string]string{"main.bicep": use, "modules/hub.bicep": bicepMachine}, "2147483648 @modules/hub.bicep:10:31", "Standard_B2ms @main.bicep:1:66", ""},
		"a module in JSON": {map[string]string{"main.bicep": "module hub 'nested/hub.json' = { name: 'hub' }\n", "nested/hub.json": compiled},
			"1073741824 @nested/hub.json:4:", "Standard_B1s @nested/hub.json:3:", ""},
		"compiled": {map[string]string{"main.bicep": bicepMachine, "main.json": compiled}, "2147483648 @main.bicep:10:31", "Standard_B2ms @main.bicep:1:22", "main.json was compiled from main.bicep, which is read instead"},
		"compiled under another name": {map[string]string{"main.bicep": use, "modules/hub.bicep": bicepMachine, "azuredeploy.json": compiled},
			"2147483648 @modules/hub.bicep:10:31", "Standard_B2ms @main.bicep:1:66", "azuredeploy.json was compiled from main.bicep, which is read instead"},
		"compiled to elsewhere": {map[string]string{"bicep/hub.bicep": bicepMachine, "bicep/other.bicep": "param x string\n", "arm/azuredeploy.json": compiled},
			"2147483648 @bicep/hub.bicep:10:31", "Standard_B2ms @bicep/hub.bicep:1:22", "arm/azuredeploy.json was compiled from bicep/hub.bicep, which is read instead"},
		"compiled, not all read": {map[string]string{"main.bicep": bought, "main.json": compiled},
			"1073741824 @main.json:4:", "Standard_B1s @main.json:3:", "main.json is read instead of main.bicep, which it was compiled from"},
	} {
		t.Run(name, func(t *testing.T) {
			res := load(t, tt.files)
			if len(res.Hubs) != 1 || machineOf(res, 0) != "hub" {
				t.Fatalf("%d hubs", len(res.Hubs))
			}
			h := res.Hubs[0]
			for path, want := range map[string]string{limit: tt.limit, machine0: tt.machine} {
				if got := at(h.Root, path) + " @" + nodeAt(h.Root, path).At.String(); !strings.HasPrefix(got, want) {
					t.Errorf("%s\n got %s\nwant %s", path, got, want)
				}
			}
			if n := len(h.Root.Get("infra", "instances").List()); n != 1 {
				t.Errorf("%d machines", n)
			}
			said := ""
			for _, p := range res.Problems {
				said += p.Msg
			}
			if !strings.HasPrefix(said, tt.says) || tt.says == "" && said != "" {
				t.Errorf("problems: %s", said)
			}
		})
	}
}

// Bicep that cannot be read may declare the hub's machine and set it up, whether it is broken itself or a module of it; a
// template that was compiled from it once does not stand in.
func TestBrokenBicep(t *testing.T) {
	use := "module hub 'modules/hub.bicep' = { name: 'hub', params: {} }\n"
	for name, files := range map[string]map[string]string{
		"itself":              {"infra/main.bicep": bicepMachine + "resource x = {\n"},
		"compiled once":       {"infra/main.bicep": bicepMachine + "resource x = {\n", "infra/main.json": compiled},
		"the file of modules": {"infra/main.bicep": use + "resource x = {\n", "infra/modules/hub.bicep": bicepMachine},
		"a module":            {"infra/main.bicep": use, "infra/modules/hub.bicep": bicepMachine + "resource x = {\n"},
	} {
		t.Run(name, func(t *testing.T) {
			res := load(t, files)
			if len(res.Hubs) != 1 {
				t.Fatalf("%d hubs", len(res.Hubs))
			}
			if n := res.Hubs[0].Root.Get("limits", "memory_bytes"); n.State != "unknown" {
				t.Errorf("memory limit is %s", n.State)
			}
			if in := res.Hubs[0].Root.Get("infra", "instances").List(); len(in) > 0 {
				if n := in[0].Get("machine"); n.State != "unknown" {
					t.Errorf("machine is %s", n.State)
				}
			}
			fatal := 0
			for _, p := range res.Problems {
				if p.Fatal && strings.HasPrefix(p.At.String(), "infra/") && strings.Contains(p.Msg, "not valid Bicep") {
					fatal++
				}
			}
			if fatal != 1 {
				t.Errorf("problems: %+v", res.Problems)
			}
		})
	}
}

// Two files of parameters disagree: what they decide is unknown, unless the settings name the one that the hub is made with.
func TestBicepParameters(t *testing.T) {
	files := map[string]string{"main.bicep": bicepMachine,
		"envs/prod.bicepparam": "using '../main.bicep'\nparam size = 'Standard_D4s_v5'\n",
		"test.bicepparam":      "using 'main.bicep'\nparam size = 'Standard_B2s'\n",
		"odd/far.bicepparam":   "using '../main.bicep'\nparam size = 'Standard_D8s_v5'\n"}
	for name, want := range map[string]string{"": "? @main.bicep:1:7", "envs/prod.bicepparam": "Standard_D4s_v5 @envs/prod.bicepparam:2:15",
		"test.bicepparam": "Standard_B2s @test.bicepparam:2:15", "odd/far.bicepparam": "Standard_D8s_v5 @odd/far.bicepparam:2:15"} {
		var hubs []HubSetting
		if name != "" {
			hubs = []HubSetting{{Name: "hub", Sources: []string{"main.bicep", name}}}
		}
		res := load(t, files, hubs...)
		if len(res.Hubs) != 1 || machineOf(res, 0) != "hub" {
			t.Fatalf("%s: %d hubs", name, len(res.Hubs))
		}
		root := res.Hubs[0].Root
		if got := at(root, machine0) + " @" + nodeAt(root, machine0).At.String(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A script for a machine that is declared elsewhere sets a hub up all the same, and no other machine is taken for its own.
func TestScriptsOfMachinesElsewhere(t *testing.T) {
	script := `resource same 'Microsoft.Compute/virtualMachines@2023-03-01' existing = { name: NAME }
resource setup 'Microsoft.Compute/virtualMachines/extensions@2023-03-01' = {
  parent: same
  name: 'setup'
  properties: {
    type: 'CustomScript'
    settings: { commandToExecute: 'curl -L https://tljh.jupyter.org/bootstrap.py | python3 - --admin ada && tljh-config set limits.memory 3G' }
  }
}
`
	named, open := strings.Replace(script, "NAME", "'mine'", 1), "param which string\n"+strings.Replace(script, "NAME", "which", 1)
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"alone":                 {map[string]string{"main.bicep": named}, "(hub) 3221225472"},
		"no name":               {map[string]string{"main.bicep": open}, "(hub) 3221225472"},
		"beside the hub's":      {map[string]string{"main.bicep": bicepMachine + named}, "hub 2147483648"},
		"perhaps the hub's":     {map[string]string{"main.bicep": bicepMachine + open}, "hub ?"},
		"the hub's by its name": {map[string]string{"main.bicep": bicepMachine + strings.Replace(script, "NAME", "'hub'", 1)}, "hub 3221225472"},
	} {
		res := load(t, tt.files)
		if len(res.Hubs) != 1 {
			t.Fatalf("%s: %d hubs", name, len(res.Hubs))
		}
		if got := machineOf(res, 0) + " " + at(res.Hubs[0].Root, limit); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
