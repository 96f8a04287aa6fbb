package cdk

import (
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// ready are the rules that the CDK brings along: a schedule, and how many days a backup is kept.
var ready = map[string][2]string{
	"daily": {"cron(0 5 * * ? *)", "35"}, "weekly": {"cron(0 5 ? * SAT *)", "90"}, "monthly1_year": {"cron(0 5 1 * ? *)", "365"},
	"monthly5_year": {"cron(0 5 1 * ? *)", "1825"}, "monthly7_year": {"cron(0 5 1 * ? *)", "2555"},
}

var readyPlans = map[string][]string{
	"daily35_day_retention": {"daily"}, "daily_monthly1_year_retention": {"daily", "monthly1_year"},
	"daily_weekly_monthly5_year_retention": {"daily", "weekly", "monthly5_year"}, "daily_weekly_monthly7_year_retention": {"daily", "weekly", "monthly7_year"},
}

// backupPlan is backup.BackupPlan with its rules, wherever they are added.
func backupPlan(m *made, p *eval.Val) {
	a := m.a
	rules := eval.ListAt(m.res.At)
	for _, r := range readyPlans[m.kind[strings.LastIndexByte(m.kind, '.')+1:]] {
		rules.Items = append(rules.Items, readyRule(r, m.res.At))
	}
	if v := m.prop("backup_plan_rules"); v != nil {
		if v.Kind == python.List {
			for _, it := range v.Items {
				rules.Items = append(rules.Items, a.backupRule(it))
			}
		} else {
			rules.Items = append(rules.Items, eval.NotKnown("the rules are not known: "+declare.Reason(v), a.Place(v.At)))
		}
	}
	for _, e := range m.events {
		if e.name != "add_rule" {
			continue
		}
		e.done = true
		r := a.backupRule(e.arg(0, "rule"))
		if e.Maybe != "" {
			r = eval.NotKnown(e.Maybe, a.Place(e.Head))
		}
		rules.Items = append(rules.Items, r)
	}
	plan := eval.MapAt(m.res.At)
	put(plan, "backup_plan_name", a.Val(m.prop("backup_plan_name")))
	plan.Put("backup_plan_rule", rules)
	p.Put("backup_plan", plan)
}

func readyRule(name string, at eval.Place) *eval.Val {
	r := eval.MapAt(at)
	r.Put("schedule_expression", eval.Text(ready[name][0], at))
	r.Put("lifecycle", eval.MapOf("delete_after_days", eval.Text(ready[name][1], at)))
	return r
}

// backupRule is one rule: a ready one, or backup.BackupPlanRule.
func (a *app) backupRule(v *python.Value) *eval.Val {
	m := a.of(v)
	if m == nil {
		return eval.NotKnown("the rule is not known: "+reasonOf(v), eval.Place{})
	}
	at := a.Place(m.Head)
	kind := short(m.kind)
	if n, ok := strings.CutPrefix(kind, "BackupPlanRule."); ok && ready[n][0] != "" {
		return readyRule(n, at)
	}
	if kind != "BackupPlanRule" {
		return eval.NotKnown("the rule is not known ("+kind+")", at)
	}
	r := eval.MapAt(at)
	if s := m.prop("schedule_expression"); s != nil {
		r.Put("schedule_expression", a.schedule(s))
	}
	if d := m.prop("delete_after"); d != nil {
		r.Put("lifecycle", eval.MapOf("delete_after_days", a.days(d)))
	}
	put(r, "enable_continuous_backup", a.Val(m.prop("enable_continuous_backup")))
	put(r, "copy_actions", a.copies(m.prop("copy_actions")))
	return r
}

func (a *app) copies(v *python.Value) *eval.Val {
	if v == nil || v.Kind != python.List {
		return a.Val(v)
	}
	out := eval.ListAt(a.Place(v.At))
	for range v.Items {
		out.Items = append(out.Items, eval.MapAt(out.At))
	}
	return out
}

func reasonOf(v *python.Value) string {
	if v == nil {
		return "it is not given"
	}
	return declare.Reason(v)
}

// schedule is events.Schedule.cron(…), .rate(…) or .expression(…), as AWS writes it.
func (a *app) schedule(v *python.Value) *eval.Val {
	m := a.of(v)
	if m == nil {
		return a.Val(v)
	}
	at := a.Place(m.Head)
	switch m.kind[strings.Index(m.kind, ".")+1:] {
	case "Schedule.expression":
		return a.Val(m.arg(0, "expression"))
	case "Schedule.rate":
		if d := a.days(m.arg(0, "duration")); !d.IsUnknown() {
			if f, ok := d.Num(); ok {
				if h := f * 24; h == float64(int64(h)) {
					return eval.Text("rate("+big.NewFloat(h).Text('f', -1)+" hours)", at)
				}
			}
		}
		return eval.NotKnown("the schedule is not known", at)
	case "Schedule.cron":
		field := func(name, other string) (string, bool) {
			if m.prop(name) == nil {
				return other, true
			}
			return a.Val(m.prop(name)).Str()
		}
		var f []string
		day := "*"
		if m.has("week_day") {
			day = "?"
		}
		week := "?"
		for _, k := range [][2]string{{"minute", "*"}, {"hour", "*"}, {"day", day}, {"month", "*"}, {"week_day", week}, {"year", "*"}} {
			s, ok := field(k[0], k[1])
			if !ok {
				return eval.NotKnown("the schedule is not known: "+declare.Reason(m.prop(k[0])), at)
			}
			f = append(f, s)
		}
		return eval.Text("cron("+strings.Join(f, " ")+")", at)
	}
	return eval.NotKnown("the schedule is not known", at)
}

// days is a Duration in days.
func (a *app) days(v *python.Value) *eval.Val {
	m := a.of(v)
	if m == nil {
		if v == nil {
			return eval.None()
		}
		return eval.NotKnown(declare.Reason(v), a.Place(v.At))
	}
	per, ok := map[string]float64{"Duration.days": 1, "Duration.hours": 1. / 24, "Duration.minutes": 1. / 1440}[m.kind]
	n := a.Val(m.arg(0, "amount"))
	f, known := n.Num()
	if !ok || !known {
		return eval.NotKnown("the time is not known"+colon(n.Reason()), a.Place(m.Head))
	}
	return eval.NumberOf(big.NewFloat(f*per), n.At)
}

func colon(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// selection is what a plan covers.
func (m *made) selection(p *eval.Val, plan *made) {
	a := m.a
	if plan != nil && plan.res != nil {
		p.Put("backup_plan_id", plan.res.Ref("id"))
	}
	sel := eval.MapAt(m.res.At)
	resources, tags := eval.ListAt(m.res.At), eval.ListAt(m.res.At)
	v := m.prop("resources")
	if v != nil && v.Kind != python.List {
		resources.Items = append(resources.Items, eval.NotKnown("what is selected is not known: "+declare.Reason(v), a.Place(v.At)))
	} else if v != nil {
		for _, it := range v.Items {
			a.selected(it, resources, tags)
		}
	}
	if len(resources.Items) > 0 {
		sel.Put("resources", resources)
	}
	if len(tags.Items) > 0 {
		sel.Put("list_of_tags", tags)
	}
	p.Put("backup_selection", sel)
}

// selected is one backup.BackupResource.
func (a *app) selected(v *python.Value, resources, tags *eval.Val) {
	m := a.of(v)
	if m == nil {
		resources.Items = append(resources.Items, eval.NotKnown("what is selected is not known: "+declare.Reason(v), a.Place(v.At)))
		return
	}
	at := a.Place(m.Head)
	switch short(m.kind) {
	case "BackupResource.from_ec2_instance", "BackupResource.from_efs_file_system":
		x := a.Val(m.arg(0, ""))
		for _, n := range []string{"instance", "file_system"} {
			if m.prop(n) != nil {
				x = a.Val(m.prop(n))
			}
		}
		resources.Items = append(resources.Items, x)
	case "BackupResource.from_arn":
		resources.Items = append(resources.Items, a.Val(m.arg(0, "arn")))
	case "BackupResource.from_tag":
		t := eval.MapAt(at)
		t.Put("condition_key", a.Val(m.arg(0, "key")))
		t.Put("condition_value", a.Val(m.arg(1, "value")))
		t.Put("condition_type", eval.Text("STRINGEQUALS", at))
		tags.Items = append(tags.Items, t)
	case "BackupResource.from_construct":
		scope := a.of(m.arg(0, "construct"))
		for _, o := range a.all() {
			if o.res == nil || o.res.Type != "aws_instance" && o.res.Type != "aws_ebs_volume" && o.res.Type != "aws_efs_file_system" {
				continue
			}
			if a.in(o, scope) {
				resources.Items = append(resources.Items, o.res.Ref("id").AtPlace(at))
			}
		}
	default:
		resources.Items = append(resources.Items, eval.NotKnown("what is selected is not known ("+short(m.kind)+")", at))
	}
}

// in says whether o is scope or declared in it.
func (a *app) in(o, scope *made) (yes bool) {
	if scope == nil {
		return false
	}
	a.above(o, func(up *made) bool {
		yes = yes || up == scope
		return !yes
	})
	return yes
}
