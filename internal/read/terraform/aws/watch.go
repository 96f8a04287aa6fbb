package aws

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// alarms reads CloudWatch alarms, health checks and where they are sent.
func (r *reader) alarms() {
	for _, h := range r.hosts {
		if v := h.attr("monitoring"); !v.IsNull() {
			if on, ok := v.Bool(); ok && on {
				h.Watch("dashboard", "cpu", doc.Of(false, doc.Derived, v.At.Span()), h.ID, v.At.Span())
			}
		}
	}
	for _, res := range r.m.Config.Of("aws_cloudwatch_metric_alarm") {
		at := headOf(res)
		i := r.m.InstanceOf(res.Attr("dimensions").Attr("InstanceId"))
		if i == nil {
			continue
		}
		metric, _ := res.Attr("metric_name").Str()
		i.Watch("alert", signal(metric), model.Doubt(r.notifies(res.Attr("alarm_actions"), res.Attr("actions_enabled"), res), res.Cond), res.Addr, at)
	}
	for _, res := range r.m.Config.Of("aws_route53_health_check") {
		at := headOf(res)
		// A health check alone tells nobody: an alarm on its status does.
		told := doc.Of(false, doc.Derived, at).Because("no alarm watches this health check")
		for _, a := range r.m.Config.Of("aws_cloudwatch_metric_alarm") {
			if r.m.Named(a.Attr("dimensions").Attr("HealthCheckId"), "id", "aws_route53_health_check") == res {
				told = model.Doubt(r.notifies(a.Attr("alarm_actions"), a.Attr("actions_enabled"), a), a.Cond)
			}
		}
		r.m.Watch(res.Attr("fqdn"), res.Attr("ip_address"), "uptime", "http", model.Doubt(told, res.Cond), res.Addr, at)
	}
	for _, res := range r.m.Config.Of("aws_sns_topic_subscription") {
		p, _ := res.Attr("protocol").Str()
		kind := "sns"
		if strings.HasPrefix(p, "email") {
			kind = "email"
		}
		r.m.Sink(res, kind)
	}
}

// notifies says whether somebody is told by an alarm's actions. A topic of this module that nothing here subscribes to
// tells nobody, unless somebody subscribed by hand.
func (r *reader) notifies(actions, enabled *eval.Val, res *eval.Resource) *doc.Node {
	at := headOf(res)
	if on, ok := enabled.Bool(); ok && !on {
		return model.Set(false, enabled.At.Span())
	} else if !ok && !enabled.IsNull() {
		return doc.UnknownOf("whether the alarm does anything is not known: "+enabled.Reason(), enabled.At.Span())
	}
	if actions.Kind == eval.Unknown && !actions.IsNull() {
		return doc.UnknownOf(actions.Reason(), actions.At.Span())
	}
	silent, perhaps := "", ""
	for _, a := range actions.List() {
		if s, _ := a.Str(); acts.MatchString(s) { // it does something to the machine, and tells nobody
			continue
		}
		topic := r.m.Named(a, "arn", "aws_sns_topic")
		if topic == nil {
			return doc.Of(true, doc.Derived, at)
		}
		yes, why := r.subscribed(topic)
		if yes {
			return doc.Of(true, doc.Derived, at)
		}
		if silent = topic.Addr; why != "" {
			perhaps = "whether somebody subscribes to " + silent + " is not known: " + why
		}
	}
	switch {
	case perhaps != "":
		return doc.UnknownOf(perhaps, at)
	case silent != "":
		return doc.UnknownOf("nothing in this repository subscribes to "+silent+"; declare an aws_sns_topic_subscription, or state the alert in an infra.yaml", at)
	}
	return doc.Of(false, doc.Derived, at)
}

var acts = lazyregexp.New(`^arn:[\w-]+:(automate|swf|autoscaling):`)

// subscribed says whether somebody is subscribed to a topic; perhaps is why somebody may be.
func (r *reader) subscribed(topic *eval.Resource) (yes bool, perhaps string) {
	for _, s := range r.m.Config.Of("aws_sns_topic_subscription") {
		if p, _ := s.Attr("protocol").Str(); p == "sqs" || p == "firehose" { // nobody reads there
			continue
		}
		switch {
		case r.m.Named(s.Attr("topic_arn"), "arn", "aws_sns_topic") != topic:
		case s.Cond == "":
			return true, ""
		default:
			perhaps = s.Cond
		}
	}
	return false, perhaps
}

func signal(metric string) string {
	m := strings.ToLower(metric)
	for _, s := range []string{"cpu", "mem", "disk", "status", "http"} {
		if strings.Contains(m, s) {
			return strings.Replace(s, "mem", "memory", 1)
		}
	}
	return metric
}

// patching reads Systems Manager's ways to install updates on a schedule.
func (r *reader) patching() {
	for _, res := range r.m.Config.Of("aws_ssm_association") {
		if n, _ := res.Attr("name").Str(); n != "AWS-RunPatchBaseline" {
			continue
		}
		if op, _ := res.Attr("parameters").Attr("Operation").Str(); op == "Scan" {
			continue
		}
		s := res.Attr("schedule_expression")
		if s.IsNull() {
			continue
		}
		for _, t := range res.Attr("targets").Blocks() {
			r.patched(t, res, s)
		}
	}
	for _, task := range r.m.Config.Of("aws_ssm_maintenance_window_task") {
		if n, _ := task.Attr("task_arn").Str(); n != "AWS-RunPatchBaseline" {
			continue
		}
		window := r.m.Named(task.Attr("window_id"), "id", "aws_ssm_maintenance_window")
		if window == nil {
			continue
		}
		install := true
		for _, p := range first(first(task.Attr("task_invocation_parameters")).Attr("run_command_parameters")).Attr("parameter").Blocks() {
			if n, _ := p.Attr("name").Str(); n == "Operation" {
				for _, v := range p.Attr("values").List() {
					if s, _ := v.Str(); s == "Scan" {
						install = false
					}
				}
			}
		}
		if !install {
			continue
		}
		for _, t := range task.Attr("targets").Blocks() {
			r.patched(t, task, window.Attr("schedule"))
		}
		for _, target := range r.m.Config.Of("aws_ssm_maintenance_window_target") {
			if r.m.Named(target.Attr("window_id"), "id", "aws_ssm_maintenance_window") == window {
				for _, t := range target.Attr("targets").Blocks() {
					r.patched(t, task, window.Attr("schedule"))
				}
			}
		}
	}
}

// patched notes a patch schedule for the machines that one targets block names.
func (r *reader) patched(target *eval.Val, res *eval.Resource, schedule *eval.Val) {
	key, _ := target.Attr("key").Str()
	for _, h := range r.hosts {
		hit := false
		for _, v := range target.Attr("values").List() {
			s, _ := v.Str()
			switch {
			case key == "InstanceIds":
				hit = hit || s == "*" || r.m.InstanceOf(v) == h.Instance
			case strings.HasPrefix(key, "tag:"):
				yes, _ := has(strings.TrimPrefix(key, "tag:"), v, h.Tags...)
				hit = hit || yes
			}
		}
		if hit {
			h.Patch("provider", res.Addr, every(schedule, headOf(res)), headOf(res), res.Cond)
		}
	}
}

func (r *reader) images() {
	for _, res := range r.m.Config.Of("aws_ebs_snapshot") {
		for _, l := range r.m.Config.Refs(res.Attr("volume_id")) {
			if v := r.volumes[l.Res]; v != nil {
				r.m.Image(res, "disk_snapshot", v.ID)
			} else if i := r.m.Owner[l.Res]; i != nil {
				r.m.Image(res, "disk_snapshot", i.ID)
			}
		}
	}
	for _, res := range r.m.Config.Of("aws_ami_from_instance") {
		if i := r.m.InstanceOf(res.Attr("source_instance_id")); i != nil {
			r.image(res, i.ID)
		}
	}
}

func (r *reader) image(res *eval.Resource, of string) {
	r.m.Image(res, "instance_image", of)
}
