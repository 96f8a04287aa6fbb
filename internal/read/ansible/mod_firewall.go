package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// ufw is the firewall of Ubuntu: its state, its defaults and one rule.
func (c *call) ufw() {
	direction := c.str("direction")
	if d := c.str("default", "policy"); d != "" {
		if direction == "" {
			direction = "incoming"
		}
		c.run(c.argv("ufw", "default", d, direction))
	}
	if rule := c.str("rule"); rule != "" && (direction == "" || strings.HasPrefix(direction, "in")) {
		c.ufwRule(rule)
	}
	switch state := c.str("state"); {
	case state == "enabled":
		c.run(c.argv("ufw", "--force", "enable"))
	case state == "disabled":
		c.run(c.argv("ufw", "disable"))
	case state == "reset":
		c.run(c.argv("ufw", "--force", "reset"))
	case span.IsUnknown(state):
		m := c.r.mark()
		c.r.doubt("whether the firewall is on is not known: "+span.Reason(state), c.at)
		c.run(c.argv("ufw", "--force", "enable"))
		c.r.back(m)
	}
}

func (c *call) ufwRule(rule string) {
	argv := c.argv("ufw")
	if on, _, _ := c.flag("delete"); on {
		argv = append(argv, c.lit("delete"))
	}
	argv = append(argv, c.lit(rule))
	if app, ok := c.text("name", "app"); ok {
		c.run(append(argv, app))
		return
	}
	src, from := c.text("from_ip", "src", "from")
	port, to := c.text("to_port", "port")
	proto, has := c.text("proto", "protocol")
	if s := proto.String(); s == "any" {
		has = false
	}
	if !from || src.String() == "any" {
		if !to {
			return
		}
		if has {
			port = span.Literal(port.String()+"/"+proto.String(), port)
		}
		c.run(append(argv, port))
		return
	}
	argv = append(argv, c.argv("from", src, "to", "any")...)
	if to {
		argv = append(argv, c.lit("port"), port)
	}
	if has {
		argv = append(argv, c.lit("proto"), proto)
	}
	c.run(argv)
}

func (c *call) iptables() {
	argv := c.argv("iptables")
	if p, ok := c.text("policy"); ok {
		chain, _ := c.text("chain")
		c.run(append(argv, c.lit("-P"), chain, p))
		return
	}
	chain, ok := c.text("chain")
	if !ok || !c.present() {
		return
	}
	flag := "-A"
	if c.str("action") == "insert" {
		flag = "-I"
	}
	argv = append(argv, c.lit(flag), chain)
	for _, o := range [][2]string{{"protocol", "-p"}, {"source", "-s"}, {"in_interface", "-i"}, {"destination", "-d"}, {"destination_port", "--dport"},
		{"destination_ports", "--dports"}, {"ctstate", "--ctstate"}, {"jump", "-j"}} {
		if o[0] == "destination_ports" || o[0] == "ctstate" {
			if vs := c.texts(o[0]); len(vs) > 0 {
				var all []string
				for _, v := range vs {
					all = append(all, v.String())
				}
				argv = append(argv, c.lit(o[1]), span.Literal(strings.Join(all, ","), vs[0]))
			}
			continue
		}
		if v, ok := c.text(o[0]); ok {
			argv = append(argv, c.lit(o[1]), v)
		}
	}
	c.run(argv)
}

func (c *call) firewalld() {
	if !c.present() {
		return
	}
	if p, ok := c.text("port"); ok {
		c.run(c.argv("firewall-cmd", span.Literal("--add-port="+p.String(), p)))
	}
	if s, ok := c.text("service"); ok {
		c.run(c.argv("firewall-cmd", span.Literal("--add-service="+s.String(), s)))
	}
}
