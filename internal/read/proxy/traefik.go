package proxy

import (
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// setting is a value of Traefik's configuration by its path, "http.routers.hub.rule", in lower case.
type setting struct {
	value string
	at    span.Span
}

func traefik(t span.Text) []Site {
	all := map[string]setting{}
	if section.MatchString(t.String()) {
		toml(t, all)
	} else {
		d, err := yamltext.Parse(t, "the configuration")
		if err != nil || d.Root == nil {
			return nil
		}
		flatten(d, d.Root, "", all, 0)
	}
	conditional := ""
	if strings.Contains(t.String(), "{%") {
		conditional = "it is a template whose conditions are not worked out"
	}
	routers := map[string]bool{}
	for k := range all {
		if rest, ok := strings.CutPrefix(k, "http.routers."); ok {
			name, _, _ := strings.Cut(rest, ".")
			routers[name] = true
		}
	}
	names := make([]string, 0, len(routers))
	for n := range routers {
		names = append(names, n)
	}
	sort.Strings(names)
	var out []Site
	for _, n := range names[:min(len(names), maxSites)] {
		site := Site{Why: conditional}
		prefix := "http.routers." + n
		site.At = all[prefix+".rule"].at
		if tls, ok := all[prefix+".tls"]; ok && tls.value != "false" {
			site.TLS, site.At = true, tls.at
		}
		service := strings.ToLower(strings.TrimSuffix(all[prefix+".service"].value, "@file"))
		for _, k := range keys(all) {
			if rest, ok := strings.CutPrefix(k, "http.services."+service+".loadbalancer.servers."); ok && service != "" && strings.HasSuffix(rest, "url") {
				site.To = append(site.To, Target(all[k].value))
			}
		}
		if site.At.IsZero() {
			site.At = t.PosOf(0)
		}
		out = append(out, site)
	}
	return out
}

func keys(all map[string]setting) []string {
	out := make([]string, 0, len(all))
	for k := range all {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// flatten notes every value, and every mapping, by its path.
func flatten(d *yamltext.Doc, n *yaml.Node, path string, all map[string]setting, depth int) {
	n = yamltext.Resolve(n)
	if n == nil || depth > maxDepth || len(all) > maxTokens {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		for k := 0; k+1 < len(n.Content); k += 2 {
			p, v := strings.TrimPrefix(path+"."+strings.ToLower(n.Content[k].Value), "."), yamltext.Resolve(n.Content[k+1])
			if v != nil && v.Kind == yaml.MappingNode {
				all[p] = setting{"{}", d.Scalar(n.Content[k]).Span()} // "tls: {}" switches TLS on
			}
			flatten(d, v, p, all, depth+1)
		}
	case yaml.SequenceNode:
		for k, e := range n.Content {
			flatten(d, e, path+"."+string(rune('a'+k%26)), all, depth+1)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			all[path] = setting{n.Value, d.Scalar(n).Span()}
		}
	}
}

var (
	section = lazyregexp.New(`(?m)^\s*\[{1,2}\s*(http|tls|entryPoints)[\w."' -]*\]{1,2}\s*$`)
	header  = lazyregexp.New(`^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}`)
	keyed   = lazyregexp.New(`^\s*([\w."-]+)\s*=\s*(.+?)\s*$`)
)

// toml reads the tables and plain values of Traefik's TOML, which is all that it needs.
func toml(t span.Text, all map[string]setting) {
	s := t.String()
	table := ""
	for pos, n := 0, 0; pos < len(s) && n < maxTokens; n++ {
		end := len(s)
		if k := strings.IndexByte(s[pos:], '\n'); k >= 0 {
			end = pos + k
		}
		line := s[pos:end]
		at := t.SpanOf(pos+len(line)-len(strings.TrimLeft(line, " \t")), end)
		if m := header.FindStringSubmatch(line); m != nil {
			table = strings.ToLower(strings.NewReplacer(`"`, "", `'`, "", " ", "").Replace(m[1]))
			if strings.HasSuffix(table, ".tls") {
				all[table] = setting{"{}", at}
			}
		} else if m := keyed.FindStringSubmatch(line); m != nil && line[0] != '#' {
			value, _, _ := strings.Cut(m[2], " #")
			all[strings.TrimPrefix(table+"."+strings.ToLower(strings.Trim(m[1], `"`)), ".")] = setting{strings.Trim(strings.TrimSpace(value), `"'`), at}
		}
		pos = end + 1
	}
}
