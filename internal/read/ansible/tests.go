package ansible

import (
	"regexp"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// test is "v is name(args)".
func (ev *eval) test(v value, name string, args []arg, at span.Text) value {
	v = ev.ready(v)
	switch name {
	case "defined", "undefined":
		switch v.kind {
		case unknown:
			return unknownValue(v.why, at)
		case undefined:
			if v.sure {
				return boolValue(name == "undefined", at)
			}
			// An extra variable may be given all the same, and only then does such a condition make sense.
			return unknownValue(v.why+"; it may be given when the playbook is run", at)
		}
		return boolValue(name == "defined", at)
	case "failed", "succeeded", "success", "failure":
		if f, ok := v.child["failed"]; v.kind == dict && ok && f.kind == boolean {
			return boolValue(f.b == (name == "failed" || name == "failure"), at)
		}
		return unknownValue("whether a task fails is not known", at)
	case "none":
		if v.kind != unknown && v.kind != undefined {
			return boolValue(v.kind == null, at)
		}
	case "string":
		if v.kind != unknown && v.kind != undefined {
			return boolValue(v.kind == str, at)
		}
	case "number", "integer", "float":
		if v.kind != unknown && v.kind != undefined {
			return boolValue(v.kind == number && (name == "number" || v.whole == (name == "integer")), at)
		}
	case "boolean":
		if v.kind != unknown && v.kind != undefined {
			return boolValue(v.kind == boolean, at)
		}
	case "mapping":
		if v.kind != unknown && v.kind != undefined {
			return boolValue(v.kind == dict, at)
		}
	case "sequence", "iterable":
		if v.kind != unknown && v.kind != undefined {
			return boolValue(v.kind == list || v.kind == dict || v.kind == str, at)
		}
	case "truthy", "falsy", "true", "false":
		if yes, known := v.truth(); known {
			if name == "true" || name == "false" {
				return boolValue(v.kind == boolean && yes == (name == "true"), at)
			}
			return boolValue(yes == (name == "truthy"), at)
		}
	}
	pos, _ := ev.values(args)
	if len(pos) > 0 {
		return ev.testWith(v, name, pos[0], at)
	}
	if why, open := v.open(); open {
		return unknownValue(why, at)
	}
	switch name {
	case "even", "odd":
		if v.kind == number && v.whole {
			return boolValue((int64(v.n)%2 == 0) == (name == "even"), at)
		}
	}
	return unknownValue("the test "+name+" is not worked out", at)
}

func (ev *eval) testWith(v value, name string, with value, at span.Text) value {
	switch name {
	case "eq", "equalto", "sameas":
		return compare("==", v, with)
	case "ne":
		return compare("!=", v, with)
	case "gt", "greaterthan":
		return compare(">", v, with)
	case "ge":
		return compare(">=", v, with)
	case "lt", "lessthan":
		return compare("<", v, with)
	case "le":
		return compare("<=", v, with)
	case "in":
		return contains(with, v, at)
	case "contains":
		return contains(v, with, at)
	}
	for _, x := range []value{v, with} {
		if why, open := x.open(); open {
			return unknownValue(why, at)
		}
	}
	switch name {
	case "match", "search", "regex":
		expr := with.python()
		if name == "match" {
			expr = "^(?:" + expr + ")"
		}
		if re, err := regexp.Compile(expr); err == nil && len(expr) < 500 {
			return boolValue(re.MatchString(v.python()), at)
		}
	case "divisibleby":
		if v.kind == number && with.kind == number && with.n != 0 {
			return boolValue(int64(v.n)%int64(with.n) == 0, at)
		}
	}
	return unknownValue("the test "+name+" is not worked out", at)
}
