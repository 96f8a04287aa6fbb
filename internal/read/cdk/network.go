package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// securityGroup: what the program does not allow, nothing allows.
func securityGroup(m *made, p *eval.Val) {
	m.pass(p, "security_group_name group_name", "description group_description")
	if b, ok := m.a.Val(m.prop("allow_all_outbound")).Bool(); ok && !b {
		p.Put("security_group_egress", eval.ListAt(p.At))
	}
	m.a.later = append(m.a.later, func() { m.ruleless() })
}

// ruleless says that there are no rules, unless some were set below the construct.
func (m *made) ruleless() {
	if m.res.Attr("ingress").IsNull() {
		m.res.Give("ingress", eval.ListAt(m.res.At))
	}
}

// groups are the security groups of a machine: those that it is given, or the one that the CDK makes for it.
func (m *made) groups() []*eval.Val {
	var out []*eval.Val
	add := func(v *python.Value) {
		if g := m.a.of(v); g != nil && g.res == nil {
			out = append(out, m.a.imported(g, "security_group_id", m.a.Place(g.Head)))
			return
		}
		out = append(out, m.a.Val(v))
	}
	if v := m.prop("security_group"); v != nil {
		add(v)
	} else if g := m.firstGroup(); g != nil {
		out = append(out, g.Ref("id"))
	}
	for _, e := range m.events {
		if e.name == "add_security_group" {
			e.done = true
			if e.Maybe != "" {
				out = append(out, eval.NotKnown(e.Maybe, m.a.Place(e.Head)))
				continue
			}
			add(e.arg(0, "security_group"))
		}
	}
	return out
}

// firstGroup is the security group that rules for m go to; nil if it is not one of the program's.
func (m *made) firstGroup() *eval.Resource {
	switch m.kind {
	case "aws_ec2.SecurityGroup", "aws_ec2.CfnSecurityGroup":
		return m.res
	case "aws_ec2.Instance", "aws_ec2.BastionHostLinux", "aws_autoscaling.AutoScalingGroup":
	default:
		return nil
	}
	if v := m.prop("security_group"); v != nil {
		if g := m.a.of(v); g != nil {
			return g.res
		}
		return nil
	}
	if m.group == nil && m.res != nil {
		p := eval.MapAt(m.res.At)
		if b, ok := m.a.Val(m.prop("allow_all_outbound")).Bool(); ok && !b {
			p.Put("security_group_egress", eval.ListAt(p.At))
		}
		if m.group = m.beside("AWS::EC2::SecurityGroup", "InstanceSecurityGroup", p); m.group != nil {
			m.group.Give("ingress", eval.ListAt(m.res.At))
		}
	}
	return m.group
}

// ruleMethods are methods that let something in.
var ruleMethods = set("add_ingress_rule allow_from allow_from_any_ipv4 allow_to allow_internally allow_default_port_from allow_default_port_from_any_ipv4 allow_default_port_internally allow_ssh_access_from")

// rules declares the rules that are added to groups, in the order of the program.
func (a *app) rules() {
	for _, e := range a.calls {
		if e.name == "" && ruleMethods[e.Name[strings.LastIndexByte(e.Name, '.')+1:]] && !strings.HasPrefix(e.Name, "aws_cdk.") {
			a.C.NotEvaluated("a rule is added to a security group that is not in the repository ("+e.Name+")", a.Place(e.Head))
		}
		if !ruleMethods[e.name] || e.On == nil {
			continue
		}
		of, _ := e.On.Origin()
		m := a.of(of)
		if m == nil {
			if !e.done {
				a.Lost = firstOf(a.Lost, "a rule is added to a security group that is not known")
				a.C.NotEvaluated("a rule is added to a security group that is not known ("+e.name+")", a.Place(e.Head))
			}
			continue
		}
		e.done = true
		if e.name == "allow_from_any_ipv4" && e.Loose {
			a.C.NotEvaluated("the arguments of a rule are passed on in a way that is not known", a.Place(e.Head))
		}
		other := e.arg(0, map[string]string{"add_ingress_rule": "peer"}[e.name])
		if other == nil && e.name != "add_ingress_rule" {
			other = e.arg(0, "other")
		}
		switch e.name {
		case "allow_ssh_access_from":
			for _, v := range e.Args {
				a.rule(m, e, "", v, &python.Value{Kind: python.Ref, Name: "SSH", At: e.Head})
			}
		case "allow_from_any_ipv4":
			a.rule(m, e, "0.0.0.0/0", nil, e.arg(0, "port_range"))
		case "allow_internally":
			a.rule(m, e, "", e.On, e.arg(0, "port_range"))
		case "allow_from":
			a.rule(m, e, "", other, e.arg(1, "port_range"))
		case "allow_to": // the other lets it in
			if to, _ := other.Origin(); a.of(to) != nil {
				a.rule(a.of(to), e, "", e.On, e.arg(1, "port_range"))
			}
		case "add_ingress_rule":
			a.rule(m, e, "", other, e.arg(1, "connection"))
		default:
			a.rule(m, e, "", other, nil)
		}
	}
}

// foreign doubts the rules of groups that code from elsewhere is given, and of all where the program was not followed everywhere.
func (a *app) foreign() {
	doubt := func(g *eval.Resource, why string, at eval.Place) {
		if one := cloudformation.Declare(a.C, "AWS::EC2::SecurityGroupIngress", a.unique(g.Addr+".from", nil), at, why); one != nil {
			one.Fill(eval.MapOf("group_id", g.Ref("id")))
		}
	}
	for _, m := range a.all() {
		if m.res != nil && m.res.Type == "aws_security_group" && a.Lost != "" {
			doubt(m.res, a.Lost, m.res.At)
		}
		if m.group != nil && a.Lost != "" {
			doubt(m.group, a.Lost, m.res.At)
		}
	}
	for _, e := range a.calls {
		if !a.elsewhere(e) {
			continue
		}
		given := append([]*python.Value(nil), e.Args...)
		for _, k := range keys(e.Named) {
			given = append(given, e.Named[k])
		}
		for _, v := range given {
			of, _ := v.Origin()
			if g := a.of(of); g != nil && g.res != nil && g.res.Type == "aws_security_group" {
				doubt(g.res, "code that is not in the repository is given it, and may add rules", a.Place(e.Head))
			}
		}
	}
}

// elsewhere says whether a call is one of code that neither the repository nor the CDK holds.
func (a *app) elsewhere(e *event) bool {
	name := e.Name
	if e.name != "" {
		of, _ := e.On.Origin()
		m := a.of(of)
		if m == nil {
			return false
		}
		for n := 0; m.of != nil && n < maxDepth; n++ {
			m = m.of
		}
		name = m.Name
	}
	own := e.Gives != nil && e.Gives.Kind == python.Thing && e.Gives.Name != e.Name && e.name == ""
	return !own && strings.Contains(name, ".") && name[0] != '.' && !strings.HasPrefix(name, "aws_cdk.") && !strings.HasPrefix(name, "constructs.") && !strings.HasPrefix(name, "cdk_nag.")
}

// rule is one rule of a machine's or group's own group.
func (a *app) rule(m *made, e *event, cidr string, from *python.Value, port *python.Value) {
	at := a.Place(e.Head)
	g := m.firstGroup()
	if g == nil {
		if of := a.of(m.prop("security_group")); of != nil {
			m = of
		}
		if strings.HasPrefix(m.kind, "aws_ec2.") { // a group from elsewhere, whose rules are not known anyhow
			a.C.NotEvaluated("a rule is added to a security group that is not made here", at)
		}
		return
	}
	p := eval.MapAt(at)
	p.Put("group_id", g.Ref("id"))
	a.port(p, port, at)
	if cidr != "" {
		p.Put("cidr_ip", eval.Text(cidr, at))
	} else {
		a.peer(p, from, at)
	}
	if one := cloudformation.Declare(a.C, "AWS::EC2::SecurityGroupIngress", a.unique(g.Addr+".from", nil), at, e.Maybe); one != nil {
		one.Fill(p)
	}
}

// peer is where traffic may come from.
func (a *app) peer(p *eval.Val, v *python.Value, at eval.Place) {
	if v != nil && v.Kind != python.Thing {
		p.Put("cidr_ip", eval.NotKnown("where traffic may come from is not known: "+declare.Reason(v), at))
		return
	}
	of, _ := v.Origin()
	m := a.of(of)
	if m == nil {
		p.Put("cidr_ip", eval.NotKnown("where traffic may come from is not known", at))
		return
	}
	where := a.Place(m.Head)
	switch m.kind {
	case "aws_ec2.Peer.any_ipv4":
		p.Put("cidr_ip", eval.Text("0.0.0.0/0", where))
	case "aws_ec2.Peer.any_ipv6":
		p.Put("cidr_ipv6", eval.Text("::/0", where))
	case "aws_ec2.Peer.ipv4":
		p.Put("cidr_ip", a.Val(m.arg(0, "cidr_ip")))
	case "aws_ec2.Peer.ipv6":
		p.Put("cidr_ipv6", a.Val(m.arg(0, "cidr_ip")))
	case "aws_ec2.Peer.prefix_list":
		p.Put("source_prefix_list_id", a.Val(m.arg(0, "prefix_list_id")))
	default: // another group, or what has one
		p.Put("source_security_group_id", eval.NotKnown(onlyThen, where))
	}
}

// ports are the constants of ec2.Port.
var ports = map[string]int64{"SSH": 22, "HTTP": 80, "HTTPS": 443, "NFS": 2049, "MYSQL_AURORA": 3306, "POSTGRES": 5432, "RDP": 3389, "DNS_TCP": 53, "SMB": 445, "IMAP": 143, "LDAP": 389, "POP3": 110, "SMTP": 25}

// port gives a rule its protocol and ports.
func (a *app) port(p *eval.Val, v *python.Value, at eval.Place) {
	number := func(n int64) *eval.Val {
		return a.Val(&python.Value{Kind: python.Int, Int: n}).AtPlace(at)
	}
	give := func(protocol string, from, to *eval.Val) {
		p.Put("ip_protocol", eval.Text(protocol, at))
		put(p, "from_port", from)
		put(p, "to_port", to)
	}
	if n, ok := ports[declare.Name(v)]; ok {
		at = a.Place(v.At)
		give("tcp", number(n), number(n))
		return
	}
	m := a.of(v)
	if m == nil {
		why := eval.NotKnown("which ports are opened is not known", at)
		p.Put("ip_protocol", why)
		p.Put("from_port", why)
		p.Put("to_port", why)
		return
	}
	at = a.Place(m.Head)
	fn := m.kind[strings.LastIndexByte(m.kind, '.')+1:]
	protocol := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(fn, "all_"), "_range"), "v6")
	switch fn {
	case "tcp", "udp":
		n := a.Val(m.arg(0, "port"))
		give(protocol, n, n)
	case "tcp_range", "udp_range":
		give(protocol, a.Val(m.arg(0, "start_port")), a.Val(m.arg(1, "end_port")))
	case "all_tcp", "all_udp":
		give(protocol, number(0), number(65535))
	case "all_traffic":
		give("-1", nil, nil)
	case "all_icmp", "all_icmp_v6", "icmp_ping", "icmp_type", "icmp_type_and_code":
		give("icmp", number(-1), number(-1))
	case "Port":
		proto := eval.NotKnown("the protocol is not known", at)
		if s := strings.ToLower(declare.Name(m.prop("protocol"))); s == "all" {
			proto = eval.Text("-1", at)
		} else if s != "" {
			proto = eval.Text(s, at)
		}
		p.Put("ip_protocol", proto)
		m.pass(p, "from_port", "to_port")
	default:
		why := eval.NotKnown("which ports are opened is not known", at)
		p.Put("ip_protocol", why)
		p.Put("from_port", why)
		p.Put("to_port", why)
	}
}

// public says whether a machine's subnet gives public addresses: by the selection, else by what kinds the network has.
func (m *made) public() *eval.Val {
	at := m.res.At
	sel := m.prop("vpc_subnets")
	if sel == nil {
		sel = m.prop("subnet_selection")
	}
	if sel != nil {
		s := m.a.of(sel)
		if s == nil || s.kind != "aws_ec2.SubnetSelection" {
			return eval.NotKnown("which subnets are selected is not known", m.a.Place(sel.At))
		}
		where := m.a.Place(s.Head)
		if t := s.prop("subnet_type"); t != nil {
			switch n := declare.Name(t); {
			case n == "PUBLIC":
				return eval.BoolOf(true, m.a.Place(t.At))
			case strings.HasPrefix(n, "PRIVATE") || n == "ISOLATED":
				return eval.BoolOf(false, m.a.Place(t.At))
			}
			return eval.NotKnown("of which kind the subnet is is not known: "+declare.Reason(t), where)
		}
		if s.has("subnets") || s.has("subnet_group_name") || s.has("subnet_filters") || s.Loose {
			if of, attrs := first(s.prop("subnets")).Origin(); of != nil && len(attrs) > 0 && attrs[0] == "public_subnets" {
				return eval.BoolOf(true, where)
			} else if of != nil && len(attrs) > 0 && (attrs[0] == "private_subnets" || attrs[0] == "isolated_subnets") {
				return eval.BoolOf(false, where)
			}
			return eval.NotKnown("of which kind the selected subnets are is not known", where)
		}
	}
	vpc := m.a.of(m.prop("vpc"))
	switch {
	case vpc == nil:
		return eval.NotKnown("of which kind the network's subnets are is not known", at)
	case vpc.kind == "aws_ec2.Vpc.from_lookup":
		if b, ok := m.a.Val(vpc.prop("is_default")).Bool(); ok && b {
			return eval.BoolOf(true, m.a.Place(vpc.Head)) // the account's default network has public subnets only
		}
	case vpc.kind == "aws_ec2.Vpc":
		return vpc.subnets()
	}
	return eval.NotKnown("the network is not made here, so it is not known whether it has private subnets; select them with vpc_subnets", at)
}

func first(v *python.Value) *python.Value {
	if v != nil && v.Kind == python.List && len(v.Items) > 0 {
		if it := v.Items[0]; it.Kind == python.Unknown { // vpc.public_subnets[0]
			return it
		}
		return v.Items[0]
	}
	return v
}

// subnets says which subnets of a network a machine gets that selects none: private ones, where there are any.
func (m *made) subnets() *eval.Val {
	at := m.a.Place(m.Head)
	v := m.prop("subnet_configuration")
	if v == nil {
		return eval.BoolOf(false, at) // public and private ones
	}
	if v.Kind != python.List {
		return eval.NotKnown("which subnets the network has is not known: "+declare.Reason(v), at)
	}
	public := false
	for _, it := range v.Items {
		c := m.a.of(it)
		if c == nil {
			return eval.NotKnown("which subnets the network has is not known", at)
		}
		switch n := declare.Name(c.prop("subnet_type")); {
		case n == "PUBLIC":
			public = true
		case strings.HasPrefix(n, "PRIVATE") || n == "ISOLATED":
			return eval.BoolOf(false, m.a.Place(c.Head))
		default:
			return eval.NotKnown("of which kind a subnet is is not known", at)
		}
	}
	return eval.BoolOf(public, m.a.Place(v.At))
}
