package ansible

import (
	"encoding/base64"
	"math"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// known is a filter of a value that is known throughout.
func (ev *eval) known(v value, name string, pos []value, named map[string]value, at span.Text) value {
	s := v.python()
	p := func(i int) string {
		if i < len(pos) {
			return pos[i].python()
		}
		return ""
	}
	switch name {
	case "bool":
		if v.kind == boolean {
			return v
		}
		switch strings.ToLower(s) {
		case "yes", "on", "1", "true", "y", "t", "1.0":
			return boolValue(true, at)
		}
		return boolValue(false, at)
	case "int":
		return integer(v, s, at)
	case "float":
		n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			n = 0
		}
		out := numValue(n, at)
		out.whole = false
		return out
	case "string":
		return strValue(s, at)
	case "lower":
		return strValue(strings.ToLower(s), at)
	case "upper":
		return strValue(strings.ToUpper(s), at)
	case "capitalize":
		return strValue(capital(s), at)
	case "title":
		words := strings.Fields(s)
		for i := range words {
			words[i] = capital(words[i])
		}
		return strValue(strings.Join(words, " "), at)
	case "trim":
		return strValue(strings.TrimSpace(s), at)
	case "replace":
		if len(pos) >= 2 && strings.Count(s, p(0))*len(p(1)) <= maxValue {
			return ev.bounded(span.Literal(strings.ReplaceAll(s, p(0), p(1)), at), at)
		}
	case "regex_replace":
		if re, err := regexp.Compile(p(0)); err == nil && len(pos) >= 2 && len(p(0)) < 500 && len(s)*len(p(1)) <= maxValue {
			with := backrefs(p(1))
			return ev.bounded(span.Literal(re.ReplaceAllString(s, with), at), at)
		}
	case "regex_search":
		if re, err := regexp.Compile(p(0)); err == nil && len(pos) == 1 && len(p(0)) < 500 {
			if m := re.FindString(s); m != "" {
				return strValue(m, at)
			}
			return value{kind: null, text: at}
		}
	case "split":
		sep := p(0)
		parts := strings.Fields(s)
		if sep != "" {
			parts = strings.Split(s, sep)
		}
		return strList(parts, at)
	case "splitlines":
		return strList(strings.Split(strings.TrimSuffix(s, "\n"), "\n"), at)
	case "basename":
		return strValue(s[strings.LastIndexByte(s, '/')+1:], at)
	case "dirname":
		return strValue(path.Dir(s), at)
	case "b64encode":
		return strValue(base64.StdEncoding.EncodeToString([]byte(s)), at)
	case "b64decode":
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			return strValue(strings.ToValidUTF8(string(b), "�"), at)
		}
	case "indent":
		if t, ok := indent(s, pos, named); ok {
			return strValue(t, at)
		}
	case "abs":
		if v.kind == number {
			return numValue(math.Abs(v.n), at)
		}
	case "round":
		if v.kind == number && len(pos) == 0 {
			return numValue(math.RoundToEven(v.n), at)
		}
	case "min", "max":
		if v.kind == list && len(v.items) > 0 {
			best := v.items[0]
			for _, it := range v.items[1:] {
				if c := compare("<", it, best); c.kind == boolean && c.b == (name == "min") {
					best = it
				}
			}
			return best
		}
	case "sum":
		total := 0.0
		for _, it := range v.items {
			total += it.n
		}
		return numValue(total, at)
	case "comment":
		return strValue("# "+strings.ReplaceAll(s, "\n", "\n# "), at)
	}
	return unknownValue("the filter "+name+" is not worked out", at)
}

func integer(v value, s string, at span.Text) value {
	switch v.kind {
	case number:
		return numValue(math.Trunc(v.n), at)
	case boolean:
		return numValue(b2f(v.b), at)
	}
	if n, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
		return numValue(math.Trunc(n), at)
	}
	return numValue(0, at)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + strings.ToLower(string(r[1:]))
}

func strList(parts []string, at span.Text) value {
	v := listValue(nil, at)
	for _, p := range parts[:min(len(parts), 10*maxItems)] {
		v.items = append(v.items, strValue(p, at))
	}
	return v
}

func indent(s string, pos []value, named map[string]value) (string, bool) {
	width, first := 4, false
	for i, k := range []string{"width", "first"} {
		v, ok := named[k]
		if i < len(pos) {
			v, ok = pos[i], true
		}
		if ok && k == "width" {
			width = int(math.Max(0, math.Min(v.n, 200)))
		} else if ok {
			first, _ = v.truth()
		}
	}
	pad := strings.Repeat(" ", width)
	lines := strings.Split(s, "\n")
	if width*len(lines) > maxValue {
		return "", false
	}
	for i, l := range lines {
		if l != "" && (i > 0 || first) {
			lines[i] = pad + l
		}
	}
	return strings.Join(lines, "\n"), true
}

// backrefs turns Python's \1 into Go's ${1}.
func backrefs(with string) string {
	var b strings.Builder
	for i := 0; i < len(with); i++ {
		switch {
		case with[i] == '$':
			b.WriteString("$$")
		case with[i] == '\\' && i+1 < len(with) && with[i+1] >= '0' && with[i+1] <= '9':
			b.WriteString("${" + with[i+1:i+2] + "}")
			i++
		default:
			b.WriteByte(with[i])
		}
	}
	return b.String()
}

func sortValues(items []value) {
	sort.SliceStable(items, func(i, j int) bool {
		c := compare("<", items[i], items[j])
		return c.kind == boolean && c.b
	})
}
