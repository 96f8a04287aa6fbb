package python

import "github.com/tljh-policy/tljh-policy/internal/read/python/syntax"

// tell tells whoever wants to know of a call.
func (e *evaluator) tell(f *Value, method string, on *Value, a *arguments, x *syntax.Call) {
	if e.opts.Calls == nil || e.raised != nil || e.opts.Outside != nil { // outside tells itself
		return
	}
	c := &Call{Name: "." + method, On: on, Args: a.list, Named: a.named, At: e.at(x)}
	if f != nil {
		if f.Kind != Ref {
			return
		}
		c.Name, c.On = f.Name, nil
	}
	if m, ok := x.Func.(*syntax.Attr); ok {
		from, to := m.X.Range()
		c.Base = e.src[from:to]
	}
	if len(e.doubts) > 0 {
		c.Maybe = e.doubts[len(e.doubts)-1]
	}
	e.opts.Calls(c)
}

// uncalled performs the functions and methods of a program that nothing in it calls: a framework may, as CDK calls the
// constructors of stacks. Whether it does is not known, except for constructors.
func (e *evaluator) uncalled() {
	e.quiet++
	defer func() { e.quiet-- }()
	for i := 0; i < len(e.defined); i++ {
		f := e.defined[i]
		if e.called[f.fn.id()] || e.spent || f.fn.expr != nil {
			continue
		}
		fn := *f.fn
		fn.async = false
		list := make([]*Value, 0, len(fn.params.Only)+len(fn.params.Plain))
		for _, ps := range [][]syntax.Param{fn.params.Only, fn.params.Plain} {
			for _, p := range ps {
				v := fn.args[p.Name]
				if v == nil {
					v = unknownAt("it is an argument, "+p.Name, f.At)
				}
				list = append(list, v)
			}
		}
		if f.Name != "__init__" {
			e.doubts = append(e.doubts, located("nothing in the file calls the function "+f.Name, f.At))
		}
		from := len(e.exits)
		e.apply(&Value{Kind: Function, Name: f.Name, At: f.At, fn: &fn}, list, nil, f.At)
		e.exits, e.raised = e.exits[:from], nil
		if f.Name != "__init__" {
			e.doubts = e.doubts[:len(e.doubts)-1]
		}
	}
}
