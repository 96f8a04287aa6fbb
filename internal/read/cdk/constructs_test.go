package cdk

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

const imports = `import os
import aws_cdk as cdk
from aws_cdk import (Duration, Fn, RemovalPolicy, Size, Tags, aws_autoscaling as autoscaling, aws_backup as backup, aws_cloudwatch as cw, aws_dlm as dlm,
    aws_ec2 as ec2, aws_elasticloadbalancingv2 as elb, aws_elasticloadbalancingv2_targets as targets, aws_iam as iam, aws_route53 as route53, aws_sns as sns)
from aws_cdk.aws_s3_assets import Asset
class S(cdk.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
`

func described(body string, more ...string) map[string]string {
	m := steptest.Files{"app.py": imports + "        " + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\n        ") + "\ns = S(cdk.App(), 'hub')\n",
		"cdk.json": `{"app": "python app.py", "context": {"size": "t3.large", "big": true, "ports": [80, 443]}}`, "setup.sh": "tljh-config set a.b 1\n"}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return moduletest.Describe(read(m, ""))
}

// What becomes of constructs: one fact of each.
func TestConstructs(t *testing.T) {
	const hub = "i = ec2.Instance(self, 'Hub', vpc=ec2.Vpc(self, 'V'))\n"
	const typ, ip, tokens, keep = "/instances/0/machine/type", "/instances/0/public_ips/0/kind", "/instances/0/metadata/tokens", "/volumes/0/prevent_destroy"
	for _, c := range []struct{ body, key, want string }{
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType('t3.large'))", typ, "set t3.large app.py:9:"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(instance_type_identifier='t3.large'))", typ, "set t3.large"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType.of(ec2.InstanceClass.T3A, ec2.InstanceSize.XLARGE2))", typ, "set t3a.2xlarge"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType.of(ec2.InstanceClass.STANDARD6_GRAVITON, ec2.InstanceSize.LARGE))", typ, "set m6g.large"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType.of(ec2.InstanceClass.MEMORY5_AMD_NVME_DRIVE, ec2.InstanceSize.METAL))", typ, "set r5ad.metal"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType.of(ec2.InstanceClass.SOMETHING, ec2.InstanceSize.LARGE))", typ, "unknown"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType.of(os.environ['C'], ec2.InstanceSize.LARGE))", typ, "unknown"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(self.node.try_get_context('size')))", typ, "default t3.large cdk.json:1:"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType('t3.large' if self.node.try_get_context('big') else 't3.nano'))", typ, "set t3.large"},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(self.node.try_get_context('none')))", typ + " why", `it is the context's "none", and cdk.json does not give it`},
		{"ec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(os.environ['SIZE']))", typ, "unknown"},
		{"p = cdk.CfnParameter(self, 'P', default='t3.large')\nec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(p.value_as_string))", typ, "default t3.large"},
		{"p = cdk.CfnParameter(self, 'P')\nec2.Instance(self, 'Hub', instance_type=ec2.InstanceType(p.value_as_string))", typ, "unknown"},
		{"x = dict(instance_type=ec2.InstanceType('t3.large'))\nec2.Instance(self, 'Hub', **x)", typ, "set t3.large"},
		{"ec2.CfnInstance(self, 'Hub', instance_type='t3.large')", typ, "set t3.large"},
		{"cdk.CfnResource(self, 'Hub', type='AWS::EC2::Instance', properties={'InstanceType': 't3.large'})", typ, "set t3.large"},
		{"ec2.CfnInstance(self, 'Hub', instance_type='t3.nano').instance_type = 't3.large'", typ, "set t3.large"},
		{"i = ec2.Instance(self, 'Hub')\ni.instance.add_property_override('InstanceType', 't3.large')", typ, "set t3.large"},
		{"i = ec2.Instance(self, 'Hub')\ni.node.default_child.instance_type = 't3.large'", typ, "set t3.large"},
		{"ec2.BastionHostLinux(self, 'Hub')", typ, "default t3.nano"},

		{"ec2.Instance(self, 'Hub', vpc=ec2.Vpc(self, 'V'))", ip, "derived none"},
		{"ec2.Instance(self, 'Hub', vpc=ec2.Vpc(self, 'V'), vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC))", ip, "default ephemeral"},
		{"ec2.Instance(self, 'Hub', vpc=ec2.Vpc(self, 'V', subnet_configuration=[ec2.SubnetConfiguration(name='p', subnet_type=ec2.SubnetType.PUBLIC)]))", ip, "default ephemeral"},
		{"v = ec2.Vpc(self, 'V')\nec2.Instance(self, 'Hub', vpc=v, vpc_subnets=ec2.SubnetSelection(subnets=[v.public_subnets[0]]))", ip, "default ephemeral"},
		{"ec2.Instance(self, 'Hub', vpc=ec2.Vpc.from_lookup(self, 'V', is_default=True))", ip, "default ephemeral"},
		{"ec2.Instance(self, 'Hub', vpc=ec2.Vpc.from_lookup(self, 'V', vpc_id='vpc-1'))", "/instances/0/public_ips/0", "unknown"},
		{"ec2.Instance(self, 'Hub', associate_public_ip_address=True)", ip, "set ephemeral"},
		{hub + "ec2.CfnEIP(self, 'E', instance_id=i.instance_id)", ip, "set static"},
		{hub + "e = ec2.CfnEIP(self, 'E')\nec2.CfnEIPAssociation(self, 'A', allocation_id=e.attr_allocation_id, instance_id=i.instance_id)", ip, "set static"},
		{hub + "if os.environ.get('X'):\n    ec2.CfnEIP(self, 'E', instance_id=i.instance_id)", ip, "unknown"},
		{hub + "l = elb.ApplicationLoadBalancer(self, 'L').add_listener('W', port=443)\nl.add_targets('T', port=80, targets=[targets.InstanceTarget(i)])", "/instances/0/public_ips/0/tls", "derived true"},
		{hub + "g = elb.ApplicationTargetGroup(self, 'G')\ng.add_target(targets.InstanceIdTarget(i.instance_id))\nelb.ApplicationLoadBalancer(self, 'L').add_listener('W', port=80, default_target_groups=[g])", ip, "set lb"},

		{hub + "i.connections.allow_from_any_ipv4(ec2.Port.tcp(443))", "/instances/0/ingress/0/from", "set 443"},
		{hub + "i.connections.allow_from(ec2.Peer.any_ipv6(), ec2.Port.tcp_range(8000, 9000))", "/instances/0/ingress/0/cidrs/0", "set ::/0"},
		{hub + "i.connections.allow_from(i, ec2.Port.all_traffic())", "/instances/0/ingress/0/scope", "derived internal"},
		{hub + "g = ec2.SecurityGroup(self, 'G')\ng.add_ingress_rule(peer=ec2.Peer.ipv4('198.51.100.0/24'), connection=ec2.Port.SSH)\ni.add_security_group(g)", "/instances/0/ingress/0/cidrs/0", "set 198.51.100.0/24"},
		{"g = ec2.CfnSecurityGroup(self, 'G', security_group_ingress=[ec2.CfnSecurityGroup.IngressProperty(ip_protocol='tcp', from_port=22, to_port=22, cidr_ip='0.0.0.0/0')])\nec2.CfnInstance(self, 'Hub', security_group_ids=[g.ref])", "/instances/0/ingress/0/scope", "derived world"},
		{"g = ec2.CfnSecurityGroup(self, 'G', security_group_ingress=[{'ipProtocol': 'tcp', 'fromPort': 22, 'toPort': 22, 'cidrIp': '0.0.0.0/0'}])\nec2.CfnInstance(self, 'Hub', security_group_ids=[g.attr_group_id])", "/instances/0/ingress/0/from", "set 22"},
		{hub + "for p in self.node.try_get_context('ports'):\n    i.connections.allow_from_any_ipv4(ec2.Port.tcp(p))", "/instances/0/ingress", "set [2]"},
		{hub + "for p in os.environ['P'].split(','):\n    i.connections.allow_from_any_ipv4(ec2.Port.tcp(int(p)))", "/instances/0/ingress/0", "unknown"},
		{hub, "/instances/0/ingress", "set [0]"},
		{"ec2.Instance(self, 'Hub', allow_all_outbound=False)", "/instances/0/egress_restricted", "derived true"},
		{hub, "/instances/0/egress_restricted", "derived false"},

		{"ec2.Instance(self, 'Hub', require_imdsv2=True)", tokens, "set required"},
		{"ec2.Instance(self, 'Hub', http_tokens=ec2.HttpTokens.OPTIONAL)", tokens, "set optional"},
		{hub, tokens, "unknown"},
		{hub, "/instances/0/identity/privileged", "derived false"},
		{"r = iam.Role(self, 'R', managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name('AdministratorAccess')])\nec2.Instance(self, 'Hub', role=r)", "/instances/0/identity/privileged", "derived true"},
		{hub + "i.add_to_role_policy(iam.PolicyStatement(actions=['*'], resources=['*']))", "/instances/0/identity/privileged", "derived true"},
		{"r = iam.Role(self, 'R')\niam.ManagedPolicy(self, 'P', roles=[r], statements=[iam.PolicyStatement(actions=['*'], resources=['*'])])\nec2.Instance(self, 'Hub', role=r)", "/instances/0/identity/privileged", "derived true"},
		{hub + "iam.Policy(self, 'P', statements=[iam.PolicyStatement(actions=['*'], resources=['*'])]).attach_to_role(i.role)", "/instances/0/identity/privileged", "derived true"},
		{hub + "iam.Policy(self, 'P', roles=[i.role], document=os.environ['X'])", "/instances/0/identity/privileged", "unknown"},
		{"ec2.Instance(self, 'Hub', role=iam.Role.from_role_name(self, 'R', 'x'))", "/instances/0/identity/privileged", "unknown"},
		{"ec2.Instance(self, 'Hub', ssm_session_permissions=True)", "/instances/0/ssh/alternative", "derived ssm"},
		{"ec2.Instance(self, 'Hub', key_pair=ec2.KeyPair(self, 'K', public_key_material='ssh-ed25519 AAAA'))", "/instances/0/ssh/keys", "set 1"},
		{"ec2.Instance(self, 'Hub', key_pair=ec2.KeyPair.from_key_pair_name(self, 'K', 'course'))", "/instances/0/ssh/keys", "set 1"},
		{hub, "/instances/0/ssh/keys", "default 0"},

		{"ec2.Instance(self, 'Hub', machine_image=ec2.MachineImage.lookup(name='ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*', owners=['099720109477']))", "/instances/0/os/version", "derived 22.04"},
		{"ec2.Instance(self, 'Hub', machine_image=ec2.MachineImage.generic_linux({'eu-west-1': 'ami-0123'}))", "/instances/0/os/pinned why", "from image ami-0123"},
		{"ec2.Instance(self, 'Hub', machine_image=ec2.MachineImage.latest_amazon_linux2023())", "/instances/0/os/family", "derived other"},

		{"ec2.Instance(self, 'Hub', machine_image=ec2.MachineImage.from_ssm_parameter('/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id'))", "/instances/0/protection/replace_hazards/0", "set ami_most_recent"},
		{"ec2.Instance(self, 'Hub', machine_image=ec2.MachineImage.from_ssm_parameter('/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id', cached_in_context=True))", "/instances/0/protection/replace_hazards", "set [0]"},

		{"ec2.Volume(self, 'D', size=Size.gibibytes(10))", keep, "set true"},
		{"ec2.Volume(self, 'D', size=Size.gibibytes(10), removal_policy=RemovalPolicy.DESTROY)", keep, "set false"},
		{"ec2.CfnVolume(self, 'D', size=10, availability_zone='a').apply_removal_policy(RemovalPolicy.RETAIN)", keep, "set true"},
		{"ec2.CfnVolume(self, 'D', size=10, availability_zone='a', tags=[cdk.CfnTag(key='Backup', value='daily')])", "/volumes/0/tags/Backup", "set daily"},
		{"ec2.Instance(self, 'Hub', block_devices=[ec2.BlockDevice(device_name='/dev/sdf', volume=ec2.BlockDeviceVolume.ebs(50, delete_on_termination=False))])", "/volumes/0/delete_with_instance", "set false"},
		{"ec2.Instance(self, 'Hub', block_devices=[ec2.BlockDevice(device_name='/dev/xvda', volume=ec2.BlockDeviceVolume.ebs(50, volume_type=ec2.EbsDeviceVolumeType.GP3))])", "/instances/0/boot_disk/type", "set gp3"},

		{hub + "p = backup.BackupPlan.daily35_day_retention(self, 'P')\np.add_selection('S', resources=[backup.BackupResource.from_ec2_instance(i)])", "/backups/0/covers/0", "derived Hub"},
		{hub + "Tags.of(i).add('backup', 'yes')\np = backup.BackupPlan(self, 'P')\np.add_rule(backup.BackupPlanRule.weekly())\np.add_selection('S', resources=[backup.BackupResource.from_tag('backup', 'yes')])", "/backups/0/every_hours", "derived 168"},
		{hub + "p = backup.BackupPlan(self, 'P', backup_plan_rules=[backup.BackupPlanRule.daily()])\nbackup.BackupSelection(self, 'S', backup_plan=p, resources=[backup.BackupResource.from_construct(self)])", "/backups/0/covers/0", "derived Hub"},
		{hub + "Tags.of(self).add('snap', 'yes')\ndlm.CfnLifecyclePolicy(self, 'D', state='ENABLED', policy_details=dlm.CfnLifecyclePolicy.PolicyDetailsProperty(resource_types=['INSTANCE'], target_tags=[cdk.CfnTag(key='snap', value='yes')], schedules=[dlm.CfnLifecyclePolicy.ScheduleProperty(create_rule=dlm.CfnLifecyclePolicy.CreateRuleProperty(interval=24, interval_unit='HOURS'), retain_rule=dlm.CfnLifecyclePolicy.RetainRuleProperty(count=7))]))", "/backups/0/covers/0", "derived Hub"},
		{hub + "t = sns.Topic(self, 'T')\nsns.Subscription(self, 'U', topic=t, protocol=sns.SubscriptionProtocol.EMAIL, endpoint='a@example.org')\ncw.CfnAlarm(self, 'A', metric_name='StatusCheckFailed', dimensions=[cw.CfnAlarm.DimensionProperty(name='InstanceId', value=i.instance_id)], alarm_actions=[t.topic_arn])", "/instances/0/monitoring/0/notify", "derived true"},
		{hub + "e = ec2.CfnEIP(self, 'E', instance_id=i.instance_id)\nz = route53.HostedZone.from_lookup(self, 'Z', domain_name='example.org')\nroute53.ARecord(self, 'R', zone=z, record_name='hub', target=route53.RecordTarget.from_ip_addresses(e.ref))", "/dns/0/fqdn", "set hub.example.org"},
		{"autoscaling.AutoScalingGroup(self, 'Hub', instance_type=ec2.InstanceType('t3.large'), min_capacity=1, max_capacity=1)", typ, "set t3.large"},
		{hub + "i.apply_removal_policy(RemovalPolicy.RETAIN)", "/instances/0/protection/prevent_destroy", "set true"},
	} {
		got := described(c.body)
		if !strings.HasPrefix(got[c.key], c.want) {
			t.Errorf("%s\n%s\n got %s; %s\nwant %s", c.body, c.key, got[c.key], got[c.key+" why"], c.want)
		}
		if !strings.HasPrefix(got["/complete"], "derived true") {
			t.Errorf("%s\nis not complete: %s", c.body, got["/incomplete/0"])
		}
	}
}

// User data: the texts that a machine runs, in whatever way the program puts them together.
func TestUserData(t *testing.T) {
	for body, want := range map[string]string{
		"ec2.Instance(self, 'Hub', user_data=ec2.UserData.custom('#!/bin/bash\\nrun a\\n'))":                                                                                                                            "run a",
		"i = ec2.Instance(self, 'Hub')\ni.add_user_data('run a', 'run b')\ni.user_data.add_commands('run c')":                                                                                                           "run a|run b|run c",
		"u = ec2.UserData.for_linux()\nu.add_on_exit_commands('run z')\nu.add_commands('run a')\nec2.Instance(self, 'Hub', user_data=u)":                                                                                "run a|run z",
		"u = ec2.UserData.for_linux()\nu.add_commands(*['run a', 'run b'])\nec2.Instance(self, 'Hub', user_data=u)":                                                                                                     "run a|run b",
		"u = ec2.UserData.custom('#!/bin/bash')\nu.add_commands(open('setup.sh').read())\nec2.Instance(self, 'Hub', user_data=u)":                                                                                       "tljh-config set a.b 1",
		"u = ec2.UserData.for_linux()\nwith open(os.path.join(os.path.dirname(__file__), 'setup.sh')) as f:\n    u.add_commands(f.read())\nec2.Instance(self, 'Hub', user_data=u)":                                      "tljh-config set a.b 1",
		"u = ec2.UserData.for_linux()\nfor n in ['a', 'b']:\n    u.add_commands(f'run {n}')\nec2.Instance(self, 'Hub', user_data=u)":                                                                                    "run a|run b",
		"u = ec2.UserData.for_linux()\nif os.environ.get('X'):\n    u.add_commands('run a')\nec2.Instance(self, 'Hub', user_data=u)":                                                                                    "…|run a ?",
		"ec2.CfnInstance(self, 'Hub', user_data=Fn.base64('#!/bin/bash\\nrun a\\n'))":                                                                                                                                   "run a",
		"u = ec2.UserData.for_linux()\nu.add_commands('run a')\nec2.CfnInstance(self, 'Hub', user_data=Fn.base64(u.render()))":                                                                                          "run a",
		"ec2.CfnInstance(self, 'Hub', user_data=Fn.base64(Fn.sub('#!/bin/bash\\nrun ${AWS::Region} ${!x}\\n')))":                                                                                                        "run … …",
		"e = ec2.CfnEIP(self, 'E')\ni = ec2.Instance(self, 'Hub')\ni.add_user_data(f'run {e.attr_public_ip}')":                                                                                                          "run …",
		"a = Asset(self, 'A', path='setup.sh')\ni = ec2.Instance(self, 'Hub')\np = i.user_data.add_s3_download_command(bucket=a.bucket, bucket_key=a.s3_object_key)\ni.user_data.add_execute_file_command(file_path=p)": "|chmod +x /tmp/setup.sh|tljh-config set a.b 1",
		"i = ec2.Instance(self, 'Hub', init=ec2.CloudFormationInit.from_elements())":                                                                                                                                    "…",
		"ec2.Instance(self, 'Hub', user_data=os.environ['X'])":                                                                                                                                                          "(unreadable)",
	} {
		got := described(body)
		var steps []string
		for i := 0; ; i++ {
			s, ok := got["carrier 0 step "+string(rune('0'+i))]
			if !ok {
				break
			}
			s, _, _ = strings.Cut(s, " @")
			if j := strings.Index(s, " if "); j >= 0 {
				s = strings.TrimSpace(s[:j]) + " ?"
			}
			if strings.HasPrefix(s, "write ") {
				s = ""
			}
			steps = append(steps, s)
		}
		if s := strings.Join(steps, "|"); !strings.HasPrefix(s, want) && !strings.Contains(s, want) {
			t.Errorf("%s\n got %s\nwant %s", body, s, want)
		}
	}
}

// What may hold machines or rules and is not understood leaves the lists open.
func TestIncomplete(t *testing.T) {
	const hub = "i = ec2.Instance(self, 'Hub')\n"
	for body, want := range map[string]string{
		"import company\ncompany.Hub(self, 'Hub')":                                               "company.Hub is made by code that is not in the repository",
		"from .hub import Hub\nHub(self, 'Hub')":                                                 "hub.Hub is made by code that is not in the repository",
		"ec2.SomethingNew(self, 'X')":                                                            "SomethingNew is not evaluated",
		"ec2.CfnSpotFleet(self, 'X')":                                                            "X (AWS::EC2::SpotFleet) makes machines",
		"from aws_cdk import cloudformation_include as c\nc.CfnInclude(self, 'T')":               "a template is included here",
		"cdk.CfnStack(self, 'N', template_url='x')":                                              "N (AWS::CloudFormation::Stack) makes machines",
		"cdk.CfnResource(self, 'X', type=os.environ['T'])":                                       "a CfnResource whose type is not known",
		"cdk.Aspects.of(self).add(os)":                                                           "an aspect may change what is declared",
		"import k\nk.group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.SSH)":                  "a rule is added to a security group that is not in the repository",
		"exec(open('x').read())":                                                                 "the program is not followed everywhere: code that is not read",
		"raise ValueError()\n" + hub:                                                             "the program stops before its end: the file raises an exception",
		"f = getattr(ec2, os.environ['T'])\nf(self, 'Hub')":                                      "the program is not followed everywhere: something is called that is not known",
		"async def f():\n    ec2.Instance(self, 'Hub')\nf()":                                     "the program is not followed everywhere: the function f is not followed",
		"def f():\n    yield ec2.Instance(self, 'Hub')\nlist(f())":                               "is not followed",
		"os.environ['F'](lambda: ec2.Instance(self, 'Hub'))":                                     "the program is not followed everywhere:",
		hub + "i.do_something_new('x')":                                                          "Hub.do_something_new is not followed",
		hub + "i.instance.add_property_override(os.environ['K'], 1)":                             "a property of Hub is changed whose name is not known",
		"import k\nec2.Instance(self, 'Hub', **k.options())":                                     "the arguments of Hub are passed on in a way that is not known",
		"autoscaling.AutoScalingGroup(self, 'A', launch_template=ec2.LaunchTemplate(self, 'L'))": "the machines of A are made of a launch template",
		hub: "",
		"from aws_cdk import aws_s3 as s3\ns3.Bucket(self, 'B')":                                                                          "",
		"from constructs import Construct\nclass C(Construct):\n    def __init__(s, a, b):\n        super().__init__(a, b)\nC(self, 'x')": "",
		"import cdk_nag\ncdk.Aspects.of(self).add(cdk_nag.AwsSolutionsChecks())":                                                          "",
	} {
		got := described(body)
		if why := got["/incomplete/0"]; !strings.Contains(why, want) || (want == "") != strings.HasPrefix(got["/complete"], "derived true") {
			t.Errorf("%s\n got %s, complete %s\nwant %s", body, why, got["/complete"], want)
		}
	}
}
