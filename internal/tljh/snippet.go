package tljh

import (
	"path"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// snippetDir is where TLJH looks for files of configuration.
const snippetDir = "/opt/tljh/config/jupyterhub_config.d"

// runSnippets applies jupyterhub_config.d after everything else, in byte order of the names; other suffixes, hidden files
// and sub-folders are not loaded (reference/tljh.md §12).
func (s *state) runSnippets() {
	names := s.snippetNames()
	for n, sn := range s.r.snippets {
		if span.IsUnknown(n) {
			why := "a snippet is written whose name is not known"
			s.openTraits(why)
			s.hub.unknowns = append(s.hub.unknowns, issue{why, sn.text.Span()})
		}
	}
	s.runStarts()
	for _, n := range names {
		s.runSnippet(s.r.snippets[n])
	}
}

// runStarts applies a jupyterhub_config.py that JupyterHub is started with, as in an image. TLJH starts the hub with its own,
// and reads none elsewhere; of several, it is not known which one it is.
func (s *state) runStarts() {
	var paths []string
	for p, sn := range s.r.starts {
		paths = append(paths, p)
		if s.r.installed {
			s.problems = append(s.problems, step.Problem{At: sn.text.Span(), Msg: "TLJH starts the hub with its own configuration and does not read " + p + "; its snippets lie in " + snippetDir})
		}
	}
	if s.r.installed {
		return
	}
	sort.Strings(paths)
	for _, p := range paths {
		sn := *s.r.starts[p]
		if len(paths) > 1 && sn.maybe == "" {
			sn.maybe = "there are several files of that name, and which one the hub is started with is not known"
		}
		s.runSnippet(&sn)
	}
}

// snippetNames are the files that TLJH loads, in order.
func (s *state) snippetNames() []string {
	var names []string
	for n := range s.r.snippets {
		if strings.HasSuffix(n, ".py") && !strings.HasPrefix(n, ".") && !strings.Contains(n, "/") && !span.IsUnknown(n) {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	return names
}

func (s *state) runSnippet(sn *snippet) {
	for _, t := range sn.other {
		s.runSnippet(&snippet{name: sn.name, text: t, maybe: sn.maybe, part: sn.part})
	}
	s.take(s.read(sn), "the snippet "+sn.name, sn.maybe, sn.text.Span())
}

// read works out what a file of configuration does.
func (s *state) read(sn *snippet) *python.Result {
	place := placeOf(sn.name)
	return python.Read(sn.text, python.Options{
		Path:     place,
		Fragment: sn.part,
		Has:      s.r.has,
		Load: func(p string) (span.Text, bool) {
			if path.Dir(place) == snippetDir && !strings.HasPrefix(p, "/") && !span.IsUnknown(p) && path.Base(p) != "jupyterhub_config.py" {
				return span.Text{}, true // it is looked for beside TLJH's own file, where it is not, and that is no error
			}
			if sn := s.r.snippets[path.Base(p)]; sn != nil && path.Dir(p) == snippetDir && sn.maybe == "" {
				return sn.text, true
			}
			return span.Text{}, false
		},
		Glob: func(pattern string) ([]string, bool) {
			if path.Dir(pattern) != snippetDir {
				return nil, false
			}
			return nil, path.Base(pattern) == "*.py" // they are loaded after this file anyway
		},
	})
}

// placeOf is where a file of configuration lies: names without a folder are snippets.
func placeOf(name string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return path.Join(snippetDir, name)
}

// take applies what a file does to the traits. maybe is why it may not do it; "" if it does.
func (s *state) take(res *python.Result, what, maybe string, at span.Span) {
	s.lookedFar = s.lookedFar || res.SystemPath && maybe == ""
	touches := len(res.Sections) > 0 || res.Open != nil || len(res.Later) > 0
	if maybe != "" && (touches || res.Raises != nil || len(res.May) > 0) {
		s.hub.unknowns = append(s.hub.unknowns, issue{what + " may not be there: " + maybe, at})
	}
	for _, c := range res.Classes {
		s.local[c.Name] = s.localClass(c)
		s.defined[c.Name] = c
	}
	if res.Open != nil {
		s.openTraits(res.Open.Why)
		s.hub.unknowns = append(s.hub.unknowns, issue{res.Open.Why, res.Open.At})
	}
	for _, sec := range res.Sections {
		s.takeSection(sec, maybe)
	}
	s.later = append(s.later, res.Later...)
	s.problems = append(s.problems, res.Problems...)
	if maybe != "" {
		return
	}
	for _, m := range res.May {
		s.hub.unknowns = append(s.hub.unknowns, issue{what + ": " + m.Why, m.At})
	}
	if res.Raises != nil {
		s.hub.errs = append(s.hub.errs, issue{what + " fails: " + res.Raises.Why + ": the hub does not start", res.Raises.At})
	}
}

func (s *state) takeSection(sec *python.Section, maybe string) {
	c := s.sectionOf(sec.Name)
	if sec.Open != nil {
		c.State, c.Why = doc.Unknown, sec.Open.Why
		for _, k := range c.Keys {
			c.Child[k] = doc.UnknownOf(sec.Open.Why, sec.Open.At)
		}
	}
	for _, name := range sec.Order {
		v := sec.Traits[name]
		if maybe != "" {
			v = &python.Value{Kind: python.Either, Why: maybe, At: v.At, KeyAt: v.KeyAt, Items: []*python.Value{nil, v}}
		}
		before := c.Child[name]
		n, isSet := s.traitNode(sec.Name, name, v, before)
		if n == nil || before != nil && v.At == before.At && v.KeyAt == before.KeyAt && pyEqual(n, before) {
			continue // it was only read
		}
		if n != before {
			n.KeyAt = v.KeyAt
		}
		c.Put(name, n)
		s.sets[sec.Name+"."+name] = isSet
	}
}

// localClass makes a class of a snippet known: it reads its bases' sections, and its own code is not read.
func (s *state) localClass(c python.Class) *class {
	out := &class{name: c.Name, full: "builtins." + c.Name, family: "custom", traits: map[string]trait{}, custom: !c.Plain}
	var chains [][]string
	for _, b := range c.Bases {
		base := classes().byPath[b]
		if l := s.local[b]; l != nil {
			base = l
		}
		last := b[strings.LastIndexByte(b, '.')+1:]
		if base == nil {
			out.custom = true
			if last != "" {
				chains = append(chains, []string{last})
			}
			continue
		}
		if base.family != "custom" && out.family == "custom" {
			out.family, out.provider = base.family, base.provider
		}
		out.custom = out.custom || base.custom
		chains = append(chains, append([]string{base.name}, base.bases...))
	}
	if c.Own != "" { // what its bases check, it does not
		out.family, out.provider = "custom", ""
	}
	out.bases = linear(append(chains, []string{"Authenticator"}))
	return out
}

// linear is the order in which the sections of several chains of classes are read: Python's method resolution order.
func linear(chains [][]string) []string {
	var out []string
	rest := append([][]string(nil), chains...)
	for len(rest) > 0 {
		next := ""
		for _, c := range rest {
			if len(c) > 0 && !inTail(rest, c[0]) {
				next = c[0]
				break
			}
		}
		if next == "" { // Python would refuse such a class
			next = rest[0][0]
		}
		out = append(out, next)
		var left [][]string
		for _, c := range rest {
			for len(c) > 0 && c[0] == next {
				c = c[1:]
			}
			if len(c) > 0 {
				left = append(left, c)
			}
		}
		rest = left
	}
	return out
}

func inTail(chains [][]string, name string) bool {
	for _, c := range chains {
		if len(c) > 1 && contains(c[1:], name) {
			return true
		}
	}
	return false
}
