package eval

import (
	"math/big"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Kind is what a value is.
type Kind uint8

// The kinds of values. Ref is an attribute that only the cloud knows, such as a new server's id: From names it.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
	Unknown
	Ref
)

// Val is a value with its origin. Do not change a Val after making it: values are shared.
type Val struct {
	Kind  Kind
	B     bool
	N     *big.Float
	T     span.Text
	Items []*Val
	Keys  []string // of a Map, in the order written
	Child map[string]*Val

	At   Place  // the expression that finally holds the literal
	Why  string // of an Unknown: what is missing and what would settle it
	From *Link  // the resource attribute that it is, or was read from

	IsSet     bool // a List that is a set
	Sensitive bool // marked so, or generated as a secret
	Base64    bool // T is what was encoded: base64encode() is kept symbolic
	Gzip      bool
	Assumed   string                         // whose default it is, where somebody may give another value when the thing is made
	invalid   bool                           // an Unknown that is an error: try() goes on
	block     bool                           // a nested block: missing attributes are the provider's
	named     func(v *Val, name string) *Val // finds a child under another name than Terraform's
	res       *Resource
	mod       *Module
}

// Link names an attribute of a resource: Path is "id" or "network_interface[0].access_config[0].nat_ip".
// Of is what is known of the element that the attribute belongs to, where it was picked by that from a list that only the
// cloud knows.
type Link struct {
	Res  *Resource
	Path string
	Of   *Val
}

// String is the attribute's address.
func (l *Link) String() string {
	if l.Path == "" {
		return l.Res.Addr
	}
	return l.Res.Addr + "." + l.Path
}

var null = &Val{}

func unknown(why string, at Place) *Val { return &Val{Kind: Unknown, Why: why, At: at} }
func invalid(why string, at Place) *Val { return &Val{Kind: Unknown, Why: why, At: at, invalid: true} }
func boolean(b bool, at Place) *Val     { return &Val{Kind: Bool, B: b, At: at} }
func number(n float64, at Place) *Val   { return &Val{Kind: Number, N: big.NewFloat(n), At: at} }
func list(at Place, items ...*Val) *Val { return &Val{Kind: List, Items: items, At: at} }
func text(t span.Text, at Place) *Val   { return &Val{Kind: String, T: t, At: at} }
func newMap(at Place) *Val              { return &Val{Kind: Map, Child: map[string]*Val{}, At: at} }

// literal is a computed string whose every byte maps to at.
func literal(s string, at Place) *Val { return text(span.Literal(s, at.Text()), at) }

func (v *Val) put(key string, c *Val) {
	if _, ok := v.Child[key]; !ok {
		v.Keys = append(v.Keys, key)
	}
	v.Child[key] = c
}

// at is v, placed at p when it has no place of its own.
func (v *Val) placed(p Place) *Val {
	if !v.At.IsZero() {
		return v
	}
	c := *v
	c.At = p
	return &c
}

func (v *Val) linked(l *Link) *Val {
	c := *v
	c.From = l
	return &c
}

func (v *Val) sensitive() *Val {
	if v.Sensitive {
		return v
	}
	c := *v
	c.Sensitive = true
	return &c
}

// IsNull says whether v is not written, or written as null.
func (v *Val) IsNull() bool { return v == nil || v.Kind == Null }

// IsUnknown says whether the repository does not tell v, or not all of it if it is a string.
func (v *Val) IsUnknown() bool {
	if v == nil {
		return false
	}
	switch v.Kind {
	case Unknown, Ref:
		return true
	case String:
		return span.IsUnknown(v.T.String())
	}
	return false
}

// Reason says why v is unknown, "" if it is known.
func (v *Val) Reason() string {
	switch {
	case v == nil:
		return ""
	case v.Kind == Unknown:
		return v.Why
	case v.Kind == Ref:
		return v.From.reason()
	case v.Kind == String && span.IsUnknown(v.T.String()):
		return span.Reason(v.T.String())
	}
	return ""
}

func (l *Link) reason() string {
	switch {
	case l.Res.Generated():
		return "a generated secret (" + l.String() + ")"
	case l.Res.Source != "":
		return "set by a module that is not in this repository (" + l.String() + ")"
	case l.Res.Data:
		return "looked up in the cloud (" + l.String() + ")"
	}
	return "known only after apply (" + l.String() + ")"
}

// Reasons collects why anything inside v is unknown: the first reason found, "" if all is known.
func (v *Val) anyReason(budget *int) string {
	if *budget--; v == nil || *budget < 0 {
		return ""
	}
	if r := v.Reason(); r != "" {
		return r
	}
	for _, it := range v.Items {
		if r := it.anyReason(budget); r != "" {
			return r
		}
	}
	for _, k := range v.Keys {
		if r := v.Child[k].anyReason(budget); r != "" {
			return r
		}
	}
	return ""
}
