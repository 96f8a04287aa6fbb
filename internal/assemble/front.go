package assemble

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/read/proxy"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// terminated fills https.terminated_by: something in front of TLJH that provably ends TLS, on the machine itself or
// a load balancer of the cloud, or what an infra.yaml attests.
func (l *loader) terminated(g *group, root *doc.Node, m *host.Machine, infra *doc.Node) {
	https := root.Get("https")
	if https == nil || https.Kind != doc.Map {
		return
	}
	if stated := l.declaredFor(g); stated != nil && stated.TerminatedBy != nil {
		https.Put("terminated_by", stated.TerminatedBy)
		return
	}
	for _, in := range infra.Get("instances").List() {
		if is := in.Get("is_hub"); is == nil || is.Value != true {
			continue
		}
		for _, ip := range in.Get("public_ips").List() {
			if kind, _ := ip.Get("kind").Str(); kind == "lb" {
				if tls := ip.Get("tls"); tls != nil && tls.Value == true {
					https.Put("terminated_by", doc.Of("load balancer", doc.Set, ip.At))
					return
				}
			}
		}
	}
	if n := l.inFront(g, m.Guest.Get("proxy"), listens(root)); n != nil {
		https.Put("terminated_by", n)
	}
}

// listens is the port on which TLJH takes plain HTTP; 0 when it is not known.
func listens(root *doc.Node) int64 {
	n := root.Get("config", "http", "port")
	if n == nil || n.Kind == doc.Null && n.State != doc.Unknown {
		return 80
	}
	port, _ := n.Int()
	return port
}

// inFront is the web server that ends TLS and forwards to TLJH's port; unknown where that may be so, nil where nothing says it.
func (l *loader) inFront(g *group, server *doc.Node, port int64) *doc.Node {
	var perhaps *doc.Node
	doubt := func(why string, at span.Span) {
		if perhaps == nil {
			perhaps = doc.UnknownOf(why, at)
		}
	}
	added := server != nil && server.Get("tls") != nil && server.Get("tls").Value == true // certbot
	for _, s := range server.Get("sites").List() {
		kind, _ := s.Get("kind").Str()
		tls := s.Get("tls")
		if added && tls.State != doc.Unknown {
			tls = server.Get("tls")
		}
		switch far := leads(s, port); {
		case tls.Value == true && far == certainly:
			return doc.Of(kind, doc.Set, tls.At)
		case far == not || tls.State != doc.Unknown && tls.Value != true:
		case tls.State == doc.Unknown:
			doubt(fmt.Sprintf("%s may end TLS in front of the hub: %s", kind, tls.Why), s.At)
		default:
			doubt(fmt.Sprintf("%s ends TLS, and nothing shows that it forwards to the hub", kind), s.At)
		}
	}
	if added && len(server.Get("sites").List()) == 0 || server != nil && server.Get("tls") != nil && server.Get("tls").State == doc.Unknown {
		kind, _ := server.Get("kind").Str()
		doubt(fmt.Sprintf("%s may end TLS in front of the hub, and its sites are not in the repository", kind), server.At)
	}
	for _, f := range l.fronts {
		if !related(f.dir, g.dir) && l.hubs != 1 {
			continue
		}
		tls := f.site.Get("tls")
		kind, _ := f.site.Get("kind").Str()
		switch far := leads(f.site, port); {
		case far == not || tls.State != doc.Unknown && tls.Value != true:
		case far == certainly && tls.Value == true && port != 80:
			return doc.Of(kind, doc.Set, tls.At)
		default:
			doubt(fmt.Sprintf("%s may end TLS in front of the hub, and nothing in the repository puts it in place there", f.site.At.File), f.site.At)
		}
	}
	return perhaps
}

type certainty uint8

const (
	not certainty = iota
	possibly
	certainly
)

// leads says whether a site forwards to TLJH's port: on the machine itself, or to a port that hardly anything else has.
func leads(site *doc.Node, port int64) certainty {
	best := not
	for _, t := range site.Get("to").List() {
		to, _ := t.Str()
		k := strings.LastIndexByte(to, ':')
		name, number := to[:max(k, 0)], to[k+1:]
		p, err := strconv.ParseInt(number, 10, 64)
		switch name = strings.Trim(name, "[]"); {
		case err != nil || port == 0:
			best = max(best, possibly)
		case p != port:
		case name == "localhost" || name == "::1" || strings.HasPrefix(name, "127.") || port != 80:
			best = certainly
		default:
			best = max(best, possibly)
		}
	}
	return best
}

// front is a site of a web server whose configuration lies in the repository and that nothing visibly puts in place.
type front struct {
	dir  string
	site *doc.Node
}

// readFronts reads configurations of web servers that no carrier uses.
func (l *loader) readFronts(carriers []repo.Unread) {
	for _, f := range carriers {
		if f.Kind != repo.ProxyKind || l.used[f.Path] {
			continue
		}
		src, err := l.tree.Open(f.Path)
		if err != nil {
			continue // it only ever lends support
		}
		text := maskTemplate(src.Whole())
		kind := proxy.Kind("/" + f.Path)
		if kind == "" && proxy.IsTraefik(src.Text) {
			kind = "traefik"
		} else if kind == "" {
			kind = "nginx" // its files may be called anything, and discovery looked into this one
		}
		for _, s := range proxy.Read(kind, text) {
			l.fronts = append(l.fronts, front{dirOf(f.Path), host.Site(kind, "", s)})
		}
	}
}
