package pulumi

import (
	"fmt"
	"math/big"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// value evaluates n with the functions and references in it.
func (p *runner) value(n *markup.Node, depth int) *eval.Val {
	if n == nil {
		return eval.None()
	}
	at := eval.At(n.At)
	if why := p.spend(at, depth); why != nil {
		return why
	}
	switch {
	case n.Alias:
		p.refused(n.At, "Pulumi refuses programs with aliases (*name, <<), as one stands for this; write it out where it is used")
		return eval.NotKnown("an alias, which Pulumi refuses", at)
	case n.Tag != "":
		return eval.NotKnown("the tag "+n.Tag+" means nothing to Pulumi", at)
	case n.Kind == markup.String:
		return p.interpolated(n.Text, depth)
	case n.Kind == markup.List:
		out := eval.ListAt(at)
		for _, it := range n.Items {
			out.Items = append(out.Items, p.value(it, depth+1))
		}
		return p.weighed(out)
	case n.Kind != markup.Map:
		return scalar(n, at)
	}
	if len(n.Members) == 1 {
		if m := n.Members[0]; strings.HasPrefix(strings.ToLower(m.Key.String()), "fn::") {
			return p.call(n, m, depth+1)
		}
	}
	out := eval.MapAt(at)
	for _, m := range n.Members {
		key := m.Key.String()
		if strings.Contains(key, "$") {
			k := p.interpolated(m.Key, depth+1)
			s, ok := k.Str()
			if !ok {
				return eval.NotKnown("a key is not known: "+k.Reason(), at)
			}
			key = s
		}
		if v := p.value(m.Value, depth+1); !v.IsNull() {
			out.Put(key, v)
		}
	}
	return p.weighed(out.Named(property))
}

// weighed is v unless it holds too much: a value may hold another many times over, which holds yet another many times.
func (p *runner) weighed(v *eval.Val) *eval.Val {
	if p.weight(v) <= maxWeight {
		return v
	}
	return eval.NotKnown("a value that is too large", v.At)
}

func (p *runner) weight(v *eval.Val) int {
	if v.IsNull() || v.Kind != eval.List && v.Kind != eval.Map {
		return 1 + v.T.Len()/64
	}
	if w, ok := p.weights[v]; ok {
		return w
	}
	w := 1
	for _, it := range v.Items {
		w = min(w+p.weight(it), maxWeight+1)
	}
	for _, k := range v.Keys {
		w = min(w+p.weight(v.Child[k]), maxWeight+1)
	}
	p.weights[v] = w
	return w
}

// spend counts one value, and says when there are too many.
func (p *runner) spend(at eval.Place, depth int) *eval.Val {
	if p.fuel++; p.fuel <= maxFuel && depth <= maxDepth {
		return nil
	}
	const why = "this program takes too long to evaluate"
	if !p.spent {
		p.spent = true
		p.c.NotEvaluated(why, at)
	}
	return eval.NotKnown(why, at)
}

// scalar is a value in which nothing is interpolated.
func scalar(n *markup.Node, at eval.Place) *eval.Val {
	switch n.Kind {
	case markup.Null:
		return eval.None()
	case markup.Bool:
		return eval.BoolOf(strings.EqualFold(n.Str(), "true"), at)
	case markup.Number:
		if f, _, err := big.ParseFloat(strings.ReplaceAll(n.Str(), "_", ""), 10, 64, big.ToNearestEven); err == nil && !f.IsInf() {
			return eval.NumberOf(f, at)
		}
		if i, err := strconv.ParseInt(n.Str(), 0, 64); err == nil {
			return eval.NumberOf(new(big.Float).SetInt64(i), at)
		}
	}
	return eval.TextOf(n.Text)
}

// literal is n as it is written, as in the files of stacks.
func (p *runner) literal(n *markup.Node, depth int) *eval.Val {
	at := eval.At(n.At)
	if why := p.spend(at, depth); why != nil {
		return why
	}
	switch n.Kind {
	case markup.List:
		out := eval.ListAt(at)
		for _, it := range n.Items {
			out.Items = append(out.Items, p.literal(it, depth+1))
		}
		return out
	case markup.Map:
		if n.Get("secure") != nil && len(n.Members) == 1 {
			return eval.NotKnown("a secret", at)
		}
		out := eval.MapAt(at)
		for _, m := range n.Members {
			out.Put(m.Key.String(), p.literal(m.Value, depth+1))
		}
		return out.Named(property)
	}
	return scalar(n, at)
}

// interpolated is a text with the references in it: ${name.attribute[0]}; "$$" stands for a dollar sign. A reference that is
// the whole text is what it refers to.
func (p *runner) interpolated(text span.Text, depth int) *eval.Val {
	s := text.String()
	if !strings.Contains(s, "$$") && !strings.Contains(s, "${") {
		return eval.TextOf(text)
	}
	var parts []span.Text
	from, size := 0, 0
	emit := func(t span.Text) { parts, size = append(parts, t), size+t.Len() }
	for i := 0; i+1 < len(s) && size < maxText; {
		switch {
		case strings.HasPrefix(s[i:], "$$"):
			emit(text.Slice(from, i+1))
			i += 2
			from = i
		case strings.HasPrefix(s[i:], "${"):
			steps, end, why := access(s, i+2)
			if end == 0 {
				here := text.Slice(i, min(i+2, len(s)))
				p.refused(here, "this reference cannot be read: "+why+"; write $${ for what is the shell's")
				return eval.NotKnown("a reference in it cannot be read: "+why, eval.At(here))
			}
			here := text.Slice(i, end)
			v := p.reference(steps, eval.At(here), here, depth+1)
			if i == 0 && end == len(s) {
				return v
			}
			emit(text.Slice(from, i))
			emit(p.c.Module().InText(v, here))
			i, from = end, end
		default:
			i++
		}
	}
	emit(text.Slice(from, len(s)))
	if size > maxText {
		return eval.NotKnown("a text that is too long", eval.At(text))
	}
	return eval.TextOf(span.Concat(parts...)).AtPlace(eval.At(text))
}

// refused notes something for which Pulumi refuses the program.
func (p *runner) refused(at span.Text, why string) {
	if len(p.c.Problems) < maxProblems {
		p.c.Problems = append(p.c.Problems, step.Problem{At: at.Span(), Msg: why})
	}
}

// reference is what a name stands for, with the attributes and indices behind it.
func (p *runner) reference(steps []accessor, at eval.Place, here span.Text, depth int) *eval.Val {
	name := steps[0].name
	if name == "pulumi" {
		return p.builtin(steps[1:], at)
	}
	if r := p.resources[name]; r != nil {
		return p.attribute(r, steps[1:], at)
	}
	v := p.once(name, at, func() *eval.Val {
		if n := exact(p.root.Get("variables"), name); n != nil {
			return p.value(n.Value, depth+1)
		}
		return p.config(name, at)
	})
	if v == nil {
		p.refused(here, fmt.Sprintf("nothing is called %s here, and Pulumi refuses the program; declare it, or write $${%s} for what is the shell's", span.Show(name), span.Show(name)))
		return eval.NotKnown("nothing is called "+name, at)
	}
	return follow(v, steps[1:], at)
}

// once evaluates what is called name one time, and finds circles.
func (p *runner) once(name string, at eval.Place, f func() *eval.Val) *eval.Val {
	return p.known.Do(name, name+" refers to itself", at, f)
}

// builtin is what Pulumi itself knows: ${pulumi.stack} and its like. Directories are relative, as files are opened by them.
func (p *runner) builtin(steps []accessor, at eval.Place) *eval.Val {
	if len(steps) == 1 {
		switch steps[0].name {
		case "stack":
			return p.stack(at)
		case "project":
			if n := p.project.Get("name"); n != nil {
				return scalar(n, eval.At(n.At))
			}
		case "cwd":
			return eval.Text(".", at)
		case "rootDirectory":
			if dir, err := filepath.Rel(p.c.Dir, p.dir); err == nil {
				return eval.Text(filepath.ToSlash(dir), at)
			}
		}
	}
	return eval.NotKnown("known only when the stack is updated", at)
}

// follow goes down into a value. What lies below an attribute of a resource stays that resource's.
func follow(v *eval.Val, steps []accessor, at eval.Place) *eval.Val {
	for _, s := range steps {
		if v.Kind == eval.Unknown {
			return v
		}
		below := (*eval.Val)(nil)
		switch r, path := v.Target(); {
		case v.Kind == eval.Ref:
			below = deeper(v, s, at)
		case r != nil && path == "" && !s.list:
			if below = r.Ref(markup.Snake(s.name)); below.IsUnknown() {
				below = below.AtPlace(at)
			}
		case s.list && v.Kind == eval.List && s.index >= 0 && s.index < len(v.Items):
			below = v.Items[s.index]
		case !s.list && v.Kind == eval.Map:
			below = v.Attr(s.name)
		}
		if below.IsNull() {
			return missing(v, s, at)
		}
		if below.From == nil && v.From != nil {
			c := *below
			c.From = deeper(v, s, at).From
			below = &c
		}
		if v.Assumed != "" && below.Assumed == "" {
			below = below.Assume(v.Assumed)
		}
		v = below
	}
	return v
}

// missing is what the provider makes, below something that is configured.
func missing(v *eval.Val, s accessor, at eval.Place) *eval.Val {
	if v.From != nil {
		return deeper(v, s, at)
	}
	return eval.NotKnown("there is no "+s.String()+" in what the reference names", at)
}

func (a accessor) String() string {
	if a.list {
		return fmt.Sprintf("element %d", a.index)
	}
	return a.name
}

// deeper is an attribute of what only the cloud knows.
func deeper(v *eval.Val, s accessor, at eval.Place) *eval.Val {
	path := v.From.Path
	switch {
	case s.list:
		path += fmt.Sprintf("[%d]", s.index)
	case path != "":
		path += "." + markup.Snake(s.name)
	default:
		path = markup.Snake(s.name)
	}
	return &eval.Val{Kind: eval.Ref, From: &eval.Link{Res: v.From.Res, Path: path, Of: v.From.Of}, Sensitive: v.Sensitive, At: at}
}
