package azure

import (
	"regexp"
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// backups reads protected machines and protected disks; a policy alone protects nothing.
func (r *reader) backups() {
	for _, res := range r.m.Config.Of("azurerm_backup_protected_vm") {
		at := res.At.Span()
		b := model.Backup{ID: res.Addr, Kind: "backup_service", At: at, Cond: res.Cond, Survives: doc.Of(true, doc.Default, at).Because("recovery points lie in a vault")}
		b.Covers = r.protected(res)
		switch v := res.Attr("protection_state"); {
		case v.IsUnknown():
			b.Enabled = doc.UnknownOf(v.Reason(), v.At.Span())
		case v.Is("ProtectionStopped"), v.Is("BackupsSuspended"):
			b.Enabled = model.Set(false, v.At.Span())
		}
		why := "the backup policy is not in this repository"
		b.EveryHours, b.KeepDays = doc.UnknownOf(why, at), doc.UnknownOf(why, at)
		if p := r.m.Named(res.Attr("backup_policy_id"), "id", "azurerm_backup_policy_vm"); p != nil {
			b.EveryHours, b.KeepDays = policy(p)
		}
		r.m.AddBackup(b)
	}
	for _, res := range r.m.Config.Of("azurerm_data_protection_backup_instance_disk") {
		at := res.At.Span()
		b := model.Backup{ID: res.Addr, Kind: "backup_service", At: at, Cond: res.Cond, Survives: doc.Of(true, doc.Default, at).Because("snapshots lie in their own resource group")}
		if v := r.m.VolumeOf(r.m.Named(res.Attr("disk_id"), "id", "azurerm_managed_disk")); v != nil {
			b.Covers = []*doc.Node{model.Cover(v.ID, at)}
		} else if i := r.m.InstanceOf(res.Attr("disk_id")); i != nil {
			b.Covers = []*doc.Node{model.Cover(i.ID, at)}
		} else {
			b.Covers = []*doc.Node{doc.UnknownOf("the disk is not in this repository", at)}
		}
		why := "the backup policy is not in this repository"
		b.EveryHours, b.KeepDays = doc.UnknownOf(why, at), doc.UnknownOf(why, at)
		if p := r.m.Named(res.Attr("backup_policy_id"), "id", "azurerm_data_protection_backup_policy_disk"); p != nil {
			b.KeepDays = duration(p.Attr("default_retention_duration"), p.At.Span(), 24)
			for _, v := range p.Attr("backup_repeating_time_intervals").List() {
				b.EveryHours = duration(v, p.At.Span(), 1)
			}
		}
		r.m.AddBackup(b)
	}
}

// protected are the disks of a protected machine: all of them, unless LUNs are named.
func (r *reader) protected(res *eval.Resource) []*doc.Node {
	at := res.At.Span()
	i := r.m.InstanceOf(res.Attr("source_vm_id"))
	if i == nil {
		return []*doc.Node{doc.UnknownOf("the machine is not in this repository: "+res.Attr("source_vm_id").Reason(), at)}
	}
	var h *host
	for _, x := range r.hosts {
		if x.Instance == i {
			h = x
		}
	}
	include, exclude := res.Attr("include_disk_luns"), res.Attr("exclude_disk_luns")
	if h == nil || include.IsNull() && exclude.IsNull() {
		return i.CoverAll(at)
	}
	if include.Kind == eval.Unknown || exclude.Kind == eval.Unknown {
		return []*doc.Node{model.Cover(i.ID, at), doc.UnknownOf("which disks are left out is not known", at)}
	}
	listed := func(v *eval.Val, id string) bool {
		for _, l := range v.List() {
			if n, ok := l.Int(); ok && h.luns[n] == id {
				return true
			}
		}
		return false
	}
	out := []*doc.Node{model.Cover(i.ID, at)}
	for _, v := range i.Data {
		if !include.IsNull() && !listed(include, v.ID) || listed(exclude, v.ID) {
			continue
		}
		out = append(out, model.Cover(v.ID, at))
	}
	return out
}

func policy(p *eval.Resource) (every, keep *doc.Node) {
	at := p.At.Span()
	every, keep = doc.UnknownOf("the policy has no backup block", at), doc.UnsetAt(at)
	if b := first(p.Attr("backup")); b != nil {
		f := b.Attr("frequency")
		switch s, ok := f.Str(); {
		case !ok:
			every = doc.UnknownOf("the frequency is not known: "+f.Reason(), b.At.Span())
		case s == "Hourly":
			every = model.Num(b.Attr("hour_interval"), b.At.Span())
		case s == "Daily":
			every = model.Derived(24, "Daily", f.At.Span())
		default:
			n := max(1, len(b.Attr("weekdays").List()))
			gap := 168
			if n == 7 {
				gap = 24
			}
			every = model.Derived(gap, "Weekly", f.At.Span())
		}
	}
	if d := first(p.Attr("retention_daily")); d != nil {
		keep = model.Num(d.Attr("count"), d.At.Span())
	} else if w := first(p.Attr("retention_weekly")); w != nil {
		if n, ok := w.Attr("count").Num(); ok {
			keep = model.Derived(n*7, "weeks", w.At.Span())
		}
	}
	return every, keep
}

var iso = regexp.MustCompile(`P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$`)

// duration reads an ISO 8601 duration, or the end of a repeating interval, in units of unit hours.
func duration(v *eval.Val, at span.Span, unit float64) *doc.Node {
	n := model.Str(v, at)
	s, ok := n.Str()
	m := iso.FindStringSubmatch(s)
	if !ok || m == nil {
		if ok {
			return doc.UnknownOf("the duration "+s+" cannot be read", n.At)
		}
		return n
	}
	total := 0.0
	for k, hours := range []float64{168, 24, 1, 1. / 60} {
		x, _ := strconv.ParseFloat("0"+m[k+1], 64)
		total += x * hours
	}
	if total == 0 {
		return doc.UnknownOf("the duration "+s+" cannot be read", n.At)
	}
	return model.Derived(total/unit, "from "+s, n.At)
}
