package host

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

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
	if base(s.Argv[0].String()) == "ip6tables" {
		return // what protects the addresses of version 4 is what counts
	}
	f := &i.guest.fw
	f.first = false
	if has(args, "-F") || has(args, "--flush") {
		f.rules = nil
		return
	}
	if chain := get("-P", "--policy"); chain == "INPUT" {
		f.seen(s, "iptables")
		v := "allow"
		if has(args, "DROP") || has(args, "REJECT") {
			v = "deny"
		}
		f.deny = settle(f.deny, s, v, s.At)
		return
	}
	if get("-A", "-I", "-D", "--append", "--insert", "--delete") != "INPUT" || target == "" || has(args, "lo") || get("--state", "--ctstate") != "" {
		return
	}
	action := map[string]string{"ACCEPT": "allow", "DROP": "deny", "REJECT": "deny"}[target]
	ports := get("--dport", "--dports", "--destination-port")
	if action == "" {
		return
	}
	f.seen(s, "iptables")
	if place := get("-I", "--insert"); place != "" {
		f.first = true
		if n := get("INPUT"); n != "1" && n != "" && n[0] >= '0' && n[0] <= '9' {
			f.unsure = "a rule of iptables is put among others"
		}
	}
	if has(args, "-D") || has(args, "--delete") {
		f.unsure = "a rule of iptables is deleted again"
	}
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
			f.deny = settle(f.deny, s, "deny", s.At)
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
	f := &i.guest.fw
	f.first = false
	if f.tool != "firewalld" {
		f.seen(s, "firewalld")
		i.ufwRule(s, "allow", []string{"22/tcp"}) // the public zone's default
	}
	f.deny = settle(f.deny, s, "deny", s.At)
	for _, a := range args {
		flag, value, _ := strings.Cut(a, "=")
		switch {
		case (flag == "--set-default-zone" || flag == "--zone") && value != "public",
			flag == "--add-rich-rule", flag == "--add-interface", flag == "--add-source", flag == "--set-target", flag == "--direct", flag == "--panic-on",
			flag == "--remove-port", flag == "--remove-service" && value != "ssh":
			f.unsure = "what firewalld is told here (" + span.Show(flag) + ") is not worked out"
		case flag == "--remove-service" && maybe(s) == "" && len(f.rules) > 0:
			if port, _ := f.rules[0].Get("from").Int(); port == 22 {
				f.rules = f.rules[1:]
			}
		}
		port, ok := strings.CutPrefix(a, "--add-port=")
		if svc, is := strings.CutPrefix(a, "--add-service="); is {
			port, ok = services[svc], services[svc] != ""
		}
		if ok {
			i.ufwRule(s, "allow", []string{strings.ReplaceAll(port, "-", ":")})
		}
	}
}
