package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
