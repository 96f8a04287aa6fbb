package host

import (
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/step"
)

// condition is the one condition under which TLJH is installed, nil where it is installed in any case, under
// several, or where what else the condition is for is not known.
func (i *interp) condition() *step.Cond {
	if len(i.installs) == 0 {
		return nil
	}
	for _, c := range i.installs[1:] {
		if c != i.installs[0] {
			return nil
		}
	}
	if c := i.installs[0]; c != nil && c.Branch {
		return c
	}
	return nil
}

// given is carriers where cond holds. Only what stands in the very same branch has the very same condition: another branch of
// it, and what lies deeper, have their own.
func given(carriers []step.Carrier, cond *step.Cond) []step.Carrier {
	out := slices.Clone(carriers)
	for n := range out {
		out[n].Steps = slices.Clone(out[n].Steps)
		for k := range out[n].Steps {
			if s := &out[n].Steps[k]; s.Cond == cond {
				s.Cond = nil
			}
		}
	}
	return out
}
