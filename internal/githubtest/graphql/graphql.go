// Package graphql executes GraphQL documents over plain Go values. Given a schema it validates documents and coerces
// variables as the service does, and checks its own answers against the schema; without one it just executes.
package graphql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Object is a node: "__typename", and a value for each field. A value is a scalar, an Object, a list of either, nil, or a Field.
type Object map[string]any

// Field computes a field's value when it is asked for.
type Field func(args Args) (any, error)

// Args are a field's arguments, variables resolved.
type Args map[string]any

// String returns a text argument, or "".
func (a Args) String(name string) string { s, _ := a[name].(string); return s }

// Input returns an input object, or an empty one.
func (a Args) Input(name string) Args { m, _ := a[name].(map[string]any); return m }

// Int returns a whole number and whether it was given.
func (a Args) Int(name string) (int, bool) {
	switch n := a[name].(type) {
	case float64:
		return int(n), true
	case int64:
		return int(n), true
	case int:
		return n, true
	}
	return 0, false
}

// Error is an entry of "errors". Type is GitHub's, such as FORBIDDEN or NOT_FOUND.
type Error struct {
	Type       string         `json:"type,omitempty"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
	Message    string         `json:"message"`
}

func (e *Error) Error() string { return e.Message }

// Request is a parsed document and the operation to run.
type Request struct {
	schema    *ast.Schema // may be nil
	document  *ast.QueryDocument
	operation *ast.OperationDefinition
	variables map[string]any
}

// Parse reads a document; with a schema it also validates it. The errors are what the service would answer.
func Parse(schema *ast.Schema, query, operationName string, variables map[string]any) (*Request, []*Error) {
	document, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, []*Error{{Message: err.Error()}}
	}
	operation := document.Operations.ForName(operationName)
	if operation == nil {
		return nil, []*Error{{Message: fmt.Sprintf("No operation named %q", operationName)}}
	}
	if schema == nil {
		return &Request{nil, document, operation, withDefaults(operation, variables)}, nil
	}
	if list := validator.ValidateWithRules(schema, document, rules.NewDefaultRules()); len(list) > 0 {
		return nil, convert(list)
	}
	coerced, err := validator.VariableValues(schema, operation, variables)
	if err != nil {
		return nil, []*Error{{Message: err.Error()}}
	}
	return &Request{schema, document, operation, coerced}, nil
}

func convert(list gqlerror.List) (errors []*Error) {
	for _, err := range list {
		errors = append(errors, &Error{Message: err.Message, Extensions: map[string]any{"code": err.Rule}})
	}
	return errors
}

func withDefaults(operation *ast.OperationDefinition, variables map[string]any) map[string]any {
	all := map[string]any{}
	for _, definition := range operation.VariableDefinitions {
		if value, ok := variables[definition.Variable]; ok {
			all[definition.Variable] = value
		} else if definition.DefaultValue != nil {
			all[definition.Variable], _ = definition.DefaultValue.Value(nil)
		}
	}
	return all
}

// Name returns the operation's name; "" for an anonymous one.
func (r *Request) Name() string { return r.operation.Name }

// Mutation says whether the operation changes something.
func (r *Request) Mutation() bool { return r.operation.Operation == ast.Mutation }

// Fields returns the names of the operation's own fields, such as "repository" or "minimizeComment", without aliases.
func (r *Request) Fields() (names []string) {
	for _, selection := range r.operation.SelectionSet {
		if field, ok := selection.(*ast.Field); ok {
			names = append(names, field.Name)
		}
	}
	return names
}
