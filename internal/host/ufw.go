package host

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var services = map[string]string{
	"ssh": "22/tcp", "openssh": "22/tcp", "http": "80/tcp", "https": "443/tcp", "www": "80/tcp", "www full": "80,443/tcp",
	"nginx full": "80,443/tcp", "nginx http": "80/tcp", "nginx https": "443/tcp", "apache": "80/tcp", "apache full": "80,443/tcp",
	"apache secure": "443/tcp", "domain": "53/any", "smtp": "25/tcp", "mysql": "3306/tcp", "postgresql": "5432/tcp",
}

// ufw replays allow, deny, limit, reject, default, enable, disable and reset.
func (i *interp) ufw(s *step.Step, args []string) {
	f := &i.guest.fw
	var a []string
	f.first = has(args, "prepend")
	for n, w := range args {
		if w == "insert" && n+1 < len(args) {
			f.first = true
			if args[n+1] != "1" { // before some of the rules that are there
				f.unsure = "a rule of ufw is put among others"
			}
		}
		if w != "--force" && w != "prepend" && w != "-f" && !(w == "insert" && n+1 < len(args)) && !(n > 0 && args[n-1] == "insert") {
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
			f.deny = settle(f.deny, s, v, s.At)
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
