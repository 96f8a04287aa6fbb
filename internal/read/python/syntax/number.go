package syntax

import "strings"

// number reads a number. Letters right after it are an error, unless they start one of the words that may follow (1if x).
func (l *lexer) number() *Error {
	from := l.i
	digits := func(ok func(byte) bool) bool {
		n := 0
		for l.i < l.end {
			if l.s[l.i] == '_' && n > 0 && l.i+1 < l.end && ok(l.s[l.i+1]) {
				l.i++
			}
			if !ok(l.s[l.i]) {
				break
			}
			l.i++
			n++
		}
		return n > 0
	}
	at := func(k int, set string) bool { return k < l.end && strings.IndexByte(set, l.s[k]) >= 0 }
	switch {
	case l.s[l.i] == '0' && at(l.i+1, "xXoObB"):
		base := l.s[l.i+1] | 0x20
		l.i += 2
		if at(l.i, "_") {
			l.i++
		}
		if !digits(func(c byte) bool { return isBase(c, base) }) {
			return l.fail("this number has no digits")
		}
		if l.i < l.end && isDigit(l.s[l.i]) {
			return l.fail("this digit does not belong in such a number")
		}
	default:
		digits(isDigit)
		whole := l.s[from:l.i]
		float := false
		if at(l.i, ".") {
			float = true
			l.i++
			digits(isDigit)
		}
		if at(l.i, "eE") && (l.i+1 < l.end && isDigit(l.s[l.i+1]) || at(l.i+1, "+-") && l.i+2 < l.end && isDigit(l.s[l.i+2])) {
			float = true
			if l.i++; !isDigit(l.s[l.i]) {
				l.i++
			}
			digits(isDigit)
		}
		if at(l.i, "jJ") {
			float = true
			l.i++
		}
		if !float && len(whole) > 1 && whole[0] == '0' && strings.Trim(whole, "0_") != "" {
			return l.fail("numbers do not start with 0; octal ones start with 0o")
		}
	}
	if n := nameLen(l.s[l.i:l.end]); n > 0 || at(l.i, "_") {
		rest := l.s[l.i:l.end]
		ok := false
		for _, w := range []string{"and", "else", "for", "if", "in", "is", "or", "not"} {
			ok = ok || strings.HasPrefix(rest, w)
		}
		if r := rest[0]; !ok && (r < 0x80 || !strings.HasPrefix(rest, "\uF6FE")) {
			return l.fail("a number cannot be followed by letters")
		}
	}
	l.emit(Number, from, l.i)
	return nil
}

func isBase(c, base byte) bool {
	switch base {
	case 'x':
		return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
	case 'o':
		return c >= '0' && c <= '7'
	}
	return c == '0' || c == '1'
}
