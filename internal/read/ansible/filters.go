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

// values are the arguments: positional ones by number, others by name.
func (ev *eval) values(args []arg) (pos []value, named map[string]value) {
	named = map[string]value{}
	for _, a := range args {
		v := ev.ready(a.e(ev))
		if a.name != "" {
			named[a.name] = v
		} else {
			pos = append(pos, v)
		}
	}
	return pos, named
}

// filter is v | name(args), by Jinja's and Ansible's filters.
func (ev *eval) filter(v value, name string, args []arg, at span.Text) value {
	if !ev.spend(1) {
		return unknownValue("the playbook does more than can be followed", at)
	}
	pos, named := ev.values(args)
	v = ev.ready(v)
	arg := func(i int, key string) (value, bool) {
		if i < len(pos) {
			return pos[i], true
		}
		a, ok := named[key]
		return a, ok
	}
	switch name {
	case "default", "d":
		def, ok := arg(0, "default_value")
		if !ok {
			def = strValue("", at)
		}
		flag, _ := arg(1, "boolean")
		falsy, _ := flag.truth()
		yes, known := v.truth()
		switch {
		case v.kind == undefined, falsy && known && !yes:
			return def
		case falsy && !known && v.kind == unknown:
			return v
		}
		return v
	case "mandatory":
		return v
	case "list":
		if items, ok := sequence(v); ok {
			return listValue(items, v.text)
		}
	case "first", "last":
		if v.kind == list && len(v.items) > 0 {
			if name == "first" {
				return ev.ready(v.items[0])
			}
			return ev.ready(v.items[len(v.items)-1])
		}
	case "length", "count":
		switch {
		case v.kind == list:
			return numValue(float64(len(v.items)), at)
		case v.kind == dict:
			return numValue(float64(len(v.keys)), at)
		case v.kind == str && !span.IsUnknown(v.text.String()):
			return numValue(float64(len([]rune(v.text.String()))), at)
		}
	case "dict2items":
		if v.kind == dict {
			return items(v)
		}
	case "subelements":
		return ev.subelements(append([]value{v}, pos...), at)
	case "items2dict":
		return ev.toDict(v, at)
	case "map":
		return ev.mapped(v, pos, named, at)
	case "select", "reject", "selectattr", "rejectattr":
		return ev.selected(v, name, args, pos, at)
	case "combine":
		return ev.combine(v, pos, at)
	case "union", "difference", "intersect", "unique", "flatten", "sort", "reverse", "zip", "product", "batch":
		return ev.lists(v, name, pos, at)
	case "join":
		return ev.join(v, pos, named, at)
	case "ternary":
		if yes, known := v.truth(); known && len(pos) >= 2 {
			if yes {
				return pos[0]
			}
			return pos[1]
		}
	case "quote":
		if v.kind == str {
			return ev.bounded(span.Concat(span.Plain("'"), v.text, span.Plain("'")), at)
		}
	}
	d := ev.deep(v)
	if name == "to_yaml" || name == "to_nice_yaml" || name == "to_json" || name == "to_nice_json" || name == "tojson" {
		if t, ok := ev.asYAML(d, !strings.HasSuffix(name, "yaml")); ok {
			return ev.bounded(t, at)
		}
	}
	if why, open := d.open(); open {
		if name == "trim" || name == "string" {
			return v
		}
		return unknownValue(why, at)
	}
	for _, p := range pos {
		if why, open := p.open(); open {
			return unknownValue(why, at)
		}
	}
	out := ev.known(d, name, pos, named, at)
	if out.kind == str && (v.item || name == "trim" || name == "string") {
		out.text = span.Literal(out.text.String(), v.text)
	}
	out.item = v.item
	return out
}

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
