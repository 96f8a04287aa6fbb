package shell

import (
	"fmt"
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// maxAgree bounds how many steps of a way are compared with those of the others.
const maxAgree = 200

// agree looks at what was done on ways of which one is certainly taken: what all of them do happens in any case, and where all of them set
// the same thing to something else, it is one of these values. steps is what each way did, conds under which condition; outer is the condition that all stand under.
//
// What is common stands where the first way does it. What else the ways do is still uncertain, and what a later way does before it counts
// as done after it, which makes less known, never something else.
func agree(steps [][]step.Step, conds []*step.Cond, outer *step.Cond, why string) []step.Step {
	var out []step.Step
	drop := make([]map[int]bool, len(steps))
	for k := range drop {
		drop[k] = map[int]bool{}
	}
	for n := range steps[0] {
		s := steps[0][n]
		if n < maxAgree && s.Cond != nil && s.Cond == conds[0] && !s.Loop {
			if common, at, ok := everywhere(s, steps, drop, conds, why); ok {
				s, s.Cond = common, outer
				for k, i := range at {
					drop[k+1][i] = true
				}
			}
		}
		out = append(out, s)
	}
	for k := 1; k < len(steps); k++ {
		for n, s := range steps[k] {
			if !drop[k][n] {
				out = append(out, s)
			}
		}
	}
	return out
}

// everywhere finds a step in all other ways, with the same words or with another value for the same setting.
func everywhere(s step.Step, steps [][]step.Step, drop []map[int]bool, conds []*step.Cond, why string) (common step.Step, at []int, ok bool) {
	common = s
	for k := 1; k < len(steps); k++ {
		find := func(like func(a, b *step.Step) bool) int {
			for n := range steps[k][:min(len(steps[k]), maxAgree)] {
				if o := &steps[k][n]; !drop[k][n] && o.Cond != nil && o.Cond == conds[k] && !o.Loop && like(&s, o) {
					return n
				}
			}
			return -1
		}
		n := find(sameStep)
		if n < 0 {
			if n = find(sameSetting); n < 0 {
				return s, nil, false
			}
			last := len(s.Argv) - 1
			reason := "it is "
			if c := span.Choice(s.Argv[last].String(), steps[k][n].Argv[last].String()); c != "" && len(steps) == 2 {
				reason += c + ", by "
			} else {
				reason = "it depends on "
			}
			common.Argv = slices.Clone(s.Argv)
			common.Argv[last] = span.Literal(span.Unknown(reason+why), s.Argv[last])
		}
		at = append(at, n)
	}
	return common, at, true
}

// sameStep says whether two steps do the same.
func sameStep(a, b *step.Step) bool {
	text := func(s *step.Step) string {
		in := ""
		if s.Stdin != nil {
			in = s.Stdin.String()
		}
		return fmt.Sprintf("%q %q %q %v %q %q %v %v %q", words(s.Argv), words(s.Upstream), s.Dest.String(), s.Append, s.Content.String(), in, s.Remote, s.OtherHost, s.Dir)
	}
	return text(a) == text(b) && envText(a) == envText(b)
}

// sameSetting says whether two steps set the same key of TLJH's configuration, to different values.
func sameSetting(a, b *step.Step) bool {
	n := len(a.Argv)
	if n < 4 || n != len(b.Argv) || path.Base(a.Argv[0].String()) != "tljh-config" || a.Argv[n-3].String() != "set" || a.Remote != b.Remote || a.OtherHost != b.OtherHost {
		return false
	}
	return slices.Equal(words(a.Argv[:n-1]), words(b.Argv[:n-1]))
}

func words(texts []span.Text) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.String()
	}
	return out
}

func envText(s *step.Step) string {
	out := ""
	for _, e := range s.Env {
		out += fmt.Sprintf("%q=%q ", e.Name, e.Value.String())
	}
	return out
}
