package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// mergeStage loads config.yaml and lays it over the defaults (reference/tljh.md §5).
func (s *state) mergeStage() {
	f := s.r.file
	defaultState, why := doc.Default, "TLJH's default"
	known := f.whole || s.r.installed
	if !known {
		defaultState, why = doc.Unknown, notInstalled
	}
	defaults := defaultConfig(s.v, defaultState, why)
	fail := func(at span.Span, msg string) {
		for _, st := range []*stage{&s.merge, &s.hub, &s.proxy} {
			st.errs = append(st.errs, issue{msg, at})
		}
		s.spawn.unknowns = append(s.spawn.unknowns, issue{"the hub does not start, so no server does", at})
	}
	root := f.root
	switch {
	case f.broken != nil:
		fail(f.broken.At, "TLJH cannot read config.yaml, so the hub does not start: "+f.broken.Msg)
		return
	case root == nil:
		root = doc.NewMap(doc.Set, span.Span{})
	case isUnknown(root):
		s.merge.unknown(root, "config.yaml is not known")
		root = doc.NewMap(doc.Unknown, root.At).Because(root.Why)
	case root.Kind == doc.List && len(root.Items) == 0:
		root = doc.NewMap(doc.Set, root.At)
	case root.Kind == doc.Null:
		fail(root.At, "config.yaml is there but empty, which TLJH cannot load: the hub does not start. Delete the file or write {} into it")
		return
	case !isDict(root):
		fail(root.At, "config.yaml is "+typeName(root)+" instead of a mapping of settings: the hub does not start")
		return
	}
	if isOpen(root) && known {
		s.merge.unknown(root, "config.yaml is not wholly known")
	}
	if !known {
		s.merge.unknowns = append(s.merge.unknowns, issue{notInstalled, firstPlace(s.r.ops)})
		root = root.Copy()
		root.State, root.Why = doc.Unknown, notInstalled
		if f.root != nil && f.root.State == doc.Unknown {
			root.Why = f.root.Why
		}
	}
	s.config = merge(defaults, root)
	if s.config.At.IsZero() {
		s.config.At = firstPlace(s.r.ops)
		if s.r.install != nil {
			s.config.At = s.r.install.At
		}
	}
}
