// Package sed reads the sed commands that fill in templates: s/…/…/ on files or on what is piped in. Anything else a
// sed script can do is not followed, and said to be so. Places survive: what a substitution puts in stands where the
// script wrote it, all else where the text had it.
//
// Source: GNU sed 4.9 manual, "The s Command", "Overview of basic regular expression syntax".
package sed

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Command is one call of sed.
type Command struct {
	InPlace bool
	Files   []span.Text
	subs    []substitution
}

// Parse reads what follows "sed" on a command line. False: it does more than substitute, or what it does is not known.
func Parse(args []span.Text) (Command, bool) {
	var c Command
	var scripts, rest []span.Text
	extended := false
	for n := 0; n < len(args); n++ {
		switch a := args[n].String(); {
		case span.IsUnknown(a) || a == "-" || !strings.HasPrefix(a, "-"):
			rest = append(rest, args[n])
		case a == "--":
			rest = append(rest, args[n+1:]...)
			n = len(args)
		case strings.HasPrefix(a, "-i") || a == "--in-place" || strings.HasPrefix(a, "--in-place="):
			c.InPlace = true
		case a == "-E" || a == "-r" || a == "--regexp-extended":
			extended = true
		case a == "-Ei" || a == "-ri":
			extended, c.InPlace = true, true
		case a == "-s" || a == "-u" || a == "--separate" || a == "--unbuffered" || a == "--follow-symlinks":
		case a == "-e" || a == "--expression":
			if n++; n == len(args) {
				return c, false
			}
			scripts = append(scripts, args[n])
		case strings.HasPrefix(a, "--expression="):
			scripts = append(scripts, args[n].Slice(len("--expression="), args[n].Len()))
		default: // -n, -f, -z and what this does not know
			return c, false
		}
	}
	if len(scripts) == 0 {
		if len(rest) == 0 {
			return c, false
		}
		scripts, rest = rest[:1], rest[1:]
	}
	c.Files = rest
	for _, s := range scripts {
		subs, ok := parse(s, extended)
		if !ok {
			return c, false
		}
		c.subs = append(c.subs, subs...)
	}
	return c, len(c.subs) > 0
}

// Words are the patterns, if all of them are plain words: placeholders, that mean the same in any format around them.
func (c Command) Words() ([]string, bool) {
	var out []string
	for _, s := range c.subs {
		if s.word == "" {
			return nil, false
		}
		out = append(out, s.word)
	}
	return out, true
}

// Apply is t after the substitutions, line by line. False: what they do to a part that is not known cannot be told.
func (c Command) Apply(t span.Text) (span.Text, bool) {
	for _, s := range c.subs {
		var ok bool
		if t, ok = s.apply(t); !ok {
			return t, false
		}
	}
	return t, true
}
