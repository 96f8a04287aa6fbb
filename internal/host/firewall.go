package host

import (
	"strconv"
	"strings"

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
}

func (f *firewall) seen(s *step.Step, tool string) {
	if f.tool == "" || tool == "ufw" && f.tool != "ufw" {
		f.tool, f.at = tool, s.At
	}
}

func (f *firewall) enable(s *step.Step, tool string, on bool) {
	f.seen(s, tool)
	f.enabled = fact(s, on, s.At)
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
	f.rules = append(f.rules, entry(s, s.At, "action", action, "proto", proto, "from", lo, "to", hi, "cidrs", list))
}

var services = map[string]string{
	"ssh": "22/tcp", "openssh": "22/tcp", "http": "80/tcp", "https": "443/tcp", "www": "80/tcp", "www full": "80,443/tcp",
	"nginx full": "80,443/tcp", "nginx http": "80/tcp", "nginx https": "443/tcp", "apache": "80/tcp", "apache full": "80,443/tcp",
	"apache secure": "443/tcp", "domain": "53/any", "smtp": "25/tcp", "mysql": "3306/tcp", "postgresql": "5432/tcp",
}

// ufw replays allow, deny, limit, reject, default, enable, disable and reset.
func (i *interp) ufw(s *step.Step, args []string) {
	f := &i.guest.fw
	var a []string
	for n, w := range args {
		if w != "--force" && w != "-f" && !(w == "insert" && n+1 < len(args)) && !(n > 0 && args[n-1] == "insert") {
			a = append(a, w)
		}
	}
	if len(a) == 0 {
		return
	}
	f.seen(s, "ufw")
	switch verb := a[0]; verb {
	case "enable":
		f.enable(s, "ufw", true)
	case "disable":
		f.enable(s, "ufw", false)
	case "reset":
		f.rules, f.deny = nil, nil
		f.enabled = fact(s, false, s.At)
	case "default":
		if v := pick(a, "deny", "reject", "allow"); v != "" && (has(a, "incoming") || len(a) == 2) {
			if v == "reject" {
				v = "deny"
			}
			f.deny = fact(s, v, s.At)
		}
	case "allow", "deny", "reject", "limit":
		i.ufwRule(s, verb, a[1:])
	case "delete":
		f.unsure = "a rule of ufw is deleted again"
	}
}

func (i *interp) ufwRule(s *step.Step, action string, a []string) {
	if action == "reject" {
		action = "deny"
	}
	if len(a) > 0 && a[0] == "out" {
		return
	}
	port, proto := "", "any"
	var cidrs []string
	for n := 0; n < len(a); n++ {
		next := ""
		if n+1 < len(a) {
			next = a[n+1]
		}
		switch a[n] {
		case "in", "on", "any", "to", "comment", "log":
			if a[n] == "on" || a[n] == "to" || a[n] == "comment" {
				n++
			}
		case "from":
			if next != "any" && next != "" {
				cidrs = append(cidrs, next)
			}
			n++
		case "port", "app":
			port = next
			n++
		case "proto":
			proto = next
			n++
		default:
			port = a[n]
		}
	}
	if named, ok := services[strings.ToLower(port)]; ok {
		port = named
	}
	if p, q, ok := strings.Cut(port, "/"); ok {
		port, proto = p, q
	}
	if port == "" {
		i.guest.fw.rule(s, action, proto, 0, 65535, cidrs)
		return
	}
	for _, p := range strings.Split(port, ",") {
		lo, hi, _ := strings.Cut(p, ":")
		from, err := strconv.Atoi(lo)
		to := from
		if hi != "" {
			to, _ = strconv.Atoi(hi)
		}
		if err != nil {
			i.guest.fw.unsure = "a rule of ufw whose port is not known: " + span.Show(port)
			continue
		}
		i.guest.fw.rule(s, action, proto, from, to, cidrs)
	}
}

const metadataAddress = "169.254.169.254"

// iptables knows the default policy, ports that are accepted, and the block of the metadata service.
func (i *interp) iptables(s *step.Step, args []string) {
	get := func(names ...string) string {
		for n := 0; n+1 < len(args); n++ {
			for _, name := range names {
				if args[n] == name {
					return args[n+1]
				}
			}
		}
		return ""
	}
	target := get("-j", "--jump")
	if strings.HasPrefix(get("-d", "--destination"), metadataAddress) {
		if target == "DROP" || target == "REJECT" {
			i.guest.metadata = fact(s, true, s.At)
		}
		return
	}
	f := &i.guest.fw
	if chain := get("-P", "--policy"); chain == "INPUT" {
		f.seen(s, "iptables")
		v := "allow"
		if has(args, "DROP") || has(args, "REJECT") {
			v = "deny"
		}
		f.deny = fact(s, v, s.At)
		return
	}
	if get("-A", "-I", "--append", "--insert") != "INPUT" || target == "" || has(args, "lo") || get("--state", "--ctstate") != "" {
		return
	}
	action := map[string]string{"ACCEPT": "allow", "DROP": "deny", "REJECT": "deny"}[target]
	ports := get("--dport", "--dports", "--destination-port")
	if action == "" {
		return
	}
	f.seen(s, "iptables")
	var cidrs []string
	if src := get("-s", "--source"); src != "" {
		cidrs = []string{src}
	}
	proto := get("-p", "--protocol")
	if proto == "" {
		proto = "any"
	}
	if ports == "" {
		if action == "deny" && proto == "any" && cidrs == nil && has(args, "-A") {
			f.deny = fact(s, "deny", s.At)
			return
		}
		f.rule(s, action, proto, 0, 65535, cidrs)
		return
	}
	for _, p := range strings.Split(ports, ",") {
		lo, hi, _ := strings.Cut(p, ":")
		if named, ok := services[lo]; ok {
			lo, _, _ = strings.Cut(named, "/")
		}
		from, err := strconv.Atoi(lo)
		to := from
		if hi != "" {
			to, _ = strconv.Atoi(hi)
		}
		if err != nil {
			f.unsure = "a rule of iptables whose port is not known: " + span.Show(p)
			continue
		}
		f.rule(s, action, proto, from, to, cidrs)
	}
}

func (i *interp) otherFirewall(s *step.Step, name string, args []string) {
	text := strings.Join(args, " ")
	if name == "nft" {
		if strings.Contains(text, metadataAddress) && (strings.Contains(text, "drop") || strings.Contains(text, "reject")) {
			i.guest.metadata = fact(s, true, s.At)
		} else if strings.Contains(text, "add rule") || strings.Contains(text, "-f") {
			i.guest.fw.seen(s, "nftables")
			i.guest.fw.unsure = "rules of nftables are not worked out"
		}
		return
	}
	i.guest.fw.seen(s, "firewalld")
	i.guest.fw.deny = fact(s, "deny", s.At)
	for _, a := range args {
		port, ok := strings.CutPrefix(a, "--add-port=")
		if svc, is := strings.CutPrefix(a, "--add-service="); is {
			port, ok = services[svc], services[svc] != ""
		}
		if ok {
			i.ufwRule(s, "allow", []string{strings.ReplaceAll(port, "-", ":")})
		}
	}
}
