package cdk

import (
	"maps"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// kind is a construct of the CDK that stands for a resource of CloudFormation: fill gives its properties, under their
// names with underscores.
type kind struct {
	typ  string
	fill func(m *made, p *eval.Val)
}

// kinds are the constructs of level 2 that say something about a machine.
var kinds = map[string]kind{
	"aws_ec2.Instance":                 {"AWS::EC2::Instance", instance},
	"aws_ec2.BastionHostLinux":         {"AWS::EC2::Instance", bastion},
	"aws_ec2.SecurityGroup":            {"AWS::EC2::SecurityGroup", securityGroup},
	"aws_ec2.Volume":                   {"AWS::EC2::Volume", volume},
	"aws_ec2.KeyPair":                  {"AWS::EC2::KeyPair", keyPair},
	"aws_iam.Role":                     {"AWS::IAM::Role", role},
	"aws_efs.FileSystem":               {"AWS::EFS::FileSystem", fileSystem},
	"aws_autoscaling.AutoScalingGroup": {"AWS::AutoScaling::AutoScalingGroup", scalingGroup},
	"aws_backup.BackupPlan":            {"AWS::Backup::BackupPlan", backupPlan},
	"aws_backup.BackupSelection":       {"AWS::Backup::BackupSelection", func(m *made, p *eval.Val) { m.selection(p, m.a.of(m.prop("backup_plan"))) }},
	"aws_cloudwatch.Alarm":             {"AWS::CloudWatch::Alarm", alarm},
	"aws_sns.Topic":                    {"AWS::SNS::Topic", func(*made, *eval.Val) {}},
	"aws_sns.Subscription":             {"AWS::SNS::Subscription", subscription},
	"aws_route53.ARecord":              {"AWS::Route53::RecordSet", recordSet("A")},
	"aws_route53.AaaaRecord":           {"AWS::Route53::RecordSet", recordSet("AAAA")},
	"aws_route53.CnameRecord":          {"AWS::Route53::RecordSet", recordSet("CNAME")},
	"aws_route53.RecordSet":            {"AWS::Route53::RecordSet", recordSet("")},

	"aws_backup.BackupPlan.daily35_day_retention":                {"AWS::Backup::BackupPlan", backupPlan},
	"aws_backup.BackupPlan.daily_monthly1_year_retention":        {"AWS::Backup::BackupPlan", backupPlan},
	"aws_backup.BackupPlan.daily_weekly_monthly5_year_retention": {"AWS::Backup::BackupPlan", backupPlan},
	"aws_backup.BackupPlan.daily_weekly_monthly7_year_retention": {"AWS::Backup::BackupPlan", backupPlan},

	"aws_elasticloadbalancingv2.ApplicationLoadBalancer": {"AWS::ElasticLoadBalancingV2::LoadBalancer", func(*made, *eval.Val) {}},
	"aws_elasticloadbalancingv2.NetworkLoadBalancer":     {"AWS::ElasticLoadBalancingV2::LoadBalancer", func(*made, *eval.Val) {}},
}

// methodKinds are methods that make such a construct.
var methodKinds = map[string]kind{
	".add_selection":    {"AWS::Backup::BackupSelection", func(m *made, p *eval.Val) { m.selection(p, m.of) }},
	".create_alarm":     {"AWS::CloudWatch::Alarm", alarm},
	".add_subscription": {"AWS::SNS::Subscription", topicSubscription},
}

// quiet are constructs of aws_ec2 that make neither machines nor rules for one.
var quiet = set(`Vpc Subnet PublicSubnet PrivateSubnet GatewayVpcEndpoint InterfaceVpcEndpoint VpcEndpointService FlowLog NetworkAcl NetworkAclEntry SubnetNetworkAclAssociation
	PrefixList PlacementGroup VpnGateway VpnConnection CustomerGateway ClientVpnEndpoint UserData MultipartUserData InstanceType MachineImage GenericLinuxImage LookupMachineImage AmazonLinuxImage
	Port Peer SubnetSelection SubnetConfiguration BlockDevice BlockDeviceVolume EbsDeviceOptions IpAddresses CloudFormationInit InitConfig Volume KeyPair SecurityGroup MultipartBody
	AmazonLinux2ImageSsmParameter AmazonLinux2022ImageSsmParameter AmazonLinux2023ImageSsmParameter GenericSSMParameterImage ResolveSsmParameterAtLaunchImage
	GenericWindowsImage WindowsImage NatProvider NatGatewayProvider NatInstanceProvider NatInstanceProviderV2 LaunchTemplate`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func keys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// kind is the construct that m is; false if it is none that is known.
func (m *made) known() (kind, bool) {
	if k, ok := kinds[m.kind]; ok {
		return k, true
	}
	if k, ok := methodKinds[m.kind]; ok {
		return k, true
	}
	if typ := level1(m); typ != "" {
		return kind{typ, levelOne}, true
	}
	return kind{}, false
}

// declare declares the resources, so that others can refer to them before their arguments are known.
func (a *app) declare() {
	for _, e := range a.calls {
		if e.Gives == nil || e.Gives.Kind != python.Thing || e.Gives.Object.Call == nil {
			continue
		}
		m := a.made[e.Gives.Object.Call]
		if m == nil || m.n != e.n {
			continue
		}
		k, ok := m.known()
		if !ok {
			m.notUnderstood()
			continue
		}
		m.typ(k.typ)
	}
}

// typ declares m as a resource of a type of CloudFormation.
func (m *made) typ(typ string) {
	at := m.a.Place(m.Head)
	name := m.a.address(m)
	if one := cloudformation.Declare(m.a.C, typ, name, at, m.Maybe); one != nil {
		m.one, m.res = one, one.Res()
		return
	}
	if cloudformation.MakesMachines(typ) {
		m.unknown("%s (%s) makes machines, and is not evaluated", name, typ)
	}
	if m.res = m.a.C.Declare("cdk_other", name, at); m.res != nil { // something to refer to
		m.res.Cond = m.Maybe
	}
}

// notUnderstood leaves the lists open where a construct may hold machines or rules.
func (m *made) notUnderstood() {
	if !m.inScope() {
		return
	}
	module, class, _ := strings.Cut(m.kind, ".")
	class, _, static := strings.Cut(class, ".")
	switch {
	case m.kind[0] == '.':
	case strings.HasPrefix(m.Name, "constructs."), strings.HasPrefix(m.Name, "cdk_nag."): // which only looks at what is there
	case !strings.HasPrefix(m.Name, "aws_cdk.") && !capitalised(m.Name):
	case !strings.HasPrefix(m.Name, "aws_cdk."):
		m.unknown("%s is made by code that is not in the repository, and may hold machines or rules for them", m.Name)
	case static: // something that exists already
	case module == "aws_ec2" && !quiet[class], module == "aws_autoscaling":
		m.unknown("%s is not evaluated", short(m.kind))
	case module == "CfnInclude" || module == "cloudformation_include":
		m.unknown("a template is included here, which is not evaluated as a part of this program")
	}
}

// capitalised says whether a name's last part begins with a capital, as classes do.
func capitalised(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	return last != "" && last[0] >= 'A' && last[0] <= 'Z'
}

// inScope says whether a call has the form of one that makes a construct: what it is made in comes first.
func (m *made) inScope() bool {
	v := m.scope()
	if v == nil {
		return false
	}
	of, attrs := v.Origin()
	return v.Kind == python.Unknown && len(m.Args)+len(m.Named) > 1 || of != nil && of.Kind == python.Thing && len(attrs) == 0 && m.a.of(of) != nil || m.Loose
}

// fill gives the resources their arguments.
func (a *app) fill() {
	all := a.all()
	a.aspects()
	for _, m := range all {
		k, ok := m.known()
		if !ok || m.one == nil {
			continue
		}
		p := eval.MapAt(a.Place(m.Head))
		if m.Loose {
			a.C.NotEvaluated("the arguments of "+m.res.Addr+" are passed on in a way that is not known", p.At)
		}
		k.fill(m, p)
		m.overrides(p)
		m.aspected(p)
		m.one.Fill(p)
		m.guard()
	}
	for _, f := range a.later {
		f()
	}
	a.rules()
	a.foreign()
	a.tags()
	a.balance()
	a.strays()
}

// all is everything that was made, in order.
func (a *app) all() []*made {
	out := make([]*made, 0, len(a.made))
	for _, m := range a.made {
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y *made) int { return x.n - y.n })
	return out
}

// put sets a property that is given.
func put(p *eval.Val, name string, v *eval.Val) {
	if !v.IsNull() {
		p.Put(name, v)
	}
}

// pass passes arguments on, some under another name: "size volume_size".
func (m *made) pass(p *eval.Val, pairs ...string) {
	for _, s := range pairs {
		from, to, _ := strings.Cut(s, " ")
		if to == "" {
			to = from
		}
		put(p, to, m.a.Val(m.prop(from)))
	}
}

// beside declares a resource that the CDK makes together with m.
func (m *made) beside(typ, suffix string, p *eval.Val) *eval.Resource {
	one := cloudformation.Declare(m.a.C, typ, m.a.unique(m.res.Addr+"."+suffix, nil), m.res.At, m.Maybe)
	if one == nil {
		return nil
	}
	one.Fill(p)
	return one.Res()
}

// guard notes that a resource is kept when the stack is taken down.
func (m *made) guard() {
	v := m.prop("removal_policy")
	if m.kind == "aws_ec2.Volume" && v == nil {
		m.res.Guard(eval.BoolOf(true, m.res.At)) // the CDK's default for volumes
	}
	for _, e := range m.events {
		if e.name == "apply_removal_policy" {
			v = e.arg(0, "policy")
			e.done = true
		}
	}
	if v == nil {
		return
	}
	switch declare.Name(v) {
	case "RETAIN", "SNAPSHOT", "RETAIN_ON_UPDATE_OR_DELETE":
		m.res.Guard(eval.BoolOf(true, m.a.Place(v.At)))
	case "DESTROY":
		m.res.Guard(eval.BoolOf(false, m.a.Place(v.At)))
	default:
		m.res.Guard(eval.NotKnown(declare.Reason(v), m.a.Place(v.At)))
	}
}
