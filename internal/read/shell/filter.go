package shell

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/sed"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// filter is what grep, awk '!/…/' and xargs print: the programs that people put between a file of NAME=value lines and
// export. False where any of it is not known.
func (r *run) filter(cmd command, name string, args []span.Text, in *span.Text) (span.Text, bool) {
	if name == "xargs" {
		return joined(args, in)
	}
	pattern, invert, extended := "", false, name == "egrep"
	for len(args) > 0 && strings.HasPrefix(args[0].String(), "-") && name != "awk" {
		for _, f := range args[0].String()[1:] {
			switch f {
			case 'v':
				invert = true
			case 'E':
				extended = true
			case 'e':
			default:
				return span.Text{}, false
			}
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return span.Text{}, false
	}
	pattern, args = args[0].String(), args[1:]
	if name == "awk" {
		m := leftOut.FindStringSubmatch(pattern)
		if m == nil {
			return span.Text{}, false
		}
		pattern, invert, extended = m[1], true, true
	}
	re, ok := sed.Pattern(pattern, extended)
	if !ok {
		return span.Text{}, false
	}
	text, ok := r.cat(cmd, args, in)
	if !ok || span.IsUnknown(text.String()) {
		return span.Text{}, false
	}
	var parts []span.Text
	at := 0
	for line := range strings.Lines(text.String()) {
		if re.MatchString(strings.TrimSuffix(line, "\n")) != invert {
			parts = append(parts, text.Slice(at, at+len(line)))
		}
		at += len(line)
	}
	return span.Concat(parts...), true
}

// leftOut is an awk program that leaves lines out.
var leftOut = lazyregexp.New(`^\s*!\s*/([^/]*)/\s*$`)

// joined is xargs without a command: its input's words in one line, with the quotes taken off.
func joined(args []span.Text, in *span.Text) (span.Text, bool) {
	lines := false
	switch s := spaced(args).String(); s {
	case "":
	case "-d \n", `-d \n`, "-0":
		lines = true
	default:
		return span.Text{}, false
	}
	if in == nil || span.IsUnknown(in.String()) {
		return span.Text{}, false
	}
	text := in.String()
	if lines {
		return span.Literal(strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", " ")+"\n", *in), true
	}
	var b strings.Builder
	quote, word := byte(0), false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == '\n' {
				return span.Text{}, false // xargs: unmatched quote
			}
			if c == quote {
				quote = 0
			} else {
				b.WriteByte(c)
			}
		case c == '"' || c == '\'':
			quote, word = c, true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
			word = true
		case c == ' ' || c == '\t' || c == '\n':
			if word {
				b.WriteByte(' ')
			}
			word = false
		default:
			b.WriteByte(c)
			word = true
		}
	}
	if quote != 0 {
		return span.Text{}, false
	}
	return span.Literal(strings.TrimSuffix(b.String(), " ")+"\n", *in), true
}
