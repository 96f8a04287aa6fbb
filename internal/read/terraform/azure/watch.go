package azure

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

func (r *reader) alerts() {
	for _, res := range r.m.Config.Of("azurerm_monitor_action_group") {
		r.m.Sink(res, "action_group")
	}
	for _, res := range r.m.Config.Of("azurerm_monitor_metric_alert") {
		at := res.At.Span()
		notify := r.tells(res)
		for _, c := range append(res.Attr("criteria").Blocks(), res.Attr("dynamic_criteria").Blocks()...) {
			metric, _ := c.Attr("metric_name").Str()
			for _, s := range res.Attr("scopes").List() {
				if i := r.m.InstanceOf(s); i != nil {
					i.Watch("alert", signal(metric), model.Doubt(notify, res.Cond), res.Addr, at)
				} else if t, _ := s.Target(); s.IsUnknown() && notify.Value != false && (t == nil || t.Type == "azurerm_resource_group") {
					for _, h := range r.hosts {
						h.Watch("alert", signal(metric), doc.UnknownOf("which machines "+res.Addr+" watches is not known: "+s.Reason(), s.At.Span()), res.Addr, at)
					}
				}
			}
		}
	}
	for _, res := range r.m.Config.Of("azurerm_monitor_scheduled_query_rules_alert_v2", "azurerm_monitor_scheduled_query_rules_alert") {
		for _, h := range r.hosts {
			h.Watch("alert", "query", doc.UnknownOf("what the query of "+res.Addr+" looks at is not evaluated", res.At.Span()), res.Addr, res.At.Span())
		}
	}
	for _, res := range r.m.Config.Of("azurerm_application_insights_standard_web_test", "azurerm_application_insights_web_test") {
		at := res.At.Span()
		notify := doc.Of(false, doc.Derived, at).Because("no alert watches this test")
		for _, a := range r.m.Config.Of("azurerm_monitor_metric_alert") {
			for _, c := range a.Attr("application_insights_web_test_location_availability_criteria").Blocks() {
				if t, _ := c.Attr("web_test_id").Target(); t == res {
					notify = model.Doubt(r.tells(a), a.Cond)
				}
			}
		}
		host := first(res.Attr("request")).Attr("url").Host()
		r.m.Watch(host, host, "uptime", "http", model.Doubt(notify, res.Cond), res.Addr, at)
	}
	for _, res := range r.m.Config.Of("azurerm_virtual_machine_extension") {
		typ, _ := res.Attr("type").Str()
		i := r.m.InstanceOf(res.Attr("virtual_machine_id"))
		switch {
		case i == nil:
		case strings.HasPrefix(typ, "AzureMonitorLinuxAgent") || typ == "OmsAgentForLinux":
			i.Watch("agent", "memory", doc.Of(false, doc.Derived, res.At.Span()), res.Addr, res.At.Span())
		case strings.HasPrefix(typ, "AADSSHLogin"):
			for _, h := range r.hosts {
				if h.Instance == i {
					h.otherWay("oslogin", typ, res)
				}
			}
		}
	}
}

// tells says whether an alert reaches somebody: it is on, and one of its groups is and has somebody in it.
func (r *reader) tells(res *eval.Resource) *doc.Node {
	at := res.At.Span()
	switch on := model.Or(model.Bool(res.Attr("enabled"), at), true, "an alert is on unless enabled is false"); {
	case on.State == doc.Unknown || on.Value == false:
		return on
	}
	out := doc.Of(false, doc.Derived, at)
	for _, a := range res.Attr("action").Blocks() {
		if a.Kind != eval.Map {
			out = doc.UnknownOf(a.Reason(), a.At.Span())
			continue
		}
		group := r.m.Named(a.Attr("action_group_id"), "id", "azurerm_monitor_action_group")
		if group == nil { // of another repository
			return doc.Of(true, doc.Derived, at)
		}
		reached := model.Doubt(reaches(group), group.Cond)
		if reached.Value == true {
			return reached
		}
		out = reached
	}
	return out
}

// receivers are the kinds of those that a group of actions tells.
var receivers = strings.Fields("arm_role automation_runbook azure_app_push azure_function email event_hub itsm logic_app sms voice webhook")

// reaches says whether a group of actions tells somebody.
func reaches(group *eval.Resource) *doc.Node {
	at := group.At.Span()
	on := model.Or(model.Bool(group.Attr("enabled"), at), true, "a group of actions is on unless enabled is false")
	if on.State == doc.Unknown || on.Value == false || group.Data {
		return on
	}
	for _, kind := range receivers {
		if len(group.Attr(kind+"_receiver").Blocks()) > 0 {
			return doc.Of(true, doc.Derived, at)
		}
	}
	return doc.UnknownOf("nobody stands in "+group.Addr+"; name who is told, or state the alert in an infra.yaml", at)
}

func signal(metric string) string {
	m := strings.ToLower(metric)
	for _, s := range []string{"memory", "cpu", "disk", "availability"} {
		if strings.Contains(m, s) {
			return strings.Replace(s, "availability", "status", 1)
		}
	}
	return metric
}

// patch reads the machine's patch mode and the maintenance configurations assigned to it.
func (r *reader) patch(h *host) {
	mode := h.Res.Attr("patch_mode")
	switch s, ok := mode.Str(); {
	case !mode.IsNull() && !ok:
		h.Patching = append(h.Patching, doc.UnknownOf(mode.Reason(), mode.At.Span()))
	case s == "AutomaticByPlatform":
		h.Patch("provider", "patch_mode", model.Derived(24, "Azure assesses daily", mode.At.Span()), mode.At.Span(), "")
	}
	for _, a := range r.m.Config.Of("azurerm_maintenance_assignment_virtual_machine") {
		if r.m.InstanceOf(a.Attr("virtual_machine_id")) != h.Instance {
			continue
		}
		c := r.m.Named(a.Attr("maintenance_configuration_id"), "id", "azurerm_maintenance_configuration")
		if c == nil {
			h.Patching = append(h.Patching, doc.UnknownOf("the maintenance configuration is not in this repository", a.At.Span()))
			continue
		}
		if s, _ := c.Attr("scope").Str(); s != "InGuestPatch" {
			continue
		}
		every := doc.UnknownOf("how often it runs is not known", c.At.Span())
		if v := first(c.Attr("window")).Attr("recur_every"); !v.IsNull() {
			if h, ok := recur(v); ok {
				every = model.Derived(h, "recur_every", v.At.Span())
			}
		}
		h.Patch("provider", a.Addr, every, a.At.Span(), a.Cond)
	}
}

// recur reads "1Day", "Day", "2Weeks", "1Week Monday", "Month …".
func recur(v *eval.Val) (int, bool) {
	s, ok := v.Str()
	word, _, _ := strings.Cut(s, " ")
	n := 0
	for len(word) > 0 && word[0] >= '0' && word[0] <= '9' && n < 1000 {
		n, word = n*10+int(word[0]-'0'), word[1:]
	}
	per := map[string]int{"hour": 1, "day": 24, "week": 168, "month": 744}[strings.TrimSuffix(strings.ToLower(word), "s")]
	return max(n, 1) * per, ok && per > 0
}
