package settings

import (
	"path"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// date is a day, written 2027-01-31.
func (d *decoder) date(n *yaml.Node, what string) time.Time {
	v := d.text(n, what)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, v)
	if err != nil {
		d.fail(d.at(n), "%s is %q, but must be a day such as 2027-01-31", what, v)
	}
	return t
}

// path is a place beneath the checkout, cleaned.
func (d *decoder) path(n *yaml.Node, what string) string {
	v := d.text(n, what)
	if v == "" {
		return ""
	}
	p := path.Clean(v)
	if strings.Contains(v, `\`) || path.IsAbs(v) || p == ".." || strings.HasPrefix(p, "../") {
		d.fail(d.at(n), "%s is %q, but must be a path inside the repository, with \"/\" between its parts", what, v)
		return ""
	}
	return p
}

// value is a YAML value as JSON has it, for parameters.
func (d *decoder) value(n *yaml.Node, depth int) any {
	at := d.at(n)
	if n = d.resolve(n); n == nil {
		return nil
	}
	if depth > maxDepth {
		d.fail(at, "this is nested too deeply (more than %d levels)", maxDepth)
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		d.entries(n, "this parameter", nil, func(key string, _ span.Span, v *yaml.Node) { out[key] = d.value(v, depth+1) })
		return out
	case yaml.SequenceNode:
		out := []any{}
		d.items(n, "this parameter", func(n *yaml.Node) { out = append(out, d.value(n, depth+1)) })
		return out
	}
	return d.scalar(n)
}

// pointer makes a JSON pointer of a path, which may be written as one or with dots: "config.https.enabled".
func pointer(p string) string {
	if p == "" || strings.HasPrefix(p, "/") {
		return strings.TrimRight(p, "/")
	}
	parts := strings.Split(p, ".")
	for i := range parts {
		parts[i] = doc.Escape(parts[i])
	}
	return "/" + strings.Join(parts, "/")
}
