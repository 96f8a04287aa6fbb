package google

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// alerts reads alert policies, uptime checks and notification channels.
func (r *reader) alerts() {
	for _, res := range r.m.Config.Of("google_monitoring_notification_channel") {
		kind, _ := res.Attr("type").Str()
		r.m.Sink(res, kind)
	}
	for _, res := range r.m.Config.Of("google_monitoring_alert_policy") {
		at := res.At.Span()
		notify := tells(res)
		for _, c := range res.Attr("conditions").Blocks() {
			for _, kind := range []string{"condition_threshold", "condition_absent"} {
				for _, b := range c.Attr(kind).Blocks() {
					filter := b.Attr("filter")
					s := filter.TextString()
					if strings.Contains(s, "uptime_check") {
						continue
					}
					hit := false
					for _, l := range r.m.Config.Refs(filter) {
						if i := r.m.Owner[l.Res]; i != nil {
							i.Watch("alert", signal(s), model.Doubt(notify, res.Cond), res.Addr, at)
							hit = true
						}
					}
					if !hit && strings.Contains(s, "gce_instance") && !strings.Contains(s, "instance_id") && !strings.Contains(s, "metadata.") && !strings.Contains(s, "labels.") {
						for _, h := range r.hosts { // every machine of the project
							h.Watch("alert", signal(s), model.Doubt(notify, res.Cond), res.Addr, at)
						}
					}
				}
			}
		}
	}
	for _, res := range r.m.Config.Of("google_monitoring_uptime_check_config") {
		at := res.At.Span()
		notify := doc.Of(false, doc.Derived, at).Because("no alert policy watches this check")
		for _, p := range r.m.Config.Of("google_monitoring_alert_policy") {
			for _, c := range p.Attr("conditions").Blocks() {
				for _, b := range c.Attr("condition_threshold").Blocks() {
					for _, l := range r.m.Config.Refs(b.Attr("filter")) {
						if l.Res == res {
							notify = tells(p)
						}
					}
				}
			}
		}
		var host *eval.Val
		for _, b := range res.Attr("monitored_resource").Blocks() {
			host = b.Attr("labels").Attr("host")
		}
		r.m.Watch(host, host, "uptime", "http", notify, res.Addr, at)
	}
}

func tells(p *eval.Resource) *doc.Node {
	at := p.At.Span()
	if on, ok := p.Attr("enabled").Bool(); ok && !on {
		return model.Set(false, p.Attr("enabled").At.Span())
	}
	v := p.Attr("notification_channels")
	if v.Kind == eval.Unknown {
		return doc.UnknownOf(v.Reason(), v.At.Span())
	}
	return doc.Of(len(v.List()) > 0, doc.Derived, at)
}

func signal(filter string) string {
	for _, s := range []string{"memory", "disk", "cpu", "uptime"} {
		if strings.Contains(filter, s) {
			return s
		}
	}
	return "status"
}

func (r *reader) patching() {
	for _, res := range r.m.Config.Of("google_os_config_patch_deployment") {
		at := res.At.Span()
		var every *doc.Node
		recurring := res.Attr("recurring_schedule").Blocks()
		if len(recurring) == 0 {
			continue // once is no patching
		}
		switch {
		case len(recurring[0].Attr("weekly").Blocks()) > 0:
			every = model.Derived(168, "weekly", recurring[0].At.Span())
		case len(recurring[0].Attr("monthly").Blocks()) > 0:
			every = model.Derived(744, "monthly", recurring[0].At.Span())
		default:
			every = model.Derived(24, "daily", recurring[0].At.Span())
		}
		for _, f := range res.Attr("instance_filter").Blocks() {
			all, _ := f.Attr("all").Bool()
			for _, h := range r.hosts {
				hit := all
				for _, v := range f.Attr("instances").List() {
					hit = hit || r.m.InstanceOf(v) == h.Instance
				}
				for _, v := range f.Attr("instance_name_prefixes").List() {
					p, ok := v.Str()
					name, ok2 := h.attr("name").Str()
					hit = hit || ok && ok2 && strings.HasPrefix(name, p)
				}
				for _, g := range f.Attr("group_labels").Blocks() {
					hit = hit || labelled(g.Attr("labels"), h)
				}
				if hit {
					h.Patch("provider", res.Addr, every, at, res.Cond)
				}
			}
		}
	}
}

func labelled(want *eval.Val, h *host) bool {
	have := h.Node.Get("tags")
	if want.Kind != eval.Map || len(want.Keys) == 0 {
		return false
	}
	for _, k := range want.Keys {
		w, ok := want.Child[k].Str()
		v, ok2 := have.Get(k).Str()
		if !ok || !ok2 || w != v {
			return false
		}
	}
	return true
}
