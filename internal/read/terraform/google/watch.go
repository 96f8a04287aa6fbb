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
		notify := r.tells(res)
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
							notify = model.Doubt(r.tells(p), p.Cond)
						}
					}
				}
			}
		}
		var host *eval.Val
		for _, b := range res.Attr("monitored_resource").Blocks() {
			host = b.Attr("labels").Attr("host")
		}
		r.m.Watch(host, host, "uptime", "http", model.Doubt(notify, res.Cond), res.Addr, at)
	}
}

// tells says whether a policy reaches somebody: it is on, and so is one of its channels.
func (r *reader) tells(p *eval.Resource) *doc.Node {
	at := p.At.Span()
	if on := model.Or(model.Bool(p.Attr("enabled"), at), true, "a policy is on unless enabled is false"); on.Value != true {
		return on
	}
	v := p.Attr("notification_channels")
	if v.Kind == eval.Unknown {
		return doc.UnknownOf(v.Reason(), v.At.Span())
	}
	out := doc.Of(false, doc.Derived, at)
	for _, c := range v.List() {
		channel := r.m.Named(c, "id", "google_monitoring_notification_channel")
		if channel == nil { // of another repository
			return doc.Of(true, doc.Derived, at)
		}
		on := model.Doubt(model.Or(model.Bool(channel.Attr("enabled"), channel.At.Span()), true, "a channel is on unless enabled is false"), channel.Cond)
		if on.Value == true {
			return doc.Of(true, doc.Derived, at)
		}
		out = on
	}
	return out
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
