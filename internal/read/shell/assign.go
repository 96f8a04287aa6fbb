package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// declare is export, local, readonly, declare with assignments.
func (r *run) declare(c *syntax.DeclClause) {
	export, local := c.Variant.Value == "export", c.Variant.Value == "local"
	assoc := false
	r.substitutions(c)
	for _, a := range c.Args {
		if a.Name == nil { // -x, -A, or a word that makes up NAME=value
			if a.Value == nil {
				continue
			}
			if c.Variant.Value == "export" {
				r.exportWords(r.words([]*syntax.Word{a.Value}))
				continue
			}
			w := r.single(a.Value).String()
			export = export || strings.HasPrefix(w, "-") && strings.Contains(w, "x") && c.Variant.Value != "export"
			assoc = assoc || strings.HasPrefix(w, "-") && strings.Contains(w, "A")
			if k, v, ok := strings.Cut(w, "="); ok && isName(k) {
				r.set(k, value{s: v})
			}
			continue
		}
		name := a.Name.Value
		if n := len(r.locals); n > 0 && (local || c.Variant.Value == "declare") {
			if _, kept := r.locals[n-1][name]; !kept {
				old, ok := r.vars[name]
				if !ok {
					old = value{s: unsetMark}
				}
				r.locals[n-1][name] = old
			}
		}
		if !a.Naked {
			r.assign(a, assoc)
		} else if local || assoc {
			r.set(name, value{arr: assoc, keys: emptyKeys(assoc)})
		}
		if export {
			r.exported[name] = true
		}
	}
}

// exportWords is export with words that are worked out first: export $(grep -v '^#' .env | xargs).
func (r *run) exportWords(words []span.Text) {
	for _, w := range words {
		k, v, ok := strings.Cut(w.String(), "=")
		switch {
		case ok && isName(k):
			r.set(k, value{s: v})
			r.exported[k] = true
		case isName(k):
			r.exported[k] = true
		case span.IsUnknown(k):
			r.missing = "what export reads on line " + strconv.Itoa(w.Span().Start.Line)
		}
	}
}

func emptyKeys(assoc bool) []string {
	if assoc {
		return []string{}
	}
	return nil
}

// assign is NAME=value, NAME+=value, NAME[i]=value and NAME=(list).
func (r *run) assign(a *syntax.Assign, assoc bool) {
	if a.Name == nil {
		return
	}
	name := a.Name.Value
	old := r.vars[name]
	switch {
	case a.Array != nil:
		v := value{arr: true, keys: emptyKeys(assoc || old.keys != nil)}
		if a.Append {
			v.list, v.keys = append(v.list, old.list...), append(v.keys, old.keys...)
		}
		for _, e := range a.Array.Elems {
			if e.Index != nil {
				if w, ok := e.Index.(*syntax.Word); ok {
					v.keys = append(v.keys, r.single(w).String())
				}
				v.list = append(v.list, r.single(e.Value).String())
				continue
			}
			if e.Value != nil {
				for _, f := range r.words([]*syntax.Word{e.Value}) {
					v.list = append(v.list, f.String())
				}
			}
		}
		r.set(name, v)
	case a.Index != nil:
		r.assignElement(name, a, old)
	case a.Append && old.arr:
		r.unsettle(name, "is changed in a way that is not worked out")
	default:
		s := r.single(a.Value).String()
		if a.Append {
			s = old.s + s
		}
		r.set(name, value{s: s})
	}
}

func (r *run) assignElement(name string, a *syntax.Assign, old value) {
	val := r.single(a.Value).String()
	v := value{arr: true, list: append([]string(nil), old.list...), keys: append([]string(nil), old.keys...)}
	if w, ok := a.Index.(*syntax.Word); ok && old.keys != nil {
		key := r.single(w).String()
		for i, k := range v.keys {
			if k == key && i < len(v.list) {
				v.list[i] = val
				r.set(name, v)
				return
			}
		}
		v.keys, v.list = append(v.keys, key), append(v.list, val)
		r.set(name, v)
		return
	}
	i, ok := r.arith(a.Index, 0)
	if !ok || i < 0 || i > int64(len(v.list)) {
		r.unsettle(name, "is changed in a way that is not worked out")
		return
	}
	if v.keys = nil; int(i) == len(v.list) {
		v.list = append(v.list, val)
	} else {
		v.list[i] = val
	}
	r.set(name, v)
}
