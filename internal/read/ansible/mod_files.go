package ansible

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// TLJH's files, as far as copies of directories must know them (reference/tljh.md §3).
const (
	tljhRoot   = "/opt/tljh"
	tljhConfig = tljhRoot + "/config"
)

// copy puts a text or files of the repository on the host.
func (c *call) copy() {
	dest, ok := c.text("dest", "path")
	if !ok {
		return
	}
	if content, ok := c.text("content"); ok {
		c.keeps(dest)
		if v := c.get("content"); v.kind == dict || v.kind == list { // Ansible writes it as JSON
			content, _ = c.r.asYAML(c.r.deep(v), inJSON)
		}
		c.write(dest, content, false)
		return
	}
	src, ok := c.text("src")
	if !ok {
		return
	}
	if on, _, known := c.flag("remote_src"); on || !known {
		c.run(c.argv("cp", "-r", src, dest))
		return
	}
	c.put(src, dest, "files", false)
}

// keeps makes a write conditional that leaves a file alone which is there already, where TLJH may have made it.
func (c *call) keeps(dest span.Text) {
	if on, given, _ := c.flag("force"); given && !on && strings.HasPrefix(dest.String(), tljhConfig) && c.r.installed {
		c.r.doubt("the file is only written where there is none, and TLJH's installer may have made it", c.at)
	}
}

// template renders a file of the repository onto the host.
func (c *call) template() {
	src, ok1 := c.text("src")
	dest, ok2 := c.text("dest", "path")
	if ok1 && ok2 {
		c.put(src, dest, "templates", true)
	}
}

// put writes the file src of the repository to dest, or what is known of a directory.
func (c *call) put(src, dest span.Text, sub string, render bool) {
	c.keeps(dest)
	name := src.String()
	if span.IsUnknown(name) {
		c.write(into(dest, path.Base(span.Show(name))), span.Literal(span.Unknown(span.Reason(name)), src), false)
		return
	}
	f := c.r.locate(strings.TrimSuffix(name, "/"), sub)
	if f == "" {
		c.putDir(src, dest, sub)
		return
	}
	c.write(into(dest, strings.TrimSuffix(path.Base(f), ".j2")), c.content(f, src, render), false)
}

// content is the text of a file of the repository, rendered where it is a template.
func (c *call) content(f string, src span.Text, render bool) span.Text {
	r := c.r
	r.lib.use(f)
	s, err := r.files.Open(f)
	switch {
	case err != nil:
		return span.Literal(span.Unknown(err.Error()), src)
	case strings.HasPrefix(s.Text, "$ANSIBLE_VAULT"):
		return span.Literal(span.Unknown(f+" is encrypted with Ansible Vault"), src)
	case !render:
		return s.Whole()
	case strings.HasPrefix(s.Text, "#jinja2:"):
		return span.Literal(span.Unknown("the template "+f+" sets its own marks"), src)
	}
	r.push(byLoop, map[string]value{}) // for the template's own variables
	r.own = true
	out := r.render(s.Whole())
	r.own = false
	r.pop()
	return out
}

// into is dest with a file's name, where dest is visibly a directory.
func into(dest span.Text, name string) span.Text {
	s := dest.String()
	if strings.HasSuffix(s, "/") {
		return span.Literal(s+name, dest)
	}
	if strings.HasSuffix(s, ".d") || s == tljhConfig || s == "/etc/systemd/system" || s == "/usr/local/bin" || s == "/tmp" {
		return span.Literal(s+"/"+name, dest)
	}
	return dest
}

// putDir copies a directory: those of its files that lie where TLJH's configuration lies, and those directly in it.
func (c *call) putDir(src, dest span.Text, sub string) {
	r := c.r
	name, to := src.String(), dest.String()
	contents := strings.HasSuffix(name, "/")
	var dirs []string
	rel := strings.TrimPrefix(strings.TrimPrefix(name, "./"), shell.Checkout+"/")
	for _, d := range r.search {
		dirs = append(dirs, path.Join(d, sub, rel), path.Join(d, rel))
	}
	if strings.HasPrefix(name, shell.Checkout) {
		dirs = []string{path.Clean(rel)}
	}
	if !contents {
		to = path.Join(to, path.Base(path.Clean(name)))
	}
	done := false
	for _, d := range dirs {
		if d == ".." || strings.HasPrefix(d, "../") || strings.HasPrefix(d, "/") {
			continue
		}
		for _, below := range []string{"", "config", "jupyterhub_config.d", "traefik_config.d", "config/jupyterhub_config.d", "config/traefik_config.d"} {
			for k, f := range r.files.List(path.Join(d, below)) {
				if k >= 200 || !r.spend(4) {
					break
				}
				done = true
				c.write(span.Literal(path.Join(to, below, f), dest), c.content(path.Join(d, below, f), src, false), false)
			}
		}
		if done {
			return
		}
	}
	// A directory that holds only directories cannot be told from a file that is not committed.
	at := path.Clean(to)
	if at == tljhRoot || at == "/opt" || strings.HasPrefix(at, tljhConfig) || span.IsUnknown(at) && mentionsHub(at+name) {
		if !contents {
			at = path.Clean(dest.String())
		}
		c.write(span.Literal(into(dest, path.Base(name)).String(), dest), span.Literal(span.Unknown("the file "+span.Show(name)+" is not in the repository"), src), false)
		if at == tljhRoot || at == tljhConfig || at == "/opt" && mentionsHub(name) {
			c.r.opaque(c.key, "files are copied to "+at+" that are not in the repository")
		}
		return
	}
	c.write(into(dest, path.Base(name)), span.Literal(span.Unknown("the file "+span.Show(name)+" is not in the repository"), src), false)
}

// fileState is the module file: it takes away, or links.
func (c *call) fileState() {
	p, ok := c.text("path", "dest", "name")
	if !ok {
		return
	}
	switch c.state("file") {
	case "absent":
		c.run(c.argv("rm", "-rf", p))
	case "link", "hard":
		if src, ok := c.text("src"); ok {
			c.run(c.argv("ln", "-sf", src, p))
		}
	case "touch", "directory", "file":
	default:
		if span.IsUnknown(c.state("")) {
			m := c.r.mark()
			c.r.doubt("what it does with the file is not known: "+span.Reason(c.state("")), c.at)
			c.run(c.argv("rm", "-rf", p))
			c.r.back(m)
		}
	}
}

func (c *call) getURL() {
	url, ok1 := c.text("url")
	dest, ok2 := c.text("dest")
	if !ok1 || !ok2 {
		return
	}
	c.run(c.argv("curl", "-fsSL", url, "-o", into(dest, path.Base(url.String()))))
}

func (c *call) unarchive() {
	src, ok1 := c.text("src")
	dest, ok2 := c.text("dest")
	if ok1 && ok2 {
		c.run(c.argv("tar", "-xf", src, "-C", dest))
	}
}

// synchronize copies a directory with rsync.
func (c *call) synchronize() {
	src, ok1 := c.text("src")
	dest, ok2 := c.text("dest")
	if !ok1 || !ok2 || c.str("mode") == "pull" {
		return
	}
	c.put(src, dest, "files", false)
}

func (c *call) git() {
	repo, ok1 := c.text("repo", "name")
	dest, ok2 := c.text("dest")
	if ok1 && ok2 {
		c.run(c.argv("git", "clone", repo, dest))
	}
}
