package python

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// str is the value of strings side by side.
func (e *evaluator) str(x *syntax.Str) *Value {
	var parts []span.Text
	bytes := false
	for i := range x.Parts {
		p := &x.Parts[i]
		bytes = p.Bytes()
		if !p.Formatted() {
			parts = append(parts, syntax.Decode(e.text, p.Open, p.Shut, p.Raw(), p.Bytes()))
			continue
		}
		if strings.Contains(p.Prefix, "t") {
			return e.unknown(x, "it is a template string, which is not followed")
		}
		parts = append(parts, e.pieces(p.Pieces, p.Raw())...)
	}
	t := span.Concat(parts...)
	if len(parts) == 0 || t.Len() == 0 {
		t = span.Literal("", e.slice(x))
	}
	if t.Len() > maxText {
		return e.unknownText("the text is too long", e.slice(x))
	}
	v := &Value{Kind: Text, Text: t, At: e.at(x)}
	if bytes {
		v.Kind = Bytes
	}
	return v
}

func (e *evaluator) pieces(ps []syntax.Piece, raw bool) []span.Text {
	var out []span.Text
	for i := range ps {
		p := &ps[i]
		if p.X == nil {
			t := syntax.Decode(e.text, p.From, p.To, raw, false)
			out = append(out, t)
			continue
		}
		v := e.eval(p.X)
		if p.Show {
			from, to := p.X.Range()
			out = append(out, span.Literal(e.src[from:to]+"=", e.text.Slice(from, to)))
		}
		spec := ""
		if len(p.Spec) > 0 {
			spec = span.Concat(e.pieces(p.Spec, raw)...).String()
		}
		conv := p.Conv
		if p.Show && conv == "" && spec == "" {
			conv = "r"
		}
		out = append(out, e.formatted(v, conv, spec, p))
	}
	return out
}

// formatted is v as a field of a text shows it.
func (e *evaluator) formatted(v *Value, conv, spec string, x syntax.Node) span.Text {
	if conv == "" && spec == "" {
		if v.Kind == Text {
			return v.Text
		}
		return e.asText(v, x).Text
	}
	if s, ok := textForm(v, conv == "r" || conv == "a", 0); ok {
		if conv != "" || v.Kind == Text {
			v = textOf(span.Plain(s))
		}
		if out, ok := format(v, spec); ok {
			return span.Literal(out, e.slice(x))
		}
	}
	return span.Literal(span.Unknown(firstOf(v.Reason(), "it is put together by code that is not followed")), e.slice(x))
}

// textForm is Python's str(v), or repr(v).
func textForm(v *Value, repr bool, depth int) (string, bool) {
	if depth > 10 || v == nil {
		return "", false
	}
	switch v.Kind {
	case None, Bool, Int:
		return v.Show(), true
	case Float:
		return floatText(v.Float), true
	case Text:
		s, ok := v.Str()
		if !ok || !repr {
			return s, ok
		}
		if strings.ContainsAny(s, "'\\\n\r\t") || !ascii(s) {
			return "", false
		}
		return "'" + s + "'", true
	case List, Tuple, Set, Dict:
		return listForm(v, depth)
	}
	return "", false
}

func listForm(v *Value, depth int) (string, bool) {
	if len(v.Items) > 200 || v.Kind == Set && len(v.Items) != 1 {
		return "", false
	}
	var out []string
	for i, it := range v.Items {
		s, ok := textForm(it, true, depth+1)
		if !ok {
			return "", false
		}
		if v.Kind == Dict {
			k, ok := textForm(v.Keys[i], true, depth+1)
			if !ok {
				return "", false
			}
			s = k + ": " + s
		}
		out = append(out, s)
	}
	s := strings.Join(out, ", ")
	switch {
	case v.Kind == List:
		return "[" + s + "]", true
	case v.Kind == Tuple && len(out) == 1:
		return "(" + s + ",)", true
	case v.Kind == Tuple:
		return "(" + s + ")", true
	}
	return "{" + s + "}", true
}

// floatText is Python's repr of a float.
func floatText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// format is Python's format(v, spec) for the specifications that configurations use: [0][width][.precision][d f s g].
func format(v *Value, spec string) (string, bool) {
	if spec == "" {
		return textForm(v, false, 0)
	}
	s, kind := spec, byte(0)
	if last := s[len(s)-1]; strings.IndexByte("dfsgexX%", last) >= 0 {
		kind, s = last, s[:len(s)-1]
	}
	width, prec, point := s, -1, strings.IndexByte(s, '.')
	if point >= 0 {
		p, err := strconv.Atoi(s[point+1:])
		if err != nil || p > 50 {
			return "", false
		}
		width, prec = s[:point], p
	}
	align, zero := byte(0), false
	if width != "" && strings.IndexByte("<>", width[0]) >= 0 {
		align, width = width[0], width[1:]
	}
	if strings.HasPrefix(width, "0") {
		zero, width = true, width[1:]
	}
	w := 0
	if width != "" {
		n, err := strconv.Atoi(width)
		if err != nil || n > 1000 || n < 0 {
			return "", false
		}
		w = n
	}
	body, isNumber, ok := formatBody(v, kind, prec)
	if !ok || zero && !isNumber {
		return "", false
	}
	for len([]rune(body)) < w {
		switch {
		case zero && strings.HasPrefix(body, "-"):
			body = "-0" + body[1:]
		case zero:
			body = "0" + body
		case align == '>' || align == 0 && isNumber:
			body = " " + body
		default:
			body += " "
		}
	}
	return body, true
}

func formatBody(v *Value, kind byte, prec int) (s string, isNumber, ok bool) {
	f, num := number(v)
	switch {
	case v.Kind == Text && (kind == 0 || kind == 's'):
		s, ok = v.Str()
		if r := []rune(s); prec >= 0 && len(r) > prec {
			s = string(r[:prec])
		}
		return s, false, ok
	case num && v.Kind != Float && (kind == 0 || kind == 'd') && prec < 0:
		return strconv.FormatInt(v.Int, 10), true, true
	case num && v.Kind != Float && (kind == 'x' || kind == 'X') && prec < 0:
		s = strconv.FormatInt(v.Int, 16)
		if kind == 'X' {
			s = strings.ToUpper(s)
		}
		return s, true, true
	case num && kind == 'f':
		if prec < 0 {
			prec = 6
		}
		return strconv.FormatFloat(f, 'f', prec, 64), true, true
	}
	return "", false, false
}

// percent is text % values.
func (e *evaluator) percent(l, r *Value, x syntax.Node) *Value {
	s := l.Text.String()
	args, dict := []*Value{r}, r.Kind == Dict
	if r.Kind == Tuple {
		args = r.Items
	}
	var parts []span.Text
	last := 0
	for i := 0; i < len(s); {
		if s[i] != '%' {
			i++
			continue
		}
		j := i + 1
		key := ""
		if j < len(s) && s[j] == '(' {
			k := strings.IndexByte(s[j:], ')')
			if k < 0 {
				break
			}
			key = s[j+1 : j+k]
			j += k + 1
		}
		spec := j
		for j < len(s) && strings.IndexByte("0123456789.-", s[j]) >= 0 {
			j++
		}
		if j >= len(s) {
			break
		}
		parts = append(parts, l.Text.Slice(last, i))
		last = j + 1
		if s[j] == '%' {
			parts = append(parts, l.Text.Slice(j, j+1))
			i = j + 1
			continue
		}
		var v *Value
		switch {
		case key != "" && dict:
			if n, sure := r.find(textOf(span.Plain(key))); n >= 0 && sure {
				v = r.Items[n]
			}
		case key == "" && len(args) > 0 && !(dict && len(args) == 0):
			v, args = args[0], args[1:]
		}
		if v == nil {
			v = unknownAt(firstOf(r.Reason(), "it is put together by code that is not followed"), e.at(x))
		}
		sp := s[spec:j]
		conv := ""
		switch s[j] {
		case 's', 'd', 'i', 'f':
			if c := strings.TrimLeft(sp, "-"); c != sp {
				sp = "<" + c
			} else if s[j] == 's' && sp != "" && sp[0] != '.' {
				sp = ">" + sp
			}
			if s[j] == 'f' || sp != "" {
				sp += strings.ReplaceAll(string(s[j]), "i", "d")
			}
			if s[j] != 's' && v.Kind == Float && s[j] != 'f' {
				v = intOf(int64(v.Float), v.At)
			}
		case 'r':
			conv = "r"
		default:
			v, sp = unknownAt("it is put together by code that is not followed", e.at(x)), ""
		}
		parts = append(parts, e.formatted(v, conv, sp, x))
		i = last
	}
	parts = append(parts, l.Text.Slice(last, len(s)))
	return &Value{Kind: Text, Text: span.Concat(parts...), At: e.at(x)}
}

// format is text.format(…).
func (e *evaluator) format(t *Value, args []*Value, named map[string]*Value, x syntax.Node) *Value {
	s := t.Text.String()
	var parts []span.Text
	last, auto := 0, 0
	unknown := func() *Value {
		return e.unknownText(firstOf(t.Reason(), "it is put together by code that is not followed"), e.slice(x))
	}
	for i := 0; i < len(s); i++ {
		switch {
		case (s[i] == '{' || s[i] == '}') && i+1 < len(s) && s[i+1] == s[i]:
			parts = append(parts, t.Text.Slice(last, i+1))
			i++
			last = i + 1
		case s[i] == '}':
			return unknown()
		case s[i] == '{':
			k := strings.IndexByte(s[i:], '}')
			if k < 0 || strings.Contains(s[i+1:i+k], "{") {
				return unknown()
			}
			parts = append(parts, t.Text.Slice(last, i))
			field, spec, _ := strings.Cut(s[i+1:i+k], ":")
			field, conv, _ := strings.Cut(field, "!")
			if field == "" {
				field = strconv.Itoa(auto)
				auto++
			}
			v := named[field]
			if n, err := strconv.Atoi(field); err == nil && n >= 0 && n < len(args) {
				v = args[n]
			}
			if v == nil {
				v = e.unknown(x, "it is put together by code that is not followed")
			}
			parts = append(parts, e.formatted(v, conv, spec, x))
			i += k
			last = i + 1
		}
	}
	parts = append(parts, t.Text.Slice(last, len(s)))
	return &Value{Kind: Text, Text: span.Concat(parts...), At: e.at(x)}
}
