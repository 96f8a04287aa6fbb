package cloudinit

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// get is the value of a key of a mapping; hyphens and underscores are the same.
func get(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var out *yaml.Node
	for k := 0; k+1 < len(n.Content); k += 2 {
		if strings.ReplaceAll(n.Content[k].Value, "-", "_") == key {
			out = yamltext.Resolve(n.Content[k+1])
		}
	}
	return out
}
