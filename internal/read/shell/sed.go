package shell

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/sed"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// sed is what sed prints: the files it names, or its input, with what it fills in.
func (r *run) sed(cmd command, args []span.Text, in *span.Text) (span.Text, bool) {
	c, ok := sed.Parse(args)
	if !ok || c.InPlace {
		return span.Text{}, false
	}
	text, ok := r.cat(cmd, c.Files, in)
	if !ok {
		return span.Text{}, false
	}
	return c.Apply(text)
}

// sedInPlace changes what is remembered of the files that sed edits, for what reads or runs them next.
func (r *run) sedInPlace(cmd command) {
	if base(cmd.argv[0].String()) != "sed" || cmd.remote || r.remote {
		return
	}
	c, ok := sed.Parse(cmd.argv[1:])
	files := c.Files
	if !ok {
		inPlace := false
		for _, a := range cmd.argv[1:] {
			s := a.String()
			inPlace = inPlace || strings.HasPrefix(s, "-i") || strings.HasPrefix(s, "--in-place")
		}
		if !inPlace {
			return
		}
		files = cmd.argv[1:]
	} else if !c.InPlace {
		return
	}
	for _, f := range files {
		if strings.HasPrefix(f.String(), "-") || span.IsUnknown(f.String()) {
			continue
		}
		old, _, found := r.find(f.String())
		if !found {
			continue
		}
		next, done := old, false
		if ok && r.cond == nil && !r.loop {
			next, done = c.Apply(old)
		}
		if !done {
			next = span.Literal(span.Unknown("the content of a file that sed changes"), old)
		}
		r.written[r.place(f.String())] = next
	}
}
