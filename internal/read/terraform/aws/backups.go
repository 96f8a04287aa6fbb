package aws

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// lifecyclePolicies reads DLM: snapshots of the volumes, or of the instances' volumes, that carry one of the tags.
func (r *reader) lifecyclePolicies() {
	for _, res := range r.m.Config.Of("aws_dlm_lifecycle_policy") {
		details := first(res.Attr("policy_details"))
		at := headOf(res)
		state, known := res.Attr("state").Str()
		enabled := doc.Of(true, doc.Default, at).Because("a policy is enabled unless state says otherwise")
		if v := res.Attr("state"); !v.IsNull() {
			if enabled = model.Set(!strings.EqualFold(state, "DISABLED"), v.At.Span()); !known {
				enabled = doc.UnknownOf(v.Reason(), v.At.Span())
			}
		}
		if p, _ := details.Attr("policy_type").Str(); p == "IMAGE_MANAGEMENT" {
			for _, c := range r.tagged(details, at) {
				if id, ok := c.Str(); ok && enabled.Value != false {
					r.image(res, id)
				}
			}
		}
		if p, _ := details.Attr("policy_type").Str(); p == "EVENT_BASED_POLICY" {
			continue // it copies snapshots that others share
		}
		for k, s := range details.Attr("schedule").Blocks() {
			b := model.Backup{ID: fmt.Sprintf("%s.schedule[%d]", res.Addr, k), Kind: "snapshot_schedule", At: s.At.Span(), Cond: res.Cond,
				Covers: r.near(res, r.tagged(details, at)), Enabled: enabled, Survives: doc.Of(true, doc.Default, at).Because("snapshots outlive the instance")}
			create, retain := first(s.Attr("create_rule")), first(s.Attr("retain_rule"))
			b.EveryHours = model.Num(create.Attr("interval"), b.At)
			if c := create.Attr("cron_expression"); !c.IsNull() {
				b.EveryHours = every(c, b.At)
			}
			b.KeepCount = model.Num(retain.Attr("count"), b.At)
			if v := retain.Attr("interval"); !v.IsNull() {
				b.KeepDays = days(v, retain.Attr("interval_unit"), b.At)
			}
			r.m.AddBackup(b)
		}
	}
}

// near is what a policy covers: nothing for certain where it is made with another provider configuration than the machines,
// which is another region or account.
func (r *reader) near(policy *eval.Resource, covers []*doc.Node) []*doc.Node {
	_, alias := policy.Provider()
	for _, h := range r.hosts {
		if _, theirs := h.Res.Provider(); theirs != alias && len(covers) > 0 {
			return []*doc.Node{doc.UnknownOf("the policy is made with another provider configuration than the machine, so perhaps in another region", headOf(policy))}
		}
	}
	return covers
}

// every is a schedule's interval in hours.
func every(v *eval.Val, at span.Span) *doc.Node {
	n := model.Str(v, at)
	s, ok := n.Str()
	if !ok {
		return n
	}
	if h, ok := model.EveryHours(s); ok {
		return model.Derived(h, "from the schedule "+s, n.At)
	}
	return doc.UnknownOf("the schedule "+s+" cannot be read", n.At)
}

func days(v, unit *eval.Val, at span.Span) *doc.Node {
	n := model.Num(v, at)
	f, ok := v.Num()
	u, known := unit.Str()
	per := map[string]float64{"HOURS": 1. / 24, "DAYS": 1, "WEEKS": 7, "MONTHS": 30, "YEARS": 365}[strings.ToUpper(u)]
	if !ok || !known || per == 0 {
		return doc.UnknownOf("the unit of the retention is not known", n.At)
	}
	return model.Derived(f*per, "from the retention rule", n.At)
}

// tagged is what a policy's target_tags select: any one of them is enough.
func (r *reader) tagged(details *eval.Val, at span.Span) []*doc.Node {
	var kinds []string
	for _, v := range append(details.Attr("resource_types").List(), details.Attr("resource_type").List()...) {
		s, ok := v.Str()
		if !ok {
			return []*doc.Node{doc.UnknownOf(v.Reason(), v.At.Span())}
		}
		kinds = append(kinds, s)
	}
	want := details.Attr("target_tags")
	if want.IsUnknown() {
		return []*doc.Node{doc.UnknownOf(want.Reason(), want.At.Span())}
	}
	noBoot := false
	for _, p := range details.Attr("parameters").Blocks() {
		noBoot, _ = p.Attr("exclude_boot_volume").Bool()
	}
	var out []*doc.Node
	for _, kind := range kinds {
		switch kind {
		case "VOLUME":
			out = append(out, r.volumesWith(want)...)
		case "INSTANCE":
			for _, h := range r.hosts {
				yes, why := matches(want, h.Tags...)
				all := h.CoverAll(h.At)
				if noBoot {
					all = all[1:]
				}
				switch {
				case yes:
					out = append(out, all...)
				case why != "":
					out = append(out, doc.UnknownOf(why, want.At.Span()))
				}
			}
		}
	}
	return out
}

func (r *reader) volumesWith(want *eval.Val) []*doc.Node {
	var out []*doc.Node
	for _, h := range r.hosts {
		root := first(h.attr("root_block_device"))
		yes, why := matches(want, h.Res.Attr("volume_tags"), root.Attr("tags"))
		if h.template != nil {
			for _, b := range h.template.Attr("tag_specifications").Blocks() {
				if t, _ := b.Attr("resource_type").Str(); t == "volume" && !yes {
					yes, why = matches(want, b.Attr("tags"))
				}
			}
		}
		if !yes && why == "" {
			if byDefault, _ := matches(want, r.defaultTags(h.Res)); byDefault {
				why = "only the provider's default_tags match, and it depends on the provider's version whether they reach the root volume; tag it with root_block_device.tags"
			}
		}
		switch {
		case yes:
			out = append(out, model.Cover(h.ID, h.At))
		case why != "":
			out = append(out, doc.UnknownOf(why, want.At.Span()))
		}
	}
	for _, v := range r.m.Volumes {
		yes, why := matches(want, v.Tags...)
		if yes {
			out = append(out, model.Cover(v.ID, v.Node.At))
		} else if why != "" {
			out = append(out, doc.UnknownOf(why, want.At.Span()))
		}
	}
	return out
}

// matches says whether tags carry one of those wanted; why is not empty when that cannot be told.
func matches(want *eval.Val, tags ...*eval.Val) (yes bool, why string) {
	for _, b := range want.Blocks() {
		if b.Kind != eval.Map {
			why = b.Reason()
			continue
		}
		for _, k := range b.Keys {
			y, w := has(k, b.Child[k], tags...)
			if y {
				return true, ""
			}
			if w != "" {
				why = w
			}
		}
	}
	return false, why
}

// has says whether tags hold key with value want; the last one that names the key decides.
func has(key string, want *eval.Val, tags ...*eval.Val) (yes bool, why string) {
	value, known := want.Str()
	for _, t := range tags {
		for _, m := range t.Blocks() {
			if m.Kind != eval.Map {
				yes, why = false, "tags that are not known: "+m.Reason()
				continue
			}
			v := m.Child[key]
			if v == nil {
				continue
			}
			got, ok := v.Str()
			switch {
			case known && ok:
				yes, why = got == value, ""
			case eval.Same(v, want):
				yes, why = true, "" // the same unknown value
			default:
				yes, why = false, "the value of tag "+key+" is not known: "+v.Reason()+want.Reason()
			}
		}
	}
	return yes, why
}

// backupPlans reads AWS Backup: plans, and the selections that give them resources.
func (r *reader) backupPlans() {
	for _, plan := range r.m.Config.Of("aws_backup_plan") {
		var covers []*doc.Node
		for _, s := range r.m.Config.Of("aws_backup_selection") {
			if r.m.Named(s.Attr("plan_id"), "id", "aws_backup_plan") == plan {
				covers = append(covers, r.selected(s)...)
			}
		}
		for k, rule := range plan.Attr("rule").Blocks() {
			at := rule.At.Span()
			b := model.Backup{ID: fmt.Sprintf("%s.rule[%d]", plan.Addr, k), Kind: "backup_service", At: at, Covers: covers, Cond: plan.Cond,
				Survives: doc.Of(true, doc.Default, at).Because("recovery points lie in a vault")}
			b.EveryHours = doc.Of(24, doc.Default, at).Because("AWS Backup runs daily when no schedule is given")
			if v := rule.Attr("schedule"); !v.IsNull() {
				b.EveryHours = every(v, at)
			}
			keep := first(rule.Attr("lifecycle"))
			b.KeepDays = model.Num(keep.Attr("delete_after"), at)
			if b.KeepDays.State == doc.Unset {
				b.KeepDays = doc.Of(nil, doc.Default, at).Because("without delete_after nothing is removed")
			}
			b.Offsite = doc.Of(len(rule.Attr("copy_action").Blocks()) > 0, doc.Derived, at)
			r.m.AddBackup(b)
		}
	}
	for _, res := range r.m.Config.Of("aws_efs_backup_policy") {
		at := headOf(res)
		fs, _ := res.Attr("file_system_id").Target()
		status, _ := first(res.Attr("backup_policy")).Attr("status").Str()
		if v := r.volumes[fs]; v != nil {
			r.m.AddBackup(model.Backup{ID: res.Addr, Kind: "backup_service", At: at, Covers: []*doc.Node{model.Cover(v.ID, at)}, Cond: res.Cond,
				EveryHours: doc.Of(24, doc.Default, at).Because("EFS's automatic backups are daily"), KeepDays: doc.Of(35, doc.Default, at).Because("EFS's automatic backups are kept 35 days"),
				Survives: doc.Of(true, doc.Default, at), Enabled: model.Set(status == "ENABLED", at)})
		}
	}
}

// selected is what a selection covers.
func (r *reader) selected(s *eval.Resource) []*doc.Node {
	at := headOf(s)
	set := map[string]bool{}
	var order []string
	var unknown []*doc.Node
	add := func(ns []*doc.Node) {
		for _, n := range ns {
			if id, ok := n.Str(); ok && !set[id] {
				set[id] = true
				order = append(order, id)
			}
		}
	}
	named := s.Attr("resources").List()
	if len(named) == 0 && s.Attr("selection_tag").IsNull() && !s.Attr("condition").IsNull() {
		named = []*eval.Val{eval.Text("*", s.Attr("condition").At)} // conditions alone select among everything
	}
	for _, v := range named {
		ids, why := r.arn(v)
		if add(ids); why != "" {
			unknown = append(unknown, doc.UnknownOf(why, v.At.Span()))
		}
	}
	for _, t := range s.Attr("selection_tag").Blocks() {
		key, _ := t.Attr("key").Str()
		for _, h := range r.hosts {
			if yes, why := has(key, t.Attr("value"), h.Tags...); yes {
				add(h.CoverAll(at))
			} else if why != "" {
				unknown = append(unknown, doc.UnknownOf(why, t.At.Span()))
			}
		}
		for _, v := range r.m.Volumes {
			if yes, _ := has(key, t.Attr("value"), v.Tags...); yes {
				add([]*doc.Node{model.Cover(v.ID, at)})
			}
		}
	}
	for _, v := range s.Attr("not_resources").List() {
		ids, why := r.arn(v)
		for _, n := range ids {
			id, _ := n.Str()
			delete(set, id)
		}
		if why != "" {
			unknown = append(unknown, doc.UnknownOf("what not_resources leaves out is not known: "+why, v.At.Span()))
		}
	}
	only := conditionsOf(s)
	tags := map[string][][]*eval.Val{} // a volume is taken by its own tags, or with its machine by the machine's
	for _, v := range r.m.Volumes {
		tags[v.ID] = [][]*eval.Val{v.Tags}
		if v.Of != nil && set[v.Of.ID] {
			tags[v.ID] = append(tags[v.ID], v.Of.Tags)
		}
	}
	for _, h := range r.hosts {
		tags[h.ID] = [][]*eval.Val{h.Tags}
	}
	var out []*doc.Node
	for _, id := range order {
		if !set[id] {
			continue
		}
		switch yes, why := only.any(tags[id]); {
		case why != "":
			out = append(out, doc.UnknownOf(why, at))
		case yes:
			out = append(out, model.Doubt(model.Cover(id, at), s.Cond))
		}
	}
	return append(out, unknown...)
}

// arn is what a resource pattern of a selection stands for.
func (r *reader) arn(v *eval.Val) (ids []*doc.Node, why string) {
	at := v.At.Span()
	for _, l := range r.m.Config.Refs(v) {
		if vol := r.volumes[l.Res]; vol != nil {
			ids = append(ids, model.Cover(vol.ID, at))
		} else if i := r.m.Owner[l.Res]; i != nil && i.Res == l.Res {
			if strings.Contains(l.Path, "root_block_device") {
				ids = append(ids, model.Cover(i.ID, at))
			} else {
				ids = append(ids, i.CoverAll(at)...)
			}
		}
	}
	if len(ids) > 0 {
		return ids, ""
	}
	s, ok := v.Str()
	if !ok {
		return nil, v.Reason()
	}
	if s == "*" || s == "arn:*" || strings.HasSuffix(s, ":instance/*") || strings.HasSuffix(s, ":volume/*") || s == "arn:aws:ec2:*" {
		for _, h := range r.hosts {
			if strings.HasSuffix(s, ":volume/*") {
				ids = append(ids, h.CoverAll(at)...)
				continue
			}
			ids = append(ids, h.CoverAll(at)...)
		}
		return ids, ""
	}
	return nil, "the resource " + s + " is not in this repository"
}
