package markdown

import (
	"strings"
	"unicode"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// special are the characters that mean something in the middle of a line of GitHub Flavored Markdown.
const special = "\\`*_{}[]<>~|$^!"

// escape makes text mean nothing but itself in the middle of a line.
func escape(s string) string {
	s = unlinked(s)
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune(special, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// leading escapes what would start a heading, a list, a rule, a fence or indented code at the beginning of a line.
func leading(s string) string {
	s = strings.TrimLeft(s, " ")
	if s == "" {
		return s
	}
	if strings.ContainsRune("#+-=:", rune(s[0])) {
		return "\\" + s
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits > 0 && digits < len(s) && (s[digits] == '.' || s[digits] == ')') {
		return s[:digits] + "\\" + s[digits:]
	}
	return s
}

var (
	// emoji such as :octocat: may be pictures.
	emoji = lazyregexp.New(`:[A-Za-z0-9_+-]+:`)
	// commit is what GitHub may take for a commit's name.
	commit = lazyregexp.New(`[0-9A-Fa-f]{7,}`)
)

// unlinked puts an invisible break into all that GitHub would make a link, a picture or a notification of.
func unlinked(s string) string {
	var b strings.Builder
	rest := []rune(s)
	for i, r := range rest {
		next := rune(0)
		if i+1 < len(rest) {
			next = rest[i+1]
		}
		b.WriteRune(r)
		switch {
		case r == '@', // people, teams, e-mail addresses, commits as user@sha
			r == '#' && unicode.IsDigit(next),                                 // issues
			r == '-' && i > 1 && strings.EqualFold(string(rest[i-2:i]), "gh"), // issues, spelt GH-1
			r == ':' && next == '/',                                           // addresses with a scheme
			(r == 'w' || r == 'W') && next == '.':                             // addresses without one
			b.WriteString(breaker)
		}
	}
	s = b.String()
	s = split(s, commit.FindAllStringIndex(s, -1), 4)
	return split(s, emoji.FindAllStringIndex(s, -1), 1)
}

// split puts a break after every n bytes of the given parts of s; n is 1 for a break after the first byte only.
func split(s string, parts [][]int, n int) string {
	var b strings.Builder
	done := 0
	for _, p := range parts {
		b.WriteString(s[done:p[0]])
		done = p[1]
		for part := s[p[0]:p[1]]; ; {
			if len(part) <= n {
				b.WriteString(part)
				break
			}
			b.WriteString(part[:n] + breaker)
			if part = part[n:]; n == 1 {
				b.WriteString(part)
				break
			}
		}
	}
	return b.String() + s[done:]
}
