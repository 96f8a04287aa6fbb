package sed

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// substitution is one s/…/…/.
type substitution struct {
	re   *regexp.Regexp
	word string // the pattern, if it is a plain word
	with []piece
	all  bool // the flag g
}

// piece is a part of what is put in: text, or what a group of the pattern matched.
type piece struct {
	text  span.Text
	group int // -1: text
}

func (s substitution) apply(t span.Text) (span.Text, bool) {
	text, mask := t.String(), masked(t.String())
	var parts []span.Text
	last := 0
	for from := 0; from < len(text); {
		end := len(text)
		if n := strings.IndexByte(mask[from:], '\n'); n >= 0 {
			end = from + n
		}
		for _, m := range s.matches(mask[from:end]) {
			for k := range m {
				if m[k] >= 0 {
					m[k] += from
				}
			}
			if inside(mask, m[0]) || inside(mask, m[1]) {
				return t, false
			}
			parts = append(parts, t.Slice(last, m[0]))
			for _, p := range s.with {
				switch {
				case p.group < 0:
					parts = append(parts, p.text)
				case 2*p.group+1 >= len(m):
					return t, false
				case m[2*p.group] >= 0:
					parts = append(parts, t.Slice(m[2*p.group], m[2*p.group+1]))
				}
			}
			last = m[1]
		}
		from = end + 1
	}
	return span.Concat(append(parts, t.Slice(last, len(text)))...), true
}

func (s substitution) matches(line string) [][]int {
	n := 1
	if s.all {
		n = -1
	}
	return s.re.FindAllStringSubmatchIndex(line, n)
}

// hidden stands for each byte of a part that is not known, begun for its first one: no pattern that people write names them.
const begun, hidden = '\x01', '\x02'

// masked is s with the parts that are not known made unreadable, byte by byte.
func masked(s string) string {
	if !span.IsUnknown(s) {
		return s
	}
	b := []byte(s)
	for from, to := range span.Unknowns(s) {
		b[from] = begun
		for k := from + 1; k < to; k++ {
			b[k] = hidden
		}
	}
	return string(b)
}

// inside says whether a cut at i would split a part that is not known.
func inside(mask string, i int) bool { return i < len(mask) && mask[i] == hidden }
