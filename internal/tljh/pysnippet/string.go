package pysnippet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// stringPrefix is the length of the letters before the quote of a string that s starts with; -1 if it starts with none.
func stringPrefix(s string) int {
	for i := 0; i < 3 && i < len(s); i++ {
		switch s[i] {
		case '"', '\'':
			return i
		}
		if !strings.ContainsRune("rRbBuUfF", rune(s[i])) {
			break
		}
	}
	return -1
}

func readString(s string, i, p int) (token, error) {
	t := token{kind: str, start: i, prefix: strings.ToLower(s[i : i+p])}
	q := s[i+p : i+p+1]
	if strings.HasPrefix(s[i+p:], q+q+q) {
		q += q + q
	}
	raw := strings.Contains(t.prefix, "r")
	var b strings.Builder
	for j := i + p + len(q); j < len(s); {
		switch {
		case strings.HasPrefix(s[j:], q):
			t.end, t.value, t.text = j+len(q), b.String(), s[i:j+len(q)]
			return t, nil
		case s[j] == '\n' && len(q) == 1:
			return t, errSyntax
		case s[j] == '\\' && j+1 < len(s):
			if raw {
				b.WriteString(s[j : j+2])
			} else {
				b.WriteString(unescape(s[j+1]))
			}
			j += 2
		default:
			b.WriteByte(s[j])
			j++
		}
	}
	return t, errSyntax
}

// unescape undoes the simple escapes; others are kept, which is enough to tell that text is there.
func unescape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '\n':
		return ""
	case '\\', '\'', '"':
		return string(c)
	}
	return `\` + string(c)
}

// hasUnknown says whether a token outside strings stands for text that is not known.
func hasUnknown(ts []token) bool {
	for _, t := range ts {
		if t.kind == name && span.IsUnknown(t.text) {
			return true
		}
	}
	return false
}
