package pysnippet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// config is a statement that starts with the configuration object: c.Class.trait = …, or a method of a trait.
func (r *reader) config(ts []token) {
	if len(ts) < 6 || ts[2].kind != name || !upper(ts[2].text) || ts[3].text != "." || ts[4].kind != name {
		if len(ts) > 3 && ts[2].kind == name && !upper(ts[2].text) && ts[3].text == "." && !r.mentions(ts[1:]) {
			return // c.lower.x = …: an option of nothing, which nobody reads
		}
		r.touch(ts, "this statement is not understood")
		return
	}
	class, trait, rest := ts[2].text, ts[4].text, ts[5:]
	key := class + "." + trait
	switch {
	case rest[0].text == "=":
		r.assign(ts, class, trait, rest[1:])
	case rest[0].kind == op && strings.HasSuffix(rest[0].text, "=") && rest[0].text != "==":
		r.augment(ts, class, trait, rest)
	case rest[0].text == "." && len(rest) >= 4 && rest[2].text == "(" && rest[len(rest)-1].text == ")":
		r.method(ts, class, trait, rest[1].text, rest[3:len(rest)-1])
	case rest[0].text == "[":
		if _, ok := r.set[key]; !ok {
			r.may(r.at(ts), "setting an item of "+key+" fails unless this file has set the whole before")
		}
		r.touch(ts, "single items of a setting are not followed")
	default:
		r.touch(ts, "this statement is not understood")
	}
}

// assign handles c.Class.trait = VALUE, also with several targets.
func (r *reader) assign(ts []token, class, trait string, value []token) {
	targets := [][2]string{{class, trait}}
	for len(value) > 6 && r.aliases[value[0].text] && value[1].text == "." && value[2].kind == name && value[3].text == "." && value[4].kind == name && value[5].text == "=" {
		targets = append(targets, [2]string{value[2].text, value[4].text})
		value = value[6:]
	}
	if len(value) == 0 || r.mentions(value) {
		r.touch(ts, "the value is taken from the configuration itself, or from code that may change it")
		if r.readsConfig(value) {
			r.may(r.at(ts), "reading a setting gives what this file set before, and fails for what an earlier file set")
		}
		return
	}
	n := r.expression(value)
	if ref := r.reference(value); strings.HasSuffix(trait, "_class") && ref != "" {
		n = doc.Of(ref, doc.Set, r.at(value))
	}
	for _, t := range targets {
		v := n.Copy()
		v.KeyAt = r.text.SpanOf(ts[0].start, ts[4].end)
		r.set[t[0]+"."+t[1]] = n.Kind
		r.res.Actions = append(r.res.Actions, Action{Verb: Assign, Class: t[0], Trait: t[1], Value: v, At: r.at(ts)})
	}
}

func (r *reader) readsConfig(ts []token) bool {
	for _, t := range ts {
		if t.kind == name && r.aliases[t.text] {
			return true
		}
	}
	return false
}

// reference is the dotted name that tokens consist of, resolved through the imports; "" if they are anything else.
func (r *reader) reference(ts []token) string {
	var b strings.Builder
	for i, t := range ts {
		if i%2 == 0 && t.kind != name || i%2 == 1 && t.text != "." {
			return ""
		}
		b.WriteString(t.text)
	}
	if len(ts) == 0 || len(ts)%2 == 0 || r.refs[ts[0].text] == "" {
		return ""
	}
	return r.dotted(b.String())
}

// augment handles += and |=, which raise a TypeError unless this very file has set the trait (reference/tljh.md §12).
func (r *reader) augment(ts []token, class, trait string, rest []token) {
	if _, ok := r.set[class+"."+trait]; !ok {
		at := r.at(ts)
		for _, a := range r.res.Actions {
			if a.Verb == Unknown && (a.Class == "" || a.Class == class && (a.Trait == "" || a.Trait == trait)) {
				r.may(at, rest[0].text+" fails on a setting that this file has not set before")
				r.touch(ts, "the setting is changed in place")
				return
			}
		}
		r.res.Raises = &Issue{rest[0].text + " on c." + class + "." + trait + ", which this file has not set before, raises a TypeError: the hub does not start", at}
		return
	}
	value := rest[1:]
	if r.mentions(value) {
		r.touch(ts, "the value is not understood")
		return
	}
	if v := r.expression(value); v.State != doc.Unknown && v.Kind == doc.List && (rest[0].text == "+=" || rest[0].text == "|=") {
		r.append(ts, class, trait, v)
		return
	}
	r.touch(ts, "the setting is changed in place")
}

func (r *reader) append(ts []token, class, trait string, v *doc.Node) {
	r.res.Actions = append(r.res.Actions, Action{Verb: Append, Class: class, Trait: trait, Value: v, At: r.at(ts)})
}

// method handles the methods that add to what is there.
func (r *reader) method(ts []token, class, trait, method string, args []token) {
	if r.mentions(args) {
		r.touch(ts, "the value is not understood")
		return
	}
	items := split(args, ",")
	value := func(i int) *doc.Node {
		if i >= len(items) {
			return doc.UnknownOf("this call is not understood", span.Span{})
		}
		return r.expression(items[i])
	}
	var v *doc.Node
	switch method {
	case "append", "add":
		v = doc.NewList(doc.Set, r.at(args), value(0))
	case "insert":
		v = doc.NewList(doc.Set, r.at(args), value(1))
	case "extend", "prepend", "update":
		v = value(0)
	default:
		r.touch(ts, "this statement is not understood")
		return
	}
	if v.State == doc.Unknown || v.Kind != doc.List && v.Kind != doc.Map {
		r.touch(ts, "what is added is not known")
		return
	}
	r.append(ts, class, trait, v)
}

// split cuts tokens at an operator outside brackets; an empty last part is dropped.
func split(ts []token, at string) [][]token {
	var out [][]token
	depth, start := 0, 0
	for i, t := range ts {
		if t.kind != op {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case at:
			if depth == 0 {
				out = append(out, ts[start:i])
				start = i + 1
			}
		}
	}
	if start < len(ts) {
		out = append(out, ts[start:])
	}
	return out
}
