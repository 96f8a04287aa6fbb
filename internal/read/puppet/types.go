package puppet

import (
	"path"
	"slices"
	"strings"

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
