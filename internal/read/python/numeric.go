package python

import (
	"math"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (e *evaluator) numeric(name string, arg *Value, a *arguments, at span.Span) *Value {
	if arg == nil || len(a.list) > 1 || len(a.named) > 0 {
		if arg == nil && (name == "int" || name == "bool") {
			return map[string]*Value{"int": intOf(0, at), "bool": boolOf(false, at)}[name]
		}
		return nil
	}
	f, num := number(arg)
	s, text := arg.Str()
	switch name {
	case "bool":
		if yes, known := e.truth(arg); known {
			return boolOf(yes, at)
		}
	case "len":
		switch {
		case text && ascii(s):
			return intOf(int64(len(s)), at)
		case arg.Kind == List || arg.Kind == Tuple || arg.Kind == Set || arg.Kind == Dict:
			return intOf(int64(len(arg.Items)), at)
		}
	case "int":
		switch {
		case num && arg.Kind != Float:
			return intOf(arg.Int, at)
		case num && math.Abs(f) < 1<<53:
			return intOf(int64(f), at)
		case text:
			if i, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
				return intOf(i, at)
			}
			if strings.Trim(s, "0123456789_ \t\n+-") != "" && ascii(s) {
				e.raised = &Issue{"this text is no whole number, which raises a ValueError", at}
			}
		}
	case "float":
		if num {
			return &Value{Kind: Float, Float: f, At: at}
		}
		if text {
			if f, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && !strings.ContainsAny(s, "xX_pP") {
				return &Value{Kind: Float, Float: f, At: at}
			}
		}
	case "abs":
		switch {
		case num && arg.Kind == Float:
			return &Value{Kind: Float, Float: math.Abs(f), At: at}
		case num && arg.Int != math.MinInt64:
			return intOf(max(arg.Int, -arg.Int), at)
		}
	case "round":
		if num && math.Abs(f) < 1<<53 {
			return intOf(int64(math.RoundToEven(f)), at)
		}
	}
	return nil
}

func (e *evaluator) fold(name string, a *arguments, at span.Span) *Value {
	items := a.list
	if len(items) == 1 {
		var known bool
		if items, known = e.iterate(items[0]); !known {
			return nil
		}
	}
	if a.loose || len(a.named) > 0 || len(items) == 0 && (name == "min" || name == "max") {
		return nil
	}
	switch name {
	case "any", "all":
		for _, it := range items {
			yes, known := e.truth(it)
			if !known {
				return nil
			}
			if yes == (name == "any") {
				return boolOf(yes, at)
			}
		}
		return boolOf(name == "all", at)
	case "sum":
		out := intOf(0, at)
		for _, it := range items {
			if _, num := number(it); !num {
				return nil
			}
			if out = e.binary("+", out, it, place{at}); out.Kind == Unknown {
				return nil
			}
		}
		return out
	}
	best := items[0]
	for _, it := range items[1:] {
		less, known := e.relation("<", it, best)
		if !known {
			return nil
		}
		if less == (name == "min") {
			best = it
		}
	}
	return best
}

// place is a node of no text of its own.
type place struct{ at span.Span }

// Range is empty: the place is not one of the text.
func (place) Range() (int, int) { return 0, 0 }
