package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// arith evaluates an arithmetic expression; false when a part of it is not known.
func (r *run) arith(x syntax.ArithmExpr, depth int) (int64, bool) {
	if x == nil || depth > 100 || !r.spend(1) {
		return 0, false
	}
	switch x := x.(type) {
	case *syntax.Word:
		return r.number(x, depth)
	case *syntax.ParenArithm:
		return r.arith(x.X, depth+1)
	case *syntax.UnaryArithm:
		return r.unaryArith(x, depth)
	case *syntax.BinaryArithm:
		return r.binaryArith(x, depth)
	}
	return 0, false
}

func (r *run) number(w *syntax.Word, depth int) (int64, bool) {
	s := strings.TrimSpace(r.single(w).String())
	for hop := 0; hop < 5; hop++ {
		if n, err := strconv.ParseInt(s, 0, 64); err == nil {
			return n, true
		}
		if strings.Contains(s, "#") || !isName(s) {
			return 0, false
		}
		v, ok, _ := r.get(s)
		if !ok {
			return 0, false
		}
		if s = v.s; s == "" {
			return 0, true
		}
	}
	return 0, false
}

func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z' || s[i] == '_' || i > 0 && s[i] >= '0' && s[i] <= '9') {
			return false
		}
	}
	return s != ""
}

func (r *run) unaryArith(x *syntax.UnaryArithm, depth int) (int64, bool) {
	n, ok := r.arith(x.X, depth+1)
	switch x.Op {
	case syntax.Not:
		if n == 0 {
			return 1, ok
		}
		return 0, ok
	case syntax.BitNegation:
		return ^n, ok
	case syntax.Plus:
		return n, ok
	case syntax.Minus:
		return -n, ok
	case syntax.Inc, syntax.Dec:
		after := n + 1
		if x.Op == syntax.Dec {
			after = n - 1
		}
		r.assignArith(x.X, after, ok)
		if x.Post {
			return n, ok
		}
		return after, ok
	}
	return 0, false
}

func (r *run) assignArith(x syntax.ArithmExpr, n int64, ok bool) {
	w, isWord := x.(*syntax.Word)
	if !isWord || !isName(w.Lit()) {
		return
	}
	if !ok {
		r.unsettle(w.Lit(), "is worked out from values that are not known")
		return
	}
	r.set(w.Lit(), value{s: strconv.FormatInt(n, 10)})
}

func (r *run) binaryArith(x *syntax.BinaryArithm, depth int) (int64, bool) {
	b, ok := r.arith(x.Y, depth+1)
	if x.Op == syntax.Assgn {
		r.assignArith(x.X, b, ok)
		return b, ok
	}
	a, okA := r.arith(x.X, depth+1)
	ok = ok && okA
	if op, is := assigning[x.Op]; is {
		n, fine := compute(op, a, b)
		r.assignArith(x.X, n, ok && fine)
		return n, ok && fine
	}
	n, fine := compute(x.Op, a, b)
	return n, ok && fine
}

var assigning = map[syntax.BinAritOperator]syntax.BinAritOperator{
	syntax.AddAssgn: syntax.Add, syntax.SubAssgn: syntax.Sub, syntax.MulAssgn: syntax.Mul,
	syntax.QuoAssgn: syntax.Quo, syntax.RemAssgn: syntax.Rem,
}

func compute(op syntax.BinAritOperator, a, b int64) (int64, bool) {
	truth := func(t bool) (int64, bool) {
		if t {
			return 1, true
		}
		return 0, true
	}
	switch op {
	case syntax.Add:
		return a + b, true
	case syntax.Sub:
		return a - b, true
	case syntax.Mul:
		return a * b, true
	case syntax.Quo:
		if b == 0 || b == -1 {
			return -a, b == -1
		}
		return a / b, true
	case syntax.Rem:
		if b == 0 || b == -1 {
			return 0, b == -1
		}
		return a % b, true
	case syntax.Eql:
		return truth(a == b)
	case syntax.Neq:
		return truth(a != b)
	case syntax.Lss:
		return truth(a < b)
	case syntax.Gtr:
		return truth(a > b)
	case syntax.Leq:
		return truth(a <= b)
	case syntax.Geq:
		return truth(a >= b)
	case syntax.AndArit:
		return truth(a != 0 && b != 0)
	case syntax.OrArit:
		return truth(a != 0 || b != 0)
	case syntax.Comma:
		return b, true
	}
	return 0, false
}
