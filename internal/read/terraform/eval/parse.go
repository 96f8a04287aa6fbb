package eval

import (
	"fmt"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// parsed is one file: what could be read of it, and what could not.
type parsed struct {
	body     *hclsyntax.Body
	problems []step.Problem
	broken   bool // some of it is lost
}

// parseHCL reads native syntax. The parser is recursive, so nesting is bounded before it runs. Terraform 0.11's quoted
// argument names are read as if they were not quoted.
func parseHCL(src *span.Source) (out parsed) {
	defer func() {
		if p := recover(); p != nil {
			out = parsed{broken: true, problems: []step.Problem{{At: src.Span(0, 0), Msg: "this file cannot be read as Terraform", Fatal: true}}}
		}
	}()
	if at, ok := tooDeep([]byte(src.Text)); ok {
		return parsed{broken: true, problems: []step.Problem{{At: src.Span(at, at), Fatal: true,
			Msg: "expressions are nested too deeply here; this file is not evaluated"}}}
	}
	code := []byte(src.Text)
	var diags hcl.Diagnostics
	for round := 0; round < 20; round++ {
		var f *hcl.File
		f, diags = hclsyntax.ParseConfig(code, src.File, hcl.InitialPos)
		if f != nil {
			out.body, _ = f.Body.(*hclsyntax.Body)
		}
		if !diags.HasErrors() {
			break
		}
		if !unquoteNames(code, diags) {
			break
		}
		if round == 0 {
			out.problems = append(out.problems, step.Problem{At: place(src, diags[0].Subject),
				Msg: "this is Terraform 0.11 syntax, which current Terraform refuses; it is read as far as possible (remove the quotes around argument names)"})
		}
	}
	for i, d := range diags {
		if d.Severity != hcl.DiagError || i >= 20 {
			continue
		}
		out.broken = true
		out.problems = append(out.problems, step.Problem{At: place(src, d.Subject),
			Msg: fmt.Sprintf("this file is not valid Terraform, and part of it is not evaluated: %s: %s", d.Summary, d.Detail)})
	}
	return out
}

func place(src *span.Source, r *hcl.Range) span.Span {
	if r == nil {
		return src.Span(0, 0)
	}
	return src.Span(r.Start.Byte, r.End.Byte)
}

// unquoteNames blanks the quotes of the argument names that the parser refused; positions do not move.
func unquoteNames(code []byte, diags hcl.Diagnostics) (changed bool) {
	for _, d := range diags {
		if d.Summary != "Invalid argument name" || d.Subject == nil {
			continue
		}
		i := d.Subject.Start.Byte
		if i >= len(code) || code[i] != '"' {
			continue
		}
		j := i + 1
		for j < len(code) && code[j] != '"' && code[j] != '\n' {
			j++
		}
		if j < len(code) && code[j] == '"' && hclsyntax.ValidIdentifier(string(code[i+1:j])) {
			code[i], code[j], changed = ' ', ' ', true
		}
	}
	return changed
}

// tooDeep says where nesting passes the bound. Lexing is not recursive.
func tooDeep(code []byte) (at int, deep bool) {
	tokens, _ := hclsyntax.LexConfig(code, "", hcl.InitialPos)
	depth, operators := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCHeredoc:
			depth = max(0, depth-1)
		}
		switch t.Type {
		case hclsyntax.TokenQuestion, hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenTemplateControl:
			operators++
		}
		if depth > maxNesting || operators > maxOperators {
			return t.Range.Start.Byte, true
		}
	}
	return 0, false
}

// attributes in the order written.
func attributes(b *hclsyntax.Body) []*hclsyntax.Attribute {
	out := make([]*hclsyntax.Attribute, 0, len(b.Attributes))
	for _, a := range b.Attributes {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.SrcRange.Filename != b.SrcRange.Filename {
			return a.SrcRange.Filename < b.SrcRange.Filename
		}
		if a.SrcRange.Start.Byte != b.SrcRange.Start.Byte {
			return a.SrcRange.Start.Byte < b.SrcRange.Start.Byte
		}
		return a.Name < b.Name
	})
	return out
}
