package ansible

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func compiled(re string) (func(string) bool, error) {
	if len(re) > 500 {
		re = "$^"
	}
	m, err := regexp.Compile(re)
	if err != nil {
		return nil, err
	}
	return m.MatchString, nil
}

// service starts, stops, enables, disables and masks.
func (c *call) service() {
	name, ok := c.text("name", "service", "unit")
	if !ok {
		return
	}
	do := func(verb string) { c.run(c.argv("systemctl", verb, name)) }
	// whether is a switch that is on, off, or not known.
	whether := func(key, on, off string) {
		yes, given, known := c.flag(key)
		switch {
		case !given:
		case !known:
			m := c.r.mark()
			c.r.doubt("whether it is "+key+" is not known: "+span.Reason(c.str(key)), c.at)
			do(off)
			c.r.back(m)
		case yes:
			do(on)
		default:
			do(off)
		}
	}
	whether("enabled", "enable", "disable")
	if yes, given, known := c.flag("masked"); given {
		m := c.r.mark()
		if !known {
			c.r.doubt("whether it is masked is not known: "+span.Reason(c.str("masked")), c.at)
		}
		if yes || !known {
			do("mask")
		}
		c.r.back(m)
	}
	switch state := c.str("state"); {
	case state == "stopped":
		do("stop")
	case state == "started":
		do("start")
	case state == "restarted" || state == "reloaded":
		do("restart")
	case span.IsUnknown(state):
		m := c.r.mark()
		c.r.doubt("whether it is running is not known: "+span.Reason(state), c.at)
		do("stop")
		c.r.back(m)
	}
}

// cron is one line of a crontab.
func (c *call) cron() {
	job, ok := c.text("job", "value")
	if !c.present() {
		if name := c.str("name"); name != "" {
			c.r.emit(step.Step{Argv: c.argv(step.NoCronJob, name), At: c.at})
		}
		return
	}
	if !ok {
		return
	}
	if on, _, known := c.flag("disabled"); on {
		return
	} else if !known {
		c.r.doubt("whether it is disabled is not known: "+span.Reason(c.str("disabled")), c.at)
	}
	when := ""
	if s := c.str("special_time"); s != "" {
		when = "@" + s
	} else {
		for i, k := range []string{"minute", "hour", "day", "month", "weekday"} {
			v := c.str(k)
			if v == "" {
				v = "*"
			}
			if i > 0 {
				when += " "
			}
			when += v
		}
	}
	mark := "" // as Ansible does, to find the line again
	if name := c.str("name"); name != "" {
		mark = step.CronMark + name + "\n"
	}
	if f, ok := c.text("cron_file"); ok {
		user := c.str("user")
		if user == "" {
			user = "root"
		}
		dest := f.String()
		if !strings.HasPrefix(dest, "/") {
			dest = "/etc/cron.d/" + dest
		}
		c.write(span.Literal(dest, f), span.Concat(c.lit(mark+when+" "+user+" "), job, span.Plain("\n")), true)
		return
	}
	user := c.str("user")
	if user == "" {
		user = "root"
	}
	c.write(c.lit("/var/spool/cron/crontabs/"+user), span.Concat(c.lit(mark+when+" "), job, span.Plain("\n")), true)
}

func (c *call) authorizedKey() {
	key, ok := c.text("key")
	if !ok || !c.present() {
		return
	}
	dest := "/home/" + c.str("user") + "/.ssh/authorized_keys"
	if p := c.str("path"); p != "" {
		dest = p
	}
	if strings.Contains(key.String(), "://") && !strings.Contains(key.String(), " ") {
		key = span.Literal(span.Unknown("keys that are downloaded"), key)
	}
	c.write(span.Literal(dest, c.key), span.Concat(key, span.Plain("\n")), true)
}

// mount is a line of fstab.
func (c *call) mount() {
	p, ok1 := c.text("path", "name")
	src, ok2 := c.text("src")
	fs, ok3 := c.text("fstype")
	switch c.state("") {
	case "", "mounted", "present", "ephemeral":
		if ok1 && ok2 && ok3 {
			c.run(c.argv("mount", "-t", fs, src, p))
		}
	}
}

func (c *call) filesystem() {
	dev, ok1 := c.text("dev", "device")
	fs, ok2 := c.text("fstype", "type")
	if ok1 && ok2 && c.present() {
		c.run(c.argv(span.Literal("mkfs."+fs.String(), fs), dev))
	}
}

func (c *call) container() {
	if image, ok := c.text("image"); ok && c.present() {
		c.run(c.argv("docker", "run", image))
	}
}
