package cloudformation

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

func securityGroup(_ *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"group_name": "name", "security_group_ingress": "", "security_group_egress": ""})
	r.res.Give("ingress", rules(p.Attr("security_group_ingress")))
	if out := rules(p.Attr("security_group_egress")); !out.IsNull() {
		r.res.Give("egress", out)
		return
	}
	all := eval.MapAt(r.at) // other than Terraform, CloudFormation leaves the rule that allows all outgoing traffic
	all.Put("protocol", eval.Text("-1", r.at))
	r.res.Give("egress", eval.ListAt(r.at, all))
}

// rules are the rules written in a group; one without a list stands for itself.
func rules(v *eval.Val) *eval.Val {
	if v.IsNull() || v.IsUnknown() {
		return v
	}
	out := eval.ListAt(v.At)
	for _, it := range v.List() {
		out.Items = append(out.Items, rule(it))
	}
	return out
}

func rule(v *eval.Val) *eval.Val {
	if v.Kind != eval.Map {
		return v
	}
	out := eval.MapAt(v.At)
	for _, k := range v.Keys {
		name, ok := map[string]string{"cidr_ip": "cidr_ipv4", "source_prefix_list_id": "prefix_list_id"}[k]
		if !ok {
			name = k
		}
		out.Put(name, v.Child[k])
	}
	return out
}

func ruleOf(direction string) func(*template, *resource, *eval.Val) {
	return func(_ *template, r *resource, p *eval.Val) {
		b := rule(p)
		r.give(b, map[string]string{"group_id": "security_group_id"})
		if p.Attr("group_id").IsNull() {
			r.res.Give("security_group_id", p.Attr("group_name"))
		}
		r.res.Give("type", eval.Text(direction, r.at))
	}
}

func recordSet(_ *template, r *resource, p *eval.Val) { giveRecord(r.res, p) }

func giveRecord(res *eval.Resource, p *eval.Val) {
	res.Give("name", p.Attr("name"))
	res.Give("type", p.Attr("type"))
	res.Give("records", p.Attr("resource_records"))
	res.Give("zone_id", p.Attr("hosted_zone_id"))
	if a := p.Attr("alias_target"); !a.IsNull() {
		m := eval.MapAt(a.At)
		m.Put("name", a.Attr("dns_name"))
		res.Give("alias", m)
	}
}

func recordSets(t *template, r *resource, p *eval.Val) {
	for i, b := range p.Attr("record_sets").Blocks() {
		if res := t.beside(r, "aws_route53_record", "RecordSets."+strconv.Itoa(i), b.At); res != nil && b.Kind == eval.Map {
			giveRecord(res, b)
		}
	}
}

func targetGroup(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"targets": ""})
	for i, b := range p.Attr("targets").Blocks() {
		if res := t.beside(r, "aws_lb_target_group_attachment", "Targets."+strconv.Itoa(i), b.At); res != nil {
			res.Give("target_group_arn", r.res.Ref("arn"))
			res.Give("target_id", b.Attr("id"))
			res.Give("port", b.Attr("port"))
		}
	}
}

func listener(_ *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"default_actions": "default_action", "certificates": ""})
	for _, c := range p.Attr("certificates").Blocks() {
		r.res.Give("certificate_arn", c.Attr("certificate_arn"))
	}
}

func healthCheck(_ *template, r *resource, p *eval.Val) {
	if c := p.Attr("health_check_config"); c.Kind == eval.Map {
		r.give(c, map[string]string{"fully_qualified_domain_name": "fqdn"})
	}
}
