// Package machine knows what the clouds sell: the vCPUs and memory behind a machine type, and the operating system
// behind an image name. All of it is data (policies/data); a name that the data does not cover is unknown, never a guess.
package machine

import (
	"math"
	"strings"
)

// Spec is what a machine type gives.
type Spec struct {
	VCPU      float64 // as the guest sees them
	MemoryMiB int64   // GiB × 1024, rounded
	Arch      string  // "x86_64" or "arm64"
	Burstable bool    // CPU is a baseline with bursts
	Shared    bool    // vCPUs are shared with other customers
	DiskGiB   int64   // local disk that comes with the type, as the vendor counts it; 0: none or not known
	Source    string  // "table": a row names the type; "formula": worked out from its name
	Recalled  bool    // the row has not been checked against its upstream source
}

// Lookup is the spec of a machine type of a provider, both named as in the hub document (reference/providers.md §1).
// Case does not matter; Google's self links may be given whole. False means that the type is not known.
func Lookup(provider, machineType string) (Spec, bool) {
	name := strings.ToLower(strings.TrimSpace(machineType))
	s := section(provider)
	if s == nil || name == "" || len(name) > 200 {
		return Spec{}, false
	}
	if s.LastSegment {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	if spec, ok := s.find(name); ok {
		return spec, true
	}
	for _, a := range s.Also {
		if other := section(a.Provider); other != nil && !a.excludes(name) {
			if spec, ok := other.find(name); ok {
				return spec, true
			}
		}
	}
	return Spec{}, false
}

func (s *sectionData) find(name string) (Spec, bool) {
	for i := range s.Tables {
		t := &s.Tables[i]
		if row, ok := t.Types[name]; ok && len(row) >= 2 {
			disk := 0.0
			if len(row) > 2 {
				disk = row[2]
			}
			return s.spec(t.flags, row[0], row[1], disk, "table")
		}
	}
	if spec, ok := s.ec2(name); ok {
		return spec, true
	}
	for i := range s.Patterns {
		if spec, ok := s.Patterns[i].apply(s, name); ok {
			return spec, true
		}
	}
	return Spec{}, false
}

// spec checks and rounds: anything that no machine has (no CPU, absurd sizes out of a hostile name) is not known.
func (s *sectionData) spec(f flags, vcpu, gib, disk float64, source string) (Spec, bool) {
	mib := math.Round(gib * 1024)
	if !(vcpu > 0 && vcpu <= 4096 && mib >= 256 && mib <= 64<<20 && disk >= 0 && disk <= 1<<20) {
		return Spec{}, false
	}
	arch := f.Arch
	if arch == "" {
		arch = "x86_64"
	}
	return Spec{VCPU: vcpu, MemoryMiB: int64(mib), Arch: arch, Burstable: f.Burstable, Shared: f.Shared, DiskGiB: int64(disk),
		Source: source, Recalled: f.Confidence == "recalled" || s.Confidence == "recalled"}, true
}
