package host

import (
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/proxy"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// maxSites bounds the sites that are kept of all web servers together.
const maxSites = 500

// front records a web server on the machine. That it ends TLS is kept once it is known: certbot, say, adds it to the sites that
// are there.
func (g *guest) front(s *step.Step, kind string, tls bool) {
	if kind == "apache2" {
		kind = "apache"
	}
	if g.proxy != nil {
		if t := g.proxy.Get("tls"); t != nil && t.Value == true || !tls {
			return
		}
	}
	g.proxy = entry(s, s.At, "kind", kind, "tls", fact(s, tls, s.At))
}

// noFront is a web server that is taken away or switched off.
func (g *guest) noFront(s *step.Step, kind string) {
	if kind == "apache2" {
		kind = "apache"
	}
	why := maybe(s)
	is := func(n *doc.Node) bool {
		k, _ := n.Get("kind").Str()
		if k == kind && why != "" {
			n.Put("tls", doc.UnknownOf("it may be switched off: "+why, s.At))
		}
		return k == kind && why == ""
	}
	g.sites = slices.DeleteFunc(g.sites, is)
	if g.proxy != nil && is(g.proxy) {
		g.proxy = nil
	}
}

// site records a site of a web server.
func (g *guest) site(s *step.Step, kind string, site proxy.Site) {
	if g.proxy == nil {
		g.proxy = entry(s, s.At, "kind", kind, "tls", fact(s, false, s.At))
	}
	if len(g.sites) >= maxSites {
		return
	}
	g.sites = append(g.sites, Site(kind, maybe(s), site))
}

// Site is a site of a web server as the document has it; unsure says why it may not be there.
func Site(kind, unsure string, site proxy.Site) *doc.Node {
	n := doc.NewMap(doc.Set, site.At)
	n.Put("kind", doc.Of(kind, doc.Set, site.At))
	tls := doc.Of(site.TLS, doc.Set, site.At)
	switch {
	case unsure != "":
		tls = doc.UnknownOf(unsure, site.At)
	case site.Why != "" && site.TLS:
		tls = doc.UnknownOf(site.Why, site.At)
	}
	n.Put("tls", tls)
	to := n.Put("to", doc.NewList(doc.Set, site.At))
	for _, t := range site.To {
		to.Add(doc.Of(t, doc.Set, site.At))
	}
	return n
}
