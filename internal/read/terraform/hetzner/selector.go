package hetzner

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// selects says whether a label selector ("env=prod,role in (web, hub),!test") selects something with these labels; why is
// not empty where that cannot be told.
func selects(selector, labels *eval.Val) (yes bool, why string) {
	if selector.IsNull() {
		return false, ""
	}
	s, ok := selector.Str()
	if !ok {
		return false, selector.Reason()
	}
	if labels.IsUnknown() {
		return false, labels.Reason()
	}
	for _, term := range terms(s) {
		hit, w := matches(strings.TrimSpace(term), labels)
		if w != "" {
			why = w
		} else if !hit {
			return false, ""
		}
	}
	return why == "", why
}

// terms splits at the commas outside brackets.
func terms(s string) []string {
	var out []string
	depth, start := 0, 0
	for k, c := range s {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth <= 0:
			out = append(out, s[start:k])
			start = k + 1
		}
	}
	return append(out, s[start:])
}

func matches(term string, labels *eval.Val) (yes bool, why string) {
	value := func(key string) (got string, there bool) {
		v := labels.Attr(strings.TrimSpace(key))
		s, ok := v.Str()
		if !v.IsNull() && !ok {
			why = "the label " + key + " is not known: " + v.Reason()
		}
		return s, !v.IsNull()
	}
	for _, op := range []string{" notin ", " in "} {
		if key, set, ok := strings.Cut(term, op); ok {
			got, there := value(key)
			listed := false
			for _, w := range strings.Split(strings.Trim(strings.TrimSpace(set), "()"), ",") {
				listed = listed || strings.TrimSpace(w) == got
			}
			if op == " in " {
				return there && listed, why
			}
			return !there || !listed, why
		}
	}
	for _, op := range []string{"!=", "==", "="} {
		if key, want, ok := strings.Cut(term, op); ok {
			got, there := value(key)
			same := there && got == strings.TrimSpace(want)
			return same == (op != "!="), why
		}
	}
	if key, not := strings.CutPrefix(term, "!"); not {
		_, there := value(key)
		return !there, ""
	}
	_, there := value(term)
	return there, ""
}
