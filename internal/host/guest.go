package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// guest gathers what commands say about the machine; node makes the document part of it.
type guest struct {
	sshd        sshd
	keys        int
	keysAt      span.Span
	keysUnsure  string
	patching    patching
	monitoring  []*doc.Node
	metadata    *doc.Node
	mounts      []*doc.Node
	proxy       *doc.Node
	sites       []*doc.Node
	fw          firewall
	filesystems map[string]string // by device
}

// fact is a scalar that s states: unknown when s may not happen.
func fact(s *step.Step, v any, at span.Span) *doc.Node {
	if at.IsZero() {
		at = s.At
	}
	if why := maybe(s); why != "" {
		return doc.UnknownOf(why, at)
	}
	return doc.Of(v, doc.Set, at)
}

// settle is fact for something that old says already: a step that may not happen, but would say the same, changes nothing.
func settle(old *doc.Node, s *step.Step, v any, at span.Span) *doc.Node {
	n := fact(s, v, at)
	if n.State == doc.Unknown && old.Known() && old.Value == v {
		return old
	}
	return n
}

// entry is a map of facts that s states, built from key, value pairs.
func entry(s *step.Step, at span.Span, kv ...any) *doc.Node {
	if at.IsZero() {
		at = s.At
	}
	n := doc.NewMap(doc.Set, at)
	if why := maybe(s); why != "" {
		n.State, n.Why = doc.Unknown, why
	}
	for k := 0; k+1 < len(kv); k += 2 {
		if sub, ok := kv[k+1].(*doc.Node); ok {
			n.Put(kv[k].(string), sub)
			continue
		}
		state := doc.Set
		if kv[k+1] == nil {
			state = doc.Unset
		}
		n.Put(kv[k].(string), doc.Of(kv[k+1], state, at))
	}
	return n
}

func (g *guest) watch(s *step.Step, kind, signal, target string, notify bool) {
	var sig any
	if signal != "" {
		sig = signal
	}
	g.monitoring = append(g.monitoring, entry(s, s.At, "kind", kind, "signal", sig, "notify", notify, "target", target))
}

func (g *guest) addKeys(s *step.Step, n int) {
	if why := maybe(s); why != "" {
		if g.keys == 0 {
			g.keysUnsure, g.keysAt = why, s.At
		}
		return
	}
	if g.keys == 0 {
		g.keysAt = s.At
	}
	g.keys += n
}

func (g *guest) node() *doc.Node {
	n := doc.NewMap(doc.Set, span.Span{})
	pw := g.sshd.node()
	if pw != nil || g.keys > 0 || g.keysUnsure != "" {
		at := g.keysAt
		if pw != nil {
			at = pw.At
		}
		ssh := n.Put("ssh", doc.NewMap(doc.Set, at))
		if pw == nil {
			pw = doc.UnsetAt(at)
		}
		ssh.Put("password_auth", pw)
		keys := doc.Of(g.keys, doc.Set, g.keysAt)
		switch {
		case g.keys == 0 && g.keysUnsure != "":
			keys = doc.UnknownOf(g.keysUnsure, g.keysAt)
		case g.keys == 0:
			keys = doc.UnsetAt(at)
		}
		ssh.Put("keys", keys)
	}
	list := func(key string, items []*doc.Node) {
		if len(items) > 0 {
			n.Put(key, doc.NewList(doc.Set, items[0].At, items...))
		}
	}
	list("patching", g.patching.node())
	list("monitoring", g.monitoring)
	if f := g.fw.node(); f != nil {
		n.Put("host_firewall", f)
	}
	if g.metadata != nil {
		m := n.Put("metadata", doc.NewMap(doc.Set, g.metadata.At))
		m.Put("users_blocked", g.metadata)
	}
	list("mounts", g.mounts)
	if g.proxy != nil {
		g.proxy.Put("sites", doc.NewList(doc.Set, g.proxy.At, g.sites...))
		n.Put("proxy", g.proxy)
	}
	return n
}

// lines calls f for each line of t that is no comment, with its place.
func lines(t span.Text, f func(line string, at span.Span)) {
	s := t.String()
	for from, n := 0, 0; from < len(s) && n < 10000; n++ {
		end := strings.IndexByte(s[from:], '\n')
		if end < 0 {
			end = len(s) - from
		}
		line := strings.TrimSpace(s[from : from+end])
		if line != "" && line[0] != '#' {
			lead := strings.Index(s[from:from+end], line)
			f(line, t.SpanOf(from+lead, from+lead+len(line)))
		}
		from += end + 1
	}
}
