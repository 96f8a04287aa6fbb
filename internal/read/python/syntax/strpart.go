package syntax

import "strings"

// StrPart is one string token: Prefix in lower case, the text between its quotes at [Open, Shut).
type StrPart struct {
	Place
	Prefix     string
	Open, Shut int
	Pieces     []Piece // of an f-string or t-string
}

// Piece is a stretch of literal text of an f-string, or a replacement field.
type Piece struct {
	Place
	X    Expr   // nil for literal text
	Show bool   // {x=}
	Conv string // r, s or a
	Spec []Piece
}

// Bytes says whether the string is one of bytes.
func (p *StrPart) Bytes() bool { return strings.Contains(p.Prefix, "b") }

// Raw says whether backslashes stand for themselves.
func (p *StrPart) Raw() bool { return strings.Contains(p.Prefix, "r") }

// Formatted says whether the string holds replacement fields.
func (p *StrPart) Formatted() bool { return strings.ContainsAny(p.Prefix, "ft") }

func (p *parser) strPart(t Token) StrPart {
	n := strings.IndexAny(t.Text, `"'`)
	q := len(quotes(t.Text[n:]))
	s := StrPart{Place: Place{t.Start, t.End}, Prefix: strings.ToLower(t.Text[:n]), Open: t.Start + n + q, Shut: t.End - q}
	if s.Formatted() {
		s.Pieces, _ = p.pieces(s.Open, s.Shut, s.Raw(), 0)
	}
	return s
}

// pieces takes the inside of an f-string apart, up to end, or up to the } that ends a format specification.
func (p *parser) pieces(i, end int, raw bool, depth int) (out []Piece, stop int) {
	spec := depth > 0
	from := i
	flush := func(to int) {
		if to > from {
			out = append(out, Piece{Place: Place{from, to}})
		}
	}
	for i < end {
		switch c := p.s[i]; {
		case c == '\\' && i+1 < end:
			i += 2
			if p.s[i-1] == '{' {
				i--
			} else if !raw && p.s[i-1] == 'N' && i < end && p.s[i] == '{' {
				if k := strings.IndexByte(p.s[i:end], '}'); k > 0 {
					i += k + 1
				}
			}
		case (c == '{' || c == '}') && !spec && i+1 < end && p.s[i+1] == c:
			flush(i + 1)
			i += 2
			from = i
		case c == '{':
			flush(i)
			f, k := p.pieceField(i, end, raw, depth)
			out = append(out, f)
			i, from = k, k
		case c == '}' && spec:
			flush(i)
			return out, i
		case c == '}':
			p.fail(i, "a single } in an f-string")
		default:
			i++
		}
	}
	flush(min(i, end))
	return out, end
}

// pieceField reads the field whose { is at i; the index after its } comes back.
func (p *parser) pieceField(i, end int, raw bool, depth int) (Piece, int) {
	f := Piece{Place: Place{From: i}}
	if depth > 50 {
		p.fail(i, "an f-string holds too many fields inside each other")
	}
	stop, err := fieldEnd(p.s, i+1, end)
	if err != nil {
		p.fail(err.At, err.Msg)
	}
	k := stop
	if p.s[k] == '!' {
		n := nameLen(p.s[k+1 : end])
		if f.Conv = p.s[k+1 : k+1+n]; f.Conv != "r" && f.Conv != "s" && f.Conv != "a" {
			p.fail(k, "after ! an f-string needs r, s or a")
		}
		k += 1 + n
		for k < end && strings.IndexByte(" \t\r\n\f", p.s[k]) >= 0 {
			k++
		}
	}
	body := strings.TrimRight(p.s[i+1:stop], " \t\r\n\f")
	if strings.HasSuffix(body, "=") && !strings.HasSuffix(body, "==") && len(body) > 1 && strings.IndexByte("!<>", body[len(body)-2]) < 0 {
		f.Show, body = true, body[:len(body)-1]
	}
	f.X = p.sub(i+1, i+1+len(body))
	if k < end && p.s[k] == ':' {
		f.Spec, k = p.pieces(k+1, end, raw, depth+1)
	}
	if k >= end || p.s[k] != '}' {
		p.fail(min(k, end), "a field of an f-string is not closed")
	}
	f.To = k + 1
	return f, k + 1
}

// fieldEnd is where the expression of a field ends: at its !, : or }.
func fieldEnd(s string, i, end int) (int, *Error) {
	l := &lexer{s: s, end: end}
	level := 0
	for i < end {
		c := s[i]
		if q := prefix(s[i:end]); q >= 0 {
			k, err := l.nested(i, q)
			if err != nil {
				return 0, err
			}
			i = k
			continue
		}
		if n := nameLen(s[i:end]); n > 0 {
			i += n
			continue
		}
		switch {
		case c == '(' || c == '[' || c == '{':
			level++
		case level > 0 && (c == ')' || c == ']' || c == '}'):
			level--
		case level == 0 && (c == '}' || c == ':'):
			return i, nil
		case level == 0 && c == '!' && (i+1 >= end || s[i+1] != '='):
			return i, nil
		case c == '!' && i+1 < end: // !=
			i++
		case c == '#':
			for i+1 < end && s[i+1] != '\n' {
				i++
			}
		}
		i++
	}
	return 0, &Error{i, "a field of an f-string is not closed"}
}
