package host

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// firewall is the host's own firewall as the commands leave it.
type firewall struct {
	tool    string
	at      span.Span
	enabled *doc.Node
	deny    *doc.Node
	rules   []*doc.Node
	unsure  string
	first   bool // the rule that is added stands before all others
}

func (f *firewall) seen(s *step.Step, tool string) {
	if f.tool == "" || tool == "ufw" && f.tool != "ufw" {
		f.tool, f.at = tool, s.At
	}
}

func (f *firewall) enable(s *step.Step, tool string, on bool) {
	f.seen(s, tool)
	f.enabled = settle(f.enabled, s, on, s.At)
}

func (f *firewall) node() *doc.Node {
	if f.tool == "" {
		return nil
	}
	n := doc.NewMap(doc.Set, f.at)
	if f.unsure != "" {
		n.State, n.Why = doc.Unknown, f.unsure
	}
	n.Put("tool", doc.Of(f.tool, doc.Set, f.at))
	enabled, deny := f.enabled, f.deny
	if enabled == nil {
		enabled = doc.Of(false, doc.Default, f.at).Because(f.tool + " is off until it is enabled, and nothing enables it")
		if f.tool != "ufw" {
			enabled = doc.Of(true, doc.Derived, f.at)
		}
	}
	if deny == nil {
		if deny = doc.UnsetAt(f.at); f.tool == "ufw" {
			deny = doc.Of("deny", doc.Default, f.at).Because("ufw denies incoming traffic unless told otherwise")
		}
	}
	n.Put("enabled", enabled)
	n.Put("default_incoming", deny)
	n.Put("rules", doc.NewList(doc.Set, f.at, f.rules...))
	return n
}

func (f *firewall) rule(s *step.Step, action, proto string, from, to int, cidrs []string) {
	var lo, hi any
	if from >= 0 {
		lo, hi = from, to
	}
	if len(cidrs) == 0 {
		cidrs = []string{"0.0.0.0/0", "::/0"}
	}
	list := doc.NewList(doc.Set, s.At)
	for _, c := range cidrs {
		if span.IsUnknown(c) {
			list.Add(doc.UnknownOf(span.Reason(c), s.At))
		} else {
			list.Add(doc.Of(c, doc.Set, s.At))
		}
	}
	rule := entry(s, s.At, "action", action, "proto", proto, "from", lo, "to", hi, "cidrs", list)
	if f.first {
		f.rules = append([]*doc.Node{rule}, f.rules...)
		return
	}
	f.rules = append(f.rules, rule)
}
