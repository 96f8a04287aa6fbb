package shell

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// ansi decodes the inside of $'…'. Text without a backslash keeps exact positions.
func ansi(t span.Text) span.Text {
	s := t.String()
	if !strings.Contains(s, `\`) {
		return unCR(t)
	}
	return span.Literal(unescape(s), t)
}

var simpleEscapes = map[byte]byte{
	'n': '\n', 't': '\t', 'r': '\r', 'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'v': 11,
	'\\': '\\', '\'': '\'', '"': '"', '?': '?',
}

// unescape decodes backslash escapes as $'…', printf and echo -e know them.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if c, ok := simpleEscapes[s[i]]; ok {
			b.WriteByte(c)
			continue
		}
		switch c := s[i]; {
		case c == 'x':
			n := run16(s[i+1:], 2)
			writeCode(&b, s[i-1:i+1], s[i+1:i+1+n], 16, false)
			i += n
		case c == 'u' || c == 'U':
			n := run16(s[i+1:], map[byte]int{'u': 4, 'U': 8}[c])
			writeCode(&b, s[i-1:i+1], s[i+1:i+1+n], 16, true)
			i += n
		case c >= '0' && c <= '7':
			n := 1
			for n < 4 && i+n < len(s) && s[i+n] >= '0' && s[i+n] <= '7' && (n < 3 || c == '0') {
				n++
			}
			writeCode(&b, "", s[i:i+n], 8, false)
			i += n - 1
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}

func run16(s string, limit int) int {
	n := 0
	for n < limit && n < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	return n
}

func writeCode(b *strings.Builder, prefix, digits string, base int, isRune bool) {
	v, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil:
		b.WriteString(prefix + digits)
	case isRune:
		b.WriteRune(rune(v))
	default:
		b.WriteByte(byte(v))
	}
}
