package syntax

// Node is anything that has a place: the bytes [From, To) of the text. Brackets around an expression are not part of it.
type Node interface{ Range() (from, to int) }

// Place is embedded in every node.
type Place struct{ From, To int }

// Range is the place itself.
func (p Place) Range() (from, to int) { return p.From, p.To }

// Expr is an expression, Stmt a statement; their names are those of CPython's ast.
type (
	Expr interface {
		Node
		expr()
	}
	Stmt interface {
		Node
		stmt()
	}
)

func (Place) expr() {}
func (Place) stmt() {}

// The expressions.
type (
	Ident struct { // a name
		Place
		Name string
	}
	Const struct { // None, True, False, ... or a number
		Place
		Text string
	}
	Str struct { // one or more strings side by side
		Place
		Parts []StrPart
	}
	Seq struct { // List, Tuple or Set
		Place
		Kind  string
		Items []Expr
	}
	Dict struct {
		Place
		Keys, Values []Expr // a nil key: the value is unpacked with **
	}
	Unary struct {
		Place
		Op string // + - ~ not
		X  Expr
	}
	Bin struct {
		Place
		Op   string
		L, R Expr
	}
	Logic struct { // and, or
		Place
		Op    string
		Items []Expr
	}
	Compare struct {
		Place
		First Expr
		Ops   []string
		Rest  []Expr
	}
	Cond struct { // Then if Test else Else
		Place
		Test, Then, Else Expr
	}
	Lambda struct {
		Place
		Params *Params
		Body   Expr
	}
	Call struct {
		Place
		Func  Expr
		Args  []Expr
		Named []Named
	}
	Attr struct {
		Place
		X    Expr
		Name string
	}
	Index struct {
		Place
		X, I Expr
	}
	Slice struct {
		Place
		Low, High, Step Expr
	}
	Star struct {
		Place
		X Expr
	}
	Comp struct { // ListComp, SetComp, DictComp or GeneratorExp
		Place
		Kind       string
		Elt, Value Expr // Value: of a DictComp
		Fors       []CompFor
	}
	Await struct {
		Place
		X Expr
	}
	Yield struct {
		Place
		X    Expr
		Full bool // yield from
	}
	Walrus struct {
		Place
		Target *Ident
		Value  Expr
	}
)

// Named is NAME=value in a call, or **value without a name.
type Named struct {
	Place
	Name  string
	Value Expr
}

// CompFor is one "for" of a comprehension with its conditions.
type CompFor struct {
	Target, In Expr
	Ifs        []Expr
	Async      bool
}

// Param is a parameter of a function.
type Param struct {
	Place
	Name    string
	Ann     Expr
	Default Expr
}

// Params are the parameters of a function; Only are those before "/".
type Params struct {
	Only, Plain, Keyword []Param
	Rest, Names          *Param // *args and **kwargs
}

// The statements.
type (
	ExprStmt struct {
		Place
		X Expr
	}
	Assign struct {
		Place
		Targets []Expr
		Value   Expr
	}
	AugAssign struct {
		Place
		Target Expr
		Op     string
		Value  Expr
	}
	AnnAssign struct {
		Place
		Target, Ann, Value Expr
	}
	Return struct {
		Place
		X Expr
	}
	Delete struct {
		Place
		Targets []Expr
	}
	Word struct { // Pass, Break, Continue
		Place
		Kind string
	}
	Raise struct {
		Place
		X, Cause Expr
	}
	Scope struct { // Global, Nonlocal
		Place
		Kind  string
		Names []string
	}
	Assert struct {
		Place
		Test, Msg Expr
	}
	Import struct {
		Place
		Names []Alias
	}
	ImportFrom struct {
		Place
		Module string
		Level  int
		Names  []Alias
	}
	If struct {
		Place
		Test       Expr
		Body, Else []Stmt
	}
	For struct {
		Place
		Target, In Expr
		Body, Else []Stmt
		Async      bool
	}
	While struct {
		Place
		Test       Expr
		Body, Else []Stmt
	}
	With struct {
		Place
		Items []WithItem
		Body  []Stmt
		Async bool
	}
	Try struct {
		Place
		Body, Else, Final []Stmt
		Handlers          []Handler
	}
	Func struct { // FunctionDef, AsyncFunctionDef
		Place
		Name       string
		Params     *Params
		Body       []Stmt
		Decorators []Expr
		Async      bool
	}
	Class struct {
		Place
		Name       string
		Bases      []Expr
		Named      []Named
		Body       []Stmt
		Decorators []Expr
	}
	Match struct {
		Place
		Subject Expr
		Cases   []Case
	}
	TypeAlias struct {
		Place
		Name string
	}
	Opaque struct { // what is no Python, with all that is indented below it
		Place
		Tokens []Token
		Err    *Error
	}
)

// Alias is an imported name.
type Alias struct {
	Place
	Name, As string
}

// WithItem is "X as Target".
type WithItem struct{ X, Target Expr }

// Handler is an except clause.
type Handler struct {
	Place
	Type Expr
	Name string
	Body []Stmt
}

// Case is a case of a match statement; the pattern is not taken apart.
type Case struct {
	Pattern []Token
	Guard   Expr
	Body    []Stmt
}
