package tljh

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// templateText: the values are pasted between double quotes into a TOML file, which may break it (TLJH: traefik.toml.tpl,
// traefik-dynamic.toml.tpl).
func (s *state) templateText(name string, n *doc.Node) {
	if n == nil || isUnknown(n) {
		return
	}
	if breaksQuotes(n) {
		s.proxy.fail(n, "%s does not survive between the double quotes of a TOML file, into which TLJH pastes it: the proxy's configuration cannot be written", name)
	}
}

// templateDomains: the template takes the first domain, and the rest as a slice, which only text and lists have.
func (s *state) templateDomains(n *doc.Node) {
	switch {
	case isUnknown(n):
	case n.Kind == doc.List:
		for _, it := range n.Items {
			s.templateText("https.letsencrypt.domains", it)
		}
	case n.Kind != doc.String:
		s.proxy.fail(n, "https.letsencrypt.domains is %s, but must be a list: the proxy's configuration cannot be written", typeName(n))
	default:
		for _, it := range letters(n) {
			s.templateText("https.letsencrypt.domains", it)
		}
	}
}

// breaksQuotes says whether Python's text of n ends a TOML string early, or is no TOML string. In a collection the text is
// Python's repr, which puts double quotes around what holds single ones.
func breaksQuotes(n *doc.Node) bool {
	switch n.Kind {
	case doc.String:
		return breaksString(n.Value.(string))
	case doc.List, doc.Map:
		for _, it := range n.Items {
			if reprBreaks(it) {
				return true
			}
		}
		for k, it := range n.Child {
			if strings.ContainsAny(k, `'"`) || reprBreaks(it) {
				return !isObject(n)
			}
		}
	}
	return false
}

func reprBreaks(n *doc.Node) bool {
	if v, ok := n.Str(); ok {
		return strings.ContainsAny(v, `'"`)
	}
	return breaksQuotes(n)
}

func breaksString(v string) bool {
	for i := 0; i < len(v); i++ {
		switch v[i] {
		case '\n', '\r', '"':
			return true
		case '\\':
			i++
			if i == len(v) {
				return true
			}
			size := map[byte]int{'u': 4, 'U': 8}[v[i]]
			if size == 0 {
				if strings.IndexByte(`0bfnrt"\`, v[i]) < 0 {
					return true
				}
				continue
			}
			if len(v) < i+1+size {
				return true
			}
			r, err := strconv.ParseUint(v[i+1:i+1+size], 16, 32)
			if err != nil || r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
				return true
			}
			i += size
		}
	}
	return false
}
