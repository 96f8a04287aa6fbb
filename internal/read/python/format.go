package python

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
