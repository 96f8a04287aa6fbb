package syntax

import "strings"

// prefix is the length of the letters before the quote of a string that s starts with; -1 if it starts with none.
func prefix(s string) int {
	for i := 0; i < 3 && i < len(s); i++ {
		switch s[i] {
		case '"', '\'':
			if i == 0 || i == 1 && strings.IndexByte("rbuft", s[0]|0x20) >= 0 {
				return i
			}
			switch strings.ToLower(s[:i]) {
			case "br", "rb", "fr", "rf", "tr", "rt":
				return i
			}
			return -1
		}
		if strings.IndexByte("rbuft", s[i]|0x20) < 0 {
			break
		}
	}
	return -1
}

// str is the end of the string at i, whose prefix has p letters.
func (l *lexer) str(i, p int) (int, *Error) {
	pre := strings.ToLower(l.s[i : i+p])
	q := quotes(l.s[i+p : l.end])
	formatted := strings.ContainsAny(pre, "ft")
	for j := i + p + len(q); j < l.end; {
		switch c := l.s[j]; {
		case strings.HasPrefix(l.s[j:l.end], q):
			return j + len(q), nil
		case len(q) == 1 && l.breakAt(j) > 0:
			l.i = i
			return 0, l.fail("a string is not closed on its line")
		case c == '\\' && j+1 < l.end:
			j += 1 + max(1, l.breakAt(j+1))
			if formatted && l.s[j-1] == '{' { // \{ does not escape the brace, \N{…} is a name
				j--
			}
			if formatted && !strings.Contains(pre, "r") && l.s[j-1] == 'N' && j < l.end && l.s[j] == '{' {
				if k := strings.IndexByte(l.s[j:l.end], '}'); k > 0 {
					j += k + 1
				}
			}
		case c == '{' && formatted:
			if j+1 < l.end && l.s[j+1] == '{' {
				j += 2
				continue
			}
			k, err := l.field(j+1, q, 0)
			if err != nil {
				return 0, err
			}
			j = k
		default:
			j++
		}
	}
	l.i = i
	return 0, l.fail("a string is never closed")
}

func quotes(s string) string {
	if len(s) >= 3 && s[1] == s[0] && s[2] == s[0] {
		return s[:3]
	}
	return s[:1]
}

// field is the index after the } that ends the replacement field of an f-string whose { is before i. q is the string's
// quote: it ends the format specification, while the expression may hold strings of its own, with the same quotes.
func (l *lexer) field(i int, q string, depth int) (int, *Error) {
	level, spec := 0, false
	if depth > 50 {
		return 0, l.fail("an f-string holds too many fields inside each other")
	}
	for j := i; j < l.end; {
		c := l.s[j]
		if spec {
			switch {
			case c == '{':
				k, err := l.field(j+1, q, depth+1)
				if err != nil {
					return 0, err
				}
				j = k
				continue
			case c == '}':
				return j + 1, nil
			case strings.HasPrefix(l.s[j:l.end], q):
				return 0, &Error{j, "a field of an f-string is not closed"}
			}
			j++
			continue
		}
		if p := prefix(l.s[j:l.end]); p >= 0 {
			k, err := l.nested(j, p)
			if err != nil {
				return 0, err
			}
			j = k
			continue
		}
		switch {
		case nameLen(l.s[j:l.end]) > 0:
			j += nameLen(l.s[j:l.end])
			continue
		case c == '(' || c == '[' || c == '{':
			level++
		case c == '}' && level == 0:
			return j + 1, nil
		case c == ')' || c == ']' || c == '}':
			level--
		case c == ':' && level == 0:
			spec = true
		case c == '#': // a comment ends with its line
			for j+1 < l.end && l.breakAt(j+1) == 0 {
				j++
			}
		}
		j++
	}
	return 0, &Error{i, "a field of an f-string is never closed"}
}

// nested is the end of a string inside a field.
func (l *lexer) nested(i, p int) (int, *Error) {
	if l.deep++; l.deep > 50 {
		return 0, &Error{i, "f-strings stand inside each other too deep"}
	}
	defer func() { l.deep-- }()
	return l.str(i, p)
}
