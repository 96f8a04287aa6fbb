package eval

import (
	"encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// parseTemplate parses the text registered as name. What cannot be parsed is an error expression.
func parseTemplate(code, name string) (out hclsyntax.Expression) {
	bad := &hclsyntax.ExprSyntaxError{SrcRange: hcl.Range{Filename: name, End: hcl.Pos{Byte: len(code)}}}
	defer func() {
		if recover() != nil {
			out = bad
		}
	}()
	tokens, _ := hclsyntax.LexTemplate([]byte(code), name, hcl.InitialPos)
	depth, operators := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			depth = max(0, depth-1)
		case hclsyntax.TokenQuestion, hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenTemplateControl:
			operators++
		}
		if depth > maxNesting || operators > maxOperators {
			return bad
		}
	}
	e, diags := hclsyntax.ParseTemplate([]byte(code), name, hcl.InitialPos)
	if diags.HasErrors() || e == nil {
		bad.ParseDiags = diags
		return bad
	}
	return e
}

// render evaluates the parts of a template one by one, so that an unknown part leaves the rest readable.
func (ev *evaluator) render(parts []hclsyntax.Expression, s *Scope, at Place) *Val {
	texts := make([]span.Text, 0, len(parts))
	n := 0
	for _, p := range parts {
		var t span.Text
		if lit, ok := p.(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String && lit.Val.IsKnown() && !lit.Val.IsNull() {
			t = literalText(ev.at(lit.SrcRange), lit.Val.AsString())
		} else {
			t = ev.asText(ev.expr(p, s), ev.at(p.Range()))
		}
		if n += t.Len(); n > maxText {
			ev.exhaust(at, "this text grows too large")
			return unknown("a text that is too long", at)
		}
		texts = append(texts, t)
	}
	ev.steps += n / 256
	return text(span.Concat(texts...), at)
}

// asText is v inside another text, where it stands at use. Unknown and secret values become tokens.
func (ev *evaluator) asText(v *Val, use Place) span.Text {
	left := maxItems // lists may hold one list many times over
	return ev.inText(v, use, &left)
}

func (ev *evaluator) inText(v *Val, use Place, left *int) span.Text {
	if *left--; *left < 0 {
		return span.Literal(span.Unknown("a list that is too long"), use.Text())
	}
	at := v.At
	if at.IsZero() {
		at = use
	}
	if v.Sensitive && v.Kind != Ref {
		return span.Literal(span.Unknown("a value marked sensitive"), at.Text())
	}
	switch v.Kind {
	case String:
		if v.Base64 || v.Gzip {
			return span.Literal(encode(v), at.Text())
		}
		return v.T
	case Null:
		return span.Literal(span.Unknown("a null value"), use.Text())
	case List:
		var texts []span.Text
		for _, it := range v.Items {
			if texts = append(texts, ev.inText(it, use, left)); *left < 0 {
				break
			}
		}
		return span.Concat(texts...)
	case Map:
		return span.Literal(span.Unknown("an object used as text"), use.Text())
	}
	if s, ok := v.Str(); ok {
		return span.Literal(s, at.Text())
	}
	return span.Literal(span.Unknown(v.Reason()), use.Text())
}

// literalText maps a decoded literal part of a template to where it is written: exactly where it is a copy, and escape
// by escape where it is not. An indented heredoc loses the spaces before each of its lines.
func literalText(at Place, decoded string) span.Text {
	raw := at.Text()
	written := raw.String()
	if same(written, decoded) {
		return raw
	}
	from, to := strings.SplitAfter(written, "\n"), strings.SplitAfter(decoded, "\n")
	if len(from) == 1 || len(from) != len(to) {
		return literalLine(raw, decoded)
	}
	parts := make([]span.Text, len(from))
	off := 0
	for i, line := range from {
		parts[i] = literalLine(raw.Slice(off, off+len(line)), to[i])
		off += len(line)
	}
	return span.Concat(parts...)
}

func literalLine(raw span.Text, decoded string) span.Text {
	written := raw.String()
	for i := 0; i <= len(written); i++ {
		if same(written[i:], decoded) {
			return raw.Slice(i, raw.Len())
		}
		for _, quoted := range []bool{false, true} {
			if t := unescapeHCL(raw.Slice(i, raw.Len()), quoted); same(t.String(), decoded) {
				return t
			}
		}
		if i >= len(written) || i > 100 || strings.IndexByte(" \t", written[i]) < 0 {
			break
		}
	}
	return span.Literal(decoded, raw)
}

// same compares as cty does, which normalises Unicode.
func same(written, decoded string) bool {
	return written == decoded || len(written) < 1<<16 && cty.StringVal(written).AsString() == decoded
}

// unescapeHCL decodes $${ and %%{, and backslash escapes in quoted templates.
func unescapeHCL(t span.Text, quoted bool) span.Text {
	s := t.String()
	var parts []span.Text
	run := 0
	replace := func(i, n int, by string) {
		parts = append(parts, t.Slice(run, i), span.Literal(by, t.Slice(i, i+n)))
		run = i + n
	}
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "$${"), strings.HasPrefix(s[i:], "%%{"):
			replace(i, 3, s[i+1:i+3])
			i += 2
		case quoted && s[i] == '\\' && i+1 < len(s):
			n := map[byte]int{'u': 6, 'U': 10}[s[i+1]]
			if n == 0 {
				n = 2
			}
			n = min(n, len(s)-i)
			replace(i, n, unquote(s[i:i+n]))
			i += n - 1
		}
	}
	return span.Concat(append(parts, t.Slice(run, len(s)))...)
}

func unquote(escape string) string {
	if len(escape) == 10 {
		escape = `\u` + escape[6:] // planes above the first are rare enough to be placed as a whole
	}
	var s string
	_ = json.Unmarshal([]byte(`"`+escape+`"`), &s)
	return s
}
