package tljh

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// proxySnippets are the *.toml files of traefik_config.d, which TLJH parses and merges into the proxy's configuration when it
// reloads the proxy (TLJH: tljh/traefik.py; reference/tljh.md §11). TLJH's parser is older and laxer than TOML 1.0 here and there,
// so that what ours refuses leaves open whether the proxy comes up.
func (s *state) proxySnippets() {
	for _, name := range slices.Sorted(maps.Keys(s.r.traefik)) {
		sn := s.r.traefik[name]
		at := func(why string, place span.Span) {
			s.proxy.unknown(&doc.Node{At: place}, why)
		}
		switch {
		case span.IsUnknown(name) || strings.HasPrefix(name, ".") || !strings.HasSuffix(name, ".toml"):
			continue // TLJH takes *.toml only, and nobody can tell about the others
		case sn.part || sn.maybe != "" || span.IsUnknown(sn.text.String()):
			continue // what is put together elsewhere is not judged here
		}
		var any map[string]any
		_, err := toml.Decode(sn.text.String(), &any)
		var bad toml.ParseError
		if errors.As(err, &bad) {
			from := min(max(bad.Position.Start, 0), sn.text.Len())
			at(fmt.Sprintf("traefik_config.d/%s is no TOML (%s), so the proxy's configuration may not be written", name, bad.Message), sn.text.Slice(from, from).Span())
		} else if err != nil {
			at(fmt.Sprintf("traefik_config.d/%s is no TOML (%v), so the proxy's configuration may not be written", name, err), sn.text.Span())
		}
	}
}
