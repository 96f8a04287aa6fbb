package tljh

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// unitProperty is the property of a server's unit that comes after the limit of that name and beats it
// (SDS: systemdspawner/systemdspawner.py; reference/tljh.md §12).
var unitProperty = map[string]string{"mem_limit": "MemoryMax", "cpu_limit": "CPUQuota"}

// unitLimit is a limit that unit_extra_properties set, nil if they set none.
func (s *state) unitLimit(sp *spawner, name string) *doc.Node {
	props := s.get("unit_extra_properties", sp.sections...)
	n := item(props, unitProperty[name])
	if n == nil {
		return nil
	}
	v, ok := n.Str()
	switch {
	case n.State == doc.Unknown:
		return doc.UnknownOf(firstOf(n.Why, "the properties of a server's unit are not known"), place(n))
	case ok && strings.TrimSpace(v) == "infinity":
		return doc.Of(nil, doc.Derived, place(n))
	case ok && name == "cpu_limit":
		if f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(v), "%"), 64); err == nil && strings.HasSuffix(strings.TrimSpace(v), "%") {
			return doc.Of(f/100, doc.Derived, place(n))
		}
	case ok:
		v = strings.TrimSpace(v)
		if i, err := strconv.ParseInt(v, 10, 64); err == nil {
			return doc.Of(i, doc.Derived, place(n))
		}
		if len(v) > 1 && strings.ContainsAny(v[len(v)-1:], "KMGT") && pyFloat.MatchString(v[:len(v)-1]) {
			return doc.Of(v, doc.Derived, place(n))
		}
	case n.Kind == doc.Number && name == "mem_limit":
		return n
	}
	return doc.UnknownOf("the property "+unitProperty[name]+" of a server's unit is not understood", place(n))
}
