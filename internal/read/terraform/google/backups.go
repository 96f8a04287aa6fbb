package google

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// snapshots reads snapshot schedules and the disks that they are attached to. A schedule that is attached to nothing
// covers nothing.
func (r *reader) snapshots() {
	for _, p := range r.m.Config.Of("google_compute_resource_policy") {
		for _, s := range p.Attr("snapshot_schedule_policy").Blocks() {
			at := s.At.Span()
			b := model.Backup{ID: p.Addr, Kind: "snapshot_schedule", At: at, Cond: p.Cond, Covers: r.covered(p),
				Survives: doc.Of(true, doc.Default, at).Because("snapshots outlive the machine and its disks")}
			b.EveryHours = schedule(s)
			b.KeepDays = doc.Of(nil, doc.Default, at).Because("without retention_policy nothing is removed")
			for _, k := range s.Attr("retention_policy").Blocks() {
				b.KeepDays = model.Num(k.Attr("max_retention_days"), k.At.Span())
				if d, _ := k.Attr("on_source_disk_delete").Str(); d == "APPLY_RETENTION_POLICY" {
					b.Survives = model.Derived(true, "snapshots stay until their retention ends", k.At.Span())
				}
			}
			for _, k := range s.Attr("snapshot_properties").Blocks() {
				if v := k.Attr("storage_locations"); !v.IsNull() {
					b.Offsite = doc.UnsetAt(v.At.Span())
				}
			}
			r.m.AddBackup(b)
		}
	}
	for _, a := range r.m.Config.Of("google_backup_dr_backup_plan_association") {
		at := a.At.Span()
		b := model.Backup{ID: a.Addr, Kind: "backup_service", At: at, Cond: a.Cond, Survives: doc.Of(true, doc.Default, at).Because("backups lie in a vault")}
		if ids := r.diskIDs(a.Attr("resource")); len(ids) > 0 {
			for _, h := range r.hosts {
				if h.ID == ids[0] {
					b.Covers = h.CoverAll(at)
				}
			}
			if b.Covers == nil {
				b.Covers = []*doc.Node{model.Cover(ids[0], at)}
			}
		} else {
			b.Covers = []*doc.Node{doc.UnknownOf("what it protects is not in this repository", at)}
		}
		b.EveryHours = doc.UnknownOf("the backup plan is not in this repository", at)
		if plan := r.m.Named(a.Attr("backup_plan"), "name", "google_backup_dr_backup_plan"); plan != nil {
			for _, rule := range plan.Attr("backup_rules").Blocks() {
				b.KeepDays = model.Num(rule.Attr("backup_retention_days"), rule.At.Span())
				for _, s := range rule.Attr("standard_schedule").Blocks() {
					kind, _ := s.Attr("recurrence_type").Str()
					if h := map[string]int{"DAILY": 24, "WEEKLY": 168, "MONTHLY": 744, "YEARLY": 8784}[kind]; h > 0 {
						b.EveryHours = model.Derived(h, kind, s.At.Span())
					} else if kind == "HOURLY" {
						b.EveryHours = model.Num(s.Attr("hourly_frequency"), s.At.Span())
					}
				}
			}
		}
		r.m.AddBackup(b)
	}
}

func schedule(s *eval.Val) *doc.Node {
	at := s.At.Span()
	for _, sc := range s.Attr("schedule").Blocks() {
		if b := sc.Attr("hourly_schedule").Blocks(); len(b) > 0 {
			return model.Num(b[0].Attr("hours_in_cycle"), b[0].At.Span())
		}
		if b := sc.Attr("daily_schedule").Blocks(); len(b) > 0 {
			v := b[0].Attr("days_in_cycle")
			if n, ok := v.Num(); ok {
				return model.Derived(n*24, "days_in_cycle", v.At.Span())
			}
			return model.Or(model.Num(v, b[0].At.Span()), 24, "a daily schedule")
		}
		if b := sc.Attr("weekly_schedule").Blocks(); len(b) > 0 {
			return model.Derived(weekly(b[0].Attr("day_of_weeks").Blocks()), "the longest gap between its days", b[0].At.Span())
		}
	}
	return doc.UnknownOf("the schedule cannot be read", at)
}

// weekly is the longest time between two of the days, in hours.
func weekly(days []*eval.Val) int {
	order := map[string]int{"MONDAY": 0, "TUESDAY": 1, "WEDNESDAY": 2, "THURSDAY": 3, "FRIDAY": 4, "SATURDAY": 5, "SUNDAY": 6}
	var on [7]bool
	for _, d := range days {
		if s, ok := d.Attr("day").Str(); ok {
			if k, ok := order[s]; ok {
				on[k] = true
			}
		}
	}
	gap, last := 0, -1
	for k := 0; k < 14; k++ {
		if on[k%7] {
			if last >= 0 {
				gap = max(gap, k-last)
			}
			last = k
		}
	}
	if gap == 0 {
		gap = 7
	}
	return gap * 24
}

// covered are the disks that policy p is attached to.
func (r *reader) covered(p *eval.Resource) []*doc.Node {
	var out []*doc.Node
	mine := func(v *eval.Val) bool { return r.m.Named(v, "name", "google_compute_resource_policy") == p }
	for _, a := range r.m.Config.Of("google_compute_disk_resource_policy_attachment", "google_compute_region_disk_resource_policy_attachment", "google_compute_resource_policy_attachment") {
		if !mine(or(a.Attr("name"), a.Attr("resource_policy"))) {
			continue
		}
		at := a.At.Span()
		v := or(a.Attr("disk"), a.Attr("instance"))
		ids := r.diskIDs(v)
		for _, id := range ids {
			out = append(out, model.Doubt(model.Cover(id, at), a.Cond))
		}
		if len(ids) == 0 {
			why := "the disk that " + a.Addr + " names is not in this repository"
			if v.Reason() != "" {
				why += ": " + v.Reason()
			}
			out = append(out, doc.UnknownOf(why, at))
		}
	}
	for _, d := range r.m.Config.Of("google_compute_disk", "google_compute_region_disk") {
		for _, v := range d.Attr("resource_policies").List() {
			if mine(v) {
				if vol := r.m.VolumeOf(d); vol != nil {
					out = append(out, model.Cover(vol.ID, v.At.Span()))
				} else if i := r.m.Owner[d]; i != nil {
					out = append(out, model.Cover(i.ID, v.At.Span()))
				}
			}
		}
	}
	for _, h := range r.hosts {
		for _, b := range h.attr("boot_disk").Blocks() {
			for _, p := range b.Attr("initialize_params").Blocks() {
				for _, v := range p.Attr("resource_policies").List() {
					if mine(v) {
						out = append(out, model.Cover(h.ID, v.At.Span()))
					}
				}
			}
		}
	}
	return out
}
