package settings

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Spec is what the settings may say about one rule: its id and its parameters.
type Spec struct {
	ID        string
	Params    []ParamSpec
	Unchecked bool // the parameters are not known, because the rule is not loaded
}

// ParamSpec declares one parameter of a rule.
type ParamSpec struct {
	Name        string
	Type        string // string, number, integer, boolean, array or object; "" for any
	Minimum     *float64
	Maximum     *float64
	Enum        []any
	Description string
}

// Check compares the settings with the rules that exist. The error, if any, is Problems.
func (s *Settings) Check(rules []Spec) error {
	var ps Problems
	add := func(at span.Span, format string, args ...any) {
		ps = append(ps, Problem{at, fmt.Sprintf(format, args...)})
	}
	ids := make([]string, len(rules))
	specs := make(map[string]Spec, len(rules))
	for i, r := range rules {
		ids[i], specs[r.ID] = r.ID, r
	}
	sort.Strings(ids)
	for _, r := range s.Rules {
		spec, ok := specs[r.ID]
		if !ok {
			add(r.At, "there is no rule %q%s", r.ID, DidYouMean(r.ID, ids))
			continue
		}
		for _, p := range r.Params {
			if spec.Unchecked {
				break
			}
			if at, msg := spec.check(p); msg != "" {
				add(at, "rule %q: %s", r.ID, msg)
			}
		}
	}
	for _, w := range s.Waivers {
		if _, ok := specs[w.Rule]; !ok && w.Rule != "" {
			add(w.RuleAt, "there is no rule %q%s", w.Rule, DidYouMean(w.Rule, ids))
		}
	}
	return ps.sorted().Err()
}

func (s Spec) check(p Param) (span.Span, string) {
	names := make([]string, len(s.Params))
	for i, d := range s.Params {
		if names[i] = d.Name; d.Name == p.Name {
			return p.ValueAt, d.check(p.Value)
		}
	}
	if len(names) == 0 {
		return p.At, "it takes no parameters"
	}
	return p.At, fmt.Sprintf("it has no parameter %q%s", p.Name, DidYouMean(p.Name, names))
}

// check says what is wrong with a value, "" when nothing is.
func (d ParamSpec) check(v any) string {
	if !isType(d.Type, v) {
		return fmt.Sprintf("parameter %q must be %s", d.Name, typeName(d.Type))
	}
	if f, ok := number(v); ok {
		if d.Minimum != nil && f < *d.Minimum {
			return fmt.Sprintf("parameter %q is %v, but must be at least %v", d.Name, v, *d.Minimum)
		}
		if d.Maximum != nil && f > *d.Maximum {
			return fmt.Sprintf("parameter %q is %v, but must be at most %v", d.Name, v, *d.Maximum)
		}
	}
	if len(d.Enum) > 0 && !slices.ContainsFunc(d.Enum, func(e any) bool { return fmt.Sprint(e) == fmt.Sprint(v) }) {
		words := make([]string, len(d.Enum))
		for i, e := range d.Enum {
			words[i] = fmt.Sprint(e)
		}
		return fmt.Sprintf("parameter %q is %v, but must be one of %s%s", d.Name, v, strings.Join(words, ", "), suggestion(fmt.Sprint(v), words))
	}
	return ""
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func isType(name string, v any) bool {
	ok := true
	switch name {
	case "string":
		_, ok = v.(string)
	case "boolean":
		_, ok = v.(bool)
	case "number":
		_, ok = number(v)
	case "integer":
		f, is := number(v)
		ok = is && f == float64(int64(f))
	case "array":
		_, ok = v.([]any)
	case "object":
		_, ok = v.(map[string]any)
	}
	return ok
}

func typeName(name string) string {
	switch name {
	case "string":
		return "text"
	case "boolean":
		return "true or false"
	case "number":
		return "a number"
	case "integer":
		return "a whole number"
	case "array":
		return "a list"
	}
	return "a mapping"
}

// ParseDay reads a day such as 2027-01-31, at 00:00 UTC.
func ParseDay(s string) (time.Time, error) { return time.Parse(time.DateOnly, s) }
