package shell

import (
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func nonEmpty(s string) status {
	if span.IsUnknown(s) && len(span.Show(s)) == len("…") { // nothing but the unknown part
		return unknownStatus(s)
	}
	return truth(s != "")
}

func unary(op, arg string) status {
	switch op {
	case "-n":
		return nonEmpty(arg)
	case "-z":
		return nonEmpty(arg).not()
	}
	if span.IsUnknown(arg) {
		return unknownStatus(arg)
	}
	if strings.HasPrefix(arg, "/opt/tljh") && strings.Contains("-d -e -f -s -x -r -L -h", op) {
		s := absent("it depends on the machine")
		s.made = !strings.Contains("-L -h -s", op) && alwaysMade(path.Clean(arg))
		return s
	}
	return status{kind: unsure, why: "it depends on the machine"}
}

func binaryTest(op string) bool {
	switch op {
	case "=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">", "-nt", "-ot", "-ef", "=~":
		return true
	}
	return false
}

// compare is a binary test; pattern: the right side is a pattern, as in [[ ]].
func compare(op, a, b string, pattern bool) status {
	if span.IsUnknown(a) || span.IsUnknown(b) {
		return unknownStatus(a, b)
	}
	switch op {
	case "=", "==":
		return truth(a == b || pattern && glob(b, a))
	case "!=":
		return truth(a != b && !(pattern && glob(b, a)))
	case "<", ">":
		return truth((op == "<") == (a < b) && a != b)
	}
	x, err1 := strconv.ParseInt(strings.TrimSpace(a), 10, 64)
	y, err2 := strconv.ParseInt(strings.TrimSpace(b), 10, 64)
	if len(op) != 3 || op == "-nt" || op == "-ot" || op == "-ef" {
		return status{kind: unsure, why: "it is not worked out"}
	}
	if err1 != nil || err2 != nil {
		if pattern {
			return status{kind: unsure, why: "it is not worked out"}
		}
		return status{kind: no} // "integer expression expected"
	}
	switch op {
	case "-eq":
		return truth(x == y)
	case "-ne":
		return truth(x != y)
	case "-lt":
		return truth(x < y)
	case "-le":
		return truth(x <= y)
	case "-gt":
		return truth(x > y)
	}
	return truth(x >= y)
}
