package puppet

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
