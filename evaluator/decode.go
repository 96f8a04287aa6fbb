package evaluator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// What a rule may say at most.
const (
	maxFindings = 1000
	maxPath     = 64 // elements
)

// decode makes a Result of what rule i of a query said.
func decode(r *rule, i int, values topdown.QueryResult) Result {
	result := Result{Rule: &r.info}
	for j, s := range r.sets {
		value := values[variable(i, j)]
		if value == nil {
			return failed(r, faultAt(r.info.At, "%s is undefined", s.ref))
		}
		findings, err := s.findings(value)
		if err == nil && len(findings)+len(result.Findings) > maxFindings {
			err = fmt.Errorf("the rule has more than %d findings", maxFindings)
		}
		if err != nil {
			return failed(r, faultAt(r.info.At, "%s: %s", s.name(), err))
		}
		result.Findings = append(result.Findings, findings...)
	}
	if len(result.Findings) == 0 && r.sets[0].conftest {
		result.Findings = []Finding{{Outcome: Pass, Path: r.sets[0].evidence, Message: "no violation"}}
	}
	if len(result.Findings) == 0 || result.Findings[0].Outcome == Advice {
		return failed(r, faultAt(r.info.At, "the rule says nothing about this hub; it must fail, pass, be unknown or not applicable"))
	}
	result.Outcome = result.Findings[0].Outcome
	return result
}

// name is what the rule calls the set.
func (s set) name() string {
	name, _ := s.ref[len(s.ref)-1].Value.(ast.String)
	return string(name)
}

// findings decodes the elements of a set, sorted by path and message.
func (s set) findings(value *ast.Term) ([]Finding, error) {
	var out []Finding
	add := func(element *ast.Term) error {
		if len(out) > maxFindings {
			return fmt.Errorf("it has more than %d findings", maxFindings)
		}
		read := readFinding
		if s.conftest {
			read = readConftest
		} else if s.outcome == NotApplicable {
			read = readReason
		}
		f, err := read(element)
		f.Outcome = s.outcome
		if s.conftest && len(f.Path) == 0 {
			f.Path = s.evidence
		}
		out = append(out, f)
		return err
	}
	if err := each(value, s.conftest, add); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(slices.CompareFunc(a.Path, b.Path, compareElement), strings.Compare(a.Message, b.Message))
	})
	return out, nil
}

// each calls add for the elements of a set. With conftest, value lists what the query found: one list or set, or nothing.
func each(value *ast.Term, conftest bool, add func(*ast.Term) error) error {
	var err error
	iterate := func(t *ast.Term) {
		if err == nil {
			err = add(t)
		}
	}
	switch v := value.Value.(type) {
	case ast.Set:
		v.Foreach(iterate)
		return err
	case *ast.Array:
		if conftest {
			v.Foreach(func(found *ast.Term) {
				switch inner := found.Value.(type) {
				case ast.Set:
					inner.Foreach(iterate)
				case *ast.Array:
					inner.Foreach(iterate)
				default:
					err = cmp.Or(err, fmt.Errorf("must be a set of messages, but is %s", kind(found)))
				}
			})
			return err
		}
	}
	return fmt.Errorf("must be a set, but is %s", kind(value))
}

// compareElement orders list indices before keys.
func compareElement(a, b any) int {
	ai, aInt := a.(int)
	bi, bInt := b.(int)
	switch {
	case aInt && bInt:
		return cmp.Compare(ai, bi)
	case aInt:
		return -1
	case bInt:
		return 1
	}
	return strings.Compare(a.(string), b.(string))
}

func kind(t *ast.Term) string {
	name := ast.ValueName(t.Value)
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
