package ansible

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// handler is a task that runs when it is notified.
type handler struct {
	doc    *yamltext.Doc
	file   string
	role   string
	search []string
	layers []layer
	names  []string
	node   *yaml.Node
}

func (r *run) loadHandlers(n *yaml.Node) {
	if n == nil || n.Kind != yaml.SequenceNode {
		return
	}
	for _, h := range n.Content {
		h = yamltext.Resolve(h)
		if h.Kind != yaml.MappingNode || len(r.handlers) > 500 {
			continue
		}
		one := handler{doc: r.doc, file: r.file, role: r.roleDir, search: r.search, layers: r.layers[:len(r.layers):len(r.layers)], node: h}
		for _, key := range []string{"name", "listen"} {
			if v := field(h, key); v != nil {
				for _, s := range append([]value{fromNode(r.doc, v)}, fromNode(r.doc, v).items...) {
					if s.kind == str {
						one.names = append(one.names, s.text.String())
					}
				}
			}
		}
		if k := slices.IndexFunc(r.handlers, func(o handler) bool { return o.node == h }); k >= 0 {
			r.handlers[k] = one // of a role that runs again
			continue
		}
		r.handlers = append(r.handlers, one)
	}
}

// notify marks handlers; they run once, later.
func (r *run) notify(n *yaml.Node) {
	if n == nil {
		return
	}
	v := r.ready(fromNode(r.doc, n))
	for _, s := range append([]value{v}, v.items...) {
		s = r.ready(s)
		if s.kind != str {
			continue
		}
		name := s.text.String()
		if old, ok := r.notified[name]; !ok || old != nil {
			r.notified[name] = r.cond
		}
	}
}

// flush runs the handlers that were notified, in the order in which they are defined.
func (r *run) flush() {
	for turn := 0; turn < 5 && len(r.notified) > 0; turn++ {
		now := r.notified
		r.notified = map[string]*step.Cond{}
		for _, h := range r.handlers {
			for _, name := range h.names {
				cond, ok := now[name]
				if !ok {
					continue
				}
				m := r.mark()
				r.doc, r.file, r.roleDir, r.search, r.cond = h.doc, h.file, h.role, h.search, cond
				r.layers = h.layers
				r.loop, r.itemAt, r.seen = false, span.Span{}, false
				r.task(h.node)
				r.back(m)
				break
			}
		}
	}
}
