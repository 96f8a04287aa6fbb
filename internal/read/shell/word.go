package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// piece is a part of a word: text that was quoted, text as written, or an expansion that is still to be split.
type piece struct {
	t      span.Text
	quoted bool
	split  bool // an unquoted expansion
	brk    bool // a new field begins here ("$@")
}

// words evaluates a list of words into fields, as bash does for a command's arguments.
func (r *run) words(ws []*syntax.Word) []span.Text {
	var out []span.Text
	for _, w := range ws {
		for _, parts := range r.braces(w) {
			out = append(out, r.split(r.pieces(parts, false, false))...)
		}
		if !r.spend(1 + len(out)/64) {
			return nil
		}
	}
	return out
}

// single evaluates a word without splitting: the right side of an assignment, a redirection, a case word.
func (r *run) single(w *syntax.Word) span.Text {
	if w == nil {
		return span.Text{}
	}
	return join(r.pieces(w.Parts, false, false), r.node(w))
}

func join(ps []piece, at span.Text) span.Text {
	parts := make([]span.Text, 0, len(ps))
	for i, p := range ps {
		if p.brk && i > 0 {
			parts = append(parts, span.Plain(" "))
		}
		parts = append(parts, p.t)
	}
	if len(parts) == 0 {
		return span.Literal("", at)
	}
	return span.Concat(parts...)
}

func (r *run) split(ps []piece) []span.Text {
	ifs := " \t\n"
	if v, ok := r.vars["IFS"]; ok && !span.IsUnknown(v.s) {
		ifs = v.s
	}
	var out, cur []span.Text
	open := false
	flush := func() {
		if open {
			out = append(out, span.Concat(cur...))
		}
		cur, open = nil, false
	}
	for _, p := range ps {
		if p.brk {
			flush()
		}
		if !p.split {
			if p.quoted || p.t.Len() > 0 {
				cur, open = append(cur, p.t), true
			}
			continue
		}
		s := p.t.String()
		for i := 0; i < len(s); {
			if strings.IndexByte(ifs, s[i]) >= 0 {
				flush()
				i++
				continue
			}
			j := i
			for j < len(s) && strings.IndexByte(ifs, s[j]) < 0 {
				j++
			}
			cur, open = append(cur, p.t.Slice(i, j)), true
			if i = j; !r.spend(1) {
				return nil
			}
		}
	}
	flush()
	return out
}

// pieces evaluates the parts of a word. hdoc: the body of a heredoc, where quotes are ordinary characters.
func (r *run) pieces(parts []syntax.WordPart, quoted, hdoc bool) []piece {
	var out []piece
	for _, part := range parts {
		if !r.spend(1) {
			return out
		}
		switch p := part.(type) {
		case *syntax.Lit:
			// "~" stays as written: $HOME is "~" too.
			out = append(out, piece{t: r.literal(r.node(p), quoted || hdoc), quoted: quoted})
		case *syntax.SglQuoted:
			out = append(out, piece{t: r.single1(p), quoted: true})
		case *syntax.DblQuoted:
			in := r.pieces(p.Parts, true, false)
			if len(in) == 0 && len(p.Parts) == 0 {
				in = []piece{{t: span.Literal("", r.node(p)), quoted: true}}
			}
			out = append(out, in...)
		case *syntax.ParamExp:
			out = append(out, r.param(p, quoted || hdoc)...)
		case *syntax.CmdSubst:
			out = append(out, piece{t: r.substitute(p), quoted: quoted, split: !quoted && !hdoc})
		case *syntax.ArithmExp:
			s := span.Unknown("a sum of values that are not known")
			if n, ok := r.arith(p.X, 0); ok {
				s = strconv.FormatInt(n, 10)
			}
			out = append(out, piece{t: span.Literal(s, r.node(p)), quoted: true})
		case *syntax.ProcSubst:
			out = append(out, piece{t: r.procSubst(p), quoted: true})
		case *syntax.ExtGlob:
			if p.Op == 0 { // made by braces
				t := span.Literal(p.Pattern.Value, r.slice(p.Pattern.ValuePos, p.Pattern.ValueEnd))
				out = append(out, piece{t: r.literal(t, false)})
				break
			}
			out = append(out, piece{t: r.node(p), quoted: true})
		default: // braces that were left alone
			out = append(out, piece{t: r.node(p), quoted: true})
		}
	}
	return out
}

// single1 is the text of '…' and $'…'.
func (r *run) single1(p *syntax.SglQuoted) span.Text {
	n := r.text.Len()
	i := min(int(p.Left.Offset())+1, n)
	if p.Dollar {
		i = min(i+1, n)
	}
	raw := r.text.Slice(i, max(i, min(int(p.Right.Offset()), n)))
	if p.Dollar {
		return ansi(raw)
	}
	return unCR(raw)
}

// unCR drops the carriage returns of files with Windows line ends.
func unCR(t span.Text) span.Text {
	s := t.String()
	if !strings.Contains(s, "\r\n") {
		return t
	}
	var parts []span.Text
	for from := 0; ; {
		i := strings.Index(s[from:], "\r\n")
		if i < 0 || len(parts) > maxExactTabs {
			rest := t.Slice(from, len(s))
			if i >= 0 {
				rest = span.Literal(strings.ReplaceAll(rest.String(), "\r\n", "\n"), rest)
			}
			return span.Concat(append(parts, rest)...)
		}
		parts = append(parts, t.Slice(from, from+i))
		from += i + 1
	}
}

// literal removes the backslashes of t. Inside double quotes and heredocs only some characters can be escaped.
func (r *run) literal(t span.Text, quoted bool) span.Text {
	t = unCR(t)
	s := t.String()
	if cut := strings.TrimSuffix(s, "\r"); cut != s && !quoted {
		t, s = t.Slice(0, len(cut)), cut
	}
	if !strings.Contains(s, `\`) {
		return t
	}
	var parts []span.Text
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		last := i+1 >= len(s)
		if !last && quoted && !strings.ContainsRune("$`\"\\\n", rune(s[i+1])) {
			i++
			continue
		}
		parts = append(parts, t.Slice(from, i))
		if from = i + 1; last {
			break
		}
		if i++; s[i] == '\n' {
			from++
		}
	}
	parts = append(parts, t.Slice(min(from, len(s)), len(s)))
	if len(parts) > maxExactTabs {
		return span.Literal(span.Concat(parts...).String(), t)
	}
	return span.Concat(parts...)
}
