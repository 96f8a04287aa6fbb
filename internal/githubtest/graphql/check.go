package graphql

import (
	"fmt"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// interfaces are the ones our objects implement, for execution without a schema.
var interfaces = map[string][]string{
	"Bot": {"Actor", "Node"}, "User": {"Actor", "Node"}, "Organization": {"Actor", "Node"},
	"Blob": {"GitObject", "Node"}, "Tree": {"GitObject", "Node"}, "Commit": {"GitObject", "Node"},
	"IssueComment":             {"Comment", "Deletable", "Minimizable", "Node", "Updatable", "UpdatableComment"},
	"PullRequestReview":        {"Comment", "Deletable", "Minimizable", "Node", "Updatable", "UpdatableComment"},
	"PullRequestReviewComment": {"Comment", "Deletable", "Minimizable", "Node", "Updatable", "UpdatableComment"},
	"PullRequestReviewThread":  {"Node"}, "PullRequest": {"Comment", "Node", "Updatable", "UpdatableComment"}, "Repository": {"Node"}, "Ref": {"Node"},
}

// is says whether an object's type is, or implements, the type of a fragment.
func (e *execution) is(object Object, condition string) bool {
	name, _ := object["__typename"].(string)
	if condition == "" || condition == name {
		return true
	}
	list := interfaces[name]
	if e.schema != nil {
		if definition := e.schema.Types[name]; definition != nil {
			list = definition.Interfaces
		}
	}
	for _, implemented := range list {
		if implemented == condition {
			return true
		}
	}
	return false
}

// check holds a field's value against the schema.
func (e *execution) check(object Object, field *ast.Field, value any, path []any) {
	if e.schema == nil || field.Name == "__typename" {
		return
	}
	owner := e.schema.Types[fmt.Sprint(object["__typename"])]
	if owner == nil || owner.Fields.ForName(field.Name) == nil {
		e.faults = append(e.faults, fmt.Sprintf("%v: the schema has no field %s.%s", path, object["__typename"], field.Name))
		return
	}
	e.checkType(owner.Fields.ForName(field.Name).Type, value, path)
}

func (e *execution) checkType(want *ast.Type, value any, path []any) {
	fault := func(what string) {
		e.faults = append(e.faults, fmt.Sprintf("%v: %s, the schema wants %s", path, what, want))
	}
	if value == nil || isNilObject(value) {
		if want.NonNull && len(e.errors) == 0 {
			fault("null")
		}
		return
	}
	switch value := value.(type) {
	case []Object:
		if want.Elem == nil {
			fault("a list")
			return
		}
		for i, element := range value {
			e.checkType(want.Elem, element, append(path[:len(path):len(path)], i))
		}
	case []string:
		if want.Elem == nil {
			fault("a list")
			return
		}
		for i, element := range value {
			e.checkType(want.Elem, element, append(path[:len(path):len(path)], i))
		}
	case Object:
		if want.Elem != nil || !e.is(value, want.NamedType) {
			fault(fmt.Sprintf("a %v", value["__typename"]))
		}
	default:
		if want.Elem != nil || !e.scalar(want.NamedType, value) {
			fault(fmt.Sprintf("%T %v", value, value))
		}
	}
}

func (e *execution) scalar(name string, value any) bool {
	switch name {
	case "Int":
		_, ok := value.(int)
		return ok
	case "Boolean":
		_, ok := value.(bool)
		return ok
	}
	text, ok := value.(string)
	if definition := e.schema.Types[name]; ok && definition != nil && definition.Kind == ast.Enum {
		return definition.EnumValues.ForName(text) != nil
	}
	if name == "DateTime" && ok {
		_, err := time.Parse(time.RFC3339, text)
		return err == nil
	}
	return ok
}

func isNilObject(value any) bool {
	object, ok := value.(Object)
	return ok && object == nil
}
