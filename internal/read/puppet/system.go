package puppet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// packages is a package of the system, or of a language.
func (c *call) packages() {
	name := c.title("name")
	ensure := c.str("ensure")
	gone := ensure == "absent" || ensure == "purged"
	version := ""
	switch ensure {
	case "", "present", "installed", "latest", "held", "absent", "purged", "true":
	default:
		version = ensure
	}
	do := func() {
		switch p := c.str("provider"); p {
		case "pip", "pip3", "pip2":
			cmd := span.Literal("pip3", c.x.title)
			if t := c.text("command"); t.Len() > 0 {
				cmd = t
			}
			switch {
			case gone:
				c.run(cmd, "uninstall", "-y", name)
			case version != "":
				c.run(cmd, "install", span.Concat(name, span.Literal("=="+version, c.text("ensure"))))
			default:
				c.run(cmd, "install", name)
			}
		case "", "apt", "aptitude":
			switch {
			case ensure == "purged":
				c.run("apt-get", "purge", "-y", name)
			case gone:
				c.run("apt-get", "remove", "-y", name)
			case version != "" && !span.IsUnknown(version):
				c.run("apt-get", "install", "-y", span.Concat(name, span.Literal("="+version, c.text("ensure"))))
			default:
				c.run("apt-get", "install", "-y", name)
			}
		case "dpkg":
			if !gone {
				c.run("dpkg", "-i", c.text("source"))
			}
		case "gem", "npm", "snap":
			verb := "install"
			if gone {
				verb = map[string]string{"gem": "uninstall", "npm": "uninstall", "snap": "remove"}[p]
			}
			c.run(p, verb, name)
		default:
			c.run(missingCommand, span.Literal("the provider "+p, c.x.title), name)
		}
	}
	if span.IsUnknown(ensure) && strings.TrimSpace(span.Show(ensure)) == "…" || span.IsUnknown(c.str("provider")) {
		version = ""
		c.doubt("what becomes of the package is not known: "+orElse(span.Reason(ensure), span.Reason(c.str("provider"))), c.x.title, do)
		return
	}
	do()
}

// service starts, stops, enables and disables.
func (c *call) service() {
	name := c.title("name")
	switch e := c.str("enable"); {
	case e == "true" || e == "delayed":
		c.run("systemctl", "enable", name)
	case e == "false":
		c.run("systemctl", "disable", name)
	case e == "mask":
		c.run("systemctl", "mask", name)
	case span.IsUnknown(e):
		c.doubt("whether it is enabled is not known: "+span.Reason(e), c.x.title, func() { c.run("systemctl", "disable", name) })
	}
	stopped := false
	switch e := c.str("ensure"); {
	case e == "running" || e == "true":
		c.run("systemctl", "start", name)
	case e == "stopped" || e == "false":
		c.run("systemctl", "stop", name)
		stopped = true
	case span.IsUnknown(e):
		c.doubt("whether it is running is not known: "+span.Reason(e), c.x.title, func() { c.run("systemctl", "stop", name) })
	}
	if told, cond := c.r.told(c.x); told && !stopped {
		was := c.x.cond
		if was == nil {
			c.x.cond = cond
		}
		c.run("systemctl", "restart", name)
		c.x.cond = was
	}
}

// cron is one line of a crontab.
func (c *call) cron() {
	if c.str("ensure") == "absent" {
		c.run(step.NoCronJob, c.x.title)
		return
	}
	job := c.text("command")
	if job.Len() == 0 {
		return
	}
	when := ""
	if s := c.str("special"); s != "" && s != "absent" {
		when = "@" + s
	} else {
		var fields []string
		for _, k := range []string{"minute", "hour", "monthday", "month", "weekday"} {
			var all []string
			for _, v := range c.x.attrs[k].all() {
				if t := c.r.asText(v).String(); t != "" && t != "absent" {
					all = append(all, t)
				}
			}
			fields = append(fields, orElse(strings.Join(all, ","), "*"))
		}
		when = strings.Join(fields, " ")
	}
	do := func() {
		dest := span.Literal("/var/spool/cron/crontabs/"+orElse(c.str("user"), "root"), c.x.title)
		mark := ""
		if t := c.x.title.String(); !strings.Contains(t, "\n") {
			mark = step.CronMark + t + "\n"
		}
		c.write(dest, span.Concat(span.Literal(mark+when+" ", c.x.title), job, span.Plain("\n")), true)
	}
	if e := c.str("ensure"); span.IsUnknown(e) {
		c.doubt("whether the job is there is not known: "+span.Reason(e), c.x.title, do)
		return
	}
	do()
}

func (c *call) user() {
	name := c.title("name")
	if c.str("ensure") == "absent" {
		c.run("userdel", name)
		return
	}
	c.run("useradd", name)
	for _, g := range c.x.attrs["groups"].all() {
		c.run("usermod", "-aG", c.r.asText(g), name)
	}
}

func (c *call) key() {
	key, user := c.text("key"), c.str("user")
	if key.Len() == 0 || c.str("ensure") == "absent" {
		return
	}
	dest := "/home/" + user + "/.ssh/authorized_keys"
	if user == "root" {
		dest = "/root/.ssh/authorized_keys"
	}
	if t := c.str("target"); t != "" {
		dest = t
	}
	c.write(span.Literal(dest, c.x.title), span.Concat(span.Literal(orElse(c.str("type"), "ssh-rsa")+" ", c.x.title), key, span.Plain("\n")), true)
}

func (c *call) repository() {
	if src := c.text("source"); src.Len() > 0 && c.str("ensure") != "absent" && (c.str("provider") == "git" || c.str("provider") == "") {
		if rev := c.text("revision"); rev.Len() > 0 {
			c.run("git", "clone", "-b", rev, src, c.title("path"))
			return
		}
		c.run("git", "clone", src, c.title("path"))
	}
}
