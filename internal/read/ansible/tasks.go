package ansible

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

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

// task reads one task: its loop, condition and module.
func (r *run) task(n *yaml.Node) {
	if field(n, "block") != nil {
		r.block(n)
		return
	}
	defer r.back(r.mark())
	r.last = nil
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
		it := unknownValue("the items of the loop are not known: "+items.why, items.at)
		it.from = items.from
		r.push(byLoop, map[string]value{name: it})
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

// turn is one execution of a task.
func (r *run) turn(n *yaml.Node) {
	if v := field(n, "vars"); v != nil {
		r.push(byTask, fromNode(r.doc, v).child)
	}
	if !r.when(n) {
		r.leftOut(n)
		r.register(n)
		return
	}
	if onlyChecks(n) {
		r.register(n)
		return
	}
	if r.elsewhere(n) { // what it makes in a cloud is made all the same
		if key, arg := moduleOf(n); key != nil {
			r.delegated(n, key, arg)
		}
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
