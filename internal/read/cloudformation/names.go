package cloudformation

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// snake is v with CloudFormation's names written as Terraform does ("InstanceType" is "instance_type"), and lists of Key and
// Value pairs under the names of tags as maps.
func snake(v *eval.Val, depth int) *eval.Val {
	switch {
	case v.IsNull() || depth > maxDepth:
		return v
	case v.Kind == eval.List:
		out := *v
		out.Items = make([]*eval.Val, len(v.Items))
		for i, it := range v.Items {
			out.Items[i] = snake(it, depth+1)
		}
		return &out
	case v.Kind != eval.Map:
		return v
	}
	out := eval.MapAt(v.At)
	for _, k := range v.Keys {
		c := v.Child[k]
		name := markup.Snake(k)
		switch name {
		case "tags", "target_tags", "dimensions", "file_system_tags":
			out.Put(name, pairs(c))
		case "parameters":
			out.Put(name, singles(c))
		default:
			out.Put(name, snake(c, depth+1))
		}
	}
	return out
}

// pairs is [{Key, Value}] as a list of maps with one key each; a map stays one. CloudWatch says Name for Key, and Pulumi
// writes all of them small.
func pairs(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.List {
		return v
	}
	out := eval.ListAt(v.At)
	for _, it := range v.Items {
		key := either(it, "Key", "key", "Name", "name")
		s, ok := key.Str()
		switch {
		case it.Kind != eval.Map:
			out.Items = append(out.Items, it)
		case !ok:
			out.Items = append(out.Items, eval.NotKnown("a tag whose key is not known: "+key.Reason(), it.At))
		default:
			m := eval.MapAt(it.At)
			m.Put(s, either(it, "Value", "value"))
			out.Items = append(out.Items, m)
		}
	}
	return out
}

// either is what stands under the first of names that is there.
func either(v *eval.Val, names ...string) *eval.Val {
	for _, n := range names {
		if c := v.Attr(n); !c.IsNull() {
			return c
		}
	}
	return eval.None()
}

// singles is a map whose lists of one element are that element, as Systems Manager's parameters are in Terraform.
func singles(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.Map {
		return v
	}
	out := eval.MapAt(v.At)
	for _, k := range v.Keys {
		c := v.Child[k]
		if c.Kind == eval.List && len(c.Items) == 1 {
			c = c.Items[0]
		}
		if strings.EqualFold(k, "ExcludeBootVolume") { // of lifecycle policies, whose parameters are arguments
			k = "exclude_boot_volume"
		}
		out.Put(k, c)
	}
	return out
}

// merged is a list of maps as one, where a single map is wanted.
func merged(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.List {
		return v
	}
	out := eval.MapAt(v.At)
	for _, it := range v.Items {
		if it.Kind != eval.Map {
			return it
		}
		for _, k := range it.Keys {
			out.Put(k, it.Child[k])
		}
	}
	return out
}
