package clouds

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// arg is an argument: the first of several names that is given, nil without one.
func (t *thing) arg(names ...string) *eval.Val {
	for _, n := range names {
		if v := t.args.Attr(n); !v.IsNull() {
			return v
		}
	}
	return nil
}

// give passes arguments on under Terraform's names: "argument=name", or the same name for both.
func (t *thing) give(pairs ...string) {
	if t.res == nil {
		return
	}
	for _, p := range pairs {
		from, to, ok := strings.Cut(p, "=")
		if !ok {
			to = from
		}
		if v := t.args.Attr(from); !v.IsNull() {
			t.res.Give(to, v)
		}
	}
}

// all is a list, whether it is written as one, as one thing, or as words with commas.
func all(v *eval.Val) []*eval.Val {
	if v.IsNull() {
		return nil
	}
	if v.Kind == eval.String && !v.IsUnknown() {
		return v.SplitCommas().List()
	}
	return v.List()
}

// named is the thing of a type that the playbook makes under a name; the value itself if it makes none. A mapping names by its key
// "name", as Azure's modules and Google's do.
func (p *play) named(typ string, v *eval.Val) *eval.Val {
	if v.IsNull() {
		return v
	}
	if v.Kind == eval.Map {
		if n := v.Attr("name"); !n.IsNull() {
			v = n
		}
	}
	name, ok := v.Str()
	if k := strings.LastIndexByte(name, '/'); k >= 0 { // an id, or an address of Google's interface
		name = name[k+1:]
	}
	for _, t := range p.order {
		have, known := own(t.args).Str()
		if ok && known && have == name && t.res != nil && t.res.Type == typ {
			return t.res.Ref("id").AtPlace(v.At)
		}
	}
	return v
}

// namedAll is named for each of a list.
func (p *play) namedAll(typ string, v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind == eval.Unknown {
		return v
	}
	out := eval.ListAt(v.At)
	for _, it := range all(v) {
		out.Items = append(out.Items, p.named(typ, it))
	}
	return out
}

// blocks is a list of mappings with some keys under another name; what is not known stays what it is.
func blocks(v *eval.Val, renames ...string) *eval.Val {
	if v.IsNull() || v.Kind == eval.Unknown {
		return v
	}
	out := eval.ListAt(v.At)
	for _, b := range v.List() {
		if b.Kind != eval.Map {
			out.Items = append(out.Items, eval.NotKnown("a part of it is not known: "+b.Reason(), b.At))
			continue
		}
		m := eval.MapAt(b.At)
		for _, k := range b.Keys {
			name := k
			for i := 0; i+1 < len(renames); i += 2 {
				if renames[i] == k {
					name = renames[i+1]
				}
			}
			m.Put(name, b.Child[k])
		}
		out.Items = append(out.Items, m)
	}
	return out
}

// tie declares what ties two things: both are given by reference.
func (p *play) tie(t *thing, typ, suffix, a string, x *eval.Val, b string, y *eval.Val) {
	if r := p.add(t, typ, suffix); r != nil {
		r.Give(a, x)
		r.Give(b, y)
	}
}
