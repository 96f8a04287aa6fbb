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
