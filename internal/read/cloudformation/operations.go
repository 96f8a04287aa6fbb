package cloudformation

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

func fileSystem(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"file_system_tags": "tags", "backup_policy": ""})
	if b := p.Attr("backup_policy"); !b.IsNull() {
		if res := t.beside(r, "aws_efs_backup_policy", "BackupPolicy", b.At); res != nil {
			res.Give("file_system_id", r.res.Ref("id"))
			res.Give("backup_policy", b)
		}
	}
}

// under passes some members of p on under other names, in a new map.
func under(p *eval.Val, pairs ...string) *eval.Val {
	if p.IsNull() || p.Kind != eval.Map {
		return p
	}
	out := eval.MapAt(p.At)
	names := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		names[pairs[i]] = pairs[i+1]
	}
	for _, k := range p.Keys {
		name, ok := names[k]
		if !ok {
			name = k
		}
		out.Put(name, p.Child[k])
	}
	return out
}

// each does the same for the maps of a list.
func each(v *eval.Val, pairs ...string) *eval.Val {
	return v.Each(func(it *eval.Val) *eval.Val { return under(it, pairs...) })
}

func lifecyclePolicy(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"policy_details": ""})
	d := p.Attr("policy_details")
	if d.IsNull() {
		if k := p.Attr("default_policy"); !k.IsNull() {
			t.c.NotEvaluated("the default policy "+r.name+" takes snapshots of everything in the region, which is not worked out", k.At)
		}
		return
	}
	r.res.Give("policy_details", under(d, "schedules", "schedule"))
}

func backupPlan(_ *template, r *resource, p *eval.Val) {
	plan := p.Attr("backup_plan")
	r.res.Give("name", plan.Attr("backup_plan_name"))
	rules := each(plan.Attr("backup_plan_rule"), "schedule_expression", "schedule", "copy_actions", "copy_action")
	for i, b := range rules.List() {
		if b.Kind == eval.Map && b.Child["lifecycle"] != nil {
			rules.Items[i].Child["lifecycle"] = under(b.Child["lifecycle"], "delete_after_days", "delete_after")
		}
	}
	r.res.Give("rule", rules)
}

func backupSelection(_ *template, r *resource, p *eval.Val) {
	r.res.Give("plan_id", p.Attr("backup_plan_id"))
	s := p.Attr("backup_selection")
	if s.IsUnknown() {
		r.res.Give("resources", s)
		return
	}
	r.res.Give("resources", s.Attr("resources"))
	r.res.Give("not_resources", s.Attr("not_resources"))
	pair := []string{"condition_key", "key", "condition_value", "value", "condition_type", "type"}
	r.res.Give("selection_tag", each(s.Attr("list_of_tags"), pair...))
	if c := s.Attr("conditions"); c.Kind == eval.Map {
		m := eval.MapAt(c.At)
		for _, k := range c.Keys {
			m.Put(k, each(c.Child[k], pair...))
		}
		r.res.Give("condition", m)
	} else {
		r.res.Give("condition", c)
	}
}

func alarm(_ *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"dimensions": ""})
	r.res.Give("dimensions", merged(p.Attr("dimensions")))
}

func topic(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"topic_name": "name", "subscription": ""})
	for i, b := range p.Attr("subscription").Blocks() {
		if s := t.beside(r, "aws_sns_topic_subscription", "Subscription."+strconv.Itoa(i), b.At); s != nil {
			s.Give("topic_arn", r.res.Ref("arn"))
			s.Give("protocol", b.Attr("protocol"))
			s.Give("endpoint", b.Attr("endpoint"))
		}
	}
}

func role(t *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"role_name": "name", "policies": ""})
	policies := eval.ListAt(r.at)
	for _, b := range p.Attr("policies").List() {
		policies.Items = append(policies.Items, eval.MapOf("policy", t.document(b)))
	}
	if len(policies.Items) > 0 {
		r.res.Give("inline_policy", policies)
	}
}

// document is the rights that a policy gives, as the text that Terraform has there.
func (t *template) document(b *eval.Val) *eval.Val {
	d := b.Attr("policy_document")
	if d.IsNull() || d.IsUnknown() || d.Kind == eval.String {
		return d
	}
	return t.c.JSONText(capital(d))
}

// capital gives a policy document's own names back their capitals.
func capital(v *eval.Val) *eval.Val {
	return v.Rename(maxDepth, func(k string) (string, bool) {
		if k != "" && k[0] >= 'a' && k[0] <= 'z' {
			k = string(k[0]-'a'+'A') + k[1:]
		}
		return k, true
	})
}

func rolePolicy(t *template, r *resource, p *eval.Val) {
	doc := t.document(p)
	roles := append(p.Attr("roles").List(), p.Attr("role_name").List()...)
	for i, v := range roles {
		if res := t.beside(r, "aws_iam_role_policy", "Roles."+strconv.Itoa(i), r.at); res != nil {
			res.Give("role", v)
			res.Give("policy", doc)
		}
	}
}

func managedPolicy(t *template, r *resource, p *eval.Val) {
	r.res.Give("name", p.Attr("managed_policy_name"))
	r.res.Give("policy", t.document(p))
	for i, v := range p.Attr("roles").List() {
		if res := t.beside(r, "aws_iam_role_policy_attachment", "Roles."+strconv.Itoa(i), r.at); res != nil {
			res.Give("role", v)
			res.Give("policy_arn", r.res.Ref("arn"))
		}
	}
}

// patchTask is a maintenance window's task; the command's parameters stand in a list in Terraform.
func patchTask(_ *template, r *resource, p *eval.Val) {
	r.give(p, map[string]string{"task_invocation_parameters": ""})
	run := p.Attr("task_invocation_parameters").Attr("maintenance_window_run_command_parameters").Attr("parameters")
	if run.Kind != eval.Map {
		return
	}
	list := eval.ListAt(run.At)
	for _, k := range run.Keys {
		m := eval.MapAt(run.At)
		m.Put("name", eval.Text(k, run.At))
		m.Put("values", run.Child[k])
		list.Items = append(list.Items, m)
	}
	r.res.Give("task_invocation_parameters", eval.MapOf("run_command_parameters", eval.MapOf("parameter", list)))
}
