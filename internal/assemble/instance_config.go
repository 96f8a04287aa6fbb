package assemble

import (
	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// userDataIn is the user data that a file holds: all of it, or what a profile or instance of LXD and Incus gives to its machines,
// the vendor's first.
func userDataIn(src *span.Source) []span.Text {
	whole := []span.Text{src.Whole()}
	if repo.IsUserData(src.Text) {
		return whole
	}
	d, err := yamltext.Parse(src.Whole(), src.File)
	if err != nil {
		return whole
	}
	var out []span.Text
	left := 50000 // nodes, those that aliases stand for each time
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if left--; left < 0 {
			return
		}
		if n = yamltext.Resolve(n); n == nil || depth > 20 || len(out) > 50 {
			return
		}
		for k, c := range n.Content {
			if n.Kind == yaml.MappingNode && k%2 == 1 {
				switch n.Content[k-1].Value {
				case "user.vendor-data", "cloud-init.vendor-data":
					out = append([]span.Text{d.Scalar(yamltext.Resolve(c))}, out...)
					continue
				case "user.user-data", "cloud-init.user-data":
					out = append(out, d.Scalar(yamltext.Resolve(c)))
					continue
				}
			}
			if n.Kind != yaml.MappingNode || k%2 == 1 {
				walk(c, depth+1)
			}
		}
	}
	walk(d.Root, 0)
	return out
}
