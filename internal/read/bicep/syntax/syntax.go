// Package syntax is the tree of a Bicep file, in which every expression keeps its place. It knows the language as
// Azure's documentation of Bicep has it: declarations, expressions, strings; types are skipped. What a name means is not
// decided here.
package syntax

import "github.com/tljh-policy/tljh-policy/internal/span"

// Op is what an expression is.
type Op uint8

// The kinds of expressions, with what is in their fields.
const (
	Null    Op = iota
	Bool       // Name is "true" or "false"
	Int        // Name is the number
	Literal    // Lit is a piece of a text
	Text       // Args are the pieces: Literal, or what stands in ${}
	Array      // Args are its elements
	Object     // Members, and Nested resources
	Spread     // Args[0]; in an array or object only
	Loop       // [for Vars in Args[0]: Args[1]]
	If         // if (Args[0]) Args[1]
	Name       // Name
	Member     // Args[0].Name
	Index      // Args[0][Args[1]]
	Child      // Args[0]::Name
	Call       // Name(Args)
	Method     // Args[0].Name(Args[1:])
	Unary      // Name is the operator, Args[0]
	Binary     // Args[0] Name Args[1]
	Choice     // Args[0] ? Args[1] : Args[2]
	Lambda     // Vars => Args[0]
	Group      // (Args…), more than one only before =>
)

// Expr is one expression.
type Expr struct {
	Op      Op
	At      span.Text // where it is written
	Name    string
	Safe    bool // .?name and [?i]: null where there is none
	FromEnd bool // [^i]
	Lit     span.Text
	Args    []*Expr
	Vars    []string
	Members []Entry
	Nested  []*Decl
}

// Entry is one property of an object; Key is a Literal or a Text, nil for a spread.
type Entry struct {
	Key   *Expr
	Value *Expr
}

// Get is the last property that is called name in plain letters, nil if e has none.
func (e *Expr) Get(name string) *Expr {
	if e == nil || e.Op != Object {
		return nil
	}
	for i := len(e.Members) - 1; i >= 0; i-- {
		if k := e.Members[i].Key; k != nil && k.Plain() == name {
			return e.Members[i].Value
		}
	}
	return nil
}

// Plain is the text of a string without ${}; "" for anything else.
func (e *Expr) Plain() string {
	switch {
	case e == nil:
	case e.Op == Literal:
		return e.Lit.String()
	case e.Op == Text:
		s := ""
		for _, a := range e.Args {
			if a.Op != Literal {
				return ""
			}
			s += a.Lit.String()
		}
		return s
	}
	return ""
}

// Decl is one declaration.
type Decl struct {
	Kind       string // "param", "var", "resource", "module", "output", "func", "type", "import", "targetScope", "using", …
	Name       string
	At         span.Text // its name, or its keyword where it has none
	Type       *Expr     // of a resource its type, of a module its path, of using, extends and import the file: a Text
	Nullable   bool      // the type of a param ends in ?
	Existing   bool
	Value      *Expr
	Decorators []*Expr
	Vars       []string // the parameters of a func
	Imports    []Import
}

// Import is one name that an import brings: Name is "*" for all of a file.
type Import struct{ Name, As string }

// Decorated says whether d has a decorator, with or without its namespace.
func (d *Decl) Decorated(name string) bool {
	for _, e := range d.Decorators {
		if (e.Op == Call || e.Op == Method) && e.Name == name {
			return true
		}
	}
	return false
}

// File is what a file declares.
type File struct {
	Src   *span.Source
	Decls []*Decl
	// Err is the first error, nil if there is none. Declarations before and after it are there all the same.
	Err *Error
}

// Error says where a file is not Bicep, and why.
type Error struct {
	At  span.Span
	Msg string
}
