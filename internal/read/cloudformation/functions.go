package cloudformation

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// dynamic is a reference that CloudFormation resolves itself, in the middle of any string.
var dynamic = lazyregexp.New(`\{\{resolve:([a-z-]+):([^{}]*)\}\}`)

// value evaluates n with the functions in it.
func (t *template) value(n *markup.Node, depth int) *eval.Val {
	if n == nil {
		return eval.None()
	}
	at := eval.At(n.At)
	if t.fuel++; t.fuel > maxFuel || depth > maxDepth {
		if !t.spent {
			t.spent = true
			t.c.NotEvaluated("this template takes too long to evaluate", at)
		}
		return eval.NotKnown("this template takes too long to evaluate", at)
	}
	if n.Tag != "" {
		name := strings.TrimPrefix(n.Tag, "!")
		if name != "Ref" && name != "Condition" {
			name = "Fn::" + name
		}
		arg := *n
		arg.Tag = ""
		return t.call(name, &arg, at, depth+1)
	}
	switch n.Kind {
	case markup.Map:
		if len(n.Members) == 1 {
			if k := n.Members[0].Key.String(); k == "Ref" || strings.HasPrefix(k, "Fn::") {
				return t.call(k, n.Members[0].Value, eval.At(n.Members[0].Key), depth+1)
			}
		}
		out := eval.MapAt(at)
		for _, m := range n.Members {
			if k := m.Key.String(); strings.HasPrefix(k, "Fn::") {
				return eval.NotKnown(k+" is not evaluated here", at)
			} else if v := t.value(m.Value, depth+1); !v.IsNull() {
				out.Put(k, v)
			}
		}
		return out
	case markup.List:
		out := eval.ListAt(at)
		for _, it := range n.Items {
			if v := t.value(it, depth+1); !v.IsNull() {
				out.Items = append(out.Items, v)
			}
		}
		return out
	case markup.Null:
		return eval.None()
	case markup.Bool:
		return eval.BoolOf(strings.EqualFold(n.Str(), "true"), at)
	case markup.Number:
		if f, _, err := big.ParseFloat(n.Str(), 10, 64, big.ToNearestEven); err == nil && !f.IsInf() {
			return eval.NumberOf(f, at)
		}
	}
	return resolved(n.Text)
}

// resolved is a string with CloudFormation's own references in it.
func resolved(text span.Text) *eval.Val {
	s := text.String()
	all := dynamic.FindAllStringSubmatchIndex(s, 1000)
	if len(all) == 0 {
		return eval.TextOf(text)
	}
	if m := all[0]; m[0] == 0 && m[1] == len(s) && s[m[2]:m[3]] == "ssm" {
		return eval.Text("resolve:ssm:"+s[m[4]:m[5]], eval.At(text)) // an image's public parameter tells the image
	}
	var parts []span.Text
	from := 0
	for _, m := range all {
		why := fmt.Sprintf("looked up when the stack is made (%s)", s[m[2]:m[5]])
		parts = append(parts, text.Slice(from, m[0]), span.Literal(span.Unknown(why), text.Slice(m[0], m[1])))
		from = m[1]
	}
	return eval.TextOf(span.Concat(append(parts, text.Slice(from, len(s)))...))
}

// call evaluates one function.
func (t *template) call(name string, arg *markup.Node, at eval.Place, depth int) *eval.Val {
	if arg == nil || depth > maxDepth {
		return eval.NotKnown(name+" is not evaluated here", at)
	}
	list := func(i int) *markup.Node {
		if arg.Kind == markup.List && i < len(arg.Items) {
			return arg.Items[i]
		}
		return nil
	}
	switch name {
	case "Ref":
		return t.ref(arg.Str(), eval.At(arg.At))
	case "Fn::GetAtt":
		res, attr, _ := strings.Cut(arg.Str(), ".")
		if arg.Kind == markup.List {
			res = list(0).Str()
			v := t.value(list(1), depth)
			if s, ok := v.Str(); ok {
				attr = s
			}
		}
		return t.attribute(res, attr, eval.At(arg.At))
	case "Fn::Sub":
		return t.sub(arg, at, depth)
	case "Fn::Join":
		with := span.Text{}
		if n := list(0); n.Str() != "" {
			with = span.Literal(n.Str(), n.At)
		}
		return t.c.Module().Joined(name, with, t.value(list(1), depth), at)
	case "Fn::Base64":
		v := t.value(arg, depth)
		if v.IsNull() || v.Kind == eval.Unknown || v.Kind == eval.String {
			return v.Encoded()
		}
		return eval.TextOf(t.c.Module().AsText(v)).Encoded()
	case "Fn::If":
		return t.choose(list(0), list(1), list(2), at, depth)
	case "Fn::FindInMap":
		return t.findInMap(arg, at, depth)
	case "Fn::Select":
		return eval.Element(t.value(list(0), depth), t.value(list(1), depth), at)
	case "Fn::Split":
		return eval.Cut(name, list(0).Str(), t.value(list(1), depth), at)
	case "Fn::ToJsonString":
		if v := t.value(arg, depth); !v.IsNull() {
			return t.c.JSONText(v)
		}
	case "Fn::ImportValue":
		return eval.NotKnown("another stack exports it", at)
	case "Fn::GetAZs", "Fn::Cidr":
		return eval.NotKnown("known only when the stack is made ("+name+")", at)
	case "Fn::Transform":
		t.c.NotEvaluated("a macro (Fn::Transform) makes a part of the template", at)
		return eval.NotKnown("a macro makes it", at)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition", "Fn::Condition":
		return t.logic(name, arg, at, depth)
	}
	return eval.NotKnown(name+" is not evaluated", at)
}

// ref is what a name stands for: a parameter, a resource's id, or what AWS knows.
func (t *template) ref(name string, at eval.Place) *eval.Val {
	switch {
	case name == "AWS::NoValue":
		return eval.None()
	case name == "AWS::Partition":
		return eval.Text("aws", at).Assume("the usual partition")
	case strings.HasPrefix(name, "AWS::"):
		return eval.NotKnown("known only when the stack is made ("+name+")", at)
	}
	if p := t.root.Get("Parameters").Member(name); p != nil && p.Key.String() == name {
		return t.parameter(p, at)
	}
	if r := t.resources[name]; r != nil {
		return r.res.Ref("id").AtPlace(at)
	}
	if n := t.root.Get("Resources").Get(name); n != nil {
		return eval.NotKnown(name+" is not made, or cannot be read", at)
	}
	return eval.NotKnown(name+" is not declared in this template", at)
}

// parameter is what whoever makes the stack gives, else its default.
func (t *template) parameter(p *markup.Member, at eval.Place) *eval.Val {
	name := p.Key.String()
	def := p.Value.Get("Default")
	if def == nil && p.Value.Get("Type").Str() == "AWS::EC2::KeyPair::KeyName" {
		return t.keyPair(name, at) // AWS makes no stack without the name of a key that exists
	}
	if def == nil {
		return eval.NotKnown(fmt.Sprintf("parameter %s has no Default; give it one, or state the fact in an infra.yaml", name), at)
	}
	if strings.EqualFold(p.Value.Get("NoEcho").Str(), "true") {
		return eval.NotKnown(fmt.Sprintf("parameter %s is a secret (NoEcho)", name), at)
	}
	why := fmt.Sprintf("the default of parameter %s; whoever makes the stack may give another value", name)
	typ := p.Value.Get("Type").Str()
	switch {
	case strings.HasPrefix(typ, "AWS::SSM::Parameter::Value<AWS::EC2::Image"):
		return eval.Text("resolve:ssm:"+def.Str(), eval.At(def.At)).Assume(why)
	case strings.HasPrefix(typ, "AWS::SSM::Parameter::Value"):
		return eval.NotKnown("looked up when the stack is made (SSM parameter "+def.Str()+")", at)
	}
	v := t.value(def, 1)
	if typ == "CommaDelimitedList" || strings.HasPrefix(typ, "List<") {
		return v.SplitCommas()
	}
	return v.Assume(why)
}

// keyPair stands for the key whose name has to be given.
func (t *template) keyPair(name string, at eval.Place) *eval.Val {
	r := t.resources["parameter "+name]
	if r == nil {
		r = &resource{name: name, res: t.c.Declare("cloudformation_parameter", name, at)}
		if r.res == nil {
			return eval.NotKnown("parameter "+name+" has no Default", at)
		}
		r.res.Data = true
		t.resources["parameter "+name] = r
	}
	return r.res.Ref("name").AtPlace(at)
}

// attribute is an attribute of a resource.
func (t *template) attribute(name, attr string, at eval.Place) *eval.Val {
	r := t.resources[name]
	if r == nil || attr == "" {
		return eval.NotKnown(name+"."+attr+" is not declared in this template", at)
	}
	if r.typ == "AWS::CloudFormation::Stack" || strings.HasPrefix(r.typ, "Custom::") {
		return eval.NotKnown("known only when the stack is made ("+name+"."+attr+")", at)
	}
	return r.res.Ref(markup.Snake(attr)).AtPlace(at)
}
