package puppet

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// native are the types that are read; others are defined by somebody, or not known.
var native = map[string]bool{"exec": true, "package": true, "file": true, "service": true, "cron": true, "user": true, "ssh_authorized_key": true, "vcsrepo": true,
	"file_line": true, "archive": true, "group": true, "notify": true, "host": true, "stage": true, "anchor": true, "tidy": true, "schedule": true, "filebucket": true, "whit": true, "resources": true}

// see is what Puppet does for a resource.
func (r *run) see(x *resource) {
	if x.virtual || x.hollow {
		x.ran = x.hollow
		return
	}
	if v, ok := x.attrs["noop"]; ok && v.kind == boolean && v.yes {
		return
	}
	c := &call{r, x}
	x.ran = true
	switch x.kind {
	case "exec":
		x.ran = c.exec()
	case "package":
		c.packages()
	case "file":
		c.file()
	case "service":
		c.service()
	case "cron":
		c.cron()
	case "user":
		c.user()
	case "ssh_authorized_key":
		c.key()
	case "vcsrepo":
		c.repository()
	case "file_line":
		c.line()
	case "archive":
		if src := c.text("source"); src.Len() > 0 {
			c.run("curl", "-fsSL", src, "-o", c.title("path"))
		}
	case opaqueKind:
		c.emit(opaqueStep(x.at, x.title.String()))
	default:
		if !native[x.kind] {
			c.other()
		}
	}
}

// call is a resource that is seen to.
type call struct {
	r *run
	x *resource
}

func (c *call) emit(s step.Step) {
	if len(c.r.res.Steps) > 20000 {
		c.r.broke = true
		return
	}
	if s.Cond == nil {
		s.Cond = c.x.cond
	}
	s.Loop = s.Loop || c.x.loop
	if s.At.IsZero() {
		s.At = c.x.title.Span()
	}
	if s.IsWrite() {
		k := s.Dest.String()
		old, known := c.r.written[k]
		switch {
		case known && s.Append && old.Len()+s.Content.Len() < 1<<20:
			c.r.written[k] = span.Concat(old, s.Content)
		case !known || s.Cond == nil && !s.Append:
			c.r.written[k] = s.Content
		}
	}
	if s.Cond == nil && !s.Loop {
		for _, a := range append(slices.Clone(s.Upstream), s.Argv...) {
			if t := a.String(); strings.HasSuffix(t, "bootstrap.py") || t == "tljh.installer" {
				c.r.sure = true
			}
		}
	}
	c.r.res.Steps = append(c.r.res.Steps, s)
}

// run is a command, of words and texts.
func (c *call) run(words ...any) {
	var argv []span.Text
	for _, w := range words {
		switch w := w.(type) {
		case string:
			argv = append(argv, span.Literal(w, c.x.title))
		case span.Text:
			argv = append(argv, w)
		}
	}
	c.emit(step.Step{Argv: argv})
}

func (c *call) write(dest, content span.Text, add bool) {
	c.emit(step.Step{Dest: dest, Content: content, Append: add, Mode: c.str("mode")})
}

// doubt makes what f does conditional.
func (c *call) doubt(why string, at span.Text, f func()) {
	was := c.x.cond
	if was == nil {
		c.x.cond = &step.Cond{Why: why, At: at.Span()}
	}
	f()
	c.x.cond = was
}

func (c *call) text(k string) span.Text {
	v, ok := c.x.attrs[k]
	if !ok || v.kind == undef {
		return span.Text{}
	}
	if v.kind == list && len(v.items) > 0 {
		v = v.items[0]
	}
	return c.r.asText(v)
}

func (c *call) str(k string) string { return c.text(k).String() }

// title is an argument, or the title where it is not given.
func (c *call) title(k string) span.Text {
	if t := c.text(k); t.Len() > 0 {
		return t
	}
	return c.x.title
}

func opaqueStep(at span.Text, why string) step.Step {
	at = at.Slice(0, min(1, at.Len()))
	return step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: at.Span()}
}

func mentionsHub(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub") || strings.Contains(s, "bootstrap.py")
}

func ofTLJH(p string) bool {
	p = path.Clean(p)
	return p == "/opt/tljh" || strings.HasPrefix(p, "/opt/tljh/")
}

var loops = lazyregexp.New(`\b(?:do|source|bash|sh)\b`)

// exec is a command; false if it is not run.
func (c *call) exec() bool {
	r, x := c.r, c.x
	why := ""
	switch v := x.attrs["refreshonly"]; {
	case v.kind == boolean && v.yes, v.kind == str && v.text.String() == "true":
		told, cond := r.told(x)
		if !told {
			return false
		}
		if x.cond == nil && cond != nil {
			x.cond = cond
		}
	case v.kind == unknown:
		why = "whether it only runs when something changes is not known: " + v.why()
	}
	cmd := c.line1("command")
	if cmd.Len() == 0 {
		cmd = x.title
	}
	if first := strings.TrimLeft(cmd.String(), "' \t\n"); !strings.HasPrefix(first, "/") && !span.IsUnknown(first) && x.attrs["path"].kind == undef && x.attrs["*"].kind == undef && c.str("provider") == "" {
		why := "Puppet refuses a command that is no full path where \"path\" is not set"
		r.problem(cmd.Span(), "%s, and does nothing at all then", why)
		if r.failed == nil {
			r.failed = &step.Cond{Why: why, At: cmd.Span()}
		}
	}
	for _, p := range x.attrs["creates"].all() {
		s := r.asText(p).String()
		if _, there := r.written[s]; there || r.sure && ofTLJH(s) {
			why = "it runs only where " + span.Show(s) + " is not there yet"
		}
	}
	if v, ok := x.attrs["*"]; ok {
		why = orElse(why, "not all of its arguments are known: "+v.why())
	}
	if span.IsUnknown(cmd.String()) && strings.TrimSpace(span.Show(cmd.String())) == "…" {
		c.emit(opaqueStep(x.at, "a command that is not known: "+span.Reason(cmd.String())))
		return true
	}
	for _, g := range []struct{ key, then string }{{"onlyif", ""}, {"unless", ":; else\n"}} {
		for _, v := range guards(x.attrs[g.key]) {
			cond := c.words(v)
			if span.IsUnknown(cond.String()) {
				why = orElse(why, "whether it runs is not known: "+span.Reason(cond.String()))
				continue
			}
			lit := func(s string) span.Text { return span.Literal(s, cond) }
			cmd = span.Concat(lit("if {\n"), cond, lit("\n}; then\n"+g.then), cmd, lit("\nfi\n"))
		}
	}
	vars := map[string]span.Text{}
	for _, e := range x.attrs["environment"].all() {
		t := r.asText(e)
		if k, _, ok := strings.Cut(t.String(), "="); ok {
			vars[k] = t.Slice(len(k)+1, t.Len())
		}
	}
	cwd := c.str("cwd")
	if cwd == "" {
		cwd = "/"
	}
	if span.IsUnknown(cwd) {
		cwd = ""
	}
	work := 20 + cmd.Len()/16
	if loops.MatchString(cmd.String()) { // much work in few words
		work += 1000
	}
	if !r.spend(work) {
		return false
	}
	res := shell.Read(cmd, shell.Options{Files: r.files, Vars: vars, Args: []span.Text{}, Written: r.written, Cwd: cwd, Shares: r.o.Shares})
	for _, p := range res.Problems {
		if len(r.res.Problems) < maxProblems {
			r.res.Problems = append(r.res.Problems, p)
		}
	}
	for _, f := range res.Uses {
		r.use(f)
	}
	emit := func() {
		for _, s := range res.Steps {
			c.emit(s)
		}
	}
	if why != "" {
		c.doubt(why, x.title, emit)
	} else {
		emit()
	}
	return true
}

// guards are the conditions of a command: one, or a list of them.
func guards(v value) []value {
	if v.kind == undef {
		return nil
	}
	return v.all()
}

// line1 is a command as a shell takes it: a text, or words.
func (c *call) line1(k string) span.Text {
	v, ok := c.x.attrs[k]
	if !ok {
		return span.Text{}
	}
	return c.words(v)
}

func (c *call) words(v value) span.Text {
	if v.kind != list {
		return c.r.asText(v)
	}
	var parts []span.Text
	for i, x := range v.items {
		if i > 0 {
			parts = append(parts, span.Plain(" "))
		}
		t := c.r.asText(x)
		if strings.Contains(t.String(), "'") {
			t = span.Literal(strings.ReplaceAll(t.String(), "'", `'\''`), t)
		}
		parts = append(parts, span.Plain("'"), t, span.Plain("'"))
	}
	return span.Concat(parts...)
}

// told says whether a resource that is seen to tells x of a change, and under which condition.
func (r *run) told(x *resource) (yes bool, cond *step.Cond) {
	for _, ref := range x.refs {
		for _, e := range r.before[ref] {
			if !e.notify {
				continue
			}
			for _, y := range r.byRef[e.from] {
				if !y.ran || !r.spend(1) {
					continue
				}
				if y.cond == nil {
					return true, nil
				}
				yes, cond = true, y.cond
			}
		}
	}
	return yes, cond
}

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

// file is a file, a link or a directory.
func (c *call) file() {
	dest, ensure := c.title("path"), c.str("ensure")
	do := func() {
		switch {
		case ensure == "absent":
			c.run("rm", "-rf", dest)
		case ensure == "link" || c.text("target").Len() > 0:
			if t := c.text("target"); t.Len() > 0 {
				c.run("ln", "-sf", t, dest)
			}
		case strings.HasPrefix(ensure, "/"):
			c.run("ln", "-sf", c.text("ensure"), dest)
		case c.x.attrs["content"].kind != undef:
			c.write(dest, c.text("content"), false)
		case c.x.attrs["source"].kind != undef:
			c.source(dest, ensure == "directory" || c.str("recurse") == "true" || c.str("recurse") == "remote")
		}
	}
	switch {
	case c.str("replace") == "false" && c.r.sure && strings.HasPrefix(dest.String(), "/opt/tljh/config"):
		c.doubt("the file is only written where there is none, and TLJH's installer may have made it", c.x.title, do)
	case span.IsUnknown(ensure):
		c.doubt("what becomes of the file is not known: "+span.Reason(ensure), c.x.title, do)
	case c.x.attrs["*"].kind != undef:
		c.doubt("not all of its arguments are known: "+c.x.attrs["*"].why(), c.x.title, func() {
			c.write(dest, span.Literal(span.Unknown("not all arguments of the file are known"), c.x.title), false)
		})
	default:
		do()
	}
}

// source puts a file of a module, or of the machine, at dest; a directory with the files in it.
func (c *call) source(dest span.Text, dir bool) {
	r := c.r
	from := c.text("source")
	for _, v := range c.x.attrs["source"].all() { // the first that is there
		t := r.asText(v)
		if f := r.moduleFile(t.String(), "files"); f != "" || !strings.HasPrefix(t.String(), "puppet:") {
			from = t
			break
		}
	}
	s := from.String()
	switch {
	case span.IsUnknown(s):
		c.write(dest, span.Literal(span.Unknown(span.Reason(s)), from), false)
	case strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://"):
		c.run("curl", "-fsSL", from, "-o", dest)
	case strings.HasPrefix(s, "/") || strings.HasPrefix(s, "file://"):
		from = from.Slice(len(s)-len(strings.TrimPrefix(s, "file://")), len(s))
		for _, sh := range r.o.Shares {
			if rest, ok := strings.CutPrefix(from.String(), sh.Path+"/"); ok {
				from = span.Literal(path.Join(shell.Checkout, sh.Checkout, rest), from)
			}
		}
		if dir {
			c.run("cp", "-r", span.Literal(strings.TrimSuffix(from.String(), "/")+"/.", from), dest)
		} else {
			c.run("cp", from, dest)
		}
	default:
		if f := r.moduleFile(s, "files"); f != "" && !dir {
			c.write(dest, r.whole(f, from), false)
			return
		}
		if !c.tree(s, dest, from) {
			c.write(dest, span.Literal(span.Unknown("the file "+span.Show(s)+" is not in the repository"), from), false)
			if dir && (ofTLJH(dest.String()) || span.IsUnknown(dest.String())) {
				c.emit(opaqueStep(c.x.at, "files are copied that are not in the repository"))
			}
		}
	}
}

// tree puts a directory of a module on the machine; false if it is not there.
func (c *call) tree(source string, dest, at span.Text) bool {
	some := false
	for _, d := range c.r.modulePaths(source, "files") {
		for _, below := range []string{"", "config", "jupyterhub_config.d", "traefik_config.d", "config/jupyterhub_config.d", "config/traefik_config.d"} {
			for k, f := range c.r.files.List(path.Join(d, below)) {
				if k >= 200 || !c.r.spend(4) {
					break
				}
				some = true
				c.write(span.Literal(path.Join(dest.String(), below, f), dest), c.r.whole(path.Join(d, below, f), at), false)
			}
		}
		if some {
			break
		}
	}
	return some
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

// line is a line that a file is to have. Which one it takes the place of depends on the file.
func (c *call) line() {
	p, text := c.text("path"), c.text("line")
	switch {
	case ofTLJH(p.String()) || span.IsUnknown(p.String()) && mentionsHub(text.String()+p.String()):
		c.emit(opaqueStep(c.x.at, "lines of "+span.Show(p.String())+" are edited"))
	case p.Len() == 0:
	case c.str("ensure") == "absent" || c.x.attrs["match"].kind != undef || span.IsUnknown(c.str("ensure")):
		c.doubt("which lines of "+span.Show(p.String())+" are edited depends on the file", c.x.title, func() {
			c.write(p, span.Concat(span.Literal("\n", c.x.title), text, span.Plain("\n")), true)
		})
	default:
		c.write(p, span.Concat(text, span.Plain("\n")), true)
	}
}

// other is a resource whose type is not known.
func (c *call) other() {
	words, what := c.x.title.String(), c.x.kind
	if what == missingKind {
		what, _, _ = strings.Cut(words, " ")
	}
	if c.x.kind != missingKind {
		given := ""
		for _, k := range sortedKeys(c.x.attrs) {
			given += " " + k + " " + c.r.deep(c.x.attrs[k], 0)
		}
		words = c.x.kind + " " + words + given
		if len(c.r.res.Gaps) < 200 && !slices.Contains(seen, module(c.x.kind)) && !slices.ContainsFunc(c.r.res.Gaps, func(g Gap) bool { return g.Name == c.x.kind }) {
			c.r.res.Gaps = append(c.r.res.Gaps, Gap{c.x.kind, c.x.at.Span()})
			c.r.problem(c.x.at.Span(), "what resources of the type %s do is not read", span.Show(c.x.kind))
		}
	}
	if mentionsHub(words) {
		c.emit(opaqueStep(c.x.at, fmt.Sprintf("what it does is not in the repository: %s", brief(words))))
		return
	}
	c.run(missingCommand, span.Literal(what, c.x.title), span.Literal(words, c.x.title))
}

// missingCommand is Argv[0] of a step that stands for a class or a type of resources that is not in the repository.
const missingCommand = "(puppet)"

// Missing says whether a step stands for a class or a type that is not in the repository: its name, with all that it is given. minor: it
// sees to nothing that anybody asks about, unless what it is given says so.
func Missing(s *step.Step) (name, words string, minor, ok bool) {
	if len(s.Argv) < 3 || s.Argv[0].String() != missingCommand {
		return "", "", false, false
	}
	name, words = s.Argv[1].String(), s.Argv[2].String()
	return name, words, slices.Contains(seen, module(name)), true
}

// seen are types that are not read, and do nothing that anybody asks about.
var seen = []string{"augeas", "sysctl", "mount", "concat", "ini_setting", "swap_file", "host", "mysql_user", "mysql_database", "alternatives", "locale", "timezone"}
