package ansible

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// edited says where a file lies whose lines are edited, and whether it is one of TLJH's, which must be followed exactly.
func (c *call) edited() (p span.Text, hubs, ok bool) {
	p, ok = c.text("path", "dest", "destfile", "name")
	s := path.Clean(p.String())
	return p, strings.HasPrefix(s, tljhConfig) || span.IsUnknown(s) && mentionsHub(s), ok
}

// lineInFile makes sure that a line is in a file: in place of one that matches, else at the end.
func (c *call) lineInFile() {
	p, hubs, ok := c.edited()
	if !ok {
		return
	}
	line, given := c.text("line", "value")
	absent := !c.present()
	have, known := c.r.written[p.String()]
	if on, _, _ := c.flag("create"); !known && on && strings.HasPrefix(path.Clean(p.String()), tljhConfig+"/jupyterhub_config.d/") {
		have, known = span.Literal("", c.key), true // TLJH puts nothing there
	}
	if known && !span.IsUnknown(have.String()) && c.r.cond == nil {
		if now, ok := c.edit(have, line, absent); ok {
			c.write(p, now, false)
			return
		}
	}
	switch {
	case hubs && (absent || c.has("regexp") || c.has("regex") || c.has("search_string") || c.has("insertbefore")):
		c.r.opaque(c.key, "a line of TLJH's configuration is changed in ways that cannot be followed")
	case absent || !given:
	default:
		c.write(p, span.Concat(line, span.Plain("\n")), true)
	}
}

// edit is what lineinfile makes of a text that is known.
func (c *call) edit(have, line span.Text, absent bool) (span.Text, bool) {
	s := have.String()
	match, ok := c.matcher(line.String(), absent)
	if !ok || c.has("insertbefore") || c.has("insertafter") && c.str("insertafter") != "EOF" {
		return have, false
	}
	var kept []span.Text
	last, exact := -1, false
	for from := 0; from < len(s); {
		end := from + len(s[from:])
		if k := strings.IndexByte(s[from:], '\n'); k >= 0 {
			end = from + k + 1
		}
		body := strings.TrimRight(s[from:end], "\r\n")
		exact = exact || body == line.String()
		if match(body) {
			last = len(kept)
		}
		if !(absent && match(body)) {
			kept = append(kept, have.Slice(from, end))
		}
		from = end
	}
	full := span.Concat(line, span.Plain("\n"))
	switch {
	case absent:
	case last >= 0:
		kept[last] = full
	case exact:
	default:
		if s != "" && !strings.HasSuffix(s, "\n") {
			kept = append(kept, span.Plain("\n"))
		}
		kept = append(kept, full)
	}
	return span.Concat(kept...), true
}

// matcher says which lines are meant: by regexp, by search_string, else the line itself where it is to go.
func (c *call) matcher(line string, absent bool) (func(string) bool, bool) {
	if re := c.str("regexp", "regex"); re != "" {
		m, err := compiled(re)
		return m, err == nil
	}
	if s := c.str("search_string"); s != "" {
		return func(l string) bool { return strings.Contains(l, s) }, !span.IsUnknown(s)
	}
	return func(l string) bool { return absent && l == line }, true
}

// blockInFile puts a block of lines into a file.
func (c *call) blockInFile() {
	p, hubs, ok := c.edited()
	if !ok {
		return
	}
	block, given := c.text("block", "content")
	if !c.present() || c.has("insertbefore") {
		if hubs {
			c.r.opaque(c.key, "a block of TLJH's configuration is changed in ways that cannot be followed")
		}
		return
	}
	if given {
		c.write(p, span.Concat(span.Plain("\n"), block, span.Plain("\n")), true)
	}
}

// replace is a regular expression that is replaced throughout a file.
func (c *call) replace() {
	p, hubs, ok := c.edited()
	if !ok {
		return
	}
	with, _ := c.text("replace")
	if hubs {
		c.r.opaque(c.key, "TLJH's configuration is changed here in ways that cannot be followed")
		return
	}
	c.write(p, span.Concat(with, span.Plain("\n")), true)
}

func (c *call) iniFile() {
	p, hubs, ok := c.edited()
	if !ok {
		return
	}
	if hubs {
		c.r.opaque(c.key, "TLJH's configuration is changed here in ways that cannot be followed")
		return
	}
	k, _ := c.text("option")
	if v, ok := c.text("value"); ok && c.present() {
		c.write(p, span.Concat(k, span.Plain("="), v, span.Plain("\n")), true)
	}
}

// edits are modules that change a file in ways of their own.
func (c *call) edits() {
	if _, hubs, _ := c.edited(); hubs {
		c.r.opaque(c.key, "the module "+c.name+" changes TLJH's configuration here in ways that cannot be followed")
	}
}
