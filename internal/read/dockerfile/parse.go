package dockerfile

import (
	"encoding/json"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// instruction is one instruction; args keeps the lines of a here-document, and their places.
type instruction struct {
	word string
	args span.Text
	at   span.Text
}

var (
	escape      = lazyregexp.New("(?i)^#\\s*escape\\s*=\\s*`")
	heredoc     = lazyregexp.New(`<<-?["']?([A-Za-z_][A-Za-z0-9_]*)["']?`)
	soleHeredoc = lazyregexp.New(`^\s*<<-?["']?[A-Za-z_][A-Za-z0-9_]*["']?[ \t]*\n`)
)

// parse splits the text into instructions: continued lines are joined, comments left out.
func (b *builder) parse(t span.Text) []instruction {
	s := t.String()
	esc := byte('\\')
	if escape.MatchString(s) {
		esc = '`'
	}
	var out []instruction
	for pos := 0; pos < len(s); {
		end := lineEnd(s, pos)
		line := strings.TrimSpace(s[pos:end])
		if line == "" || line[0] == '#' {
			pos = end + 1
			continue
		}
		if len(out) >= maxInstructions {
			b.problem(t.PosOf(pos), "the Dockerfile has too many instructions; the rest is not read")
			return out
		}
		lead := pos + len(s[pos:end]) - len(strings.TrimLeft(s[pos:end], " \t"))
		var parts []span.Text
		next := pos
		pos = lead
		for {
			end = lineEnd(s, pos)
			text := strings.TrimRight(s[pos:end], " \t\r")
			next = end + 1
			if !strings.HasSuffix(text, string(esc)) || next > len(s) {
				parts = append(parts, t.Slice(pos, pos+len(text)))
				break
			}
			parts = append(parts, t.Slice(pos, pos+len(text)-1), span.Literal("\\\n", t.Slice(pos+len(text)-1, pos+len(text))))
			for next < len(s) { // comments and empty lines among continued lines
				l := strings.TrimSpace(s[next:lineEnd(s, next)])
				if l != "" && l[0] != '#' {
					break
				}
				next = lineEnd(s, next) + 1
			}
			if pos = next; pos >= len(s) {
				break
			}
		}
		whole := span.Concat(parts...)
		word, _, _ := strings.Cut(whole.String(), " ")
		word, _, _ = strings.Cut(strings.TrimRight(word, "\\\n"), "\t")
		in := instruction{word: strings.ToUpper(word), at: whole.Slice(0, len(word))}
		rest := whole.Slice(len(word), whole.Len())
		if in.word == "RUN" || in.word == "COPY" || in.word == "ADD" {
			rest, next = withHeredocs(t, rest, next)
		}
		str := rest.String()
		from := len(str) - len(strings.TrimLeft(str, " \t\\\n"))
		in.args = rest.Slice(from, len(str))
		out = append(out, in)
		pos = next
	}
	return out
}

// withHeredocs adds to the arguments the lines of the here-documents that they begin.
func withHeredocs(t, args span.Text, pos int) (span.Text, int) {
	s := t.String()
	for _, m := range heredoc.FindAllStringSubmatch(args.String(), 10) {
		from := pos
		for pos < len(s) {
			end := lineEnd(s, pos)
			done := strings.TrimSpace(s[pos:end]) == m[1]
			pos = end + 1
			if done {
				break
			}
		}
		stop := min(pos, len(s))
		args = span.Concat(args, span.Plain("\n"), t.Slice(min(from, stop), stop))
	}
	return args, pos
}

func lineEnd(s string, from int) int {
	if from >= len(s) {
		return len(s)
	}
	if k := strings.IndexByte(s[from:], '\n'); k >= 0 {
		return from + k
	}
	return len(s)
}

// unflagged is arguments without the flags in front (--mount=…, --platform=…).
func unflagged(t span.Text) span.Text {
	for {
		s := t.String()
		trimmed := strings.TrimLeft(s, " \t\\\n")
		t = t.Slice(len(s)-len(trimmed), len(s))
		if !strings.HasPrefix(trimmed, "--") {
			return t
		}
		k := strings.IndexAny(trimmed, " \t\n")
		if k < 0 {
			return t.Slice(len(trimmed), len(trimmed))
		}
		t = t.Slice(k, len(trimmed))
	}
}

// fields are the words of a text, quotes taken off.
func fields(t span.Text) []span.Text {
	s := t.String()
	var out []span.Text
	for k := 0; k < len(s); {
		if strings.IndexByte(" \t\n\\", s[k]) >= 0 {
			k++
			continue
		}
		from := k
		if q := s[k]; q == '"' || q == '\'' {
			if end := strings.IndexByte(s[k+1:], q); end >= 0 {
				out = append(out, t.Slice(k+1, k+1+end))
				k += end + 2
				continue
			}
		}
		for k < len(s) && strings.IndexByte(" \t\n", s[k]) < 0 {
			k++
		}
		out = append(out, t.Slice(from, k))
	}
	return out
}

// list is the words of a JSON list, each with the place of its text where it is written without escapes.
func list(t span.Text) ([]span.Text, bool) {
	s := strings.TrimSpace(t.String())
	if !strings.HasPrefix(s, "[") {
		return nil, false
	}
	var words []string
	if json.Unmarshal([]byte(strings.ReplaceAll(s, "\\\n", "")), &words) != nil {
		return nil, false
	}
	out := make([]span.Text, len(words))
	from := 0
	for k, w := range words {
		out[k] = span.Literal(w, t)
		if at := strings.Index(t.String()[from:], w); at >= 0 && w != "" {
			out[k] = t.Slice(from+at, from+at+len(w))
			from += at + len(w)
		}
	}
	return out, true
}

// quoted is words as a text for the shell.
func quoted(words []span.Text) span.Text {
	var parts []span.Text
	for k, w := range words {
		if k > 0 {
			parts = append(parts, span.Plain(" "))
		}
		parts = append(parts, span.Plain("'"))
		s, from := w.String(), 0
		for i := 0; i < len(s); i++ {
			if s[i] == '\'' {
				parts = append(parts, w.Slice(from, i), span.Literal(`'\''`, w.Slice(i, i+1)))
				from = i + 1
			}
		}
		parts = append(parts, w.Slice(from, len(s)), span.Plain("'"))
	}
	return span.Concat(parts...)
}
