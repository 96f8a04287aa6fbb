package yaml12

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// builder makes the tree of doc nodes from yaml.v3's.
type builder struct {
	text      span.Text // the text as given, for places
	src       string    // the same bytes, template lines blanked
	index     *index
	opts      Options
	yaml11    bool
	templated bool

	nodes   int
	active  map[*yaml.Node]bool // aliased nodes being expanded, to see one inside itself
	topKeys []topKey
	opaque  [][2]int // quoted and block scalars
	errs    []Error
	bound   *Error
}

type topKey struct {
	name string
	line int
}

func (b *builder) document(n *yaml.Node) *doc.Node {
	if n == nil || len(n.Content) == 0 {
		return doc.Of(nil, doc.Set, b.text.Span())
	}
	b.active = map[*yaml.Node]bool{}
	root, _ := b.node(n.Content[0], 0)
	return root
}

func (b *builder) fail(at span.Span, format string, args ...any) {
	b.errs = append(b.errs, Error{At: at, Msg: fmt.Sprintf(format, args...)})
}

// node yields the value of n and the offset just after its text.
func (b *builder) node(n *yaml.Node, depth int) (*doc.Node, int) {
	start := b.index.offset(n.Line, n.Column)
	b.nodes++
	if b.bound == nil && (b.nodes > b.opts.MaxNodes || depth > b.opts.MaxDepth) {
		b.bound = &Error{b.text.PosOf(start), "too large or too deeply nested once its aliases are expanded", true}
	}
	if b.bound != nil {
		return doc.UnknownOf("not read", b.text.PosOf(start)), start
	}
	if n.Kind == yaml.AliasNode {
		end := start + 1 + len(n.Value)
		if b.active[n.Alias] || n.Alias == nil {
			b.bound = &Error{b.text.SpanOf(start, end), "the alias *" + n.Value + " refers to something that contains it", true}
			return doc.UnknownOf("not read", b.text.PosOf(start)), end
		}
		b.active[n.Alias] = true
		v, _ := b.node(n.Alias, depth+1)
		delete(b.active, n.Alias)
		return v, end // the place is the anchor's, where the text stands
	}
	bang := start+1 < len(b.src) && b.src[start] == '!' && b.src[start+1] == ' ' // "! 5": a number
	start = skipProperties(b.src, start)
	switch n.Kind {
	case yaml.MappingNode:
		if b.isAnchor(n) {
			b.active[n] = true
			defer delete(b.active, n)
		}
		m, end := b.mapping(n, start, depth)
		return b.taggedMap(n, m), end
	case yaml.SequenceNode:
		if b.isAnchor(n) {
			b.active[n] = true
			defer delete(b.active, n)
		}
		list := doc.NewList(doc.Set, span.Span{})
		end := start
		for _, c := range n.Content {
			v, e := b.node(c, depth+1)
			list.Add(v)
			end = max(end, e)
		}
		end = b.closing(n, start, end, ']')
		list.At = b.text.SpanOf(start, end)
		return b.taggedList(n, list), end
	}
	return b.scalar(n, start, bang)
}

func (b *builder) isAnchor(n *yaml.Node) bool { return n.Anchor != "" && !b.active[n] }

// closing is the offset after a flow collection's closing bracket; end itself for a block collection.
func (b *builder) closing(n *yaml.Node, start, end int, bracket byte) int {
	if n.Style&yaml.FlowStyle == 0 {
		return end
	}
	for i := max(end, start+1); i < len(b.src); i++ {
		switch c := b.src[i]; {
		case c == bracket:
			return i + 1
		case c == '#':
			for i < len(b.src) && b.src[i] != '\n' {
				i++
			}
		}
	}
	return end
}

func (b *builder) mapping(n *yaml.Node, start, depth int) (*doc.Node, int) {
	m := doc.NewMap(doc.Set, span.Span{})
	end := start
	seen := map[string]span.Span{}
	var merges []*doc.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		kn, vn := n.Content[i], n.Content[i+1]
		key, keyEnd := b.node(kn, depth+1)
		val, valEnd := b.node(vn, depth+1)
		if b.bound != nil {
			return m, end
		}
		keyAt := key.At
		if empty(vn) {
			valEnd = keyEnd
			if j := strings.IndexByte(b.src[min(keyEnd, len(b.src)):], ':'); j == 0 {
				valEnd++
			}
			val.At = b.text.SpanOf(b.text0(kn), valEnd)
		}
		end = max(end, keyEnd, valEnd)
		val.KeyAt = keyAt
		if key.State == doc.Unknown {
			m.State, m.Why = doc.Unknown, key.Why
			continue
		}
		name := keyName(key)
		same := sameKey(key)
		merge := kn.Kind == yaml.ScalarNode && kn.Value == "<<" && kn.Style == 0
		if first, dup := seen[same]; dup {
			if b.templated && m.Child[name] != nil {
				*m.Child[name] = *doc.UnknownOf("it is written twice, in branches of a template", keyAt)
				continue
			}
			b.fail(keyAt, "the key %s is written twice in one mapping (first on line %d); TLJH refuses the whole file", span.Show(name), first.Start.Line)
			continue
		}
		seen[same] = keyAt
		if depth == 0 {
			b.topKeys = append(b.topKeys, topKey{name, kn.Line})
		}
		if merge {
			from := b.mergeSources(val, keyAt)
			if depth == 0 { // at the root, what an alias names has no keys yet when ruamel merges it
				from = inline(vn, from)
			}
			merges = append(merges, from...)
			continue
		}
		m.Put(name, val)
	}
	for _, from := range merges {
		if from.State == doc.Unknown {
			m.State, m.Why = doc.Unknown, from.Why
		}
		for _, k := range from.Keys {
			if _, ok := m.Child[k]; !ok {
				m.Put(k, from.Child[k].Copy())
			}
		}
	}
	end = b.closing(n, start, end, '}')
	m.At = b.text.SpanOf(start, end)
	return m, end
}

// text0 is where a key's own text begins.
func (b *builder) text0(n *yaml.Node) int {
	return skipProperties(b.src, b.index.offset(n.Line, n.Column))
}

// empty says whether nothing was written for n.
func empty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0
}

func (b *builder) mergeSources(v *doc.Node, at span.Span) []*doc.Node {
	switch {
	case v.State == doc.Unknown && v.Kind != doc.Map:
		m := doc.NewMap(doc.Unknown, at)
		return []*doc.Node{m.Because(v.Why)}
	case v.Kind == doc.Map && v.Get("$tagged") == nil:
		return []*doc.Node{v}
	case v.Kind == doc.List:
		for _, it := range v.Items {
			if it.Kind != doc.Map {
				b.fail(at, "only mappings can be merged with <<")
				return nil
			}
		}
		return v.Items
	}
	b.fail(at, "only a mapping or a list of mappings can be merged with <<")
	return nil
}

// inline are the sources of a merge that are written where they are merged.
func inline(n *yaml.Node, from []*doc.Node) []*doc.Node {
	switch {
	case n.Kind == yaml.AliasNode:
		return nil
	case n.Kind != yaml.SequenceNode || len(n.Content) != len(from):
		return from
	}
	var out []*doc.Node
	for i, c := range n.Content {
		if c.Kind != yaml.AliasNode {
			out = append(out, from[i])
		}
	}
	return out
}

// sameKey is equal for keys that Python takes for the same: 1, 1.0 and true, say.
func sameKey(n *doc.Node) string {
	switch v := n.Value.(type) {
	case string:
		return "s" + v
	case bool:
		if v {
			return "n1"
		}
		return "n0"
	case int64, float64:
		return fmt.Sprintf("n%v", v)
	}
	return "o" + pyRepr(n)
}

func (b *builder) scalar(n *yaml.Node, start int, bang bool) (*doc.Node, int) {
	end := scalarEnd(b.src, start, n)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		b.opaque = append(b.opaque, [2]int{start, end})
	}
	at := b.text.SpanOf(start, end)
	value := unslash(n.Value, n.Style&yaml.DoubleQuotedStyle != 0)
	tag := ""
	if n.Style&yaml.TaggedStyle != 0 {
		tag = n.Tag
	}
	plain := n.Style&^yaml.TaggedStyle == 0
	if span.IsUnknown(n.Value) {
		why := span.Reason(n.Value)
		if plain && tag == "" && typeUnknown(n.Value) {
			return doc.UnknownOf(why, at), end
		}
		return doc.Of(n.Value, doc.Unknown, at).Because(why), end
	}
	v, problem := any(value), ""
	switch {
	case bang || tag == "!": // no tag at all: what the text looks like, quoted or not
		v, problem = resolvePlain(value, b.yaml11)
	case tag != "":
		v, problem = resolveTagged(tag, value, b.yaml11)
	case plain:
		v, problem = resolvePlain(value, b.yaml11)
	}
	if problem != "" {
		b.fail(at, "%s", problem)
	}
	switch t := v.(type) {
	case dateValue:
		m := doc.NewMap(doc.Set, at)
		m.Put("$date", doc.Of(string(t), doc.Set, at))
		return m, end
	case objectValue:
		return object(string(t), at), end
	case taggedValue:
		if t == "!vault" {
			return doc.UnknownOf("it is encrypted with Ansible Vault", at), end
		}
		m := doc.NewMap(doc.Set, at)
		m.Put("$tagged", doc.NewList(doc.Set, at, doc.Of("Tag('"+string(t)+"')", doc.Set, at), doc.Of(value, doc.Set, at)))
		return m, end
	}
	return doc.Of(v, doc.Set, at), end
}

// typeUnknown says whether what fills s could make it something else than a string: a number, a boolean, nothing.
func typeUnknown(s string) bool {
	return strings.Trim(span.Show(s), "…0123456789.+-_eE") == ""
}
