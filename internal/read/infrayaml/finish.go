package infrayaml

import (
	"fmt"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// finish turns the checked file into the parts of the hub document.
func (r *reader) finish(file *doc.Node, whole span.Span) Result {
	res := Result{Infra: doc.NewMap(doc.Set, whole), Attestations: doc.NewList(doc.Set, whole)}
	expired := r.attestation(file, ".", &res)
	var missing []string
	for _, k := range lists {
		n := file.Get(k)
		if n == nil || n.Kind == doc.Null && n.State != doc.Unknown {
			n = doc.UnknownOf(fmt.Sprintf("%s does not speak of %s; write %s: [] when there are none", r.src.File, k, k), whole)
		}
		n = r.entries(k, n, expired, &res)
		res.Infra.Put(k, n)
		if n.State == doc.Unknown && (k == "instances" || k == "volumes" || k == "backups") {
			missing = append(missing, n.Why)
		}
	}
	r.hubs(res.Infra.Get("instances"))
	res.ExpectedUsers = users(file.Get("expected_users"), expired, whole)
	if t := file.Get("https", "terminated_by"); t != nil && (t.Kind == doc.String || t.State == doc.Unknown) {
		if expired != "" {
			t = doc.UnknownOf(expired, t.At)
		}
		res.TerminatedBy = t
	}
	if len(r.problems) > 0 {
		missing = append(missing, r.src.File+" has mistakes")
	}
	complete(res.Infra, whole, missing)
	res.Problems = r.problems
	return res
}

// entries finishes one list: what is past its date is unknown, identities stay.
func (r *reader) entries(key string, list *doc.Node, expired string, res *Result) *doc.Node {
	if list.Kind != doc.List {
		return list
	}
	if expired != "" && key != "instances" {
		u := doc.UnknownOf(expired, list.At)
		u.KeyAt = list.KeyAt
		return u
	}
	seen := map[string]bool{}
	for _, it := range list.Items {
		id, hasID := it.Get("id").Str()
		if hasID && seen[id] {
			r.fail(it.Get("id").At, "%s has two entries with the id %q", key, clip(id))
			return doc.UnknownOf(fmt.Sprintf("%s has two entries with the id %q", key, clip(id)), list.At)
		}
		seen[id] = true
		name := id
		if !hasID {
			name, _ = it.Get("fqdn").Str()
		}
		why := r.attestation(it, key+"/"+name, res)
		if why == "" {
			why = expired
		}
		if key == "instances" {
			r.instance(it)
		}
		r.leaveOpen(it, root().Properties[key].Items, "")
		if why != "" {
			expire(it, why)
		}
	}
	return list
}

// optional are keys whose absence says nothing that a rule asks for.
var optional = map[string]bool{"attested_by": true, "attested_on": true, "valid_until": true, "is_hub": true, "host_firewall": true, "mounts": true, "tags": true,
	"from": true, "to": true, "via": true, "ref": true, "address": true, "scopes": true, "key_refs": true, "target": true, "of": true, "paths": true, "spot": true}

// leaveOpen marks as unknown what the file does not state: it is all we know of the cloud, so silence is not a no.
func (r *reader) leaveOpen(n *doc.Node, s *schema, path string) {
	switch n.Kind {
	case doc.List:
		for _, it := range n.Items {
			r.leaveOpen(it, s.Items, path)
		}
	case doc.Map:
		for _, k := range s.keys {
			c := n.Get(k)
			switch {
			case c != nil && (c.Kind != doc.Null || c.State == doc.Unknown):
				r.leaveOpen(c, s.Properties[k], join(path, k))
			case !optional[k]:
				n.Put(k, doc.UnknownOf(fmt.Sprintf("%s does not state %s", r.src.File, join(path, k)), n.At))
			}
		}
	}
}

// expire makes everything but identities unknown.
func expire(it *doc.Node, why string) {
	for _, k := range it.Keys {
		switch k {
		case "id", "is_hub", "provider", "declared", "fqdn":
		default:
			u := doc.UnknownOf(why, it.Child[k].At)
			u.KeyAt = it.Child[k].KeyAt
			it.Child[k] = u
		}
	}
}

// attestation takes who says so, since when and until when from n, and says why it no longer counts, if so.
func (r *reader) attestation(n *doc.Node, covers string, res *Result) (why string) {
	by, on, until := n.Get("attested_by"), n.Get("attested_on"), n.Get("valid_until")
	for _, k := range []string{"attested_by", "attested_on", "valid_until"} {
		n.Delete(k)
	}
	if by == nil && on == nil && until == nil {
		return ""
	}
	a := doc.NewMap(doc.Set, first(by, on, until).At)
	who, _ := by.Str()
	put(a, "by", by)
	put(a, "on", on)
	put(a, "valid_until", until)
	of := "the attestation"
	if who != "" {
		of += " of " + clip(who)
	}
	start, okStart := r.date(on)
	end, okEnd := r.date(until)
	switch {
	case by != nil && by.State == doc.Unknown:
		why = of + " does not say whose it is"
	case !okStart || !okEnd:
		why = of + " has no valid date"
	case !end.IsZero() && r.now.After(end):
		why = fmt.Sprintf("%s ended on %s; check what it says and renew it", of, end.Format(time.DateOnly))
	case !start.IsZero() && start.After(r.now.AddDate(0, 0, 1)): // a day of grace for time zones
		why = r.fail(on.At, "%s lies in the future: attested_on is %s", of, start.Format(time.DateOnly))
	case !start.IsZero() && !end.IsZero() && end.Before(start):
		why = r.fail(until.At, "%s ends before it begins", of)
	}
	a.Put("expired", doc.Of(why != "", doc.Derived, a.At).Because(why))
	a.Put("covers", doc.Of(covers, doc.Derived, a.At))
	res.Attestations.Add(a)
	return why
}

// date reads a day; ok is false when there is one that cannot be read.
func (r *reader) date(n *doc.Node) (t time.Time, ok bool) {
	s, is := n.Str()
	if !is {
		return t, n == nil || n.State != doc.Unknown
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.fail(n.At, "%s is no day of the calendar", s)
	}
	return t, err == nil
}

func first(nodes ...*doc.Node) *doc.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return &doc.Node{}
}

func put(m *doc.Node, key string, n *doc.Node) {
	if n == nil {
		n = doc.UnsetAt(m.At)
	}
	m.Put(key, n)
}

func users(n *doc.Node, expired string, whole span.Span) *doc.Node {
	out := doc.NewMap(doc.Set, whole)
	if n != nil && !n.At.IsZero() {
		out.At = n.At
	}
	for _, k := range []string{"active", "total"} {
		v := n.Get(k)
		switch {
		case n != nil && n.State == doc.Unknown:
			v = doc.UnknownOf(n.Why, n.At)
		case v == nil:
			v = doc.UnsetAt(out.At)
		case expired != "":
			v = doc.UnknownOf(expired, v.At)
		}
		out.Put(k, v)
	}
	return out
}
