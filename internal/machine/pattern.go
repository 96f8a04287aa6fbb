package machine

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pattern works out a type from its name: named groups of Match are the variables of the expressions.
type pattern struct {
	flags
	Prefix  string             `json:"prefix"` // cheap test before Match is compiled
	Match   string             `json:"match"`
	Sizes   []float64          `json:"sizes"`    // the values that group n (or SizesOf) may have
	SizesOf string             `json:"sizes_of"` //
	Rows    map[string]float64 `json:"rows"`     // group row → $row
	RowVCPU map[string]float64 `json:"row_vcpu"` // group row → $row_vcpu
	VCPU    string             `json:"vcpu"`
	GiB     string             `json:"gib"`
	Disk    string             `json:"disk"`
	Floor   bool               `json:"floor"`    // GiB is rounded down to an integer
	StepMiB int64              `json:"step_mib"` // memory must be a multiple of this

	re func() *regexp.Regexp
}

func (p *pattern) apply(s *sectionData, name string) (Spec, bool) {
	if !strings.HasPrefix(name, p.Prefix) {
		return Spec{}, false
	}
	re := p.re()
	m := re.FindStringSubmatch(name)
	if m == nil {
		return Spec{}, false
	}
	f := p.flags
	vars := map[string]float64{}
	for i, g := range re.SubexpNames() {
		switch {
		case g == "":
		case g == "row":
			var ok bool
			if vars["row"], ok = p.Rows[m[i]]; !ok {
				return Spec{}, false
			}
			vars["row_vcpu"] = p.RowVCPU[m[i]]
		case g == "arm":
			if m[i] != "" {
				f.Arch = "arm64"
			}
		case m[i] != "":
			v, err := strconv.ParseFloat(m[i], 64)
			if err != nil {
				return Spec{}, false
			}
			vars[g] = v
		}
	}
	sized := p.SizesOf
	if sized == "" {
		sized = "n"
	}
	if len(p.Sizes) > 0 && !slices.Contains(p.Sizes, vars[sized]) {
		return Spec{}, false
	}
	gib := eval(p.GiB, vars)
	if p.Floor {
		gib = math.Floor(gib)
	}
	if p.StepMiB > 0 && math.Mod(gib*1024, float64(p.StepMiB)) != 0 {
		return Spec{}, false
	}
	return s.spec(f, eval(p.VCPU, vars), gib, math.Floor(eval(p.Disk, vars)), "formula")
}

// eval is "a*b/c", left to right. A factor is a number or $group; "$a|$b" is the first of them that the name has.
// Anything missing is 0, which no machine has, so that the type stays unknown.
func eval(expr string, vars map[string]float64) float64 {
	if expr == "" {
		return 0
	}
	out, op := 1.0, byte('*')
	for {
		i := strings.IndexAny(expr, "*/")
		factor := expr
		if i >= 0 {
			factor = expr[:i]
		}
		if v := value(factor, vars); op == '*' {
			out *= v
		} else if v != 0 {
			out /= v
		} else {
			return 0
		}
		if i < 0 {
			return out
		}
		op, expr = expr[i], expr[i+1:]
	}
}

func value(factor string, vars map[string]float64) float64 {
	for _, alt := range strings.Split(factor, "|") {
		if name, ok := strings.CutPrefix(alt, "$"); !ok {
			v, _ := strconv.ParseFloat(alt, 64)
			return v
		} else if v, ok := vars[name]; ok {
			return v
		}
	}
	return 0
}
