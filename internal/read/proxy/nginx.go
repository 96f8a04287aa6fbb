package proxy

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// token is a word, or one of ; { } as a word of its own.
type token struct {
	text     string
	from, to int
	mark     bool // punctuation, not quoted
}

// tokens are the words of a configuration in braces. newlines: the end of a line is a token too (Caddy).
func tokens(s string, newlines bool) []token {
	var out []token
	for k := 0; k < len(s) && len(out) < maxTokens; {
		c := s[k]
		switch {
		case c == '\n' && newlines:
			out = append(out, token{"\n", k, k + 1, true})
			k++
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			k++
		case c == '#':
			for k < len(s) && s[k] != '\n' {
				k++
			}
		case c == ';' && !newlines || c == '{' || c == '}':
			out = append(out, token{s[k : k+1], k, k + 1, true})
			k++
		case c == '"' || c == '\'' && !newlines || c == '`' && newlines:
			end := k + 1
			for end < len(s) && s[end] != c {
				if s[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(s))
			out = append(out, token{s[k+1 : end], k, min(end+1, len(s)), false})
			k = end + 1
		default:
			from := k
			for k < len(s) && strings.IndexByte(" \t\r\n", s[k]) < 0 && !(s[k] == ';' && !newlines) {
				if (s[k] == '{' || s[k] == '}') && !newlines {
					break
				}
				k++
			}
			out = append(out, token{s[from:k], from, k, false})
		}
	}
	return out
}

// directive is a name with arguments, and what its braces hold.
type directive struct {
	words []token
	inner []directive
	at    int
}

func (d directive) name() string { return strings.ToLower(d.words[0].text) }

// directives reads "name args;" and "name args { … }".
func directives(list []token, depth int) (out []directive, rest []token) {
	var words []token
	for len(list) > 0 {
		t := list[0]
		list = list[1:]
		switch {
		case t.mark && t.text == ";":
			if len(words) > 0 {
				out = append(out, directive{words: words, at: words[0].from})
			}
			words = nil
		case t.mark && t.text == "{":
			var inner []directive
			if depth < maxDepth {
				inner, list = directives(list, depth+1)
			}
			if len(words) > 0 {
				out = append(out, directive{words, inner, words[0].from})
			}
			words = nil
		case t.mark && t.text == "}":
			return out, list
		default:
			words = append(words, t)
		}
	}
	return out, nil
}

func nginx(t span.Text) []Site {
	s := t.String()
	top, _ := directives(tokens(s, false), 0)
	upstreams := map[string][]string{}
	var servers []directive
	var walk func(list []directive, depth int)
	walk = func(list []directive, depth int) {
		for _, d := range list {
			switch {
			case d.name() == "server" && len(d.words) == 1 && d.inner != nil:
				servers = append(servers, d)
			case d.name() == "upstream" && len(d.words) > 1:
				for _, e := range d.inner {
					if e.name() == "server" && len(e.words) > 1 {
						upstreams[d.words[1].text] = append(upstreams[d.words[1].text], Target(e.words[1].text))
					}
				}
			case d.name() == "http" && depth < 5:
				walk(d.inner, depth+1)
			}
		}
	}
	walk(top, 0)
	var out []Site
	for _, d := range servers[:min(len(servers), maxSites)] {
		site := Site{At: t.PosOf(d.at)}
		if strings.Contains(s, "{%") {
			site.Why = "it is a template whose conditions are not worked out"
		}
		for _, e := range d.inner {
			switch {
			case e.name() == "listen" && has(e.words[1:], "ssl"), e.name() == "ssl" && has(e.words[1:], "on"):
				site.TLS, site.At = true, t.SpanOf(e.at, e.words[len(e.words)-1].to)
			case e.name() == "return" || e.name() == "rewrite" && has(e.words, "permanent"):
				site.Why = "it sends people elsewhere" // nothing is forwarded, unless a location below says so
			}
		}
		site.To = passes(d.inner, upstreams, 0)
		if len(site.To) > 0 && site.Why == "it sends people elsewhere" {
			site.Why = ""
		}
		out = append(out, site)
	}
	return out
}

// passes are the targets of proxy_pass, in locations too; a location that is not the site's root does not lead to all of it.
func passes(list []directive, upstreams map[string][]string, depth int) []string {
	var out []string
	for _, d := range list {
		switch {
		case d.name() == "proxy_pass" && len(d.words) > 1:
			to := Target(d.words[1].text)
			name := strings.TrimSuffix(strings.TrimSuffix(to, ":80"), ":443")
			if servers, ok := upstreams[name]; ok {
				out = append(out, servers...)
			} else {
				out = append(out, to)
			}
		case (d.name() == "location" || d.name() == "if") && depth < 5:
			out = append(out, passes(d.inner, upstreams, depth+1)...)
		}
	}
	return out
}

func has(words []token, want string) bool {
	for _, w := range words {
		if strings.EqualFold(w.text, want) {
			return true
		}
	}
	return false
}
