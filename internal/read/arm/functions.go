package arm

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Bounds of one value.
const (
	maxText  = 1 << 20
	maxItems = 10_000
	maxNodes = 10_000
)

// Cost is what it takes to work with values: many elements and long texts count.
func Cost(vs ...*eval.Val) int {
	n := 0
	for _, v := range vs {
		if v != nil {
			n += v.T.Len()/256 + len(v.Items) + len(v.Keys)
		}
	}
	return n
}

// Call is one of Azure's functions that need nothing but their arguments and the stack. False: there is no such function here.
func (s *Stack) Call(name string, args []*eval.Val, at eval.Place) (*eval.Val, bool) {
	arg := func(i int) *eval.Val {
		if i < len(args) {
			return args[i]
		}
		return eval.None()
	}
	str := func(i int) (string, bool) { return arg(i).Str() }
	switch strings.ToLower(name) {
	case "concat":
		return s.concat(args, at), true
	case "format":
		return s.format(args, at), true
	case "base64":
		v := arg(0)
		if v.IsNull() || v.Kind == eval.String {
			return v.Encoded(), true
		}
		return eval.TextOf(s.Text(v)).Encoded(), true
	case "base64tostring":
		return arg(0).Decoded(), true
	case "tolower", "toupper", "trim":
		t, ok := str(0)
		if !ok {
			return arg(0), true
		}
		switch strings.ToLower(name) {
		case "tolower":
			t = strings.ToLower(t)
		case "toupper":
			t = strings.ToUpper(t)
		default:
			t = strings.TrimSpace(t)
		}
		return eval.Text(t, arg(0).At), true
	case "replace":
		return s.replace(arg(0), arg(1), arg(2), at), true
	case "substring":
		t, ok := str(0)
		from, ok2 := arg(1).Int()
		n, ok3 := arg(2).Int()
		if ok && ok2 && arg(2).IsNull() {
			n, ok3 = int64(len(t))-from, true
		}
		if !ok || !ok2 || !ok3 || from < 0 || n < 0 || from+n > int64(len(t)) {
			return eval.NotKnown("a part of a text that is not known", at), true
		}
		return eval.Text(t[from:from+n], arg(0).At), true
	case "split":
		return split(arg(0), arg(1), at), true
	case "join":
		return s.join(arg(0), arg(1), at), true
	case "string":
		if v := arg(0); v.Kind == eval.Map || v.Kind == eval.List {
			return s.JSON(v), true
		}
		return eval.TextOf(s.Text(arg(0))), true
	case "int", "float":
		if n, ok := arg(0).Num(); ok {
			return eval.NumberOf(big.NewFloat(n), arg(0).At), true
		}
		return arg(0), true
	case "bool":
		if b, ok := arg(0).Bool(); ok {
			return eval.BoolOf(b, arg(0).At), true
		}
		return arg(0), true
	case "json":
		if v := arg(0).JSON(); !v.IsNull() {
			return v, true
		}
		return eval.None(), true
	case "true":
		return eval.BoolOf(true, at), true
	case "false":
		return eval.BoolOf(false, at), true
	case "null":
		return eval.None(), true
	case "equals", "not", "and", "or", "if", "empty", "contains", "startswith", "endswith", "less", "lessorequals", "greater", "greaterorequals":
		return logic(strings.ToLower(name), args, at), true
	case "coalesce":
		for _, a := range args {
			if !a.IsNull() {
				return a, true
			}
		}
		return eval.None(), true
	case "createarray", "array":
		if v := arg(0); v.Kind == eval.List && strings.EqualFold(name, "array") {
			return v, true
		}
		return eval.ListAt(at, args...), true
	case "createobject":
		out := eval.MapAt(at)
		for i := 0; i+1 < len(args); i += 2 {
			if k, ok := args[i].Str(); ok {
				out.Put(k, args[i+1])
			}
		}
		return out, true
	case "union":
		return union(args, at), true
	case "take", "skip", "items", "objectkeys", "flatten", "indexof", "lastindexof", "padleft":
		return parts(strings.ToLower(name), args, at), true
	case "first", "last", "length", "range", "add", "sub", "mul", "div", "mod", "min", "max":
		return numbers(strings.ToLower(name), args, at), true
	case "resourceid", "subscriptionresourceid", "tenantresourceid", "extensionresourceid":
		return s.resourceID(args, at), true
	case "reference":
		if r, _ := arg(0).Target(); r != nil {
			return r.Ref("").AtPlace(at), true
		}
		return eval.NotKnown("looked up when the template is deployed", at), true
	case "uniquestring", "guid", "newguid", "utcnow":
		var parts []string
		for _, a := range args {
			parts = append(parts, span.Show(s.Text(a).String()))
		}
		return eval.NotKnown("made up by Azure ("+name+" of "+strings.Join(parts, ", ")+")", at), true
	case "resourcegroup", "subscription", "deployment", "environment", "tenant", "managementgroup":
		return eval.NotKnown("known only when the template is deployed ("+name+")", at), true
	case "variables", "parameters", "copyindex", "lambda":
		return nil, false
	}
	return eval.NotKnown("the function "+name+" is not evaluated", at), true
}

// concat joins texts, or lists.
func (s *Stack) concat(args []*eval.Val, at eval.Place) *eval.Val {
	if len(args) > 0 && !args[0].IsNull() && args[0].Kind == eval.List {
		return joined(args, at)
	}
	var parts []span.Text
	size := 0
	for _, a := range args {
		t := s.Text(a)
		if parts, size = append(parts, t), size+t.Len(); size > maxText {
			return eval.NotKnown("a text that is too long", at)
		}
	}
	if len(args) == 1 {
		return args[0]
	}
	return eval.TextOf(span.Concat(parts...))
}

var slot = regexp.MustCompile(`\{(\d+)(?:[,:][^{}]*)?\}|\{\{|\}\}`)

// format is format('{0}-nic', name).
func (s *Stack) format(args []*eval.Val, at eval.Place) *eval.Val {
	if len(args) == 0 || args[0].IsNull() || args[0].Kind != eval.String {
		return eval.NotKnown("a format that is not known", at)
	}
	f := args[0].T
	text := f.String()
	var parts []span.Text
	from, size := 0, 0
	for _, m := range slot.FindAllStringSubmatchIndex(text, 10_000) {
		parts = append(parts, f.Slice(from, m[0]))
		from = m[1]
		if m[2] < 0 {
			parts = append(parts, f.Slice(m[0], m[0]+1)) // {{ is {
			continue
		}
		t := span.Literal(span.Unknown("an argument that is not there"), f.Slice(m[0], m[1]))
		if n, err := strconv.Atoi(text[m[2]:m[3]]); err == nil && n+1 < len(args) {
			t = s.Text(args[n+1])
		}
		if parts, size = append(parts, t), size+t.Len(); size > maxText {
			return eval.NotKnown("a text that is too long", at)
		}
	}
	return eval.TextOf(span.Concat(append(parts, f.Slice(from, len(text)))...))
}

func (s *Stack) replace(v, old, with *eval.Val, at eval.Place) *eval.Val {
	o, ok := old.Str()
	if v.IsNull() || v.Kind != eval.String || !ok || o == "" {
		return eval.NotKnown("a text in which something is replaced is not known: "+v.Reason()+old.Reason(), at)
	}
	text := v.T.String()
	var parts []span.Text
	from, size := 0, 0
	for size < maxText && len(parts) < 20_000 {
		i := strings.Index(text[from:], o)
		if i < 0 {
			break
		}
		t := s.Text(with)
		parts = append(parts, v.T.Slice(from, from+i), t)
		size += i + t.Len()
		from += i + len(o)
	}
	out := *eval.TextOf(span.Concat(append(parts, v.T.Slice(from, len(text)))...))
	out.Base64 = v.Base64
	return &out
}

func split(v, by *eval.Val, at eval.Place) *eval.Val {
	t, ok := v.Str()
	b, ok2 := by.Str()
	if !ok || !ok2 || b == "" || v.Kind != eval.String {
		return eval.NotKnown("a text that is split is not known: "+v.Reason(), at)
	}
	out := eval.ListAt(at)
	from := 0
	for _, p := range strings.SplitN(t, b, 10_000) {
		out.Items = append(out.Items, eval.TextOf(v.T.Slice(from, from+len(p))))
		from += len(p) + len(b)
	}
	return out
}

func (s *Stack) join(items, by *eval.Val, at eval.Place) *eval.Val {
	if items.IsNull() || items.Kind != eval.List {
		return eval.NotKnown("a list that is joined is not known: "+items.Reason(), at)
	}
	var parts []span.Text
	size := 0
	for i, it := range items.Items {
		if i > 0 {
			parts = append(parts, s.Text(by))
		}
		t := s.Text(it)
		if parts, size = append(parts, t), size+t.Len(); size > maxText {
			return eval.NotKnown("a text that is too long", at)
		}
	}
	return eval.TextOf(span.Concat(parts...))
}

// resourceID is the resource of a type and names; scopes may stand before the type.
func (s *Stack) resourceID(args []*eval.Val, at eval.Place) *eval.Val {
	for i, a := range args {
		typ, ok := a.Str()
		if !ok || !strings.Contains(typ, "/") || strings.HasPrefix(typ, "/") || i+1 >= len(args) {
			continue
		}
		name := args[i+1]
		for _, more := range args[i+2:] {
			name = s.Below(name, more)
		}
		if x := s.Find(strings.ToLower(typ), name); x != nil {
			return x.res.Ref("id").AtPlace(at)
		}
		return eval.NotKnown(span.Show(s.Text(name).String())+" ("+typ+") is not declared in this template", at)
	}
	return eval.NotKnown("which resource is meant is not known", at)
}
