package machine

import "strings"

// family is a group of EC2 families with the same memory per vCPU. A name that ends in * covers every suffix.
type family struct {
	GiBPerVCPU float64  `json:"gib_per_vcpu"`
	MaxVCPU    float64  `json:"max_vcpu"` // sizes above do not follow the ratio; 0: all do
	Names      []string `json:"names"`
}

// ec2 works out "family.size" (reference/providers.md §3.1): the size gives the vCPUs, the family the memory.
func (s *sectionData) ec2(name string) (Spec, bool) {
	fam, size, ok := strings.Cut(name, ".")
	if !ok || s.Sizes == nil {
		return Spec{}, false
	}
	vcpu := s.Sizes[size]
	if size == "metal" {
		vcpu = s.Metal[fam]
	}
	for _, f := range s.Families {
		if vcpu == 0 || !f.has(fam) {
			continue
		}
		if f.MaxVCPU > 0 && vcpu > f.MaxVCPU {
			return Spec{}, false
		}
		fl := flags{Burstable: strings.HasSuffix(fam, "-flex")}
		if s.arm().MatchString(fam) {
			fl.Arch = "arm64"
		}
		return s.spec(fl, vcpu, vcpu*f.GiBPerVCPU, 0, "formula")
	}
	return Spec{}, false
}

func (f *family) has(fam string) bool {
	for _, n := range f.Names {
		stem, wild := strings.CutSuffix(n, "*")
		if fam == n || wild && strings.HasPrefix(fam, stem) && suffix(fam[len(stem):]) {
			return true
		}
	}
	return false
}

// suffix says whether s is what vendors add to a family's generation: letters, or "-flex".
func suffix(s string) bool {
	s = strings.TrimSuffix(s, "-flex")
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return true
}
