package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// role is iam.Role, with all that the program adds to it.
func role(m *made, p *eval.Val) {
	m.pass(p, "role_name")
	m.rights(p, m)
	if docs := m.a.Val(m.prop("inline_policies")); docs.Kind == eval.Map {
		list := p.Attr("policies").List()
		for _, k := range docs.Keys {
			list = append(list, eval.MapOf("policy_document", docs.Child[k]))
		}
		p.Put("policies", eval.ListAt(docs.At, list...))
	}
	m.uses(p)
	m.policies(p, m)
}

// policies adds the policies that are constructs of their own and name the role, or the machine whose role it is.
func (m *made) policies(p *eval.Val, of *made) {
	a := m.a
	inline := p.Attr("policies").List()
	for _, o := range a.all() {
		if o.kind != "aws_iam.Policy" && o.kind != "aws_iam.ManagedPolicy" {
			continue
		}
		var to []*python.Value
		if v := o.prop("roles"); v != nil && v.Kind == python.List {
			to = append(to, v.Items...)
		} else if v != nil {
			to = append(to, v)
		}
		for _, e := range o.events {
			if e.name == "attach_to_role" {
				to = append(to, e.arg(0, "role"))
			}
		}
		for _, v := range to {
			role, attrs := v.Origin()
			switch got := a.of(role); {
			case got == nil: // it may be this role
			case got == of && (len(attrs) == 0 || attrs[0] == "role"):
			default:
				continue
			}
			doc := eval.NotKnown("a policy of the role is not followed", a.Place(o.Head))
			if v := o.prop("statements"); v != nil && o.prop("document") == nil {
				doc = eval.MapOf("statement", a.Val(v))
			} else if d := a.Val(o.prop("document")); d.Kind == eval.Map {
				doc = d
			}
			inline = append(inline, eval.MapOf("policy_document", doc))
		}
	}
	if len(inline) > 0 {
		p.Put("policies", eval.ListAt(p.At, inline...))
	}
}

// uses adds what the program gives to the roles of machines that have this role.
func (m *made) uses(p *eval.Val) {
	for _, o := range m.a.all() {
		if o.of == nil && o != m && strings.HasPrefix(o.kind, "aws_ec2.") && m.a.of(o.prop("role")) == m {
			m.rights(p, o)
		}
	}
}

// rights are the policies that a role is given: by its own arguments, and by methods of it or of a machine that has it.
func (m *made) rights(p *eval.Val, from *made) {
	a := m.a
	managed, inline := p.Attr("managed_policy_arns").List(), p.Attr("policies").List()
	add := func(v *python.Value, maybe string) {
		x := a.managed(v)
		if maybe != "" {
			x = eval.NotKnown(maybe, x.At)
		}
		managed = append(managed, x)
	}
	if v := from.prop("managed_policies"); v != nil && from == m {
		if v.Kind == python.List {
			for _, it := range v.Items {
				add(it, "")
			}
		} else {
			add(v, "")
		}
	}
	if on, _ := a.Val(from.prop("ssm_session_permissions")).Bool(); on {
		managed = append(managed, eval.Text(managedPrefix+"AmazonSSMManagedInstanceCore", a.Place(from.prop("ssm_session_permissions").At)))
	}
	for _, e := range from.events {
		switch e.name {
		case "add_managed_policy":
			add(e.arg(0, "policy"), e.Maybe)
		case "add_to_role_policy", "add_to_policy", "add_to_principal_policy":
			inline = append(inline, eval.MapOf("policy_document", eval.MapOf("statement", eval.ListAt(a.Place(e.Head), a.Val(e.arg(0, "statement"))))))
		case "attach_inline_policy":
			inline = append(inline, eval.MapOf("policy_document", eval.NotKnown("a policy of the role is not followed", a.Place(e.Head))))
		default:
			continue
		}
		e.done = true
	}
	if len(managed) > 0 {
		p.Put("managed_policy_arns", eval.ListAt(p.At, managed...))
	}
	if len(inline) > 0 {
		p.Put("policies", eval.ListAt(p.At, inline...))
	}
}

const managedPrefix = "arn:aws:iam::aws:policy/"

// managed is a policy by its name.
func (a *app) managed(v *python.Value) *eval.Val {
	m := a.of(v)
	if m == nil {
		return a.Val(v)
	}
	if m.kind == "aws_iam.ManagedPolicy.from_aws_managed_policy_name" {
		n := a.Val(m.arg(0, "managed_policy_name"))
		if s, ok := n.Str(); ok {
			return eval.Text(managedPrefix+s, n.At)
		}
		return n
	}
	return eval.NotKnown("a policy that is not AWS's own", a.Place(m.Head))
}

// policy is a document of rights or one of its statements.
func (a *app) policy(m *made, depth int) *eval.Val {
	out := eval.MapAt(a.Place(m.Head))
	if v := m.prop("statements"); v != nil {
		out.Put("statement", a.Deep(v, depth))
	}
	if v := m.prop("actions"); v != nil {
		x := a.Deep(v, depth)
		if l := x.List(); x.Kind == eval.List && len(l) == 1 {
			x = l[0]
		}
		out.Put("action", x)
	}
	if v := m.prop("effect"); v != nil {
		out.Put("effect", eval.Text(strings.ToLower(declare.Name(v)), a.Place(v.At)))
	}
	put(out, "resource", a.Deep(m.prop("resources"), depth))
	return out
}

// ownRole is the role of a machine: one of the program's, or the one that the CDK makes for it; nil if it is from elsewhere.
func (m *made) ownRole() *eval.Resource {
	if v := m.prop("role"); v != nil {
		if r := m.a.of(v); r != nil {
			return r.res
		}
		return nil
	}
	if m.own == nil && m.res != nil {
		p := eval.MapAt(m.res.At)
		m.rights(p, m)
		m.policies(p, m)
		m.own = m.beside("AWS::IAM::Role", "InstanceRole", p)
	}
	return m.own
}

func (m *made) profile(role *eval.Resource) *eval.Resource {
	p := eval.MapAt(role.At)
	p.Put("roles", eval.ListAt(role.At, role.Ref("id")))
	if r := m.beside("AWS::IAM::InstanceProfile", "InstanceProfile", p); r != nil {
		return r
	}
	return role
}
