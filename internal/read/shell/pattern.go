package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

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
