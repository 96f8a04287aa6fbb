package ansible

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// keywords are the keys of a task that name no module.
var keywords = strings.Fields(`name when loop register become become_user become_method become_flags become_exe tags notify vars
	environment args delegate_to delegate_facts ignore_errors ignore_unreachable changed_when failed_when until retries delay
	loop_control run_once no_log check_mode diff async poll connection remote_user port module_defaults throttle timeout
	any_errors_fatal listen collections debugger local_action action block rescue always sudo sudo_user su first_available_file static`)

// tasks reads a list of tasks in order.
func (r *run) tasks(n *yaml.Node) {
	if n == nil || n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.problem(r.doc.At(n), "tasks must be a list; Ansible refuses this playbook")
		r.opaqueIfHub(r.doc.Scalar(n), "tasks that are no list")
		return
	}
	for _, t := range n.Content {
		if r.ended {
			return
		}
		t = flattened(yamltext.Resolve(t))
		if t.Kind != yaml.MappingNode {
			if t.Tag != "!!null" {
				r.problem(r.doc.At(t), "a task must be a mapping; Ansible refuses this playbook")
				r.opaqueIfHub(r.doc.Scalar(t), "a task that is no mapping")
			}
			continue
		}
		if !r.spend(5) {
			r.tooMuch(t)
			return
		}
		r.task(t)
	}
}

// flattened is a mapping with what its merge keys (<<) bring in.
func flattened(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n
	}
	var from []*yaml.Node
	out := *n
	out.Content = nil
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Tag == "!!merge" {
			v := yamltext.Resolve(n.Content[k+1])
			if v.Kind == yaml.SequenceNode {
				from = append(from, v.Content...)
			} else {
				from = append(from, v)
			}
			continue
		}
		out.Content = append(out.Content, n.Content[k], n.Content[k+1])
	}
	if from == nil {
		return n
	}
	for _, f := range from {
		if f = yamltext.Resolve(f); f.Kind != yaml.MappingNode {
			continue
		}
		for k := 0; k+1 < len(f.Content); k += 2 {
			if field(&out, f.Content[k].Value) == nil {
				out.Content = append(out.Content, f.Content[k], f.Content[k+1])
			}
		}
	}
	return &out
}

func (r *run) tooMuch(n *yaml.Node) {
	if r.broke {
		return
	}
	r.broke = true
	at := r.doc.At(n)
	msg := "the playbook does more than can be followed"
	r.book.Problems = append(r.book.Problems, step.Problem{At: at, Msg: msg + "; split it", Fatal: true})
	r.play.Steps = append(r.play.Steps, opaqueStep(r.doc.Scalar(n), msg))
}

func opaqueStep(t span.Text, why string) step.Step {
	at := t.Slice(0, min(1, t.Len()))
	return step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: t.Span()}
}

// opaque is a step that may do anything to TLJH's configuration.
func (r *run) opaque(t span.Text, why string) { r.emit(opaqueStep(t, why)) }

func mentionsHub(s string) bool {
	return strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub") || strings.Contains(s, "bootstrap.py")
}

func (r *run) opaqueIfHub(t span.Text, why string) {
	if mentionsHub(t.String()) {
		r.opaque(t, why)
	}
}

// emit adds a step of the play, under the conditions that hold where it stands.
func (r *run) emit(s step.Step) {
	if r.broke || r.play == nil {
		return
	}
	if s.Cond == nil {
		s.Cond = r.cond
	}
	if s.Cond == nil {
		s.Cond = r.early
	}
	s.Loop = s.Loop || r.loop
	if r.seen && !r.itemAt.IsZero() {
		s.At = r.itemAt
	}
	if s.IsWrite() {
		key := s.Dest.String()
		old, known := r.written[key]
		switch {
		case known && s.Append && old.Len()+s.Content.Len() < 1<<20:
			r.written[key] = span.Concat(old, s.Content)
		case !known || s.Cond == nil && !s.Append:
			r.written[key] = s.Content
		}
	}
	r.installs(slices.Concat(s.Upstream, s.Argv), s.Cond == nil)
	r.play.Steps = append(r.play.Steps, s)
	*r.fuel -= 4
}

// task reads one task: its loop, condition and module.
func (r *run) task(n *yaml.Node) {
	if field(n, "block") != nil {
		r.block(n)
		return
	}
	defer r.back(r.mark())
	r.optional(n)
	r.named(n)
	name, items, loops := r.loopOf(n)
	if !loops {
		r.seen = false // of a loop around an include
		r.turn(n)
		return
	}
	if !items.known {
		r.loop = true
		r.watch, r.seen = name, false
		r.push(byLoop, map[string]value{name: unknownValue("the items of the loop are not known: "+items.why, items.at)})
		r.turn(n)
		return
	}
	inner := r.mark()
	for k, it := range items.list {
		if k >= maxItems || !r.spend(1) {
			r.tooMuch(n)
			return
		}
		it.item = true
		vars := map[string]value{name: it}
		if items.index != "" {
			vars[items.index] = numValue(float64(k), it.text)
		}
		r.push(byLoop, vars)
		r.watch, r.seen, r.itemAt = name, false, it.text.Span()
		r.turn(n)
		r.back(inner)
	}
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

// turn is one execution of a task.
func (r *run) turn(n *yaml.Node) {
	if v := field(n, "vars"); v != nil {
		r.push(byTask, fromNode(r.doc, v).child)
	}
	if !r.when(n) {
		r.register(n)
		return
	}
	if r.elsewhere(n) || onlyChecks(n) {
		r.register(n)
		return
	}
	r.env = r.environment(r.env, n)
	key, arg := moduleOf(n)
	if key == nil {
		r.problem(r.doc.At(n), "this task names no module; Ansible refuses this playbook")
		return
	}
	r.module(n, key, arg)
	r.register(n)
	r.notify(field(n, "notify"))
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

// moduleOf is the key of a task that names its module, and its arguments.
func moduleOf(n *yaml.Node) (key, arg *yaml.Node) {
	for k := 0; k+1 < len(n.Content); k += 2 {
		name := n.Content[k].Value
		if name == "action" || name == "local_action" {
			return n.Content[k], yamltext.Resolve(n.Content[k+1])
		}
		if n.Content[k].Kind == yaml.ScalarNode && !slices.Contains(keywords, name) && !strings.HasPrefix(name, "with_") {
			key, arg = n.Content[k], yamltext.Resolve(n.Content[k+1])
		}
	}
	return key, arg
}

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

// environment adds what a play or task sets in the environment of its commands.
func (r *run) environment(have []step.Assign, n *yaml.Node) []step.Assign {
	e := field(n, "environment")
	if e == nil {
		return have
	}
	out := append([]step.Assign(nil), have...)
	v := r.ready(fromNode(r.doc, e))
	for _, one := range append([]value{v}, v.items...) {
		one = r.ready(one)
		for _, k := range one.keys {
			out = append(out, step.Assign{Name: k, Value: r.asText(one.child[k], one.child[k].text)})
		}
	}
	return out
}

// block reads a block: its tasks, then those for failures, which may run, and those that always run.
func (r *run) block(n *yaml.Node) {
	defer r.back(r.mark())
	if r.level++; r.level > maxLevel {
		r.tooMuch(n)
		return
	}
	if v := field(n, "vars"); v != nil {
		r.push(byTask, fromNode(r.doc, v).child)
	}
	r.optional(n)
	if !r.when(n) || r.elsewhere(n) {
		return
	}
	r.env = r.environment(r.env, n)
	r.tasks(field(n, "block"))
	cond := r.cond
	if rescue := field(n, "rescue"); rescue != nil {
		r.doubt("it runs only when a task of the block fails", r.doc.At(rescue))
		r.tasks(rescue)
		r.cond = cond
	}
	r.tasks(field(n, "always"))
}
