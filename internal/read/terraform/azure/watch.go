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
		notify := tells(res)
		for _, c := range append(res.Attr("criteria").Blocks(), res.Attr("dynamic_criteria").Blocks()...) {
			metric, _ := c.Attr("metric_name").Str()
			for _, s := range res.Attr("scopes").List() {
				if i := r.m.InstanceOf(s); i != nil {
					i.Watch("alert", signal(metric), model.Doubt(notify, res.Cond), res.Addr, at)
				}
			}
		}
	}
	for _, res := range r.m.Config.Of("azurerm_application_insights_standard_web_test", "azurerm_application_insights_web_test") {
		at := res.At.Span()
		notify := doc.Of(false, doc.Derived, at).Because("no alert watches this test")
		for _, a := range r.m.Config.Of("azurerm_monitor_metric_alert") {
			for _, c := range a.Attr("application_insights_web_test_location_availability_criteria").Blocks() {
				if t, _ := c.Attr("web_test_id").Target(); t == res {
					notify = tells(a)
				}
			}
		}
		host := first(res.Attr("request")).Attr("url").Host()
		r.m.Watch(host, host, "uptime", "http", notify, res.Addr, at)
	}
	for _, res := range r.m.Config.Of("azurerm_virtual_machine_extension") {
		typ, _ := res.Attr("type").Str()
		i := r.m.InstanceOf(res.Attr("virtual_machine_id"))
		switch {
		case i == nil:
		case strings.HasPrefix(typ, "AzureMonitorLinuxAgent") || typ == "OmsAgentForLinux":
			i.Watch("agent", "memory", doc.Of(false, doc.Derived, res.At.Span()), res.Addr, res.At.Span())
		case strings.HasPrefix(typ, "AADSSHLogin"):
			i.Node.Get("ssh").Put("alternative", model.Derived("oslogin", typ, res.At.Span()))
		}
	}
}

func tells(res *eval.Resource) *doc.Node {
	at := res.At.Span()
	if on, ok := res.Attr("enabled").Bool(); ok && !on {
		return model.Set(false, res.Attr("enabled").At.Span())
	}
	return doc.Of(len(res.Attr("action").Blocks()) > 0, doc.Derived, at)
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
