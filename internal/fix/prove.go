package fix

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
)

// proved says whether the checkout after differs from the one before by c and nothing else. A file that several hubs share
// may bring the same change to each of them.
func proved(before, after *assemble.Result, hubName string, c change) error {
	if len(before.Hubs) != len(after.Hubs) {
		return errors.New("other hubs would be found then")
	}
	if p := newProblem(before.Problems, after.Problems); p != "" {
		return errors.New(p)
	}
	for i, old := range before.Hubs {
		now := after.Hubs[i]
		if old == now {
			continue // it has nothing to do with the edit
		}
		if old.Name != now.Name {
			return errors.New("the hubs would have other names then")
		}
		err := changed(old, now, c)
		if err != nil && old.Name != hubName && reflect.DeepEqual(old.Plain()["config"], now.Plain()["config"]) {
			err = same(old, now, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// changed says whether now is old with c made.
func changed(old, now *hub.Document, c change) error {
	want, got := plain(c.do(old.Root.Get("config").Plain())), plain(now.Root.Get("config").Plain())
	defaults(want, old.Root.Get("config"), now.Root.Get("config"), c.key)
	path := make([]any, len(c.key))
	for i, k := range c.key {
		path[i] = k
	}
	value := now.Root.Get("config").AtPath(path)
	switch {
	case !sure(now, c.key):
		return fmt.Errorf("what %s would be then cannot be told", c.dotted())
	case !reflect.DeepEqual(want, got):
		return fmt.Errorf("%s would not become %s, or something else would change with it", c.dotted(), shown(c.value))
	case c.op == "set" && value.State != doc.Set && value.Kind != doc.List:
		return fmt.Errorf("%s would still not be written", c.dotted())
	}
	return same(old, now, c.key)
}

// defaults adds to want what TLJH fills in once a section is a mapping that was none.
func defaults(want any, old, now *doc.Node, key []string) {
	for _, k := range key {
		m, _ := want.(map[string]any)
		if m == nil || now == nil || now.Kind != doc.Map {
			return
		}
		if old == nil || old.Kind != doc.Map {
			for _, other := range now.Keys {
				if c := now.Child[other]; other != k && c.State == doc.Default {
					m[other] = plain(c.Plain())
				}
			}
		}
		want, old, now = m[k], old.Get(k), now.Get(k)
	}
}

func shown(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	text, _ := scalar(v)
	return text
}

// sure says whether the value at key, and all that it stands in, is known.
func sure(d *hub.Document, key []string) bool {
	n := d.Root.Get("config")
	for _, k := range key {
		if n = n.Get(k); n == nil || n.State == doc.Unknown {
			return false
		}
	}
	for _, item := range n.List() {
		if item.State == doc.Unknown {
			return false
		}
	}
	return true
}
