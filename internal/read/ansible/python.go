package ansible

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// python is how Python's str() writes a known value.
func (v value) python() string {
	switch v.kind {
	case null:
		return "None"
	case boolean:
		if v.b {
			return "True"
		}
		return "False"
	case number:
		return v.digits()
	case str:
		return v.text.String()
	case undefined, unknown:
		return span.Unknown(v.why)
	}
	return v.repr(0)
}

func (v value) digits() string {
	if v.whole {
		return strconv.FormatInt(int64(v.n), 10)
	}
	s := strconv.FormatFloat(v.n, 'g', -1, 64)
	if !strings.ContainsAny(s, ".eIN") {
		s += ".0"
	}
	return s
}

// repr is how Python writes a value inside a list.
func (v value) repr(depth int) string {
	if depth > 20 {
		return span.Unknown("it is nested too deeply")
	}
	var parts []string
	switch v.kind {
	case str:
		s := strings.ReplaceAll(v.text.String(), `\`, `\\`)
		s = strings.ReplaceAll(s, "\n", `\n`)
		if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
			return `"` + s + `"`
		}
		return "'" + strings.ReplaceAll(s, "'", `\'`) + "'"
	case list:
		for _, it := range v.items {
			parts = append(parts, it.repr(depth+1))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case dict:
		for _, k := range v.keys {
			parts = append(parts, strValue(k, span.Text{}).repr(depth)+": "+v.child[k].repr(depth+1))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return v.python()
}

// same compares two known values as Python does.
func (v value) same(o value) bool {
	if v.kind == boolean {
		v = numValue(b2f(v.b), v.text)
	}
	if o.kind == boolean {
		o = numValue(b2f(o.b), o.text)
	}
	if v.kind != o.kind {
		return false
	}
	switch v.kind {
	case number:
		return v.n == o.n
	case list, dict:
		return v.repr(0) == o.repr(0)
	case str:
		return v.text.String() == o.text.String()
	}
	return true
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
