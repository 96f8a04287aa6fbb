package evaluator

import (
	"errors"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// readFinding decodes {"path", "message", "fix", "related", "settled_by"}, the latter three optional.
func readFinding(t *ast.Term) (f Finding, err error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		return f, fmt.Errorf("a finding must be made with tljh.finding, but is %s", kind(t))
	}
	for _, key := range o.Keys() {
		value := o.Get(key)
		switch key.Value {
		case ast.String("path"):
			f.Path, err = readPath(value)
		case ast.String("message"):
			f.Message, err = readText(value)
		case ast.String("fix"):
			f.Fix, err = readFix(value)
		case ast.String("related"):
			f.Related, err = readPaths(value, "related")
		case ast.String("settled_by"):
			f.SettledBy, err = readPaths(value, "settled_by")
		default:
			err = fmt.Errorf("a finding has no %s", cut(key.String()))
		}
		if err != nil {
			return f, err
		}
	}
	switch {
	case f.Message == "":
		return f, errors.New("a finding must have a message")
	case len(f.Path) == 0:
		return f, errors.New("a finding must have a path to its evidence")
	}
	return f, nil
}

// readReason decodes an element of not_applicable: a text, or a finding.
func readReason(t *ast.Term) (f Finding, err error) {
	if _, ok := t.Value.(ast.Object); ok {
		return readFinding(t)
	}
	f.Message, err = readText(t)
	return f, err
}

// readConftest decodes a text or an object with msg. Its path counts if it is one; all else is the author's own.
func readConftest(t *ast.Term) (f Finding, err error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		f.Message, err = readText(t)
		return f, err
	}
	message := o.Get(ast.InternedTerm("msg"))
	if message == nil {
		return f, errors.New("the object has no msg")
	}
	if f.Message, err = readText(message); err != nil {
		return f, err
	}
	if path := o.Get(ast.InternedTerm("path")); path != nil {
		if p, err := readPath(path); err == nil {
			f.Path = p
		}
	}
	return f, nil
}

func readText(t *ast.Term) (string, error) {
	s, ok := t.Value.(ast.String)
	switch {
	case !ok:
		return "", fmt.Errorf("a message must be a text, but is %s", kind(t))
	case strings.TrimSpace(string(s)) == "":
		return "", errors.New("a message must not be empty")
	case len(s) > maxMessage:
		return "", fmt.Errorf("a message must not be longer than %d bytes", maxMessage)
	}
	return string(s), nil
}

func readPath(t *ast.Term) ([]any, error) {
	a, ok := t.Value.(*ast.Array)
	switch {
	case !ok:
		return nil, fmt.Errorf("a path must be a list of keys and list indices, but is %s", kind(t))
	case a.Len() > maxPath:
		return nil, fmt.Errorf("a path must not have more than %d elements", maxPath)
	}
	path := make([]any, 0, a.Len())
	for i := range a.Len() {
		switch v := a.Elem(i).Value.(type) {
		case ast.String:
			if len(v) > maxMessage {
				return nil, fmt.Errorf("a key in a path must not be longer than %d bytes", maxMessage)
			}
			path = append(path, string(v))
		case ast.Number:
			n, ok := v.Int()
			if !ok || n < 0 {
				return nil, errors.New("a list index in a path must be a whole number from 0")
			}
			path = append(path, n)
		default:
			return nil, fmt.Errorf("a path must be of keys and list indices, but has %s in it", kind(a.Elem(i)))
		}
	}
	return path, nil
}

// readPaths decodes a list or set of paths.
func readPaths(t *ast.Term, what string) (out [][]any, err error) {
	add := func(element *ast.Term) error {
		if len(out) == maxFindings {
			return fmt.Errorf("%s must not have more than %d paths", what, maxFindings)
		}
		path, err := readPath(element)
		out = append(out, path)
		return err
	}
	switch v := t.Value.(type) {
	case *ast.Array:
		err = v.Iter(add)
	case ast.Set:
		err = v.Iter(add)
	default:
		err = fmt.Errorf("%s must be a list of paths, but is %s", what, kind(t))
	}
	return out, err
}

// readFix decodes what tljh.set_key and its siblings make, and what tljh.all_of makes of several.
func readFix(t *ast.Term) (*Fix, error) {
	fix, err := readChange(t)
	if err != nil {
		return nil, err
	}
	then := t.Value.(ast.Object).Get(ast.InternedTerm("then"))
	if then == nil {
		return fix, nil
	}
	more, ok := then.Value.(*ast.Array)
	switch {
	case !ok:
		return nil, fmt.Errorf("then of a fix must be a list of fixes, but is %s", kind(then))
	case more.Len() > maxPath:
		return nil, fmt.Errorf("a fix must not have more than %d changes", maxPath+1)
	}
	err = more.Iter(func(t *ast.Term) error {
		next, err := readChange(t)
		if err == nil {
			fix.Then = append(fix.Then, *next)
		}
		return err
	})
	return fix, err
}

// readChange decodes one change of a fix.
func readChange(t *ast.Term) (*Fix, error) {
	o, ok := t.Value.(ast.Object)
	if !ok {
		return nil, fmt.Errorf("a fix must be made with tljh.set_key or the like, but is %s", kind(t))
	}
	op, path, value := o.Get(ast.InternedTerm("op")), o.Get(ast.InternedTerm("path")), o.Get(ast.InternedTerm("value"))
	if op == nil || path == nil {
		return nil, errors.New("a fix must have op and path")
	}
	fix := &Fix{}
	switch op.Value {
	case ast.String("unset"):
		if value != nil {
			return nil, errors.New("a fix that unsets a key has no value")
		}
	case ast.String("set"), ast.String("add-item"), ast.String("remove-item"):
		if value == nil {
			return nil, errors.New("a fix must have a value")
		}
		decoded, err := ast.JSON(value.Value)
		if err != nil {
			return nil, fmt.Errorf("the value of a fix: %w", err)
		}
		fix.Value = decoded
	default:
		return nil, errors.New("the op of a fix must be set, unset, add-item or remove-item")
	}
	fix.Op = string(op.Value.(ast.String))
	var err error
	if fix.Path, err = readPath(path); err == nil && len(fix.Path) == 0 {
		err = errors.New("a fix must have a path")
	}
	return fix, err
}
