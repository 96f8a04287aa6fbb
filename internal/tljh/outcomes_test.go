package tljh

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// A value that depends on something unknown names the values that it may have, unless they may be secrets.
func TestJoinNamesTheValues(t *testing.T) {
	at := func(line int) span.Span { return span.NewSource("s.sh", "\n\n\n\n").Span(line-1, line-1) }
	of := func(key string, v any, line int) *doc.Node {
		limits, root := doc.NewMap(doc.Set, at(line)), doc.NewMap(doc.Set, at(line))
		limits.Put(key, doc.Of(v, doc.Set, at(line)))
		root.Put("limits", limits)
		return root
	}
	empty := doc.NewMap(doc.Set, span.Span{})
	one := join(empty, of("memory", "8G", 1), nil, "why")
	for want, got := range map[string]*doc.Node{
		`why; it may become "8G" (s.sh:1:1)`:                                    one.AtPath([]any{"limits", "memory"}),
		`else; it may become "8G" (s.sh:1:1) or "1G" (s.sh:2:1)`:                join(one, of("memory", "1G", 2), nil, "else").AtPath([]any{"limits", "memory"}),
		`why; it was 2 (s.sh:1:1) and may become 3 (s.sh:2:1)`:                  join(of("cpu", 2, 1), of("cpu", 3, 2), nil, "why").AtPath([]any{"limits", "cpu"}),
		`else; it was 2 (s.sh:1:1) and may become 3 (s.sh:2:1) or 4 (s.sh:3:1)`: join(join(of("cpu", 2, 1), of("cpu", 3, 2), nil, "why"), of("cpu", 4, 3), nil, "else").AtPath([]any{"limits", "cpu"}),
		`secret`: join(of("client_secret", "a", 1), of("client_secret", "b", 2), nil, "secret").AtPath([]any{"limits", "client_secret"}),
	} {
		if got == nil || got.State != doc.Unknown || got.Why != want {
			t.Errorf("want %s\n got %+v", want, got)
		}
	}
}
