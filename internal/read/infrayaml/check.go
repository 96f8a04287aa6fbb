package infrayaml

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// value checks n against s and returns what may be used of it. bad says that something in it is not as written: the
// caller decides how much that costs. path names n in messages.
func (r *reader) value(n *doc.Node, s *schema, path string) (out *doc.Node, bad bool) {
	if d, ok := n.Get("$date").Str(); ok && len(n.Keys) == 1 { // YAML's own type for a bare date
		n = doc.Of(d, n.State, n.At)
	}
	if n.State == doc.Unknown || n.Kind == doc.String && span.IsUnknown(n.Value.(string)) {
		return r.wrong(n, path, "%s holds template syntax, which nothing renders here; write the value", path)
	}
	if t, ok := n.Str(); ok && strings.HasPrefix(t, "<") && strings.HasSuffix(t, ">") {
		return r.wrong(n, path, "%s still holds the placeholder %s; write the value itself", path, clip(t))
	}
	if !s.allows(typeOf(n)) {
		if t, ok := n.Value.(float64); ok && s.allows("string") {
			return r.wrong(n, path, "%s has to be text; put it in quotes, or %v is read as a number", path, t)
		}
		return r.wrong(n, path, "%s has to be %s, not %s", path, readable(s.Type), readable([]string{typeOf(n)}))
	}
	switch n.Kind {
	case doc.Map:
		return r.mapping(n, s, path)
	case doc.List:
		return r.list(n, s, path)
	case doc.Null:
		return doc.UnsetAt(n.At), false
	case doc.String:
		v := n.Value.(string)
		if len(s.Enum) > 0 && !slices.Contains(s.choices(), v) {
			return r.wrong(n, path, "%s cannot be %q%s", path, clip(v), didYouMean(v, s.choices()))
		}
		if l := utf8.RuneCountInString(v); l < s.MinLength || s.MaxLength > 0 && l > s.MaxLength {
			return r.wrong(n, path, "%s has to have %d to %d characters", path, s.MinLength, s.MaxLength)
		}
		if !s.matches(v) {
			return r.wrong(n, path, "%s has to be a day such as 2027-06-30, not %q", path, clip(v))
		}
	case doc.Number:
		var f float64
		switch v := n.Value.(type) {
		case int64:
			f = float64(v)
		case float64:
			f = v
		}
		if s.Minimum != nil && !(f >= *s.Minimum) || s.Maximum != nil && !(f <= *s.Maximum) {
			return r.wrong(n, path, "%s is out of range: %v is not from %v to %v", path, n.Value, *s.Minimum, *s.Maximum)
		}
	}
	return n, false
}

func (r *reader) mapping(n *doc.Node, s *schema, path string) (*doc.Node, bool) {
	out, bad := doc.NewMap(doc.Set, n.At), false
	out.KeyAt = n.KeyAt
	for _, k := range n.Keys {
		c, sub := n.Child[k], s.Properties[k]
		if sub == nil {
			sub = s.Additional.schema
		}
		if sub == nil {
			at := c.KeyAt
			if at.IsZero() {
				at = c.At
			}
			msg := r.fail(at, "%s: there is no key %q%s", orFile(path), clip(k), didYouMean(k, s.keys))
			meant := nearest(k, s.keys)
			if meant == "" && s.Properties["valid_until"] != nil {
				meant = "valid_until" // it may limit what is stated here
			}
			if meant != "" && n.Child[meant] == nil {
				out.Put(meant, doc.UnknownOf(r.src.File+": "+msg, at))
			}
			bad = true
			continue
		}
		v, b := r.value(c, sub, join(path, k))
		if v.KeyAt.IsZero() {
			v.KeyAt = c.KeyAt
		}
		out.Put(k, v)
		bad = bad || b
	}
	for _, k := range s.Required {
		if out.Child[k] == nil {
			why := r.fail(n.At, "%s lacks %q", orFile(path), k)
			out.Put(k, doc.UnknownOf(why, n.At))
			bad = true
		}
	}
	return out, bad
}

// list is all or nothing, but for the lists of things with keys of their own at the top: a rule that looks for a port
// that is open must not pass because the entry that opens it is misspelt.
func (r *reader) list(n *doc.Node, s *schema, path string) (*doc.Node, bool) {
	out, bad := doc.NewList(doc.Set, n.At), false
	out.KeyAt = n.KeyAt
	top := slices.Contains(lists, path)
	for i, it := range n.Items {
		v, b := r.value(it, s.Items, fmt.Sprintf("%s[%d]", path, i))
		bad = bad || b
		if b && (!top || v.Kind != doc.Map || broken(v, s.Items.Required)) {
			for _, rest := range n.Items[i+1:] { // report the other mistakes too
				r.value(rest, s.Items, fmt.Sprintf("%s[%d]", path, i+1))
			}
			u := doc.UnknownOf(fmt.Sprintf("%s[%d] in %s is not valid", path, i, r.src.File), n.At)
			u.KeyAt = n.KeyAt
			return u, true
		}
		out.Add(v)
	}
	return out, bad
}

// broken says whether an entry lacks what makes it one.
func broken(v *doc.Node, required []string) bool {
	for _, k := range required {
		if !v.Get(k).Known() {
			return true
		}
	}
	return false
}

func (r *reader) wrong(n *doc.Node, path, format string, args ...any) (*doc.Node, bool) {
	at := n.At
	if at.IsZero() {
		at = r.src.Span(0, 0)
	}
	msg := r.fail(at, format, args...)
	u := doc.UnknownOf(fmt.Sprintf("%s: %s", r.src.File, msg), at)
	u.KeyAt = n.KeyAt
	return u, true
}

func typeOf(n *doc.Node) string {
	switch n.Kind {
	case doc.Bool:
		return "boolean"
	case doc.Number:
		if _, ok := n.Value.(int64); ok {
			return "integer"
		}
		return "number"
	case doc.String:
		return "string"
	case doc.List:
		return "array"
	case doc.Map:
		return "object"
	}
	return "null"
}

var words = map[string]string{"boolean": "true or false", "integer": "a whole number", "number": "a number", "string": "text",
	"array": "a list", "object": "a mapping", "null": "empty"}

func readable(types []string) string {
	var out []string
	for _, t := range types {
		if t != "null" || len(types) == 1 {
			out = append(out, words[t])
		}
	}
	return strings.Join(out, " or ")
}

// didYouMean is the end of a message about a word that is none of the known ones.
func didYouMean(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	if len(known) == 0 {
		return ""
	}
	return "; known are " + strings.Join(known, ", ")
}

// nearest is the known word that was probably meant, "" if none is near.
func nearest(word string, known []string) string {
	best, score := "", 0.6
	if len(word) <= 100 {
		for _, k := range known {
			if s := levenshtein.Match(strings.ToLower(word), k, nil); s > score {
				best, score = k, s
			}
		}
	}
	return best
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + clip(key)
}

func orFile(path string) string {
	if path == "" {
		return "infra.yaml"
	}
	return path
}
