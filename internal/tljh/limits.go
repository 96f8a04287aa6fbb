package tljh

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// spawnStage finds what makes every user's server fail, and the limits in force.
func (s *state) spawnStage() {
	sp, class := s.spawner()
	s.lim.memory = s.memory(s.limit(sp, "mem_limit"))
	s.lim.cpu = s.cpu(s.limit(sp, "cpu_limit"))
	if sp.limits == maybe {
		s.spawn.unknown(class, sp.why)
	}
	s.spawnerTraits(sp)
	if !contains(sp.sections, "UserCreatingSpawner") {
		return // what follows is TLJH's own spawner's
	}
	groups := s.get("user_groups", "UserCreatingSpawner")
	switch {
	case isUnknown(groups):
		s.spawn.unknown(groups, "users.extra_user_groups is not known")
	case groups != nil && !isDict(groups):
		s.spawn.fail(groups, "users.extra_user_groups is %s, but must be a mapping of groups to lists of users: no server starts", typeName(groups))
	case groups != nil:
		for _, k := range groups.Keys {
			s.group(k, groups.Child[k])
		}
		if isOpen(groups) {
			s.spawn.unknown(groups, "users.extra_user_groups is not wholly known")
		}
	}
	for _, sec := range sp.sections {
		if c := s.traits.Child[sec]; isOpen(c) {
			s.spawn.unknown(c, "not all options of "+sec+" are known")
		}
	}
}

func (s *state) group(name string, users *doc.Node) {
	switch {
	case strings.HasPrefix(name, "$key:"):
		s.spawn.fail(users, "the group %s under users.extra_user_groups is not text; put quotes around it: no server starts", strings.TrimPrefix(name, "$key:"))
	case isUnknown(users):
		s.spawn.unknown(users, "the members of group "+name+" are not known")
	case users.Kind != doc.List:
		s.spawn.fail(users, "the group %s under users.extra_user_groups is %s, but must be a list of users: no server starts", name, typeName(users))
	default:
		for _, u := range users.Items {
			if u.Kind != doc.String && u.State != doc.Unknown {
				s.spawn.fail(u, "the group %s holds %s%s instead of a user's name: no server starts", name, typeName(u), quoted(u))
			}
		}
	}
}

var pyFloat = lazyregexp.New(`^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$`)

// memory is JupyterHub's ByteSpecification (JH: jupyterhub/traitlets.py): bytes, or a number with K, M, G or T.
func (s *state) memory(n *doc.Node) *doc.Node {
	out := func(v any) *doc.Node { return doc.Of(v, carried(n), place(n)).Because(whyOf(n)) }
	fail := func(why string) *doc.Node {
		s.spawn.fail(n, "the memory limit %s, so no user's server starts", why)
		return doc.UnknownOf("the limit is not valid: it "+why, place(n))
	}
	if n == nil {
		return doc.Of(nil, doc.Unset, span.Span{})
	}
	if isUnknown(n) {
		s.spawn.unknown(n, "the memory limit is not known")
		return doc.UnknownOf(n.Why, place(n))
	}
	if n.Kind == doc.Null {
		return out(nil)
	}
	size, why := byteSize(n)
	if why != "" {
		return fail(why)
	}
	return out(size)
}

// byteSize is a known value as JupyterHub's ByteSpecification reads it, or why it refuses it.
func byteSize(n *doc.Node) (size int64, why string) {
	if v, ok := n.Str(); ok {
		i := len(v) - 1
		mult := float64(0)
		if i >= 0 {
			mult = float64(map[byte]int64{'K': 1 << 10, 'M': 1 << 20, 'G': 1 << 30, 'T': 1 << 40}[v[i]])
		}
		if mult == 0 || !pyFloat.MatchString(asciiDigits(strings.TrimSpace(v[:i]))) {
			return 0, "is " + strconv.Quote(v) + ", but must be a number followed by K, M, G or T, as in 2G"
		}
		f, err := strconv.ParseFloat(strings.ReplaceAll(asciiDigits(strings.TrimSpace(v[:i])), "_", ""), 64)
		if err != nil || math.Abs(f*mult) >= 1<<62 {
			return 0, "is " + strconv.Quote(v) + ", which is out of range"
		}
		return int64(f * mult), ""
	}
	f, ok := number(n)
	if !ok || math.IsNaN(f) || math.Abs(f) >= 1<<62 {
		return 0, "is " + typeName(n) + ", but must be a number followed by K, M, G or T, as in 2G"
	}
	return int64(f), ""
}

// asciiDigits writes the digits of all scripts as 0 to 9, as Python's float does; each script has its ten in a row.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.IsDigit(r) {
			return r
		}
		v := rune(0)
		for unicode.IsDigit(r - v - 1) {
			v++
		}
		return '0' + v%10
	}, s)
}

// cpu is a number of cores.
func (s *state) cpu(n *doc.Node) *doc.Node {
	if n == nil {
		return doc.Of(nil, doc.Unset, span.Span{})
	}
	if isUnknown(n) {
		s.spawn.unknown(n, "the CPU limit is not known")
		return doc.UnknownOf(n.Why, place(n))
	}
	if n.Kind == doc.Null {
		return doc.Of(nil, carried(n), place(n)).Because(whyOf(n))
	}
	f, ok := number(n)
	if !ok || math.IsNaN(f) || math.IsInf(f, 0) { // SystemdSpawner makes a whole number of per cent of it
		s.spawn.fail(n, "the CPU limit is %s, but must be a number of cores, as in 1.5: no user's server starts", typeName(n))
		return doc.UnknownOf("the limit is not valid", place(n))
	}
	return doc.Of(f, carried(n), place(n)).Because(whyOf(n))
}

// carried is the state of something worked out from n alone: a default stays a default.
func carried(n *doc.Node) doc.State {
	if n.State == doc.Default || n.State == doc.Unset {
		return n.State
	}
	return doc.Derived
}

func whyOf(n *doc.Node) string {
	if n.State == doc.Default {
		return n.Why
	}
	return ""
}

func (s *state) limitsNode() *doc.Node {
	n := doc.NewMap(doc.Derived, span.Span{})
	why := "TLJH cannot load its configuration"
	for _, l := range []struct {
		key string
		n   *doc.Node
	}{{"memory_bytes", s.lim.memory}, {"cpu", s.lim.cpu}} {
		if l.n == nil {
			l.n = doc.UnknownOf(why, span.Span{})
		}
		n.Put(l.key, l.n)
	}
	if s.config != nil {
		n.At = place(s.config.Get("limits"))
	}
	return n
}
