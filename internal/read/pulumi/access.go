package pulumi

import (
	"strconv"
	"strings"
)

// accessor is one step of a reference: a name, or the index of a list.
type accessor struct {
	name  string
	index int
	list  bool
}

// access reads a reference that begins at s[i], behind "${", to behind its brace; end is 0 where it is wrong, and why says how.
func access(s string, i int) (steps []accessor, end int, why string) {
	for i < len(s) {
		switch s[i] {
		case '}':
			if len(steps) == 0 {
				return nil, 0, "it names nothing"
			}
			return steps, i + 1, ""
		case '.':
			i++
		case '[':
			step, next, bad := subscript(s, i+1)
			if bad == "" && step.list && len(steps) == 0 {
				bad = "it begins with an index"
			}
			if bad != "" {
				return nil, 0, bad
			}
			steps, i = append(steps, step), next
		default:
			n := strings.IndexAny(s[i:], ".[}")
			if n < 0 {
				n = len(s) - i
			}
			steps, i = append(steps, accessor{name: s[i : i+n]}), i+n
		}
	}
	return nil, 0, "its closing brace is missing"
}

// subscript reads what stands in brackets: a number, or a quoted name.
func subscript(s string, i int) (a accessor, end int, why string) {
	if i < len(s) && s[i] == '"' {
		var b strings.Builder
		for i++; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' && i+1 < len(s) && s[i+1] == '"' {
				i++
			}
			b.WriteByte(s[i])
		}
		if i+1 >= len(s) || s[i+1] != ']' {
			return a, 0, "a closing quote or bracket is missing"
		}
		return accessor{name: b.String()}, i + 2, ""
	}
	n := strings.IndexByte(s[min(i, len(s)):], ']')
	if n < 0 {
		return a, 0, "a closing bracket is missing"
	}
	k, err := strconv.Atoi(s[i : i+n])
	if err != nil {
		return a, 0, "an index is no number"
	}
	return accessor{index: k, list: true}, i + n + 1, ""
}
