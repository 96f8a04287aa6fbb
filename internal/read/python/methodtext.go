package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (e *evaluator) textMethod(t *Value, name string, a *arguments, x *syntax.Call) *Value {
	s, known := t.Str()
	at := e.at(x)
	arg := a.get(0, "")
	first, isText := arg.Str()
	lit := func(s string) *Value { v := textOf(span.Literal(s, t.Text)); v.At = t.At; return v }
	switch name {
	case "format":
		if !a.loose {
			return e.format(t, a.list, a.named, x)
		}
	case "join":
		return e.joinText(t, arg, x)
	case "strip", "lstrip", "rstrip":
		set := " \t\n\r\f\v"
		if arg != nil && arg.Kind != None {
			if !isText {
				break
			}
			set = first
		}
		if known && ascii(set) {
			lo, hi := 0, len(s)
			if name != "rstrip" {
				lo = len(s) - len(strings.TrimLeft(s, set))
			}
			if name != "lstrip" {
				hi = max(lo, len(strings.TrimRight(s, set)))
			}
			v := textOf(t.Text.Slice(lo, hi))
			v.At = t.At
			return v
		}
	case "lower", "upper", "title", "capitalize":
		if known && ascii(s) {
			switch name {
			case "lower":
				return lit(strings.ToLower(s))
			case "upper":
				return lit(strings.ToUpper(s))
			case "capitalize":
				if s != "" {
					return lit(strings.ToUpper(s[:1]) + strings.ToLower(s[1:]))
				}
			}
		}
	case "replace":
		second, ok := a.get(1, "").Str()
		if known && isText && ok && len(a.list) == 2 && first != "" && (len(second)+1)*len(s) < maxText {
			return lit(strings.ReplaceAll(s, first, second))
		}
	case "startswith", "endswith":
		if isText {
			if name == "startswith" && known {
				return boolOf(strings.HasPrefix(s, first), at)
			}
			if known {
				return boolOf(strings.HasSuffix(s, first), at)
			}
		}
	case "split", "splitlines":
		if known && len(a.list) < 2 && len(a.named) == 0 && (arg == nil || isText && first != "") {
			return e.split(t, s, name, first)
		}
	case "encode", "decode":
		v := *t
		v.Kind = Bytes
		return &v
	case "isdigit":
		if known && ascii(s) {
			return boolOf(s != "" && strings.Trim(s, "0123456789") == "", at)
		}
	}
	switch name {
	case "startswith", "endswith", "isdigit", "isalpha", "isalnum", "count", "find", "index", "isspace", "split", "splitlines", "partition", "rsplit", "rpartition":
		return unknownAt(firstOf(t.Reason(), "it is worked out by code that is not followed"), at)
	}
	return e.unknownText(firstOf(t.Reason(), "it is put together by code that is not followed"), e.slice(x))
}

func (e *evaluator) split(t *Value, s, name, sep string) *Value {
	out := &Value{Kind: List, At: t.At}
	add := func(i, j int) {
		if len(out.Items) < maxTurns {
			out.Items = append(out.Items, textOf(t.Text.Slice(i, j)))
		}
	}
	switch {
	case name == "splitlines":
		i := 0
		for i < len(s) {
			j := strings.IndexByte(s[i:], '\n')
			if j < 0 {
				j = len(s) - i
			}
			add(i, i+j)
			i += j + 1
		}
	case sep == "":
		for i := 0; i < len(s); {
			if strings.IndexByte(" \t\n\r\f\v", s[i]) >= 0 {
				i++
				continue
			}
			j := strings.IndexAny(s[i:], " \t\n\r\f\v")
			if j < 0 {
				j = len(s) - i
			}
			add(i, i+j)
			i += j
		}
	default:
		i := 0
		for {
			j := strings.Index(s[i:], sep)
			if j < 0 {
				add(i, len(s))
				break
			}
			add(i, i+j)
			i += j + len(sep)
		}
	}
	return out
}

func (e *evaluator) joinText(sep, list *Value, x syntax.Node) *Value {
	if list != nil {
		if items, known := e.iterate(list); known {
			var parts []span.Text
			n := 0
			for i, it := range items {
				if i > 0 {
					parts = append(parts, sep.Text)
				}
				t := e.asText(it, x).Text
				n += t.Len() + sep.Text.Len()
				parts = append(parts, t)
			}
			if n < maxText {
				return &Value{Kind: Text, Text: span.Concat(append(parts, span.Text{})...), At: e.at(x)}
			}
		}
	}
	why := ""
	if list != nil {
		why = list.Reason()
	}
	return e.unknownText(firstOf(why, "it is put together by code that is not followed"), e.slice(x))
}
