package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// expansion is ${name:-word} and its relatives.
func (r *run) expansion(e *syntax.Expansion, name, v string, set bool, why string, quoted bool, at span.Text) []piece {
	one := func(s string) []piece { return []piece{{t: span.Literal(s, at), quoted: quoted, split: !quoted}} }
	word := func() []piece {
		if e.Word == nil {
			return one("")
		}
		return r.pieces(e.Word.Parts, quoted, false)
	}
	unknown := set && span.IsUnknown(v)
	if !set { // nobody sets it; a missing file or an unknown command line may
		if r.missing != "" && !special(name) || (isArg(name) && !r.argsKnown && e.Op == syntax.AlternateUnset) {
			unknown, v = true, span.Unknown(why)
		}
	}
	switch e.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull:
		if set && (v != "" || e.Op == syntax.DefaultUnset) || unknown {
			return one(v)
		}
		return word()
	case syntax.AssignUnset, syntax.AssignUnsetOrNull:
		if set && (v != "" || e.Op == syntax.AssignUnset) || unknown {
			return one(v)
		}
		ps := word()
		s := join(ps, at).String()
		r.set(name, value{s: s})
		return one(s)
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		switch {
		case unknown:
			return one(span.Unknown(span.Reason(v)))
		case !set || (v == "" && e.Op == syntax.AlternateUnsetOrNull):
			return one("")
		}
		return word()
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		if !set {
			return one(span.Unknown(why))
		}
		return one(v)
	}
	if !set {
		return one(span.Unknown(why))
	}
	if e.Op == syntax.RemSmallPrefix || e.Op == syntax.RemLargePrefix || e.Op == syntax.RemSmallSuffix || e.Op == syntax.RemLargeSuffix {
		return one(r.remove(e, name, v))
	}
	if unknown {
		return one(span.Unknown(span.Reason(v)))
	}
	pattern := ""
	if e.Word != nil {
		pattern = r.single(e.Word).String()
	}
	switch {
	case pattern != "":
	case e.Op == syntax.LowerAll:
		return one(strings.ToLower(v))
	case e.Op == syntax.UpperAll:
		return one(strings.ToUpper(v))
	case e.Op == syntax.LowerFirst && v != "":
		return one(strings.ToLower(v[:1]) + v[1:])
	case e.Op == syntax.UpperFirst && v != "":
		return one(strings.ToUpper(v[:1]) + v[1:])
	}
	return one(span.Unknown(fmt.Sprintf("an expansion of $%s that is not worked out", name)))
}

func special(name string) bool {
	return len(name) == 1 && strings.ContainsAny(name, "@*#?-$!0123456789")
}

func isArg(name string) bool { return name != "" && strings.Trim(name, "0123456789") == "" }

// remove is ${v#p}, ${v##p}, ${v%p} and ${v%%p}.
func (r *run) remove(e *syntax.Expansion, name, v string) string {
	p := r.single(e.Word).String()
	if span.IsUnknown(v) || span.IsUnknown(p) || len(v) > 4096 {
		if span.IsUnknown(v) {
			return span.Unknown(span.Reason(v))
		}
		return span.Unknown(fmt.Sprintf("a part of $%s that is not worked out", name))
	}
	if !r.spend(len(v) / 16) {
		return v
	}
	prefix := e.Op == syntax.RemSmallPrefix || e.Op == syntax.RemLargePrefix
	large := e.Op == syntax.RemLargePrefix || e.Op == syntax.RemLargeSuffix
	best := -1
	for n := 0; n <= len(v); n++ {
		part := v[:n]
		if !prefix {
			part = v[len(v)-n:]
		}
		if glob(p, part) {
			if best = n; !large {
				break
			}
		}
	}
	switch {
	case best < 0:
		return v
	case prefix:
		return v[best:]
	}
	return v[:len(v)-best]
}

// glob matches s against a shell pattern of literals, *, ? and [..]; it takes at most len(p)*len(s) steps.
func glob(p, s string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(s) {
		n, ok := 0, false
		if i < len(p) && p[i] != '*' {
			n, ok = globOne(p[i:], s[j])
		}
		switch {
		case ok:
			i, j = i+n, j+1
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(p[i:], "*") == ""
}

func globOne(p string, c byte) (n int, ok bool) {
	switch p[0] {
	case '?':
		return 1, true
	case '\\':
		if len(p) > 1 {
			return 2, p[1] == c
		}
	case '[':
		end := strings.IndexByte(p[1:], ']')
		if end < 1 {
			return 1, c == '['
		}
		set := p[1 : 1+end]
		neg := set[0] == '!' || set[0] == '^'
		if neg {
			set = set[1:]
		}
		in := false
		for k := 0; k < len(set); k++ {
			if k+2 < len(set) && set[k+1] == '-' {
				in = in || set[k] <= c && c <= set[k+2]
				k += 2
			} else {
				in = in || set[k] == c
			}
		}
		return end + 2, in != neg
	}
	return 1, p[0] == c
}

func (r *run) cut(s *syntax.Slice, v string) string {
	from, size, ok := r.bounds(s, len(v))
	if !ok {
		return span.Unknown("a part of a value that is not worked out")
	}
	return v[from : from+size]
}

func (r *run) cutList(s *syntax.Slice, list []string) []string {
	if s == nil {
		return list
	}
	from, size, ok := r.bounds(s, len(list)+1)
	if !ok || from < 1 { // ${@:0} holds the script's name
		return []string{span.Unknown("a part of a list that is not worked out")}
	}
	return list[min(from-1, len(list)):min(from-1+size, len(list))]
}

func (r *run) bounds(s *syntax.Slice, n int) (from, size int, ok bool) {
	f, ok := r.arith(s.Offset, 0)
	if !ok {
		return 0, 0, false
	}
	if f < 0 {
		f += int64(n)
	}
	f = max(0, min(f, int64(n)))
	l := int64(n) - f
	if s.Length != nil {
		if l, ok = r.arith(s.Length, 0); !ok {
			return 0, 0, false
		}
		if l < 0 {
			l += int64(n) - f
		}
	}
	return int(f), int(max(0, min(l, int64(n)-f))), true
}
