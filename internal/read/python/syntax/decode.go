package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Decode is the text that the bytes [from, to) inside the quotes of a string token stand for, each byte with its place.
func Decode(text span.Text, from, to int, raw, bytes bool) span.Text {
	s := text.String()
	var parts []span.Text
	last := from
	put := func(i, j int, with string) {
		if i > last {
			parts = append(parts, text.Slice(last, i))
		}
		if with != "" {
			parts = append(parts, span.Literal(with, text.Slice(i, j)))
		}
		last = j
	}
	for i := from; i < to; {
		switch {
		case s[i] == '\r': // line breaks are read as \n
			n := 1
			if i+1 < to && s[i+1] == '\n' {
				n = 2
			}
			put(i, i+n, "\n")
			i += n
		case s[i] == '\\' && !raw:
			with, n := escape(s[i:to], bytes)
			if n > 0 {
				put(i, i+n, with)
			} else {
				n = 1
			}
			i += n
		default:
			i++
		}
	}
	put(to, to, "")
	switch len(parts) {
	case 0:
		return text.Slice(from, from)
	case 1:
		return parts[0]
	}
	return span.Concat(parts...)
}

// escape is what the escape sequence that s starts with stands for and its length; 0 if the backslash stands for itself.
func escape(s string, bytes bool) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	if k := strings.IndexByte(`abfnrtv\'"`, s[1]); k >= 0 {
		return "\a\b\f\n\r\t\v\\'\""[k : k+1], 2
	}
	hex := func(digits int) (string, int) {
		if len(s) < 2+digits {
			return "", 0
		}
		v, err := strconv.ParseUint(s[2:2+digits], 16, 32)
		switch {
		case err != nil:
			return "", 0
		case bytes:
			return string([]byte{byte(v)}), 2 + digits
		case v > utf8.MaxRune:
			return "\ufffd", 2 + digits
		}
		return string(rune(v)), 2 + digits
	}
	switch c := s[1]; {
	case c == '\n':
		return "", 2
	case c == '\r':
		if len(s) > 2 && s[2] == '\n' {
			return "", 3
		}
		return "", 2
	case c >= '0' && c <= '7':
		n := 2
		for n < 4 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(s[1:n], 8, 32)
		if bytes {
			return string([]byte{byte(v)}), n
		}
		return string(rune(v)), n
	case c == 'x':
		return hex(2)
	case bytes:
		return "", 0
	case c == 'u':
		return hex(4)
	case c == 'U':
		return hex(8)
	case c == 'N' && len(s) > 2 && s[2] == '{':
		if k := strings.IndexByte(s, '}'); k > 0 {
			return span.Unknown("the character " + s[:k+1] + " is not looked up"), k + 1
		}
	}
	return "", 0
}
