package shell

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// status is what is known of a command's exit status.
type status struct {
	kind kind
	// why a test is unsure, in words; input: it rests on what the script's caller or a missing file sets.
	why   string
	input bool
	// fresh is the answer on a machine that does not have TLJH yet; likely when it does not matter.
	fresh kind
	// made: the test is for something that TLJH's installer always makes.
	made bool
}

type kind uint8

const (
	likely kind = iota // an ordinary command, which deployments expect to succeed
	yes
	no
	unsure
)

func truth(b bool) status {
	if b {
		return status{kind: yes}
	}
	return status{kind: no}
}

func (s status) not() status {
	switch s.kind {
	case yes:
		s.kind = no
	case no:
		s.kind = yes
	case likely:
		s.kind = unsure
	}
	switch s.fresh {
	case yes:
		s.fresh = no
	case no:
		s.fresh = yes
	}
	return s
}

// absent is a test for something that TLJH's installer makes.
func absent(why string) status { return status{kind: unsure, why: why, fresh: no} }

// unknownStatus is a test on value that is not known. Outputs of commands describe the machine; all else is input.
func unknownStatus(values ...string) status {
	for _, v := range values {
		if span.IsUnknown(v) {
			why := span.Reason(v)
			machine := strings.HasPrefix(why, "output of") || strings.HasSuffix(why, "when the script runs")
			return status{kind: unsure, why: why, input: !machine}
		}
	}
	return status{kind: unsure, why: "it depends on the machine"}
}

// posixTest is [ … ] and test …, on evaluated words.
func posixTest(args []string) status {
	t := &tester{args: args}
	s := t.or(0)
	if t.bad || t.i < len(args) { // bash says "unary operator expected" and goes on as if false
		for _, a := range args {
			if span.IsUnknown(a) {
				return unknownStatus(args...)
			}
		}
		return status{kind: no}
	}
	return s
}

type tester struct {
	args []string
	i    int
	bad  bool
}

func (t *tester) or(depth int) status {
	s := t.and(depth)
	for t.i < len(t.args) && t.args[t.i] == "-o" {
		t.i++
		s = either(s, t.and(depth))
	}
	return s
}

func (t *tester) and(depth int) status {
	s := t.one(depth)
	for t.i < len(t.args) && t.args[t.i] == "-a" {
		t.i++
		s = either(s.not(), t.one(depth).not()).not()
	}
	return s
}

func either(a, b status) status {
	switch {
	case a.kind == yes || b.kind == yes:
		return status{kind: yes}
	case a.kind == unsure:
		if b.kind == unsure {
			a.fresh = likely
		}
		return a
	}
	return b
}

func (t *tester) one(depth int) status {
	left := t.args[t.i:]
	if depth > 200 || len(left) == 0 {
		t.bad = t.bad || depth > 200 || t.i > 0
		return status{kind: no}
	}
	if len(left) >= 3 && binaryTest(left[1]) {
		t.i += 3
		return compare(left[1], left[0], left[2], false)
	}
	if left[0] == "!" && len(left) > 1 {
		t.i++
		return t.one(depth + 1).not()
	}
	if left[0] == "(" {
		t.i++
		s := t.or(depth + 1)
		if t.i >= len(t.args) || t.args[t.i] != ")" {
			t.bad = true
			return s
		}
		t.i++
		return s
	}
	if len(left) >= 2 && len(left[0]) == 2 && left[0][0] == '-' {
		t.i += 2
		return unary(left[0], left[1])
	}
	t.i++
	return nonEmpty(left[0])
}
