package aws

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// conditions are those of a backup selection: all of them have to hold. Only equality of tags is evaluated.
type conditions struct {
	equal, differ []*eval.Val
	why           string // what is not evaluated
}

func conditionsOf(s *eval.Resource) (c conditions) {
	for _, b := range s.Attr("condition").Blocks() {
		if b.Kind != eval.Map {
			c.why = "the conditions of the selection are not known: " + b.Reason()
			continue
		}
		c.equal = append(c.equal, b.Attr("string_equals").Blocks()...)
		c.differ = append(c.differ, b.Attr("string_not_equals").Blocks()...)
		for _, name := range []string{"string_like", "string_not_like"} {
			if len(b.Attr(name).Blocks()) > 0 {
				c.why = "the selection matches tags by pattern (" + name + "), which is not evaluated; name the volumes in resources"
			}
		}
	}
	return c
}

// hold says whether something with these tags meets all conditions; why: that cannot be told.
func (c conditions) hold(tags ...*eval.Val) (yes bool, why string) {
	why = c.why
	for _, b := range append(append([]*eval.Val(nil), c.equal...), c.differ...) {
		key, ok := b.Attr("key").Str()
		key, tag := strings.CutPrefix(key, "aws:ResourceTag/")
		if !ok || !tag {
			why = "a condition of the selection is not about a tag"
			continue
		}
		hit, w := has(key, b.Attr("value"), tags...)
		if w != "" {
			why = w
			continue
		}
		wanted := false
		for _, e := range c.equal {
			wanted = wanted || e == b
		}
		if hit != wanted {
			return false, ""
		}
	}
	return why == "", why
}

// any says whether one of several sets of tags meets all conditions.
func (c conditions) any(sets [][]*eval.Val) (yes bool, why string) {
	for _, tags := range sets {
		y, w := c.hold(tags...)
		if y {
			return true, ""
		}
		if w != "" {
			why = w
		}
	}
	return false, why
}

// retag adds the tags that resources of their own put on machines and volumes.
func (r *reader) retag() {
	for _, res := range r.m.Config.Of("aws_ec2_tag") {
		key, ok := res.Attr("key").Str()
		if !ok {
			continue
		}
		tag := eval.MapOf(key, res.Attr("value"))
		if t, _ := res.Attr("resource_id").Target(); t != nil {
			if v := r.volumes[t]; v != nil {
				v.Tags = append(v.Tags, tag)
				v.Node.Put("tags", model.Tags(v.Node.At, v.Tags...))
			}
			if i := r.m.Owner[t]; i != nil && i.Res == t {
				i.Tags = append(i.Tags, tag)
				i.Put("tags", model.Tags(i.At, i.Tags...))
			}
		}
	}
	for _, h := range r.hosts {
		for _, b := range h.Res.Attr("tag").Blocks() { // of a group of one machine
			key, ok := b.Attr("key").Str()
			if on, _ := b.Attr("propagate_at_launch").Bool(); ok && on {
				h.Tags = append(h.Tags, eval.MapOf(key, b.Attr("value")))
				h.Put("tags", model.Tags(h.At, h.Tags...))
			}
		}
	}
}
