package cloudinit

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func jinja(s string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(s, " \t\r\n"), "\n")
	return strings.HasPrefix(strings.ToLower(strings.ReplaceAll(first, " ", "")), "##template:jinja")
}

// Jinja reads user data below "## template: jinja", which cloud-init renders on the machine. What it fills in is unknown. Where parts depend
// on conditions or loops, the text is read with all of them and with none: what both readings do happens in any case, all else may not.
func Jinja(text span.Text, read func(span.Text) shell.Result) shell.Result {
	full, whole, blocks := rendered(text, true)
	r := read(full)
	if !whole {
		r.Problems = append(r.Problems, step.Problem{At: text.PosOf(0), Msg: "a Jinja tag of this template is not closed; cloud-init cannot render it"})
	}
	if !blocks && whole {
		return r
	}
	why := "it depends on a condition or loop of this template, which cloud-init decides on the machine"
	certain, seen := map[string]int{}, map[string]bool{}
	var bare []step.Step
	if whole {
		none, _, _ := rendered(text, false)
		bare = read(none).Steps
	}
	for _, s := range bare {
		certain[key(&s)]++
	}
	for n := range r.Steps {
		s := &r.Steps[n]
		seen[s.At.String()] = true
		if k := key(s); certain[k] > 0 {
			certain[k]--
		} else if s.Cond == nil {
			s.Cond = &step.Cond{Why: why, At: s.At}
		}
	}
	for _, s := range bare {
		if k := key(&s); certain[k] > 0 && !seen[s.At.String()] {
			certain[k]--
			s.Cond = &step.Cond{Why: why, At: s.At}
			r.Steps = append(r.Steps, s)
		}
	}
	return r
}

// key tells steps apart by their place and all that they do.
func key(s *step.Step) string {
	in := ""
	if s.Stdin != nil {
		in = s.Stdin.String()
	}
	var words []string
	for _, a := range s.Argv {
		words = append(words, a.String())
	}
	return fmt.Sprintf("%s %q %q %q %q %v %v", s.At, words, s.Dest.String(), s.Content.String(), in, s.Append, s.Cond)
}

var (
	opens  = lazyregexp.New(`^\{%[-+]?\s*(?:if|for|macro|call|filter)\b`)
	closes = lazyregexp.New(`^\{%[-+]?\s*end(?:if|for|macro|call|filter)\b`)
)

const maxTags = 20000

// rendered replaces {{ … }} by unknown tokens and takes {# … #} and {% … %} out, with all that stands in conditional blocks or without it.
// whole says that every tag is closed, blocks that there are conditional ones.
func rendered(t span.Text, all bool) (out span.Text, whole, blocks bool) {
	s := t.String()
	var parts []span.Text
	depth, from := 0, 0
	keep := func(p span.Text) {
		if all || depth == 0 {
			parts = append(parts, p)
		}
	}
	for tags := 0; tags < maxTags; tags++ {
		open := nextTag(s, from)
		if open < 0 {
			keep(t.Slice(from, len(s)))
			return span.Concat(parts...), depth == 0, blocks
		}
		end := map[byte]string{'{': "}}", '%': "%}", '#': "#}"}[s[open+1]]
		stop := strings.Index(s[open+2:], end)
		if stop < 0 {
			break
		}
		stop += open + 4
		keep(t.Slice(from, open))
		switch tag := s[open:stop]; {
		case tag[1] == '{':
			keep(span.Literal(span.Unknown("a value that cloud-init fills in on the machine"), t.Slice(open, stop)))
		case opens.MatchString(tag):
			depth++
			blocks = true
		case closes.MatchString(tag):
			depth--
		}
		if depth < 0 {
			break
		}
		from = stop
	}
	parts = append(parts, t.Slice(from, len(s)))
	return span.Concat(parts...), false, blocks
}

// nextTag is where the next tag opens; -1 if there is none.
func nextTag(s string, from int) int {
	for i := from; i+1 < len(s); i++ {
		if s[i] == '{' && (s[i+1] == '{' || s[i+1] == '%' || s[i+1] == '#') {
			return i
		}
	}
	return -1
}
