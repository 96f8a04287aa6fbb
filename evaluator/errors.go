package evaluator

import (
	"errors"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Error is a fault of a rule, with its place in the Rego file where there is one.
type Error struct {
	At      Position
	Message string
}

func (e *Error) Error() string {
	switch {
	case e.At.File == "":
		return e.Message
	case e.At.Line == 0:
		return e.At.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.At.File, e.At.Line, e.At.Column, e.Message)
}

// UnknownRuleError says that Options name a rule that does not exist.
type UnknownRuleError struct {
	ID    string
	Known []string // every id there is, sorted
}

func (e *UnknownRuleError) Error() string { return fmt.Sprintf("there is no rule %q", e.ID) }

// ParamError says that Options give a rule a parameter that it does not have, or of the wrong type.
type ParamError struct {
	Rule, Name string
	Reason     string
}

func (e *ParamError) Error() string {
	return fmt.Sprintf("parameter %q of rule %q: %s", e.Name, e.Rule, e.Reason)
}

// maxMessage bounds what a rule can make people read, in bytes.
const maxMessage = 8 << 10

func faultAt(at Position, format string, args ...any) *Error {
	return &Error{At: at, Message: cut(fmt.Sprintf(format, args...))}
}

func cut(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}

func position(loc *ast.Location) Position {
	if loc == nil {
		return Position{}
	}
	return Position{File: loc.File, Line: loc.Row, Column: loc.Col}
}

// faults turns what OPA's parser and compiler report into errors in plain words.
func faults(err error) []*Error {
	var many ast.Errors
	if errors.As(err, &many) {
		out := make([]*Error, len(many))
		for i, e := range many {
			out[i] = fault(e)
		}
		return out
	}
	if one := (*ast.Error)(nil); errors.As(err, &one) {
		return []*Error{fault(one)}
	}
	return []*Error{faultAt(Position{}, "%s", err)}
}

func fault(e *ast.Error) *Error {
	if name, ok := strings.CutPrefix(e.Message, "undefined function "); ok {
		if why := whyForbidden(name); why != "" {
			return faultAt(position(e.Location), "%s is not available to rules: %s", name, why)
		}
	}
	message := e.Message
	if message == "empty module" {
		message = "the file holds no Rego"
	}
	if e.Details != nil {
		message += "\n" + strings.Join(e.Details.Lines(), "\n")
	}
	return faultAt(position(e.Location), "%s", message)
}
