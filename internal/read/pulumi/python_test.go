package pulumi

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func inPython(program string, more ...string) map[string]string {
	m := steptest.Files{"Pulumi.yaml": "name: hub\nruntime: python\n", "__main__.py": "import json\nimport pulumi\nimport pulumi_aws as aws\n" + program + "\n", "setup.sh": "#!/bin/bash\ntljh-config set a.b 1\n"}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return moduletest.Describe(ReadPython(m, span.NewSource("Pulumi.yaml", m["Pulumi.yaml"]), ""))
}

// Programs in Python: one fact of each.
func TestPython(t *testing.T) {
	const typ, ip = "/instances/0/machine/type", "/instances/0/public_ips/0/kind"
	stack := []string{"Pulumi.prod.yaml", "config:\n  hub:size: t3.large\n  hub:count: 2\n  hub:open: true\n  hub:ports: [80, 443]\n  hub:key:\n    secure: xyz\n"}
	for _, c := range []struct{ program, key, want string }{
		{"aws.ec2.Instance('hub', instance_type='t3.large')", typ, "set t3.large __main__.py:4:"},
		{"from pulumi_aws import ec2\nec2.Instance('hub', ec2.InstanceArgs(instance_type='t3.large'))", typ, "set t3.large"},
		{"aws.ec2.Instance('hub', instance_type=pulumi.Config().require('size'))", typ, "set t3.large Pulumi.prod.yaml:2:"},
		{"aws.ec2.Instance('hub', instance_type=pulumi.Config('hub').get('size') or 't3.nano')", typ, "set t3.large"},
		{"aws.ec2.Instance('hub', instance_type=pulumi.Config().get('none') or 't3.nano')", typ, "set t3.nano"},
		{"aws.ec2.Instance('hub', instance_type=pulumi.Config().require('none'))", typ, "unknown"},
		{"aws.ec2.Instance('hub', instance_type=pulumi.Config().require_secret('key'))", typ, "unknown"},
		{"aws.ec2.Instance('hub', root_block_device=aws.ec2.InstanceRootBlockDeviceArgs(volume_size=50, encrypted=True))", "/instances/0/boot_disk/size_gib", "set 50"},
		{"aws.ec2.Instance('hub', root_block_device={'volume_size': 50})", "/instances/0/boot_disk/size_gib", "set 50"},
		{"aws.ec2.Instance('hub', ebs_block_devices=[aws.ec2.InstanceEbsBlockDeviceArgs(device_name='/dev/sdf', volume_size=50)])", "/volumes/0/size_gib", "set 50"},
		{"g = aws.ec2.SecurityGroup('web', ingress=[aws.ec2.SecurityGroupIngressArgs(protocol='tcp', from_port=22, to_port=22, cidr_blocks=['0.0.0.0/0'])])\naws.ec2.Instance('hub', vpc_security_group_ids=[g.id])", "/instances/0/ingress/0/scope", "derived world"},
		{"g = aws.ec2.SecurityGroup('web', ingress=[{'protocol': 'tcp', 'from_port': p, 'to_port': p, 'cidr_blocks': ['0.0.0.0/0']} for p in pulumi.Config().require_object('ports')])\naws.ec2.Instance('hub', vpc_security_group_ids=[g.id])", "/instances/0/ingress", "set [2]"},
		{"i = aws.ec2.Instance('hub')\naws.ec2.Eip('ip', instance=i.id)", ip, "set static"},
		{"i = aws.ec2.Instance('hub')\nif pulumi.Config().get_bool('open'):\n    aws.ec2.Eip('ip', instance=i.id)", ip, "set static"},
		{"i = aws.ec2.Instance('hub')\nif pulumi.get_stack() == 'prod':\n    aws.ec2.Eip('ip', instance=i.id)", ip, "unknown"},
		{"a = aws.ec2.get_ami(most_recent=True, owners=['099720109477'], filters=[aws.ec2.GetAmiFilterArgs(name='name', values=['ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*'])])\naws.ec2.Instance('hub', ami=a.id)", "/instances/0/os/version", "derived 22.04"},
		{"aws.ec2.Instance('hub', user_data='#!/bin/bash\\ntljh-config reload\\n')", "carrier 0 step 0", "tljh-config reload"},
		{"aws.ec2.Instance('hub', user_data=open('setup.sh').read())", "carrier 0 step 0", "tljh-config set a.b 1"},
		{"import base64\ns = '#!/bin/bash\\ntljh-config reload\\n'\naws.ec2.Instance('hub', user_data_base64=base64.b64encode(bytes(s, 'utf-8')).decode('utf-8'))", "carrier 0 step 0", "tljh-config reload @__main__.py:5:"},
		{"import base64\ns = '#!/bin/bash\\ntljh-config reload\\n'\naws.ec2.Instance('hub', user_data_base64=base64.b64encode(s.encode()).decode())", "carrier 0 step 0", "tljh-config reload @__main__.py:5:"},
		{"import pulumi_gcp as gcp\na = gcp.compute.Address('ip')\ngcp.compute.Instance('hub', machine_type='e2-standard-2', network_interfaces=[{'network': 'default', 'access_configs': [{'nat_ip': a.address}]}])", ip, "set static"},
		{"v = aws.ebs.Volume('data', size=10, availability_zone='a', tags={'Backup': 'daily'}, opts=pulumi.ResourceOptions(protect=True))\naws.ec2.VolumeAttachment('tie', instance_id=aws.ec2.Instance('hub').id, volume_id=v.id, device_name='/dev/sdf')", "/volumes/0/prevent_destroy", "set true"},
		{"v = aws.ec2.Eip('ip')\naws.ec2.Instance('hub', user_data=v.public_ip.apply(lambda a: f'#!/bin/bash\\ntljh-config set a.b {a}\\n'))", "carrier 0 step 0", "tljh-config set a.b …"},
		{"v = aws.ec2.Eip('ip')\naws.ec2.Instance('hub', user_data=pulumi.Output.concat('#!/bin/bash\\ntljh-config set a.b ', v.public_ip, '\\n'))", "carrier 0 step 0", "tljh-config set a.b …"},
		{"class Hub(pulumi.ComponentResource):\n    def __init__(self, name, size, opts=None):\n        super().__init__('x:index:Hub', name, None, opts)\n        self.i = aws.ec2.Instance(name, instance_type=size, opts=pulumi.ResourceOptions(parent=self))\nHub('hub', 't3.large')", typ, "set t3.large"},
		{"import pulumi_digitalocean as do\ndo.Droplet('hub', size='s-2vcpu-4gb', image='ubuntu-24-04-x64', region='fra1', backups=True)", typ, "set s-2vcpu-4gb"},
		{"import pulumi_hcloud as hcloud\nhcloud.Server('hub', server_type='cx32', image='ubuntu-24.04')", typ, "set cx32"},
		{"import pulumi_gcp as gcp\ngcp.compute.Instance('hub', machine_type='e2-standard-2', boot_disk=gcp.compute.InstanceBootDiskArgs(initialize_params=gcp.compute.InstanceBootDiskInitializeParamsArgs(image='ubuntu-os-cloud/ubuntu-2404-lts-amd64', size=50)))", "/instances/0/boot_disk/size_gib", "set 50"},
	} {
		got := inPython(c.program, stack...)
		if !strings.HasPrefix(got[c.key], c.want) {
			t.Errorf("%s\n%s\n got %s; %s\nwant %s", c.program, c.key, got[c.key], got[c.key+" why"], c.want)
		}
		if !strings.HasPrefix(got["/complete"], "derived true") {
			t.Errorf("%s\nis not complete: %s", c.program, got["/incomplete/0"])
		}
	}
}

// A program that cannot be read is a problem with its place, and what it may have held is not known.
func TestMalformedPython(t *testing.T) {
	for program, want := range map[string]string{
		"aws.ec2.Instance('hub'":                 "__main__.py:",
		"aws.ec2.Instance('hub', instance_type=": "__main__.py:4:",
		"x = = 1":                                "__main__.py:4:5",
		"if x\n  pass":                           "__main__.py:4:5",
		"'''":                                    "__main__.py:4:1",
	} {
		got := inPython("" + program)
		if !strings.HasPrefix(got["problem 0"], want) || !strings.HasPrefix(got["/complete"], "derived false") {
			t.Errorf("%q\n got %s, complete %s\nwant %s", program, got["problem 0"], got["/complete"], want)
		}
	}
	for _, m := range []steptest.Files{{"Pulumi.yaml": "name: [\n"}, {"Pulumi.yaml": "runtime: python\n"}, {"Pulumi.yaml": "runtime: python\nmain: ../x\n"}} {
		got := moduletest.Describe(ReadPython(m, span.NewSource("Pulumi.yaml", m["Pulumi.yaml"]), ""))
		if !strings.HasPrefix(got["problem 0"], "Pulumi.yaml:") || !strings.HasPrefix(got["/complete"], "derived false") {
			t.Errorf("%q\n got %s, complete %s", m["Pulumi.yaml"], got["problem 0"], got["/complete"])
		}
	}
}

// What may hold machines and is not understood leaves the lists open.
func TestIncompletePython(t *testing.T) {
	for program, want := range map[string]string{
		"import company\ncompany.Hub('hub', opts=None)":    "company.Hub is made by code that is not in the repository",
		"import pulumi_company as c\nc.Hub('hub')":         "is of a package that is not understood",
		"import k\naws.ec2.Instance('hub', **k.options())": "the arguments of hub are passed on in a way that is not known",
		"exec('x')": "the program is not followed everywhere",
		"pulumi.export('ip', aws.ec2.Instance('hub').public_ip)":      "",
		"aws.ec2.Instance('hub').public_ip.apply(lambda x: print(x))": "",
	} {
		got := inPython(program)
		if why := got["/incomplete/0"]; !strings.Contains(why, want) || (want == "") != strings.HasPrefix(got["/complete"], "derived true") {
			t.Errorf("%s\n got %s, complete %s\nwant %s", program, why, got["/complete"], want)
		}
	}
}

func FuzzPython(f *testing.F) {
	f.Add("i = aws.ec2.Instance('hub', aws.ec2.InstanceArgs(instance_type='x'), user_data=i)\naws.ec2.Eip(i, instance=i.id.apply(lambda x: x))", "config:\n  hub:a: 1\n")
	f.Add("c = pulumi.Config()\nx = c.require_object('a')\naws.Provider(x, region=x[0])\naws.ec2.get_ami(filters=x).id", "config:\n  hub:a: [1, {b: 2}]\n")
	f.Add("import pulumi_azure_native as a\na.compute.v20230301.VirtualMachine('x', os_profile=a.compute.OSProfileArgs(custom_data='x'))", "a: [")
	f.Fuzz(func(t *testing.T, program, stack string) { inPython(program, "Pulumi.x.yaml", stack) })
}
