package eval

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// jsonReader turns Terraform's JSON syntax into the same tree as the native one, positions kept.
type jsonReader struct {
	src      *span.Source
	register func(span.Text) string // names a text that templates are parsed from
	problems []step.Problem
}

// labels is how many labels the blocks of Terraform's top level have.
var labels = map[string]int{"locals": 0, "provider": 1, "variable": 1, "output": 1, "module": 1, "resource": 2, "data": 2}

// nestedBlocks are the blocks of a resource that mean something to Terraform itself.
var nestedBlocks = map[string]int{"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}

func parseJSON(src *span.Source, register func(span.Text) string) parsed {
	r := &jsonReader{src: src, register: register}
	root, err := scanJSON(src.Text)
	if err != nil {
		return parsed{broken: true, problems: []step.Problem{{At: src.Span(err.at, err.at), Fatal: err.deep,
			Msg: "this file is not valid JSON and is not evaluated: " + err.msg}}}
	}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: r.rng(root), EndRange: r.rng(root)}
	for _, obj := range root.each() {
		for _, m := range obj.members {
			if n, ok := labels[m.key.text]; ok {
				r.blocks(body, m.key, m.value, n, nil)
			}
		}
	}
	return parsed{body: body, problems: r.problems}
}

// blocks appends the blocks of one type: objects nested as deep as there are labels.
func (r *jsonReader) blocks(to *hclsyntax.Body, typ, v *jsonValue, n int, names []*jsonValue) {
	for _, obj := range v.each() {
		if n > 0 {
			for _, m := range obj.members {
				if m.key.text != "//" {
					r.blocks(to, typ, m.value, n-1, append(names[:len(names):len(names)], m.key))
				}
			}
			continue
		}
		b := &hclsyntax.Block{Type: typ.text, TypeRange: r.rng(typ), OpenBraceRange: r.rng(obj), CloseBraceRange: r.rng(obj)}
		for _, l := range names {
			b.Labels = append(b.Labels, l.text)
			b.LabelRanges = append(b.LabelRanges, r.rng(l))
			b.TypeRange = r.rng(l)
		}
		b.Body = r.body(obj, typ.text != "locals")
		to.Blocks = append(to.Blocks, b)
	}
}

func (r *jsonReader) body(obj *jsonValue, nested bool) *hclsyntax.Body {
	b := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: r.rng(obj), EndRange: r.rng(obj)}
	for _, m := range obj.members {
		n, isBlock := nestedBlocks[m.key.text]
		switch {
		case m.key.text == "//":
		case nested && (isBlock || m.key.text == "content"):
			r.blocks(b, m.key, m.value, n, nil)
		default:
			all := r.rng(m.key)
			all.End = r.rng(m.value).End
			b.Attributes[m.key.text] = &hclsyntax.Attribute{Name: m.key.text, Expr: r.expr(m.value),
				SrcRange: all, NameRange: r.rng(m.key), EqualsRange: r.rng(m.key)}
		}
	}
	return b
}

func (r *jsonReader) expr(v *jsonValue) hclsyntax.Expression {
	switch v.kind {
	case '{':
		e := &hclsyntax.ObjectConsExpr{SrcRange: r.rng(v), OpenRange: r.rng(v)}
		for _, m := range v.members {
			e.Items = append(e.Items, hclsyntax.ObjectConsItem{KeyExpr: r.expr(m.key), ValueExpr: r.expr(m.value)})
		}
		return e
	case '[':
		e := &hclsyntax.TupleConsExpr{SrcRange: r.rng(v), OpenRange: r.rng(v)}
		for _, it := range v.items {
			e.Exprs = append(e.Exprs, r.expr(it))
		}
		return e
	case '"':
		if strings.Contains(v.text, "${") || strings.Contains(v.text, "%{") {
			name := r.register(unescapeJSON(r.src, v.start+1, v.end-1))
			return parseTemplate(v.text, name)
		}
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(v.text), SrcRange: r.inner(v)}
	case '0':
		if n, err := cty.ParseNumberVal(v.text); err == nil {
			return &hclsyntax.LiteralValueExpr{Val: n, SrcRange: r.rng(v)}
		}
	case 't':
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(v.text == "true"), SrcRange: r.rng(v)}
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: r.rng(v)}
}

func (r *jsonReader) rng(v *jsonValue) hcl.Range {
	return hcl.Range{Filename: r.src.File, Start: hcl.Pos{Byte: v.start}, End: hcl.Pos{Byte: v.end}}
}

func (r *jsonReader) inner(v *jsonValue) hcl.Range {
	return hcl.Range{Filename: r.src.File, Start: hcl.Pos{Byte: v.start + 1}, End: hcl.Pos{Byte: v.end - 1}}
}
