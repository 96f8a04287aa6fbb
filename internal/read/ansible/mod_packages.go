package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// packages are apt and its relatives.
func (c *call) packages() {
	prog := map[string]string{"yum": "yum", "dnf": "dnf", "dnf5": "dnf", "snap": "snap"}[c.name]
	if prog == "" {
		prog = "apt-get"
	}
	names := c.texts("name", "pkg", "package")
	if deb, ok := c.text("deb"); ok {
		names = append(names, deb)
	}
	switch state := c.state("present"); {
	case len(names) == 0:
	case span.IsUnknown(state):
		m := c.r.mark()
		c.r.doubt("whether it is installed or removed is not known: "+span.Reason(state), c.at)
		c.run(c.argv(prog, "remove", "-y", names))
		c.r.back(m)
	case state == "absent" || state == "removed":
		verb := "remove"
		if on, _, _ := c.flag("purge"); on {
			verb = "purge"
		}
		c.run(c.argv(prog, verb, "-y", names))
	default:
		c.run(c.argv(prog, "install", "-y", names))
	}
	switch up := c.str("upgrade"); up {
	case "", "no", "False", "false":
	case "yes", "True", "true", "safe":
		c.run(c.argv(prog, "upgrade", "-y"))
	default:
		c.run(c.argv(prog, "dist-upgrade", "-y"))
	}
}

// pip is Python's packages, into the environment whose pip or virtualenv is named.
func (c *call) pip() {
	prog := c.lit("pip3")
	if exe, ok := c.text("executable"); ok {
		prog = exe
	} else if env, ok := c.text("virtualenv"); ok {
		prog = span.Literal(strings.TrimSuffix(env.String(), "/")+"/bin/pip", env)
	}
	verb := "install"
	if !c.present() {
		verb = "uninstall"
	}
	argv := []span.Text{prog, c.lit(verb)}
	if req, ok := c.text("requirements"); ok {
		argv = append(argv, c.lit("-r"), req)
	}
	version, pinned := c.text("version")
	for _, n := range c.texts("name") {
		if pinned {
			n = span.Concat(n, span.Literal("==", version), version)
		}
		argv = append(argv, n)
	}
	if extra, ok := c.text("extra_args"); ok {
		argv = append(argv, split(extra)...)
	}
	if len(argv) > 2 {
		c.python(argv)
	}
}

func (c *call) python(argv []span.Text) {
	dir := "~"
	if d := c.str("chdir"); d != "" {
		dir = d
	}
	c.r.emit(step.Step{Argv: argv, Env: c.r.env, Dir: dir, At: c.at})
}

// conda is conda's packages (the module of the same name that several collections hold).
func (c *call) conda() {
	prog := c.lit("conda")
	if exe, ok := c.text("executable", "conda_executable"); ok {
		prog = exe
	}
	verb := "install"
	if !c.present() {
		verb = "remove"
	}
	argv := []span.Text{prog, c.lit(verb), c.lit("-y")}
	if env, ok := c.text("environment", "env"); ok {
		flag := "-n"
		if strings.Contains(env.String(), "/") {
			flag = "-p"
		}
		argv = append(argv, c.lit(flag), env)
	} else if p, ok := c.text("prefix", "path"); ok {
		argv = append(argv, c.lit("-p"), p)
	}
	if f, ok := c.text("file", "requirements"); ok {
		argv = append(argv, c.lit("--file"), f)
	}
	argv = append(argv, c.texts("name")...)
	c.python(argv)
}
