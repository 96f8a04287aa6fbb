package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

func (e *evaluator) sliced(base *Value, s *syntax.Slice, x syntax.Node) *Value {
	bound := func(x syntax.Expr, otherwise int64) (int64, bool) {
		if x == nil {
			return otherwise, true
		}
		v := e.eval(x)
		if v.Kind == None {
			return otherwise, true
		}
		return v.Int, v.Kind == Int
	}
	n := int64(len(base.Items))
	text, isText := base.Str()
	if isText {
		n = int64(len(text))
	}
	lo, a := bound(s.Low, 0)
	hi, b := bound(s.High, n)
	step, c := bound(s.Step, 1)
	if !a || !b || !c || step != 1 || !(base.Kind == List || base.Kind == Tuple || isText && ascii(text)) {
		if base.Kind == Text {
			return e.unknownText(firstOf(base.Reason(), "it is a part of a text, cut out by code that is not followed"), e.slice(x))
		}
		return &Value{Kind: Unknown, Why: firstOf(base.Reason(), "it is cut out by code that is not followed"), At: e.at(x), Tainted: reaches(base)}
	}
	clamp := func(i int64) int64 {
		if i < 0 {
			i += n
		}
		return max(0, min(i, n))
	}
	lo, hi = clamp(lo), clamp(hi)
	hi = max(lo, hi)
	if isText {
		return textOf(base.Text.Slice(int(lo), int(hi)))
	}
	return &Value{Kind: base.Kind, Items: append([]*Value(nil), base.Items[lo:hi]...), At: base.At}
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
