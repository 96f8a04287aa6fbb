package ansible

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// when says whether a task may run, and makes it conditional where that is not known.
func (r *run) when(n *yaml.Node) bool {
	w := field(n, "when")
	if w == nil {
		return true
	}
	conds := []*yaml.Node{w}
	if w.Kind == yaml.SequenceNode {
		conds = w.Content
	}
	var open *step.Cond
	for _, c := range conds {
		c = yamltext.Resolve(c)
		v := r.condition(c)
		yes, known := v.truth()
		if known && !yes {
			r.off = c
			return false
		}
		if !known && open == nil {
			at := r.doc.Scalar(c)
			open = &step.Cond{Why: fmt.Sprintf("it depends on \"when: %s\", and %s", show(at), openWhy(v)), At: at.Span()}
		}
	}
	if open != nil && r.cond == nil {
		r.cond = open
	}
	return true
}

// leftOut says of a task that changes TLJH's settings that it is not run: whoever wrote it may think that it is.
func (r *run) leftOut(n *yaml.Node) {
	if r.off == nil || r.broke || r.play == nil || !setsTLJH(n, 0) {
		return
	}
	at := r.doc.Scalar(r.off)
	r.problem(at.Span(), fmt.Sprintf("this task would change TLJH's settings, and it is not run: \"when: %s\" does not hold with the values in the repository", show(at)))
}

// setsTLJH says whether any text of a task speaks of changing TLJH's settings.
func setsTLJH(n *yaml.Node, depth int) bool {
	if depth > 20 {
		return false
	}
	if n.Kind == yaml.ScalarNode {
		return changesTLJH.MatchString(n.Value)
	}
	return slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return setsTLJH(c, depth+1) })
}

var changesTLJH = lazyregexp.New(`tljh-config\s+(?:set|unset|add-item|remove-item)\b`)

// condition is the value of a bare expression.
func (r *run) condition(n *yaml.Node) value {
	v := fromNode(r.doc, n)
	if v.kind != str {
		return v
	}
	t := v.text
	if templated(t.String()) {
		v = r.native(t)
		if v.kind != str || span.IsUnknown(v.text.String()) {
			return v
		}
		t = v.text
	}
	v = r.expression(t, 0, t.Len())
	if v.kind == str { // a variable that holds an expression, or a text that is a boolean
		switch strings.ToLower(v.text.String()) {
		case "true", "yes", "on", "1":
			return boolValue(true, t)
		case "false", "no", "off", "0", "":
			return boolValue(false, t)
		}
	}
	return v
}

// elsewhere says whether a task runs on another machine than the play's.
func (r *run) elsewhere(n *yaml.Node) bool {
	if field(n, "local_action") != nil {
		return !r.play.Local
	}
	to := field(n, "delegate_to")
	if to == nil {
		c := field(n, "connection")
		return c != nil && c.Value == "local" && !r.play.Local && !r.here
	}
	v := r.text(to)
	s := v.String()
	switch {
	case strings.Contains(r.doc.Scalar(to).String(), "inventory_hostname"):
		return false
	case s == "localhost" || s == "127.0.0.1":
		return !r.play.Local
	case span.IsUnknown(s):
		r.doubt("it is delegated to a machine that is not known: "+span.Reason(s), r.doc.Scalar(to).Span())
		return false
	}
	return !slices.Contains(r.play.Names, s) || len(r.play.Names) > 1
}

// onlyChecks says whether a task never changes anything.
func onlyChecks(n *yaml.Node) bool {
	c := field(n, "check_mode")
	if c == nil {
		return false
	}
	v, ok := plain(c.Value, span.Text{})
	return ok && v.b
}

// optional makes tasks that are tagged "never" conditional.
func (r *run) optional(n *yaml.Node) {
	t := field(n, "tags")
	if t == nil {
		return
	}
	v := fromNode(r.doc, t)
	names := v.items
	if v.kind == str {
		names = nil
		for _, w := range strings.Split(v.text.String(), ",") {
			names = append(names, strValue(strings.TrimSpace(w), v.text))
		}
	}
	for _, it := range names {
		if it.kind == str && it.text.String() == "never" {
			r.doubt(`it is tagged "never": it runs only when one of its tags is asked for`, r.doc.Scalar(t).Span())
		}
	}
}

// doubt makes what follows conditional, unless it is already.
func (r *run) doubt(why string, at span.Span) {
	if r.cond == nil {
		r.cond = &step.Cond{Why: why, At: at}
	}
}
