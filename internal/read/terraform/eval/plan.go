package eval

import (
	"fmt"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// maxPlans bounds the JSON files of one directory that are looked at.
const maxPlans = 50

// Plan is what "terraform show -json" wrote of a plan or of a state (reference/providers.md §8.1): resolved values, but no
// locals, no lifecycle and no text positions of the configuration.
type Plan struct {
	File     string
	Problems []step.Problem

	src       *span.Source
	text      *span.Text
	root      *jsonValue
	variables map[string]*jsonValue // values of the root module's variables
	values    map[string]*planned   // by address
	order     []*planned            // managed ones and data sources, in the order written
	keys      map[string][]*jsonValue
	config    *jsonValue // configuration.root_module
}

// planned is what a plan knows of one resource.
type planned struct {
	plan                       *Plan
	addr, module, typ, name    string
	data                       bool
	index                      *jsonValue // nil, a number or a string
	at                         *jsonValue
	after, unknown, sensitives *jsonValue
	exprs                      *jsonValue // of the configuration; nil until somebody asks
	replaced                   bool
}

// Plans are the plans among the JSON files of a directory.
func Plans(files step.Files, dir string) []*Plan {
	var out []*Plan
	n := 0
	for _, name := range files.List(dir) {
		if !strings.HasSuffix(name, ".json") || IsModuleFile(name) || strings.HasSuffix(name, ".tfvars.json") {
			continue
		}
		if n++; n > maxPlans {
			break
		}
		src, err := files.Open(path.Join(dir, name))
		if err != nil || !IsPlan(src.Text) {
			continue
		}
		out = append(out, readPlan(src))
	}
	return out
}

// IsPlan says whether a text is what terraform show -json prints of a plan or a state.
func IsPlan(text string) bool {
	return strings.Contains(text, `"format_version"`) && strings.Contains(text, `"terraform_version"`) &&
		(strings.Contains(text, `"planned_values"`) || strings.Contains(text, `"values"`))
}

func readPlan(src *span.Source) *Plan {
	whole := src.Whole()
	p := &Plan{File: src.File, src: src, text: &whole, variables: map[string]*jsonValue{}, values: map[string]*planned{}, keys: map[string][]*jsonValue{}}
	root, err := scanJSON(src.Text)
	if err != nil {
		p.problem(err.at, err.at, "this plan is not valid JSON and is not used: "+err.msg)
		return p
	}
	if v := root.get("format_version"); v.kind != '"' || !strings.HasPrefix(v.text, "0.") && !strings.HasPrefix(v.text, "1.") {
		p.problem(v.start, v.end, "this plan has a format that is not known, and is not used; print it with terraform show -json of a version before 2")
		return p
	}
	if v := root.get("errored"); v.kind == 't' && v.text == "true" {
		p.problem(v.start, v.end, "this plan ended in an error, and is not used; make it again")
		return p
	}
	p.root = root
	for _, m := range root.get("variables").members {
		p.variables[m.key.text] = m.value.get("value")
	}
	for _, m := range root.get("configuration", "root_module", "variables").members {
		if s := m.value.get("sensitive"); s.kind == 't' && s.text == "true" {
			delete(p.variables, m.key.text)
		}
	}
	p.config = root.get("configuration", "root_module")
	p.walk(root.get("prior_state", "values", "root_module"), true, 0)
	p.walk(root.get("values", "root_module"), false, 0)
	p.walk(root.get("planned_values", "root_module"), false, 0)
	for _, c := range root.get("resource_changes").items {
		if r := p.values[c.get("address").text]; r != nil {
			change := c.get("change")
			if a := change.get("after"); a.kind == '{' {
				r.after = a
			}
			r.unknown = change.get("after_unknown")
			if s := change.get("after_sensitive"); s.kind != 0 {
				r.sensitives = s
			}
			deletes, creates := false, false
			for _, a := range change.get("actions").items {
				deletes, creates = deletes || a.text == "delete", creates || a.text == "create"
			}
			r.replaced = deletes && creates
		}
	}
	return p
}

func (p *Plan) problem(start, end int, msg string) {
	p.Problems = append(p.Problems, step.Problem{At: p.src.Span(start, end), Msg: msg})
}

// usable says whether anything could be read.
func (p *Plan) usable() bool { return p != nil && p.root != nil }

// walk collects the resources of a module and its children; onlyData: of the state before, only what was looked up.
func (p *Plan) walk(mod *jsonValue, onlyData bool, depth int) {
	if depth > maxModuleDepth {
		return
	}
	for _, r := range mod.get("resources").items {
		one := &planned{plan: p, addr: r.get("address").text, module: mod.get("address").text, typ: r.get("type").text, name: r.get("name").text,
			data: r.get("mode").text == "data", at: r.get("address"), after: r.get("values"), sensitives: r.get("sensitive_values")}
		if v := r.get("index"); v.kind == '"' || v.kind == '0' {
			one.index = v
		}
		if one.addr == "" || one.typ == "" || onlyData && !one.data || len(p.order) > maxResources {
			continue
		}
		if p.values[one.addr] == nil {
			p.order = append(p.order, one)
		} else {
			*p.values[one.addr] = *one
			continue
		}
		p.values[one.addr] = one
		p.keep(strings.TrimSuffix(one.addr, key(one.index)), one.index)
	}
	for _, c := range mod.get("child_modules").items {
		addr := c.get("address").text
		p.keep(trimIndex(addr), indexOfAddr(c.get("address")))
		p.walk(c, onlyData, depth+1)
	}
}

// keep notes that there is an instance of what is called base, with this key.
func (p *Plan) keep(base string, index *jsonValue) {
	for _, old := range p.keys[base] {
		if key(old) == key(index) {
			return
		}
	}
	p.keys[base] = append(p.keys[base], index)
}

// key is an index as addresses write it.
func key(index *jsonValue) string {
	switch {
	case index == nil:
		return ""
	case index.kind == '0':
		return "[" + index.text + "]"
	}
	return fmt.Sprintf("[%q]", index.text)
}

// trimIndex is an address without the key of its last part.
func trimIndex(addr string) string {
	if i := lastKey(addr); i >= 0 {
		return addr[:i]
	}
	return addr
}

// lastKey is where the key of an address's last part begins, -1 if it has none.
func lastKey(addr string) int {
	if !strings.HasSuffix(addr, "]") {
		return -1
	}
	if strings.HasSuffix(addr, `"]`) {
		return strings.LastIndex(addr[:len(addr)-2], `["`)
	}
	return strings.LastIndexByte(addr, '[')
}

func indexOfAddr(v *jsonValue) *jsonValue {
	i := lastKey(v.text)
	if i < 0 {
		return nil
	}
	out := *v
	out.text = strings.Trim(v.text[i:], "[]")
	if out.kind = '0'; strings.HasPrefix(out.text, `"`) {
		out.kind, out.text = '"', strings.Trim(out.text, `"`)
	}
	return &out
}

// instances are the members of a counted thing as the plan has them; ok is false when the plan does not have the thing.
func (p *Plan) instances(base string, at Place) (out []instance, ok bool) {
	if !p.usable() {
		return nil, false
	}
	for _, index := range p.keys[base] {
		in := instance{key: key(index)}
		each, count := newMap(at), newMap(at)
		switch {
		case index == nil:
		case index.kind == '0':
			v := p.value(index)
			count.put("index", v)
			in.vars = map[string]*Val{"count": count}
		default:
			in.name = literal(index.text, at)
			each.put("key", in.name)
			each.put("value", unknown("the values of for_each are not in the plan", at))
			in.vars = map[string]*Val{"each": each}
		}
		out = append(out, in)
	}
	return out, len(out) > 0
}

// Of says whether a plan can be one of the root module d: everything that its configuration declares is declared there.
func (p *Plan) Of(d *Dir) bool {
	if !p.usable() || d == nil {
		return false
	}
	n := 0
	for _, r := range p.config.get("resources").items {
		if d.resources[r.get("address").text] == nil {
			return false
		}
		n++
	}
	for _, c := range p.config.get("module_calls").members {
		if d.calls[c.key.text] == nil {
			return false
		}
		n++
	}
	return n > 0
}
