package fix

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// change is one operation on TLJH's configuration.
type change struct {
	op    string   // set or add-item
	key   []string // below config
	value any      // a string, bool or json.Number; set also takes a list of them
}

func (c change) dotted() string { return strings.Join(c.key, ".") }

func (c change) String() string { return "tljh-config " + c.op + " " + c.dotted() }

// changes are what a fix comes down to; an error for one that is none of TLJH's configuration.
func changes(f *report.Fix) ([]change, error) {
	var out []change
	for _, one := range append([]report.Fix{*f}, f.Then...) {
		rest, ok := strings.CutPrefix(one.Path, "/config/")
		if !ok {
			return nil, fmt.Errorf("it is about %s, not about TLJH's configuration", one.Path)
		}
		c := change{op: one.Op, value: plain(one.Value)}
		for _, k := range strings.Split(rest, "/") {
			k = strings.NewReplacer("~1", "/", "~0", "~").Replace(k)
			if !name.MatchString(k) {
				return nil, fmt.Errorf("%q cannot be written as a part of a key", k)
			}
			c.key = append(c.key, k)
		}
		list, isList := c.value.([]any)
		scalars := slices.ContainsFunc(append(list, c.value), func(v any) bool { _, ok := scalar(v); return !ok })
		switch {
		case c.op == "set" && (!isList || len(list) > 0) && (isList || !scalars):
		case c.op == "add-item" && !isList && !scalars:
		default:
			return nil, fmt.Errorf("%s with this value is for a person to do", c)
		}
		out = append(out, c)
	}
	return out, nil
}

var name = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// plain is v with the numbers of encoding/json.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var out any
	if d.Decode(&out) != nil {
		return nil
	}
	return out
}

// scalar is how a value is written where nothing gives it another meaning; ok is false for what is no scalar with a text.
func scalar(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, !strings.ContainsAny(v, "\n\r\x00")
	case bool:
		return fmt.Sprint(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// do is config with the change made, as tljh-config makes it; config is not touched.
func (c change) do(config any) any { return c.below(config, c.key) }

func (c change) below(n any, key []string) any {
	if len(key) == 0 {
		if c.op == "set" {
			return c.value
		}
		list, _ := n.([]any)
		return append(slices.Clone(list), c.value)
	}
	out := map[string]any{}
	if m, ok := n.(map[string]any); ok {
		for k, v := range m {
			out[k] = v
		}
	}
	out[key[0]] = c.below(out[key[0]], key[1:])
	return out
}
