package span

import (
	"iter"
	"strings"
)

// A value that the repository does not tell (a variable without default, a generated password) travels through nested
// formats as a token inside the text: two marks with the reason between them, one private-use character a byte. No
// lexer gives these characters a meaning, so a script or a YAML file around the token still parses.
const (
	unknownOpen  = '\uF6FE'
	unknownClose = '\uF6FF'
	unknownBase  = 0xF700
)

// Unknown is the token for a value that cannot be known, with the reason in plain words: `variable "domain" has no value`.
func Unknown(reason string) string {
	var b strings.Builder
	b.WriteRune(unknownOpen)
	for i := 0; i < len(reason); i++ {
		b.WriteRune(unknownBase + rune(reason[i]))
	}
	b.WriteRune(unknownClose)
	return b.String()
}

// IsUnknown says whether s holds an unknown token anywhere.
func IsUnknown(s string) bool { return strings.ContainsRune(s, unknownOpen) }

// Unknowns are the places of the unknown tokens in s: first byte, and the one after the last.
func Unknowns(s string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for at := 0; ; {
			n := strings.IndexRune(s[at:], unknownOpen)
			if n < 0 {
				return
			}
			from := at + n
			n = strings.IndexRune(s[from:], unknownClose)
			if n < 0 {
				n = len(s) - from
			} else {
				n += len(string(unknownClose))
			}
			if at = from + n; !yield(from, at) {
				return
			}
		}
	}
}

// Reason is the reason of the first unknown token in s, "" if there is none.
func Reason(s string) string {
	_, rest, ok := strings.Cut(s, string(unknownOpen))
	if !ok {
		return ""
	}
	body, _, _ := strings.Cut(rest, string(unknownClose))
	var b []byte
	for _, r := range body {
		if r >= unknownBase && r < unknownBase+256 {
			b = append(b, byte(r-unknownBase))
		}
	}
	if len(b) == 0 {
		return "its value is not in the repository"
	}
	return string(b)
}

// Show is s for people: every unknown token becomes "…".
func Show(s string) string {
	if !IsUnknown(s) {
		return s
	}
	var b strings.Builder
	inside := false
	for _, r := range s {
		switch {
		case r == unknownOpen:
			inside = true
			b.WriteRune('…')
		case r == unknownClose:
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return b.String()
}
