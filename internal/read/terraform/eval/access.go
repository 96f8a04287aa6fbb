package eval

import (
	"encoding/base64"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Str is the string of a known scalar: numbers and booleans are converted as Terraform does.
func (v *Val) Str() (string, bool) {
	if v == nil {
		return "", false
	}
	switch v.Kind {
	case String:
		s := v.T.String()
		return s, !span.IsUnknown(s)
	case Number:
		return formatNumber(v.N)
	case Bool:
		return strconv.FormatBool(v.B), true
	}
	return "", false
}

// Num is the number of a known scalar; strings that hold one are converted.
func (v *Val) Num() (float64, bool) {
	if v == nil {
		return 0, false
	}
	switch v.Kind {
	case Number:
		f, _ := v.N.Float64()
		return f, true
	case String:
		f, err := strconv.ParseFloat(strings.TrimSpace(v.T.String()), 64)
		return f, err == nil && f == f && f < 1e300 && f > -1e300
	}
	return 0, false
}

// Int is the whole number of a known scalar.
func (v *Val) Int() (int64, bool) {
	f, ok := v.Num()
	if !ok || f != float64(int64(f)) {
		return 0, false
	}
	return int64(f), true
}

// Bool is the truth of a known scalar; "true", "false", 0 and 1 are converted.
func (v *Val) Bool() (b, ok bool) {
	if v == nil {
		return false, false
	}
	switch v.Kind {
	case Bool:
		return v.B, true
	case Number:
		return v.N.Sign() != 0, true
	case String:
		b, err := strconv.ParseBool(v.T.String())
		return b, err == nil
	}
	return false, false
}

// List is the elements of v: of a list, or v itself as the only one; nil for null. Lists in lists are flattened, as
// Terraform 0.11 configurations need.
func (v *Val) List() []*Val { return v.flatten(nil, 4) }

func (v *Val) flatten(out []*Val, depth int) []*Val {
	switch {
	case v.IsNull() || depth == 0 || len(out) > maxItems:
		return out
	case v.Kind == List:
		for _, it := range v.Items {
			out = it.flatten(out, depth-1)
		}
		return out
	}
	return append(out, v)
}

// Blocks is v as nested blocks, however they were written: blocks, one object, a list of objects, or unknown.
func (v *Val) Blocks() []*Val {
	var out []*Val
	for _, it := range v.List() {
		if it.Kind == Map || it.IsUnknown() {
			out = append(out, it)
		}
	}
	return out
}

// Attr is the attribute name of a map or block: null when it is not written, unknown when v is.
func (v *Val) Attr(name string) *Val {
	switch {
	case v.IsNull():
		return null
	case v.Kind == Unknown || v.Kind == Ref:
		return v
	case v.Kind == Map && v.res != nil:
		return v.res.Attr(name)
	case v.Kind == Map:
		if c := v.Child[name]; c != nil {
			return c
		}
		if v.named != nil {
			if c := v.named(v, name); c != nil {
				return c
			}
		}
	case v.Kind == List && len(v.Items) > 0:
		return v.Items[0].Attr(name)
	}
	return null
}

// Block is the first nested block called name, null if there is none.
func (v *Val) Block(name string) *Val {
	if b := v.Attr(name).Blocks(); len(b) > 0 {
		return b[0]
	}
	return null
}

// Target is the resource that v refers to, and the attribute; nil if it refers to none. A text with one reference
// inside ("arn:…/${aws_ebs_volume.x.id}") refers to that.
func (v *Val) Target() (*Resource, string) {
	if v == nil {
		return nil, ""
	}
	if v.From != nil {
		return v.From.Res, v.From.Path
	}
	if v.res != nil {
		return v.res, ""
	}
	return nil, ""
}

func formatNumber(n *big.Float) (string, bool) {
	if tooLarge(n) {
		return "", false
	}
	return n.Text('f', -1), true
}

func tooLarge(n *big.Float) bool {
	e := n.MantExp(nil)
	return n.IsInf() || e > 2048 || e < -2048
}

// Decoded is v as text: an encoding that was written out, as in a literal base64 string, is undone.
func (v *Val) Decoded() *Val {
	if v.IsNull() || v.Kind != String {
		return v
	}
	c := *v
	if v.Base64 || v.Gzip {
		c.Base64, c.Gzip = false, false
		return &c
	}
	if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(v.T.String())); err == nil && len(b) > 0 {
		s, ok := string(b), true
		if len(b) > 2 && b[0] == 0x1f && b[1] == 0x8b {
			s, ok = gunzip(b)
		}
		if ok && utf8.ValidString(s) {
			c.T = span.Literal(s, v.T)
		}
	}
	return &c
}

// SplitCommas is a string of comma-separated items as a list.
func (v *Val) SplitCommas() *Val {
	if v.IsNull() || v.Kind != String {
		return v
	}
	out := list(v.At)
	off := 0
	for _, part := range strings.Split(v.T.String(), ",") {
		lead := len(part) - len(strings.TrimLeft(part, " "))
		out.Items = append(out.Items, text(v.T.Slice(off+lead, off+lead+len(strings.TrimSpace(part))), v.At))
		off += len(part) + 1
	}
	return out
}

// Body is all of r as one map: its arguments and nested blocks on demand.
func (r *Resource) Body() *Val { return r.val() }

// Host is the host name in a URL, or v itself.
func (v *Val) Host() *Val {
	s, ok := v.Str()
	if !ok || v.Kind != String {
		return v
	}
	i := strings.Index(s, "://")
	if i < 0 {
		return v
	}
	i += 3
	j := i + strings.IndexAny(s[i:]+"/", "/:?#")
	c := *v
	c.T = v.T.Slice(i, j)
	return &c
}

// TextString is the text of a string, unknown tokens included; "" for anything else.
func (v *Val) TextString() string {
	if v == nil || v.Kind != String {
		return ""
	}
	return v.T.String()
}

// Text is a known string that is put together from what stands at at.
func Text(s string, at Place) *Val { return literal(s, at) }

// Unwrapped is v without the encodings that were applied symbolically.
func (v *Val) Unwrapped() *Val {
	if v.IsNull() || v.Kind != String || !v.Base64 && !v.Gzip {
		return v
	}
	c := *v
	c.Base64, c.Gzip = false, false
	return &c
}

// NotKnown is a value that the repository does not tell, with the reason.
func NotKnown(why string, at Place) *Val { return unknown(why, at) }

// ListOf is a list of values.
func ListOf(vs ...*Val) *Val { return list(Place{}, vs...) }

// Ref is what a reference to r's attribute means: its configured value, or a name for what only the cloud knows.
func (r *Resource) Ref(attr string) *Val { return r.get(attr) }

// Picked is what is known of the element that v was picked from a cloud's list by, null if it was not.
func (v *Val) Picked(attr string) *Val {
	if v == nil || v.From == nil {
		return null
	}
	return v.From.Of.Attr(attr)
}

// MapOf is a map with one key.
func MapOf(key string, v *Val) *Val {
	m := newMap(v.At)
	m.put(key, v)
	return m
}

// Is says whether v is certainly the word s, in any case.
func (v *Val) Is(s string) bool {
	w, ok := v.Str()
	return ok && strings.EqualFold(w, s)
}
