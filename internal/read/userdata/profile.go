package userdata

import (
	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

const (
	maxProfileNodes = 50000 // those that aliases stand for, each time
	maxProfileTexts = 50
)

// Profile is the user data that a profile or instance of LXD and Incus gives to its machines, the vendor's first; false
// where src is no YAML. Source: documentation.ubuntu.com/lxd/latest/cloud-init.
func Profile(src *span.Source) ([]span.Text, bool) {
	d, err := yamltext.Parse(src.Whole(), src.File)
	if err != nil {
		return nil, false
	}
	p := profile{text: d}
	p.walk(d.Root, 0)
	return append(p.vendor, p.user...), true
}

type profile struct {
	text         *yamltext.Doc
	vendor, user []span.Text
	seen         int
}

func (p *profile) walk(n *yaml.Node, depth int) {
	if p.seen++; p.seen > maxProfileNodes || depth > 20 || len(p.vendor)+len(p.user) >= maxProfileTexts {
		return
	}
	if n = yamltext.Resolve(n); n == nil {
		return
	}
	for k, c := range n.Content {
		if n.Kind != yaml.MappingNode {
			p.walk(c, depth+1)
			continue
		}
		if k%2 == 0 {
			continue
		}
		switch n.Content[k-1].Value {
		case "user.vendor-data", "cloud-init.vendor-data":
			p.vendor = append(p.vendor, p.text.Scalar(yamltext.Resolve(c)))
		case "user.user-data", "cloud-init.user-data":
			p.user = append(p.user, p.text.Scalar(yamltext.Resolve(c)))
		default:
			p.walk(c, depth+1)
		}
	}
}
