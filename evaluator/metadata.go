package evaluator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// packageNotes is the METADATA of a module's package, nil if it has none.
func packageNotes(m *ast.Module) *ast.Annotations {
	for _, a := range m.Annotations {
		if a.Scope == "package" || a.Scope == "subpackages" {
			return a
		}
	}
	return nil
}

// ruleNotes is the METADATA of the first rule of a module whose name is name, nil if it has none.
func ruleNotes(m *ast.Module, name string) *ast.Annotations {
	for _, a := range m.Annotations {
		if a.Scope != "rule" && a.Scope != "document" {
			continue
		}
		target := keys(a.GetTargetPath())
		if len(target) > 0 && target[len(target)-1] == name {
			return a
		}
	}
	return nil
}

// annotate fills in what METADATA says about a rule.
func (r *Rule) annotate(a *ast.Annotations) error {
	if a == nil {
		return nil
	}
	if a.Title != "" {
		r.Title = a.Title
	}
	r.Description = strings.TrimSpace(a.Description)
	for _, resource := range a.RelatedResources {
		r.Resources = append(r.Resources, resource.Ref.String())
	}
	for key, text := range map[string]*string{"remediation": &r.Remediation, "scope": &r.Scope, "severity": (*string)(&r.Severity)} {
		switch v := a.Custom[key].(type) {
		case nil:
		case string:
			*text = strings.TrimSpace(v)
		default:
			return fmt.Errorf("METADATA: custom.%s must be a text", key)
		}
	}
	if !slices.Contains([]Severity{SeverityError, SeverityWarning, SeverityInfo}, r.Severity) {
		return fmt.Errorf("METADATA: custom.severity is %q; it must be error, warning or info", cut(string(r.Severity)))
	}
	if r.Scope != "" && r.Scope != "advice" {
		return fmt.Errorf("METADATA: custom.scope is %q; it can only be advice", cut(r.Scope))
	}
	var err error
	r.Params, err = declaredParams(a.Custom["params"])
	return err
}
