package eval

import (
	"regexp"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

var inReason = regexp.MustCompile(`\(((?:[\w.\-]|\["[^"\]]*"\]|\[\d+\])+)\)$`)

// Refs are the resources that v refers to, also inside a text ("arn:…/${aws_ebs_volume.x.id}") or in a list or map.
func (c *Config) Refs(v *Val) []*Link {
	var out []*Link
	c.refs(v, &out, 0)
	return out
}

func (c *Config) refs(v *Val, out *[]*Link, depth int) {
	if v == nil || depth > 8 || len(*out) > maxInstances {
		return
	}
	for _, it := range v.Items {
		c.refs(it, out, depth+1)
	}
	for _, k := range v.Keys {
		c.refs(v.Child[k], out, depth+1)
	}
	switch {
	case v.Kind == List || v.Kind == Map && v.res == nil && !v.block:
		return
	case v.From != nil:
		*out = append(*out, v.From)
	case v.res != nil:
		*out = append(*out, &Link{Res: v.res})
	case v.Kind == String && span.IsUnknown(v.T.String()):
		for i := 0; i < v.T.Len(); {
			start, end := v.T.SegmentAt(i)
			if l := c.byReason(span.Reason(v.T.String()[start:end])); l != nil {
				*out = append(*out, l)
			}
			i = max(end, i+1)
		}
	}
}

// ByAddr is the resource with an address, nil if there is none.
func (c *Config) ByAddr(addr string) *Resource {
	if c.byAddr == nil {
		c.byAddr = make(map[string]*Resource, len(c.Resources))
		for _, r := range c.Resources {
			c.byAddr[r.Addr] = r
		}
	}
	return c.byAddr[addr]
}

// byReason finds the resource whose attribute's address ends a reason, as Link.reason writes it.
func (c *Config) byReason(why string) *Link {
	m := inReason.FindStringSubmatch(why)
	if m == nil {
		return nil
	}
	for addr := m[1]; addr != ""; {
		if r := c.ByAddr(addr); r != nil {
			return &Link{Res: r, Path: strings.TrimPrefix(m[1][len(addr):], ".")}
		}
		i := strings.LastIndexAny(addr, ".[")
		if i < 0 {
			return nil
		}
		addr = addr[:i]
	}
	return nil
}

// Of are the resources of the given types, in the order written.
func (c *Config) Of(types ...string) []*Resource {
	if c.byType == nil {
		c.byType = map[string][]*Resource{}
		for _, r := range c.Resources {
			if !r.Data {
				c.byType[r.Type] = append(c.byType[r.Type], r)
			}
		}
	}
	if len(types) == 1 {
		return c.byType[types[0]]
	}
	var out []*Resource
	for _, t := range types {
		out = append(out, c.byType[t]...)
	}
	return out
}

// Find is the first resource of a type whose argument attr is v: the same text, or the same reference.
func (c *Config) Find(v *Val, attr, typ string) *Resource {
	key := sameKey(v)
	if key == "" {
		return nil
	}
	index := typ + " " + attr
	if c.byName[index] == nil {
		if c.byName == nil {
			c.byName = map[string]map[string]*Resource{}
		}
		names := map[string]*Resource{}
		for _, r := range c.Of(typ) {
			if k := sameKey(r.Attr(attr)); k != "" && names[k] == nil {
				names[k] = r
			}
		}
		c.byName[index] = names
	}
	return c.byName[index][key]
}

// sameKey is equal for values that are certainly the same, "" where nothing can be said.
func sameKey(v *Val) string {
	if s, ok := v.Str(); ok && s != "" {
		return "=" + s
	}
	switch {
	case v.IsNull():
	case v.Kind == Ref:
		return "ref:" + v.From.String()
	case v.Kind == Unknown && !v.invalid && (strings.HasPrefix(v.Why, "variable ") || strings.HasPrefix(v.Why, "the configuration ")): // Pulumi's word
		return "?" + v.Why
	}
	return ""
}

// Same says whether two values are certainly the same, although they may not be known.
func Same(a, b *Val) bool { k := sameKey(a); return k != "" && k == sameKey(b) }

// Sources are the files that a text was written in, sorted.
func Sources(t span.Text) []string {
	seen := map[string]bool{}
	var out []string
	for i := 0; i < t.Len(); {
		start, end := t.SegmentAt(i)
		if src := t.Slice(start, end).Source(); src != nil && !seen[src.File] {
			seen[src.File] = true
			out = append(out, src.File)
		}
		i = max(end, i+1)
	}
	sort.Strings(out)
	return out
}
