package python

import (
	"math"
	"strconv"
	"strings"
)

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
