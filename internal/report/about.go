package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
)

// about is a path with the items of lists called by what they are instead of by their number: an item that is added
// above, or a file that is renamed, does not make an old finding look new.
func about(d *hub.Document, path []any) string {
	var b strings.Builder
	for i, e := range path {
		b.WriteByte('/')
		if parent := d.Root.AtPath(path[:i]); parent != nil && parent.Kind == doc.List {
			if item := d.Root.AtPath(path[:i+1]); item != nil {
				b.WriteString("[" + doc.Escape(called(item)) + "]")
				continue
			}
		}
		b.WriteString(doc.Escape(fmt.Sprint(e)))
	}
	return b.String()
}

// called is the name that an item of a list has, or else its content.
func called(item *doc.Node) string {
	for _, key := range []string{"id", "name", "ref", "target"} {
		if s, ok := item.Get(key).Str(); ok && s != "" {
			return s
		}
	}
	content, err := json.Marshal(item.Plain())
	if err != nil {
		return ""
	}
	return string(content)
}
