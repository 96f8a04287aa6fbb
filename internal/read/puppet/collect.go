package puppet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// override sets arguments of resources that are declared elsewhere.
func (r *run) override(n *node, s *scope) {
	v := value{kind: ref, text: span.Plain(n.kids[0].word)}
	for _, k := range n.kids[1:] {
		v.items = append(v.items, r.eval(k, s).all()...)
	}
	attrs := r.attributes(n.attrs, s)
	r.change(r.refs(v), attrs, "", n.text())
}

// change sets arguments, when all is declared; under a condition, or for some only, what they are is not known.
func (r *run) change(refs []string, attrs map[string]value, why string, at span.Text) {
	if r.cond != nil {
		why = r.cond.Why
	}
	r.waiting = append(r.waiting, func() {
		for _, ref := range refs {
			for _, x := range r.byRef[ref] {
				if x.own() != ref && !strings.HasSuffix(ref, "[*]") || x.attrs == nil || !r.spend(1+len(attrs)) {
					continue
				}
				for k, v := range attrs {
					if old := x.attrs[k]; why != "" && !same(old, v) {
						v = unknownValue(why, at)
					}
					x.attrs[k] = v
				}
				r.ordered(x.own(), attrs)
			}
		}
	})
}

// collect realizes virtual resources, and sets arguments of all of a type.
func (r *run) collect(n *node, s *scope) value {
	kind := strings.ToLower(n.word)
	all := kind + "[*]"
	cond, why := r.cond, ""
	if len(n.kids) > 0 {
		why = "which resources are meant is not followed"
		if cond == nil {
			cond = &step.Cond{Why: why, At: n.text().Span()}
		}
	}
	r.waiting = append(r.waiting, func() {
		for _, x := range r.byRef[all] {
			if x.virtual {
				x.virtual = false
				if x.cond == nil {
					x.cond = cond
				}
			}
		}
	})
	if len(n.attrs) > 0 {
		r.change([]string{all}, r.attributes(n.attrs, s), why, n.text())
	}
	return value{kind: ref, text: span.Plain(kind), items: []value{strValue(span.Plain("*"))}}
}

// late does what counts when everything is declared.
func (r *run) late() {
	for len(r.waiting) > 0 && !r.broke {
		w := r.waiting
		r.waiting = nil
		for _, f := range w {
			f()
		}
	}
}

// apply sees to the resources in their order: as they are written, each behind what it needs.
func (r *run) apply() {
	needed := map[string]bool{}
	var visit func(x *resource, depth int)
	need := func(ref string, depth int) {
		if needed[ref] || depth > 3000 {
			return
		}
		needed[ref] = true
		for _, e := range r.before[ref] {
			for _, y := range r.byRef[e.from] {
				visit(y, depth+1)
			}
		}
	}
	visit = func(x *resource, depth int) {
		if x.visited {
			return
		}
		x.visited = true
		for _, ref := range x.refs {
			need(ref, depth+1)
		}
		r.see(x)
	}
	for _, x := range r.catalog {
		visit(x, 0)
	}
	if r.broke {
		at := span.Text{}
		if len(r.catalog) > 0 {
			at = r.catalog[len(r.catalog)-1].at
		}
		r.res.Problems = append(r.res.Problems, step.Problem{At: at.Span(), Msg: "the manifests do more than can be followed; split them", Fatal: true})
		r.res.Steps = append(r.res.Steps, opaqueStep(at, "the manifests do more than can be followed"))
	}
	if r.failed != nil {
		for i := range r.res.Steps {
			if r.res.Steps[i].Cond == nil {
				r.res.Steps[i].Cond = r.failed
			}
		}
	}
}
