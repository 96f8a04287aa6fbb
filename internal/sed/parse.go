package sed

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var plainWord = lazyregexp.New(`^[A-Za-z0-9_@-]{3,}$`)

// parse reads a script that holds nothing but substitutions.
func parse(script span.Text, extended bool) ([]substitution, bool) {
	s, mask := script.String(), masked(script.String())
	var out []substitution
	for i := 0; ; {
		for i < len(mask) && strings.IndexByte("; \t\n", mask[i]) >= 0 {
			i++
		}
		if i == len(mask) {
			return out, true
		}
		if mask[i] != 's' || i+1 == len(mask) || mask[i+1] < ' ' || mask[i+1] >= 0x7f || strings.IndexByte(`\ `, mask[i+1]) >= 0 {
			return nil, false
		}
		delim := mask[i+1]
		pattern, ok1 := until(mask, i+2, delim)
		with, ok2 := until(mask, pattern+1, delim)
		if !ok1 || !ok2 || span.IsUnknown(s[i+2:pattern]) {
			return nil, false
		}
		var sub substitution
		written := s[i+2 : pattern]
		expr, ok := goPattern(written, delim, extended)
		if !ok {
			return nil, false
		}
		if sub.with, ok = pieces(script, mask, pattern+1, with, delim); !ok {
			return nil, false
		}
		for i = with + 1; i < len(mask) && strings.IndexByte("gIi", mask[i]) >= 0; i++ {
			if sub.all = sub.all || mask[i] == 'g'; mask[i] != 'g' {
				expr = "(?i)" + expr
			}
		}
		if i < len(mask) && strings.IndexByte("; \t\n", mask[i]) < 0 {
			return nil, false
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			return nil, false
		}
		re.Longest() // POSIX: the longest of the leftmost
		if sub.re = re; plainWord.MatchString(written) && !strings.HasPrefix(expr, "(?i)") {
			sub.word = written
		}
		out = append(out, sub)
	}
}

// Pattern is a basic or extended regular expression, as sed and grep read it.
func Pattern(p string, extended bool) (*regexp.Regexp, bool) {
	expr, ok := goPattern(p, '/', extended)
	if !ok || span.IsUnknown(p) {
		return nil, false
	}
	re, err := regexp.Compile(expr)
	return re, err == nil
}

// until is where the next delimiter stands that no backslash takes away.
func until(mask string, i int, delim byte) (int, bool) {
	for ; i < len(mask); i++ {
		switch mask[i] {
		case '\\':
			i++
		case delim:
			return i, true
		}
	}
	return len(mask), false
}

// goPattern is a basic or extended regular expression in Go's syntax.
func goPattern(p string, delim byte, extended bool) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch {
		case c == '\\' && i+1 < len(p):
			i++
			switch c = p[i]; {
			case c == delim || c == '/' || c == '&':
				b.WriteString(regexp.QuoteMeta(string(c)))
			case strings.IndexByte("(){}|+?", c) >= 0:
				if extended {
					b.WriteByte('\\')
				}
				b.WriteByte(c)
			case strings.IndexByte("wWsSbB", c) >= 0:
				b.WriteString(`\` + string(c))
			case c == '<' || c == '>':
				b.WriteString(`\b`)
			case c == 't' || c == 'r':
				b.WriteString(`\` + string(c))
			case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
				return "", false // a group again, a character by its number …
			default:
				b.WriteString(regexp.QuoteMeta(string(c)))
			}
		case c == '[':
			n := bracket(p[i:])
			if n == 0 {
				return "", false
			}
			b.WriteString(strings.ReplaceAll(p[i:i+n], `\`, `\\`))
			i += n - 1
		case strings.IndexByte("(){}|+?", c) >= 0 && !extended, c == '*' && i == 0,
			c == '^' && i > 0 && !extended, c == '$' && i+1 < len(p) && !extended:
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// bracket is the length of the bracket expression that p begins with.
func bracket(p string) int {
	i := 1
	if i < len(p) && p[i] == '^' {
		i++
	}
	if i < len(p) && p[i] == ']' {
		return 0 // rare, and Go wants it written otherwise
	}
	for ; i < len(p); i++ {
		switch {
		case p[i] == ']':
			return i + 1
		case p[i] == '[' && i+1 < len(p) && strings.IndexByte(":.=", p[i+1]) >= 0:
			n := strings.Index(p[i+2:], string(p[i+1])+"]")
			if n < 0 || p[i+1] != ':' {
				return 0
			}
			i += n + 3
		}
	}
	return 0
}

// pieces are the parts of the right side, from one delimiter to the other.
func pieces(script span.Text, mask string, from, to int, delim byte) ([]piece, bool) {
	s := script.String()
	var out []piece
	last := from
	text := func(end int) {
		if end > last {
			out = append(out, piece{text: script.Slice(last, end), group: -1})
		}
	}
	for i := from; i < to; i++ {
		switch {
		case mask[i] == '&':
			text(i)
			out = append(out, piece{group: 0})
			last = i + 1
		case mask[i] == '\\' && i+1 < to:
			text(i)
			i++
			c := s[i]
			switch {
			case c >= '0' && c <= '9':
				out = append(out, piece{group: int(c - '0')})
			case c == 'n':
				out = append(out, piece{text: span.Literal("\n", script.Slice(i-1, i+1)), group: -1})
			case c == 't':
				out = append(out, piece{text: span.Literal("\t", script.Slice(i-1, i+1)), group: -1})
			case c == delim || c == '\n' || c < 0x80 && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'):
				out = append(out, piece{text: script.Slice(i, i+1), group: -1})
			default: // \U, \L and what else changes letters
				return nil, false
			}
			last = i + 1
		}
	}
	text(to)
	return out, true
}
