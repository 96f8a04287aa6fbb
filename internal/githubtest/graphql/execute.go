package graphql

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Result is the body of an answer.
type Result struct {
	Data   map[string]any `json:"data"`
	Errors []*Error       `json:"errors,omitempty"`
}

type execution struct {
	*Request
	errors []*Error
	faults []string
}

// Execute runs the operation on a root object. faults are the executor's own: fields that the objects lack, and values that
// the schema does not allow.
func (r *Request) Execute(root Object) (result Result, faults []string) {
	e := &execution{Request: r}
	data := e.object(root, r.operation.SelectionSet, nil)
	return Result{data, e.errors}, e.faults
}

func (e *execution) object(object Object, set ast.SelectionSet, path []any) map[string]any {
	out := map[string]any{}
	for _, group := range e.collect(object, set, nil) {
		field := group[0]
		var below ast.SelectionSet
		for _, same := range group {
			below = append(below, same.SelectionSet...)
		}
		out[field.Alias] = e.field(object, field, below, append(slices.Clone(path), field.Alias))
	}
	return out
}

// collect gathers the fields that apply to an object; those with one response key come together.
func (e *execution) collect(object Object, set ast.SelectionSet, groups [][]*ast.Field) [][]*ast.Field {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if !e.included(selection.Directives) {
				continue
			}
			at := slices.IndexFunc(groups, func(g []*ast.Field) bool { return g[0].Alias == selection.Alias })
			if at < 0 {
				groups = append(groups, []*ast.Field{selection})
			} else {
				groups[at] = append(groups[at], selection)
			}
		case *ast.InlineFragment:
			if e.included(selection.Directives) && e.is(object, selection.TypeCondition) {
				groups = e.collect(object, selection.SelectionSet, groups)
			}
		case *ast.FragmentSpread:
			fragment := e.document.Fragments.ForName(selection.Name)
			if fragment != nil && e.included(selection.Directives) && e.is(object, fragment.TypeCondition) {
				groups = e.collect(object, fragment.SelectionSet, groups)
			}
		}
	}
	return groups
}

func (e *execution) field(object Object, field *ast.Field, below ast.SelectionSet, path []any) any {
	value, ok := object[field.Name]
	if !ok {
		e.faults = append(e.faults, fmt.Sprintf("this server has no field %s.%s", object["__typename"], field.Name))
		e.errors = append(e.errors, &Error{Path: path, Message: fmt.Sprintf("Field '%s' doesn't exist on type '%s'", field.Name, object["__typename"]),
			Extensions: map[string]any{"code": "undefinedField", "typeName": object["__typename"], "fieldName": field.Name}})
		return nil
	}
	if compute, ok := value.(Field); ok {
		var err error
		if value, err = compute(e.arguments(field)); err != nil {
			failure := &Error{Message: err.Error()}
			var typed *Error
			if errors.As(err, &typed) {
				copied := *typed
				failure = &copied
			}
			failure.Path = path
			e.errors = append(e.errors, failure)
			value = nil
		}
	}
	e.check(object, field, value, path)
	return e.complete(value, below, path)
}

func (e *execution) complete(value any, set ast.SelectionSet, path []any) any {
	switch value := value.(type) {
	case Object:
		if value == nil {
			return nil
		}
		return e.object(value, set, path)
	case []Object:
		out := make([]any, len(value))
		for i, element := range value {
			out[i] = e.object(element, set, append(slices.Clone(path), i))
		}
		return out
	}
	return value
}

func (e *execution) arguments(field *ast.Field) Args {
	args := Args{}
	for _, argument := range field.Arguments {
		value, err := argument.Value.Value(e.variables)
		if err == nil && value != nil {
			args[argument.Name] = value
		}
	}
	return args
}

func (e *execution) included(directives ast.DirectiveList) bool {
	for _, directive := range directives {
		var condition any
		if argument := directive.Arguments.ForName("if"); argument != nil {
			condition, _ = argument.Value.Value(e.variables)
		}
		if directive.Name == "skip" && condition == true || directive.Name == "include" && condition == false {
			return false
		}
	}
	return true
}
