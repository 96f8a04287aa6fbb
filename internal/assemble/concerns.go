package assemble

import (
	"fmt"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// leaveOpen makes unknown what nothing that is read says about the hub's machine, while a file in a format without a reader
// speaks of it: silence is no proof there.
func (l *loader) leaveOpen(g *group, infra, in *doc.Node) {
	own := l.sources(g)
	why := func(concern string) string {
		if w := g.unseenClass(func(_, words string, _ bool) bool { return repo.Concerned(concern, words) }); w != "" {
			return w
		}
		for _, f := range l.found.Concerns[concern] {
			if did, ok := l.covered[f.Path]; ok && !repo.Concerned(concern, did) {
				continue
			}
			if f.Kind == repo.PuppetKind && slices.Contains(own, f.Path) && !l.broken[f.Path] {
				continue // it is read as a part of this hub
			}
			if !repo.HasReader(f.Kind) {
				return fmt.Sprintf("%s (%s) may see to it, and %s", f.Path, f.Kind, lackOf(f.Kind))
			}
			if l.broken[f.Path] {
				return fmt.Sprintf("%s may see to it, and cannot be read", f.Path)
			}
			if f.Kind != repo.AnsibleKind {
				return fmt.Sprintf("%s (%s) may see to it, and nothing in the repository says whether it does so for this hub", f.Path, f.Kind)
			}
			if w := l.optional(g, f.Path); w != "" {
				return fmt.Sprintf("%s may see to it: %s", f.Path, w)
			}
		}
		return l.gap(g)
	}
	silent := func(list *doc.Node, concern string) {
		if w := why(concern); w != "" && list != nil && list.Kind == doc.List && list.State != doc.Unknown {
			list.State, list.Why = doc.Unknown, w
		}
	}
	silent(infra.Get("backups"), "backups")
	silent(in.Get("monitoring"), "monitoring")
	if w := why("patching"); w != "" && in.Get("patching") != nil && in.Get("patching").Kind == doc.List {
		entry := doc.NewMap(doc.Derived, span.Span{})
		entry.Put("kind", doc.UnknownOf(w, span.Span{}))
		entry.Put("target", doc.Of("apt", doc.Derived, span.Span{}))
		in.Get("patching").Add(entry)
	}
	if w := why("host_firewall"); w != "" && in.Get("host_firewall") == nil {
		in.Put("host_firewall", doc.UnknownOf(w, span.Span{}))
	}
	if p := in.Get("boot_disk", "source_prepared_image"); p != nil && p.Value != true && len(l.found.Packer) > 0 {
		p.Kind, p.Value, p.State = doc.Null, nil, doc.Unknown
		p.Why = fmt.Sprintf("%s (Packer template) makes an image, and nothing in the repository says whether the hub's machine starts from it", l.found.Packer[0])
	}
	if p := in.Get("ssh", "password_auth"); p != nil && p.State == doc.Unset {
		if w := why("ssh"); w != "" {
			p.State, p.Why = doc.Unknown, w
		}
	}
}
