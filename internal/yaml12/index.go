package yaml12

import (
	"strings"
	"unicode/utf8"
)

// index maps yaml.v3's lines and columns (code points, from 1) to byte offsets.
type index struct {
	src    string
	starts []int
}

func newIndex(src string) *index {
	x := &index{src: src, starts: []int{0}}
	if strings.HasPrefix(src, "\uFEFF") {
		x.starts[0] = len("\uFEFF")
	}
	for i := 0; i < len(src); {
		n := lineBreak(src[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		x.starts = append(x.starts, i)
	}
	return x
}

// lineBreak is the length of the line break that s starts with, as yaml.v3 counts lines.
func lineBreak(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case s[0] == '\n' || s[0] == '\r':
		return 1
	case strings.HasPrefix(s, "\u0085"):
		return 2
	case strings.HasPrefix(s, "\u2028"), strings.HasPrefix(s, "\u2029"):
		return 3
	}
	return 0
}

func (x *index) offset(line, column int) int {
	if line < 1 || line > len(x.starts) {
		return len(x.src)
	}
	off := x.starts[line-1]
	for ; column > 1 && off < len(x.src); column-- {
		_, n := utf8.DecodeRuneInString(x.src[off:])
		off += n
	}
	return off
}

// line is the byte range of a line, without its break.
func (x *index) line(n int) (start, end int) {
	if n < 1 || n > len(x.starts) {
		return len(x.src), len(x.src)
	}
	start, end = x.starts[n-1], len(x.src)
	if n < len(x.starts) {
		end = x.starts[n]
		for end > start && (x.src[end-1] == '\n' || x.src[end-1] == '\r') {
			end--
		}
	}
	return start, end
}
