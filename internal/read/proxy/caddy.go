package proxy

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// caddy reads a Caddyfile: a site with a name has TLS by itself, unless its address begins with http:// or has another port.
func caddy(t span.Text) []Site {
	s := t.String()
	list := tokens(s, true)
	off := strings.Contains(s, "auto_https off") || strings.Contains(s, "auto_https disable")
	var out []Site
	var head []token
	depth := 0
	var site *Site
	line := func(words []token) {
		if site == nil || len(words) == 0 {
			return
		}
		switch name := words[0].text; {
		case name == "reverse_proxy":
			for _, w := range words[1:] {
				if !strings.HasPrefix(w.text, "/") && !strings.HasPrefix(w.text, "@") && w.text != "*" && !strings.HasPrefix(w.text, "unix/") {
					site.To = append(site.To, Target(w.text))
				}
			}
		case name == "to" && len(words) > 1:
			site.To = append(site.To, Target(words[1].text))
		case name == "tls" && len(words) > 1 && words[1].text == "off":
			site.TLS = false
		}
	}
	var words []token
	for k := 0; k < len(list) && len(out) < maxSites; k++ {
		switch tok := list[k]; {
		case tok.mark && tok.text == "{":
			if depth == 0 {
				head = append(head, words...)
				site = begin(head, t, off)
			} else {
				line(words)
			}
			words = nil
			depth++
		case tok.mark && tok.text == "}":
			line(words)
			words = nil
			if depth--; depth <= 0 {
				if site != nil {
					out = append(out, *site)
				}
				depth, site, head = 0, nil, nil
			}
		case tok.mark && tok.text == "\n":
			if depth > 0 {
				line(words)
			} else if n := len(words); n > 0 && strings.HasSuffix(words[n-1].text, ",") {
				head = append(head, words...)
			} else if n > 0 && site == nil && len(out) == 0 && words[0].text != "import" && !strings.HasPrefix(words[0].text, "(") {
				// a single site without braces: its address stands on the first line
				if head == nil {
					head = words
					site = begin(head, t, off)
				}
			} else if n > 0 {
				line(words)
			}
			words = nil
		default:
			words = append(words, tok)
		}
	}
	line(words)
	if site != nil {
		out = append(out, *site)
	}
	return out
}

// begin is the site that addresses begin; nil for global options and snippets.
func begin(head []token, t span.Text, off bool) *Site {
	if len(head) == 0 || strings.HasPrefix(head[0].text, "(") {
		return nil
	}
	site := &Site{TLS: !off, At: t.SpanOf(head[0].from, head[0].to)}
	for _, w := range head {
		a := strings.TrimSuffix(w.text, ",")
		_, port, _ := strings.Cut(strings.TrimPrefix(a, "https://"), ":")
		port, _, _ = strings.Cut(port, "/")
		plain := strings.HasPrefix(a, "http://") || port != "" && port != "443" && strings.HasPrefix(a, ":") || port == "80"
		if plain {
			site.TLS = false
		}
	}
	return site
}
