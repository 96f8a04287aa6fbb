package yaml12

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// The implicit types of ruamel.yaml's YAML 1.2 and 1.1 resolvers (ruamel.yaml: resolver.py).
var (
	float12      = lazyregexp.New(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	int12        = lazyregexp.New(`^(?:[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+)$`)
	float11      = lazyregexp.New(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	int11        = lazyregexp.New(`^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	bool11       = lazyregexp.New(`^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$`)
	date         = lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	instantParts = lazyregexp.New(`^([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)(?:[Tt]|[ \t]+)([0-9][0-9]?):([0-9][0-9]):([0-9][0-9])(?:\.([0-9]*))?(?:[ \t]*(?:Z|([-+])([0-9][0-9]?)(?::([0-9][0-9]))?))?$`)
	instant      = lazyregexp.New(`^[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9][0-9]:[0-9][0-9](?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9][0-9])?))?$`)
)

// kinds of a resolved scalar that doc has no type for.
type (
	dateValue   string // a date or a point in time
	taggedValue string // `=`, which YAML 1.1 called the default value: ruamel keeps it as an object
)

// resolvePlain is what an untagged plain scalar means: nil, bool, int64, float64, string, dateValue or taggedValue.
// The error says why TLJH cannot load it.
func resolvePlain(s string, yaml11 bool) (any, string) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return nil, ""
	case "true", "True", "TRUE":
		return true, ""
	case "false", "False", "FALSE":
		return false, ""
	case "=":
		return taggedValue("tag:yaml.org,2002:value"), ""
	}
	if yaml11 && bool11.MatchString(s) {
		return strings.ContainsAny(s[:1], "yY") || strings.EqualFold(s, "on"), ""
	}
	if !strings.ContainsAny(s[:1], "-+.0123456789") {
		return s, ""
	}
	ints, floats := int12, float12
	if yaml11 {
		ints, floats = int11, float11
	}
	switch {
	case s[0] != '.' && ints.MatchString(s):
		if v, ok := parseInt(s, yaml11); ok {
			return v, ""
		}
		return nil, "TLJH takes " + strconv.Quote(s) + " for a number and cannot read it"
	case floats.MatchString(s):
		if v, ok := parseFloat(s); ok {
			return v, ""
		}
		return nil, "TLJH takes " + strconv.Quote(s) + " for a number and cannot read it"
	case date.MatchString(s), instant.MatchString(s):
		return resolveDate(s)
	}
	return s, ""
}

// parseInt reads an integer as ruamel's construct_yaml_int does: in YAML 1.2 a leading zero is just a digit.
// A number beyond 64 bits becomes a float64.
func parseInt(s string, yaml11 bool) (any, bool) {
	s = strings.ReplaceAll(s, "_", "")
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-")
	base := 10
	switch {
	case strings.HasPrefix(s, "0b"):
		s, base = s[2:], 2
	case strings.HasPrefix(s, "0x"):
		s, base = s[2:], 16
	case strings.HasPrefix(s, "0o"):
		s, base = s[2:], 8
	case yaml11 && strings.HasPrefix(s, "0") && s != "0":
		base = 8
	case yaml11 && strings.Contains(s, ":"):
		total := int64(0)
		for _, part := range strings.Split(s, ":") {
			n, err := strconv.ParseInt(part, 10, 64)
			if err != nil || total > math.MaxInt64/120 {
				return nil, false
			}
			total = total*60 + n
		}
		if neg {
			total = -total
		}
		return total, true
	}
	if len(s) > 400 { // as a float it is infinite anyway; do not pay for the digits
		return nil, false
	}
	n, ok := new(big.Int).SetString(s, base)
	if !ok {
		return nil, false
	}
	if neg {
		n.Neg(n)
	}
	if n.IsInt64() {
		return n.Int64(), true
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f, true
}

func parseFloat(s string) (float64, bool) {
	s = strings.ToLower(strings.ReplaceAll(s, "_", ""))
	switch strings.TrimLeft(s, "+-") {
	case ".inf":
		if s[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	case ".nan":
		return math.NaN(), true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}
