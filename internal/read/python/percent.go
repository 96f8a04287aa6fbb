package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
