package ansible

import (
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// register notes the result of a task. Nobody knows it, but for what asks whether TLJH is there already: playbooks guard its
// installation so, and what matters is what they make of a new machine.
func (r *run) register(n *yaml.Node) {
	reg := field(n, "register")
	if reg == nil || reg.Kind != yaml.ScalarNode {
		return
	}
	at := r.doc.Scalar(reg)
	r.facts[reg.Value] = unknownValue(fmt.Sprintf("%s is the result of a task", reg.Value), at)
	key, arg := moduleOf(n)
	if key == nil || arg == nil {
		return
	}
	c := r.callOf(n, key, arg)
	if v, ok := r.result(reg.Value, c, at); ok {
		r.facts[reg.Value] = v
		return
	}
	if r.loop {
		return
	}
	switch c.name {
	case "stat":
		if p, ok := c.text("path", "name"); ok && ofTLJH(p.String()) {
			exists := boolValue(false, at)
			switch whole := path.Clean(p.String()); {
			case r.sureInstall && (whole == tljhRoot || whole == tljhConfig || path.Base(whole) == "tljh-config"):
				exists = boolValue(true, at)
			case r.installed:
				exists = unknownValue("TLJH may be installed by then", at)
			}
			r.facts[reg.Value] = dictOf(at, "stat", dictOf(at, "exists", exists), "failed", boolValue(false, at))
		}
	case "command", "shell", "raw":
		text, ok := c.text("cmd", "_raw_params")
		if !ok {
			text = c.rendered()
		}
		if !r.installed && asks(text.String()) {
			none := value{kind: str, text: span.Literal("", at)}
			r.facts[reg.Value] = dictOf(at, "rc", numValue(1, at), "failed", boolValue(true, at), "stdout", none, "stdout_lines", listValue(nil, at))
		}
	}
}

func dictOf(at span.Text, kv ...any) value {
	v := dictValue(at)
	for k := 0; k+1 < len(kv); k += 2 {
		v.put(kv[k].(string), kv[k+1].(value))
	}
	return v
}

// ofTLJH says whether a path is there only once TLJH is installed.
func ofTLJH(p string) bool {
	p = path.Clean(p)
	return p == tljhRoot || strings.HasPrefix(p, tljhRoot+"/") || path.Base(p) == "tljh-config" || path.Base(p) == "jupyterhub.service"
}

// asks says whether a command only asks whether TLJH is there.
func asks(s string) bool {
	f := strings.Fields(s)
	if len(f) < 2 || strings.ContainsAny(s, ";&|>\n") {
		return false
	}
	last := strings.Trim(f[len(f)-1], `"'`)
	if last == "]" && len(f) > 2 {
		last = f[len(f)-2]
	}
	switch path.Base(f[0]) {
	case "which", "type", "hash", "test", "[", "ls", "stat", "command":
		return ofTLJH(last)
	case "systemctl":
		return (f[1] == "is-active" || f[1] == "status" || f[1] == "is-enabled") && strings.HasPrefix(last, "jupyterhub")
	case "tljh-config":
		return f[1] == "show"
	}
	return false
}
