package python

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values.
const (
	Unknown Kind = iota
	None
	Bool
	Int
	Float
	Text // parts of it may be unknown (span.Unknown)
	Bytes
	List
	Tuple
	Set
	Dict
	Ref      // something imported or built in, by its dotted name
	Local    // a class of the file
	Function // a function of the file
	Config   // the configuration object
	SectionOf
	Thing  // an object of code that is not in the repository, or of a class of the program (Options.Outside)
	Lazy   // a trait that nothing has set: edits of whatever value it will have
	Either // one of several values; a nil one means: not set here
)

// Value is a value of Python. Lists, sets, dicts and lazy values are shared and changed in place, as in Python.
type Value struct {
	Kind     Kind
	Int      int64   // of an Int; 0 or 1 of a Bool
	Float    float64 // of a Float
	Text     span.Text
	Items    []*Value // of collections: the members, the values of a Dict
	Keys     []*Value // of a Dict
	Name     string   // of a Ref, Local, Function or SectionOf
	Why      string   // of Unknown and Either
	At       span.Span
	KeyAt    span.Span // where it was assigned
	Tainted  bool      // an Unknown that may be the configuration, or hold it
	Instance bool      // an Unknown that was made by calling the class Name
	Lazy     *Edits
	Object   *Object // of a Thing

	fn    *function
	class *class // of a Local whose body was read
	scope *scope // of a Module
}

// Edits are what a lazy value will do to the value that it meets (TRT: LazyConfigValue).
type Edits struct {
	Extend, Prepend []*Value
	Inserts         []Insert
	Update          *Value // a Set or Dict
}

// Insert puts V at place I of a list.
type Insert struct {
	I int64
	V *Value
}

// Empty says whether nothing was edited.
func (l *Edits) Empty() bool {
	return l == nil || len(l.Extend)+len(l.Prepend)+len(l.Inserts) == 0 && l.Update == nil
}

func textOf(t span.Text) *Value { return &Value{Kind: Text, Text: t, At: t.Span()} }

// TextOf is a text that was written at a place; parts of it may be unknown.
func TextOf(s string, at span.Span) *Value { return &Value{Kind: Text, Text: span.Plain(s), At: at} }

// UnknownOf is a value that is not known.
func UnknownOf(why string, at span.Span) *Value { return unknownAt(why, at) }

// BoolOf is True or False.
func BoolOf(b bool) *Value { return boolOf(b, span.Span{}) }

func intOf(i int64, at span.Span) *Value { return &Value{Kind: Int, Int: i, At: at} }

func boolOf(b bool, at span.Span) *Value {
	v := &Value{Kind: Bool, At: at}
	if b {
		v.Int = 1
	}
	return v
}

func unknownAt(why string, at span.Span) *Value { return &Value{Kind: Unknown, Why: why, At: at} }

// Str is the text of a wholly known Text.
func (v *Value) Str() (string, bool) {
	if v == nil || v.Kind != Text || span.IsUnknown(v.Text.String()) {
		return "", false
	}
	return v.Text.String(), true
}

// Reason says why v is not known, "" if it is (members of collections are not looked at).
func (v *Value) Reason() string {
	switch {
	case v == nil:
		return ""
	case v.Kind == Unknown || v.Kind == Either || v.Kind == Thing:
		return v.Why
	case v.Kind == Text && span.IsUnknown(v.Text.String()):
		return span.Reason(v.Text.String())
	}
	return ""
}

// bound is how many values a walk over a value may look at: shared values can be spelt in few bytes and be huge.
const bound = 20_000

// known says whether v and all its members are known.
func (v *Value) known() bool {
	n := bound
	return v.deep(func(x *Value) bool { return x.Reason() == "" && x.Kind != Lazy }, &n)
}

// deep says whether ok holds for v and all its members; false, too, for what is too large to look at.
func (v *Value) deep(ok func(*Value) bool, left *int) bool {
	if v == nil {
		return true
	}
	if *left--; *left < 0 || !ok(v) {
		return false
	}
	for _, it := range v.Items {
		if !it.deep(ok, left) {
			return false
		}
	}
	for _, it := range v.Keys {
		if !it.deep(ok, left) {
			return false
		}
	}
	return true
}

// mutable says whether v can be changed in place.
func (v *Value) mutable() bool {
	switch v.Kind {
	case List, Set, Dict, Lazy, Either, Tuple:
		return true
	}
	return false
}

// find is the index of a key of a Dict, -1 if it is not there; sure is false if it may be among keys that are not known.
func (v *Value) find(key *Value) (i int, sure bool) {
	sure = key.known()
	for i, k := range v.Keys {
		switch same, known := equal(k, key); {
		case !known:
			sure = false
		case same && sure:
			return i, true
		}
	}
	return -1, sure
}

// put sets a key of a Dict.
func (v *Value) put(key, value *Value) {
	if i, _ := v.find(key); i >= 0 {
		v.Items[i] = value
		return
	}
	v.Keys, v.Items = append(v.Keys, key), append(v.Items, value)
}

func (v *Value) remove(i int) {
	v.Items = append(v.Items[:i:i], v.Items[i+1:]...)
	if v.Kind == Dict {
		v.Keys = append(v.Keys[:i:i], v.Keys[i+1:]...)
	}
}

// add puts a member into a Set.
func (v *Value) add(x *Value) {
	for _, it := range v.Items {
		if same, known := equal(it, x); same && known {
			return
		}
	}
	v.Items = append(v.Items, x)
}

// Show is v for people, short; text is quoted.
func (v *Value) Show() string {
	if v == nil {
		return "nothing"
	}
	switch v.Kind {
	case None:
		return "None"
	case Bool:
		if v.Int != 0 {
			return "True"
		}
		return "False"
	case Int:
		return strconv.FormatInt(v.Int, 10)
	case Float:
		return floatText(v.Float)
	case Text:
		s := []rune(span.Show(v.Text.String()))
		if len(s) > 60 {
			s = append(s[:59], '…')
		}
		return strconv.Quote(string(s))
	case Ref, Local, Function:
		return v.Name
	case List, Tuple, Set, Dict:
		return "a " + strings.ToLower(v.Kind.String()) + " of " + strconv.Itoa(len(v.Items))
	}
	return "something that is not known"
}

// String is the name of the kind.
func (k Kind) String() string {
	return [...]string{"Unknown", "None", "Bool", "Int", "Float", "Text", "Bytes", "List", "Tuple", "Set", "Dict", "Ref", "Local", "Function", "Config", "Section", "Thing", "Lazy", "Either"}[k]
}

// function is a function or lambda of the file, with the scope it was defined in.
type function struct {
	params *syntax.Params
	body   []syntax.Stmt
	expr   syntax.Expr // of a lambda
	scope  *scope
	async  bool
	text   span.Text
	tokens []syntax.Token
	module *scope
	from   int
	to     int
	args   map[string]*Value // defaults, worked out when it was defined
	how    string            // "property", "staticmethod" or "classmethod"
	method *Value            // the class in whose body it stands
	self   *Value            // of a bound method: its object or class
	owner  *Value            // of a bound method: the class that has it
}
