package check

import (
	"strings"
	"testing"
)

const cdkApp = `import aws_cdk as cdk
from hub_stack import HubStack

app = cdk.App()
HubStack(app, "Course")
app.synth()
`

const cdkStack = `from aws_cdk import Duration, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events


class HubStack(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        vpc = ec2.Vpc.from_lookup(self, "Vpc", is_default=True)
        group = ec2.SecurityGroup(self, "Web", vpc=vpc)
        for port in (80, 443):
            group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(port))
        group.add_ingress_rule(ec2.Peer.ipv4("198.51.100.0/24"), ec2.Port.tcp(22))
        script = ec2.UserData.for_linux()
        script.add_commands(
            "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada",
            "tljh-config set limits.memory 2G",
            "tljh-config reload",
        )
        hub = ec2.Instance(
            self, "Hub", vpc=vpc, security_group=group, user_data=script, key_name="course",
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.BURSTABLE3, ec2.InstanceSize.XLARGE2),
            machine_image=ec2.MachineImage.from_ssm_parameter(
                "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"),
            block_devices=[ec2.BlockDevice(device_name="/dev/sda1", volume=ec2.BlockDeviceVolume.ebs(200, encrypted=True))],
        )
        ec2.CfnEIP(self, "Address", instance_id=hub.instance_id)
        plan = backup.BackupPlan.daily35_day_retention(self, "Plan")
        plan.add_selection("Hub", resources=[backup.BackupResource.from_ec2_instance(hub)])
`

const cdkSettings = "version: 1\nhubs:\n  - name: hub\n    dir: .\n    expected_users: {active: 10, total: 30}\n"

// What a program of the CDK declares decides the rules about the machine, and what it leaves open leaves them open.
func TestCDK(t *testing.T) {
	rules := []string{"vm-sizing", "pinned-ip", "firewall", "ssh-access", "disk-backups"}
	for name, c := range map[string]struct {
		from, to string
		want     string // the outcomes of the rules, in their order
	}{
		"a hub that is fit":                    {"", "", "pass pass pass pass pass"},
		"a small machine":                      {"XLARGE2", "MICRO", "fail pass pass pass pass"},
		"no address of its own":                {`ec2.CfnEIP(self, "Address", instance_id=hub.instance_id)`, "pass", "pass fail pass pass pass"},
		"everything open":                      {"ec2.Port.tcp(port)", "ec2.Port.all_traffic()", "pass pass fail pass pass"},
		"SSH from everywhere":                  {`ec2.Peer.ipv4("198.51.100.0/24")`, "ec2.Peer.any_ipv4()", "pass pass unknown pass pass"},
		"no key":                               {`key_name="course",`, "", "pass pass pass fail pass"},
		"no backup":                            {`plan.add_selection("Hub", resources=[backup.BackupResource.from_ec2_instance(hub)])`, "pass", "pass pass pass pass fail"},
		"a size that nobody tells":             {"ec2.InstanceType.of(ec2.InstanceClass.BURSTABLE3, ec2.InstanceSize.XLARGE2)", `ec2.InstanceType(self.node.try_get_context("size"))`, "unknown pass pass pass pass"},
		"an address, perhaps":                  {`ec2.CfnEIP(`, `if self.node.try_get_context("fixed"): ec2.CfnEIP(`, "pass unknown pass pass pass"},
		"rules from a list elsewhere":          {"for port in (80, 443):", `for port in self.node.try_get_context("ports"):`, "pass pass unknown pass pass"},
		"a source from outside":                {`"198.51.100.0/24"`, `os.environ["ADMIN_CIDR"]`, "pass pass unknown pass pass"},
		"a group from elsewhere":               {`ec2.SecurityGroup(self, "Web", vpc=vpc)`, `ec2.SecurityGroup.from_security_group_id(self, "Web", "sg-0123")`, "pass pass unknown pass pass"},
		"a key, perhaps":                       {`key_name="course"`, `key_name=self.node.try_get_context("key")`, "pass pass pass unknown pass"},
		"a selection that nobody told":         {"backup.BackupResource.from_ec2_instance(hub)", "*self.node.try_get_context(\"backups\")", "pass pass pass pass unknown"},
		"backups made elsewhere":               {`plan.add_selection("Hub", resources=[backup.BackupResource.from_ec2_instance(hub)])`, `company.Backups(self, "Backups", hub)`, "pass pass pass pass unknown"},
		"rules set below the construct":        {"script = ec2.UserData.for_linux()", "group.node.default_child.add_property_override(\"SecurityGroupIngress\", [{\"IpProtocol\": \"-1\", \"CidrIp\": \"0.0.0.0/0\"}])\n        script = ec2.UserData.for_linux()", "pass pass fail pass pass"},
		"an address under a condition":         {"ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)", "address = ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)\n        address.cfn_options.condition = condition", "pass unknown pass pass pass"},
		"an address that is taken away":        {"ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)", "address = ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)\n        address.instance_id = None", "pass unknown pass pass pass"},
		"a size looked up below the construct": {"ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)", "ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)\n        hub.node.find_child(\"Resource\").add_override(\"Properties.InstanceType\", \"t3.micro\")", "fail pass pass pass pass"},
		"a tag that is removed":                {"plan.add_selection(\"Hub\", resources=[backup.BackupResource.from_ec2_instance(hub)])", "plan.add_selection(\"Hub\", resources=[backup.BackupResource.from_tag(\"backup\", \"yes\")])\n        Tags.of(self).add(\"backup\", \"yes\")\n        Tags.of(hub).remove(\"backup\")", "pass pass pass pass unknown"},
		"a tag for some resources":             {"plan.add_selection(\"Hub\", resources=[backup.BackupResource.from_ec2_instance(hub)])", "plan.add_selection(\"Hub\", resources=[backup.BackupResource.from_tag(\"backup\", \"yes\")])\n        Tags.of(self).add(\"backup\", \"yes\", exclude_resource_types=[\"AWS::EC2::Instance\"])", "pass pass pass pass unknown"},
		"what holds itself twice":              {"ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)", "ec2.CfnEIP(self, \"Address\", instance_id=hub.instance_id)\n        d = {}\n        for i in range(100):\n            d = {\"a\": d, \"b\": d}\n        hub.node.default_child.add_property_override(\"Tags\", d)", "pass pass pass pass pass"},
		"a method by another name":             {"script = ec2.UserData.for_linux()", "add = group.add_ingress_rule\n        add(ec2.Peer.any_ipv4(), ec2.Port.tcp(8888))\n        script = ec2.UserData.for_linux()", "pass pass fail pass pass"},
		"a method that is handed on":           {"script = ec2.UserData.for_linux()", "list(map(lambda p: group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(p)), [8888]))\n        script = ec2.UserData.for_linux()", "pass pass unknown pass pass"},
		"a group that is handed on":            {"script = ec2.UserData.for_linux()", "company.open_ports(group)\n        script = ec2.UserData.for_linux()", "pass pass unknown pass pass"},
		"an aspect that changes sizes":         {"        ec2.CfnEIP(", "        class Small:\n            def visit(self, node):\n                node.instance_type = \"t3.micro\"\n        Aspects.of(self).add(Small())\n        ec2.CfnEIP(", "unknown pass pass pass pass"},
		"functions that call nothing":          {"script = ec2.UserData.for_linux()", "ports = list(filter(lambda p: p > 80, map(lambda p: p + 1, [80, 443])))\n        script = ec2.UserData.for_linux()", "pass pass pass pass pass"},
		"arguments that nobody told":           {`self, "Hub", vpc=vpc,`, `self, "Hub", vpc=vpc, **options(),`, "unknown pass pass unknown pass"},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdkStack
			if c.from != "" {
				if !strings.Contains(stack, c.from) {
					t.Fatal("nothing is replaced")
				}
				stack = "import os\nimport company\nfrom aws_cdk import Aspects, Tags\nfrom company import options\n" + strings.Replace(stack, c.from, c.to, 1)
			}
			got, rep := checked(t, map[string]string{"app.py": cdkApp, "hub_stack.py": stack, "cdk.json": `{"app": "python3 app.py"}`, ".tljh-policy.yaml": cdkSettings}, rules...)
			var out []string
			for _, r := range rules {
				out = append(out, string(got["hub "+r]))
			}
			if s := strings.Join(out, " "); s != c.want {
				t.Errorf("got %s\nwant %s", s, c.want)
				for _, r := range rep.Results {
					t.Logf("%s: %s %s", r.Rule, r.Outcome, r.Message)
				}
			}
		})
	}
}

// A stack that the program does not make is not there.
func TestCDKUnmade(t *testing.T) {
	app := strings.Replace(cdkApp, `HubStack(app, "Course")`, "# not yet", 1)
	got, _ := checked(t, map[string]string{"app.py": app, "hub_stack.py": cdkStack, "cdk.json": `{"app": "python3 app.py"}`, ".tljh-policy.yaml": cdkSettings}, "vm-sizing", "pinned-ip", "firewall")
	for rule, outcome := range got {
		if outcome != "unknown" {
			t.Errorf("%s: %s", rule, outcome)
		}
	}
}
