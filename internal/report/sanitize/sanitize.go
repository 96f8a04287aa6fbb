// Package sanitize makes text from a repository safe to show. The repository may be a stranger's: file names, values
// and messages that quote them can hold terminal escapes, characters that reorder what is read, or commands that a
// workflow log would obey (reference/github.md §1.6, §4).
package sanitize

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// MaxRunes is how much of one string is shown.
const MaxRunes = 4000

// breaker keeps two characters apart for programs while people see nothing.
const breaker = "\u200b"

// Line makes s one line of harmless text: line breaks and tabs become spaces, every other control, invisible or
// reordering character is shown as an escape such as \x1b or \u202e, unknown values become "…", and neither a workflow command
// ("::" at the start, "##[" anywhere) nor a terminal sequence survives. Too long a text is cut, with "…".
func Line(s string) string { return clean(s, false) }

// Lines is Line for text of several lines: line breaks stay, tabs become four spaces. Every line is made safe by itself.
func Lines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	lines := strings.Split(s, "\n")
	if len(lines) > MaxRunes {
		lines = append(lines[:MaxRunes], "…")
	}
	for i, l := range lines {
		lines[i] = clean(l, true)
	}
	return strings.Join(lines, "\n")
}

func clean(s string, keepIndent bool) string {
	if plain(s) {
		return s
	}
	s = span.Show(s)
	var b strings.Builder
	n := 0
	for i, r := range s {
		if n++; n > MaxRunes {
			b.WriteString("…")
			break
		}
		switch {
		case r == '\t' && keepIndent:
			b.WriteString("    ")
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		case Hidden(r):
			b.WriteString(escape(r))
		default:
			if r == ':' && strings.HasPrefix(s[i:], "::") && strings.TrimSpace(b.String()) == "" {
				b.WriteString(breaker)
			}
			if r == '[' && strings.HasSuffix(b.String(), "##") {
				b.WriteString(breaker)
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain is the quick way out for text that is safe as it is.
func plain(s string) bool {
	if len(s) > MaxRunes || strings.HasPrefix(strings.TrimSpace(s), "::") || strings.Contains(s, "##[") {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Hidden says whether a character is a control, reorders text, takes no room or is not assigned to anything that can
// be seen. Variation selectors and joiners of emoji count: nothing that is shown needs them.
func Hidden(r rune) bool {
	switch {
	case r == ' ':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return true
	case r == '\u2028', r == '\u2029', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', r == '\u034f':
		return true
	case unicode.Is(unicode.Variation_Selector, r):
		return true
	}
	return false
}

func escape(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// JSON makes an encoded JSON text safe for a log without changing what it says: hidden characters and the beginning of
// a workflow command become \u escapes.
func JSON(b []byte) []byte {
	var out strings.Builder
	out.Grow(len(b))
	for i, r := range string(b) {
		switch {
		case r == '#' && strings.HasPrefix(string(b[i:min(i+3, len(b))]), "##["):
			out.WriteString(`\u0023`)
		case r >= 0x10000 && Hidden(r):
			hi, lo := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&out, `\u%04x\u%04x`, hi, lo)
		case r >= 0x7f && Hidden(r):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return []byte(out.String())
}
