package tljh

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var (
	digits   = lazyregexp.New(`^\d+\n?$`)
	fraction = lazyregexp.New(`^\d+\.\d*\n?$`)
)

// parseValue is what tljh-config makes of a value as typed (TLJH: tljh/config.py parse_value; reference/tljh.md §13).
// The word None is null in code newer than release 2.0.0 and a string before; without a pinned version it is unknown.
func parseValue(text span.Text, v version) *doc.Node {
	s, at := text.String(), text.Span()
	if span.IsUnknown(s) {
		why := span.Reason(s)
		if strings.Trim(span.Show(s), "…0123456789.") == "" {
			return doc.UnknownOf(why, at)
		}
		return doc.Of(s, doc.Unknown, at).Because(why)
	}
	switch lower := strings.ToLower(s); {
	case lower == "none" && v.main:
		return doc.Of(nil, doc.Set, at)
	case lower == "none" && v.none:
		return doc.UnknownOf("TLJH's releases up to 2.0.0 keep the word None as text, later ones take it for no value; pin --version to settle it", at)
	case digits.MatchString(s):
		s = strings.TrimSuffix(s, "\n")
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return doc.Of(n, doc.Set, at)
		}
		f, _, err := big.ParseFloat(s, 10, 64, big.ToNearestEven)
		if err != nil {
			return doc.Of(s, doc.Set, at)
		}
		x, _ := f.Float64()
		return doc.Of(x, doc.Set, at)
	case fraction.MatchString(s):
		f, _ := strconv.ParseFloat(strings.TrimSuffix(s, "\n"), 64)
		return doc.Of(f, doc.Set, at)
	case lower == "true":
		return doc.Of(true, doc.Set, at)
	case lower == "false":
		return doc.Of(false, doc.Set, at)
	}
	return doc.Of(s, doc.Set, at)
}
