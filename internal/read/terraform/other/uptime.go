package other

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// monitor says which arguments of a check by an outside service hold what.
type monitor struct {
	typ    string
	target []string // what is checked: an argument, or one in a block
	told   []string // who is told; none of them: nobody, unless byDefault
	off    string   // the argument that switches it off when it is this
	when   string
	// byDefault: the service tells its account's owner where nothing is written.
	byDefault bool
}

// monitors are the services that people watch web sites with; arguments as their providers' documentation names them.
var monitors = []monitor{
	{typ: "uptimerobot_monitor", target: []string{"url"}, told: []string{"alert_contact", "assigned_alert_contacts"}},
	{typ: "betteruptime_monitor", target: []string{"url"}, told: []string{"email", "sms", "call", "push", "policy_id"}, off: "paused", when: "true", byDefault: true},
	{typ: "betterstack_monitor", target: []string{"url"}, told: []string{"email", "sms", "call", "push", "policy_id"}, off: "paused", when: "true", byDefault: true},
	{typ: "statuscake_uptime_check", target: []string{"monitored_resource", "address"}, told: []string{"contact_groups"}, off: "paused", when: "true"},
	{typ: "pingdom_check", target: []string{"host"}, told: []string{"userids", "teamids", "integrationids"}},
	{typ: "checkly_check", target: []string{"request", "url"}, told: []string{"alert_channel_subscription", "alert_settings"}, off: "activated", when: "false"},
	{typ: "checkly_url_monitor", target: []string{"request", "url"}, told: []string{"alert_channel_subscription"}, off: "activated", when: "false"},
	{typ: "datadog_synthetics_test", target: []string{"request_definition", "url"}, told: []string{"message"}, off: "status", when: "paused"},
	{typ: "site24x7_website_monitor", target: []string{"website"}, told: []string{"notification_profile_id", "user_group_ids"}},
	{typ: "updown_check", target: []string{"url"}, told: []string{"recipients"}, off: "enabled", when: "false"},
	{typ: "cronitor_http_monitor", target: []string{"url"}, told: []string{"notify"}, off: "paused", when: "true"},
	{typ: "hetrixtools_uptime_monitor", target: []string{"target"}, told: []string{"contact_list"}},
}

// Uptime reads checks from outside, whichever cloud the machine is in.
func Uptime(m *model.Infra) {
	for _, kind := range monitors {
		for _, res := range m.Config.Of(kind.typ) {
			at := res.At.Span()
			target := res.Attr(kind.target[0])
			for _, name := range kind.target[1:] {
				target = target.Attr(name)
			}
			m.Watch(target.Host(), target, "uptime", "http", model.Doubt(kind.tells(res), res.Cond), res.Addr, at)
		}
	}
}

// tells says whether somebody hears of what the check finds.
func (kind monitor) tells(res *eval.Resource) *doc.Node {
	at := res.At.Span()
	if v := res.Attr(kind.off); kind.off != "" && !v.IsNull() {
		s, ok := v.Str()
		switch {
		case !ok:
			return doc.UnknownOf(v.Reason(), v.At.Span())
		case s == kind.when:
			return model.Set(false, v.At.Span())
		}
	}
	written := false
	for _, name := range kind.told {
		v := res.Attr(name)
		if v.IsNull() {
			continue
		}
		written = true
		if on, ok := v.Bool(); ok && !on && (v.Kind == eval.Bool) {
			continue
		}
		if v.Kind != eval.List || len(v.Items) > 0 {
			return model.Set(true, v.At.Span())
		}
	}
	if !written && kind.byDefault {
		return doc.Of(true, doc.Default, at).Because("the service mails its account's owner")
	}
	return doc.Of(false, doc.Derived, at).Because("the check names nobody to tell")
}
