package evaluator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/policies"

	"github.com/open-policy-agent/opa/v1/ast"
)

// rule is a rule as loaded.
type rule struct {
	info   Rule
	files  []*file // where it and, for conftest, its neighbours are defined
	sets   []set   // what of it is evaluated; empty if broken
	broken error   // why it cannot be evaluated
}

// set is a Rego set of findings.
type set struct {
	outcome  Outcome
	ref      ast.Ref
	conftest bool  // elements are texts or objects with msg
	evidence []any // with conftest: the path of findings that name none
}

// outcomes maps the sets of the rule contract to what their elements say, in the order of precedence.
var outcomes = []Outcome{Fail, Unknown, NotApplicable, Pass, Advice}

// loadBuiltin parses the built-in rules that are wanted, and the libraries. Rules come sorted by id.
func loadBuiltin(want func(id string) bool) (libraries []*file, rules []*rule, err error) {
	var files []*file
	for _, name := range builtinFiles() {
		switch id := path.Dir(name); {
		case slices.Contains(policies.Libraries, id):
			f := readBuiltin(name)
			libraries, files = append(libraries, f), append(files, f)
		case want(id):
			f := readBuiltin(name)
			files = append(files, f)
			if n := len(rules); n > 0 && rules[n-1].info.ID == id {
				rules[n-1].files = append(rules[n-1].files, f)
			} else {
				rules = append(rules, &rule{info: Rule{ID: id}, files: []*file{f}})
			}
		}
	}
	parseAll(files)
	for _, f := range files {
		if f.err != nil {
			return nil, nil, f.err
		}
	}
	slices.SortFunc(rules, func(a, b *rule) int { return strings.Compare(a.info.ID, b.info.ID) })
	for _, r := range rules {
		if r.describe(); r.broken != nil {
			return nil, nil, r.broken
		}
	}
	return libraries, rules, nil
}

// describe fills in what the modules of a rule of tljh.rules tell about it.
func (r *rule) describe() {
	r.info.Title, r.info.Severity = r.info.ID, SeverityError
	r.info.At = position(r.files[0].module.Package.Location)
	for _, f := range r.files {
		if notes := packageNotes(f.module); notes != nil {
			r.info.At = position(f.module.Package.Location)
			if err := r.info.annotate(notes); err != nil {
				r.broken = &Error{At: r.info.At, Message: err.Error()}
				return
			}
			break
		}
	}
	r.findSets()
}

// findSets finds which sets of the rule contract the rule defines, and that they are sets.
func (r *rule) findSets() {
	for _, outcome := range outcomes {
		for _, f := range r.files {
			ref, err := definition(f.module, string(outcome))
			if err != nil {
				r.sets, r.broken = nil, err
				return
			}
			if ref != nil {
				r.sets = append(r.sets, set{outcome: outcome, ref: ref})
				break
			}
		}
	}
	if len(r.sets) == 0 {
		r.broken = faultAt(r.info.At, "the rule defines none of the sets fail, unknown, not_applicable and pass")
	}
}

// definition is the reference to the set called name in m; nil if m does not define it.
func definition(m *ast.Module, name string) (ast.Ref, error) {
	for _, r := range m.Rules {
		if headName(r) != name {
			continue
		}
		if len(r.Head.Ref()) != 1 || len(r.Head.Args) > 0 || r.Head.Key == nil || r.Head.Value != nil {
			return nil, faultAt(position(r.Location), "%s must be a set of findings; write: %s contains tljh.finding(path, message) if { … }", name, name)
		}
		return m.Package.Path.Append(ast.StringTerm(name)), nil
	}
	return nil, nil
}

func headName(r *ast.Rule) string {
	switch v := r.Head.Ref()[0].Value.(type) {
	case ast.Var:
		return string(v)
	case ast.String:
		return string(v)
	}
	return fmt.Sprint(r.Head.Name)
}
