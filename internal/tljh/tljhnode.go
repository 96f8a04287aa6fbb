package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// tljhNode is the "tljh" part of the hub document. What only the carrier knows (every_boot, source) is left unset.
func (r *replay) tljhNode() *doc.Node {
	at := firstPlace(r.ops)
	if r.install != nil {
		at = r.install.At
	}
	n := doc.NewMap(doc.Set, at)
	flags := doc.NewMap(doc.Set, at)
	admins, plugins := doc.NewList(doc.Set, span.Span{}), doc.NewList(doc.Set, span.Span{})
	var last *install
	passwords := false
	for _, in := range r.installs {
		last = in
		plugins.Add(in.plugins...)
		passwords = passwords || len(in.passwords) > 0
		if in.loose != "" {
			for _, l := range []*doc.Node{admins, plugins} {
				l.State, l.Why, l.At = doc.Unknown, in.loose, in.op.At
			}
		}
		if in.hasAdmins {
			admins = doc.NewList(doc.Set, in.admins[0].At, in.admins...)
		}
	}
	r.putVersion(n, last)
	flags.Put("admins", admins)
	pw := flags.Put("admin_passwords", doc.Of(passwords, doc.Set, span.Span{}))
	for _, in := range r.installs {
		if len(in.passwords) > 0 {
			pw.At = in.passwords[0]
		}
	}
	flags.Put("user_requirements_txt_url", doc.UnsetAt(span.Span{}))
	flags.Put("plugins", plugins)
	flags.Put("show_progress_page", doc.Of(false, doc.Default, span.Span{}))
	for _, in := range r.installs {
		if in.reqs != nil {
			flags.Put("user_requirements_txt_url", textNode(*in.reqs))
		}
		if in.progress != nil {
			flags.Put("show_progress_page", doc.Of(true, doc.Set, in.progress.Span()))
		}
	}
	flags.Put("every_boot", doc.UnsetAt(span.Span{}))
	flags.Put("source", doc.UnsetAt(span.Span{}))
	n.Put("installer", flags)
	return n
}

// putVersion sets version and pinned: only a full X.Y.Z or a commit is the same tomorrow.
func (r *replay) putVersion(n *doc.Node, last *install) {
	switch {
	case last == nil:
		why := "the repository does not contain the step that installs TLJH"
		n.Put("version", doc.UnknownOf(why, span.Span{}))
		n.Put("pinned", doc.UnknownOf(why, span.Span{}))
	case last.version == nil && last.loose != "":
		n.Put("version", doc.UnknownOf(last.loose, last.op.At))
		n.Put("pinned", doc.UnknownOf(last.loose, last.op.At))
	case last.version == nil:
		n.Put("version", doc.UnsetAt(last.op.At))
		n.Put("pinned", doc.Of(false, doc.Derived, last.op.At).Because("without --version the newest release is installed, whichever that is on the day"))
	default:
		v := n.Put("version", textNode(*last.version))
		if v.State == doc.Unknown {
			n.Put("pinned", doc.UnknownOf(v.Why, v.At))
			return
		}
		n.Put("pinned", doc.Of(parseVersion(v.Value.(string)).exact, doc.Derived, v.At))
	}
	if last != nil && last.op.Maybe != "" {
		for _, k := range n.Keys {
			u := doc.UnknownOf(last.op.Maybe, n.Child[k].At)
			n.Put(k, u)
		}
	}
}
