package puppet

import (
	"maps"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// defaultsOf sets what resources of a type have by default where s is, if attrs does not say otherwise.
func (r *run) defaultsOf(kind string, s *scope, attrs map[string]value) {
	for c := s; c != nil && r.spend(len(c.defaults[kind])/8); {
		for k, v := range c.defaults[kind] {
			if _, had := attrs[k]; !had {
				attrs[k] = v
			}
		}
		if c.caller != nil {
			c = c.caller
		} else {
			c = c.up
		}
	}
}

// Kinds of resources that Puppet does not have.
const (
	missingKind = "(missing)"
	opaqueKind  = "(opaque)"
)

// resource is one resource of the machine.
type resource struct {
	kind    string
	title   span.Text
	attrs   map[string]value
	refs    []string // its own first, then those of what it stands in
	cond    *step.Cond
	loop    bool
	at      span.Text
	virtual bool
	hollow  bool // its type is defined here: what that declares counts
	ran     bool
	visited bool
}

func (x *resource) own() string { return x.refs[0] }

// name is a resource as manifests refer to it.
func name(kind, title string) string {
	kind = strings.ToLower(strings.TrimPrefix(kind, "::"))
	if kind == "class" {
		title = strings.ToLower(strings.TrimPrefix(title, "::"))
	}
	if kind == "file" && len(title) > 1 {
		title = strings.TrimSuffix(title, "/")
	}
	return kind + "[" + title + "]"
}

// add puts a resource into the catalog.
func (r *run) add(x *resource, s *scope) {
	if len(r.catalog) >= maxResources || !r.spend(4) {
		r.broke = true
		return
	}
	x.refs = []string{name(x.kind, x.title.String()), x.kind + "[*]"}
	if s != nil {
		x.refs = append(x.refs, s.refs...)
	}
	if x.cond == nil {
		x.cond = r.cond
	}
	x.loop = r.loop
	r.catalog = append(r.catalog, x)
	for _, ref := range x.refs {
		r.byRef[ref] = append(r.byRef[ref], x)
	}
}

// declare is a statement that declares resources; it gives references to them.
func (r *run) declare(n *node, s *scope) value {
	kind := n.word
	if name, ok := strings.CutPrefix(kind, "$"); ok {
		kind = r.asText(r.lookup(name, s, n.text())).String()
	}
	kind = strings.ToLower(strings.TrimPrefix(kind, "::"))
	out := value{kind: list, at: n.text()}
	var extra map[string]value
	for _, k := range n.kids {
		title := r.eval(k.kids[0], s)
		attrs := r.attributes(k.attrs, s)
		if title.kind == dflt && title.rest == "" {
			extra = attrs
			continue
		}
		for key, v := range extra {
			if _, had := attrs[key]; !had {
				attrs[key] = v
			}
		}
		titles := title.all()
		if title.kind == unknown {
			titles = []value{title}
		}
		for _, t := range titles {
			text := r.asText(t)
			if text.Len() == 0 {
				continue
			}
			r.one(kind, text, attrs, k.text(), s, n.op == "virtual")
			out.items = append(out.items, value{kind: ref, text: span.Plain(kind), items: []value{strValue(text)}})
			if len(out.items) > maxResources {
				r.broke = true
				return out
			}
		}
	}
	return out
}

// attributes are arguments with their values.
func (r *run) attributes(as []attr, s *scope) map[string]value {
	out := map[string]value{}
	for _, a := range as {
		v := r.eval(a.value, s)
		if a.name != "*" {
			out[a.name] = v
			continue
		}
		for i, k := range v.keys {
			if _, had := out[k]; !had {
				out[k] = v.items[i]
			}
		}
		if v.kind != hash || v.rest != "" {
			out["*"] = v
		}
	}
	return out
}

// one declares one resource.
func (r *run) one(kind string, title span.Text, attrs map[string]value, at span.Text, s *scope, virtual bool) {
	if kind == "class" {
		r.ordered(name(kind, title.String()), attrs)
		r.include(title.String(), at, attrs, false)
		return
	}
	full := maps.Clone(attrs)
	r.spend(len(full) / 8)
	if !native[kind] {
		r.defaultsOf(kind, s, full)
	}
	x := &resource{kind: kind, title: title, attrs: full, at: at, virtual: virtual}
	if span.IsUnknown(title.String()) {
		x.at = at
	}
	r.add(x, s)
	if r.broke {
		return
	}
	r.ordered(x.own(), full)
	if native[kind] {
		r.waiting = append(r.waiting, func() { // they hold wherever they stand
			had := map[string]bool{}
			for _, k := range order {
				_, had[k] = full[k]
			}
			r.defaultsOf(kind, s, full)
			more := map[string]value{}
			for _, k := range order {
				if !had[k] {
					more[k] = full[k]
				}
			}
			r.ordered(x.own(), more)
		})
		return
	}
	d := r.find(kind, s)
	switch {
	case d != nil && d.op == "define":
		x.hollow = true
		was := r.cond
		if virtual && r.cond == nil {
			r.cond = &step.Cond{Why: "the resource is virtual, and whether it is realized is not followed", At: at.Span()}
		}
		r.instance(d, x, s)
		r.cond = was
	case d != nil && d.op == "broken":
		x.hollow = true
	}
}
