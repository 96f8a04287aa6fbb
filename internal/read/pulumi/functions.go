package pulumi

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// call evaluates one function; n is the map that calls it.
func (p *runner) call(n *markup.Node, m markup.Member, depth int) *eval.Val {
	name, arg, at := m.Key.String(), m.Value, eval.At(m.Key)
	item := func(i int) *markup.Node {
		if arg.Kind == markup.List && i < len(arg.Items) {
			return arg.Items[i]
		}
		return nil
	}
	switch strings.ToLower(name) {
	case "fn::invoke":
		return p.invoke(n, arg.Get("function").Str(), arg.Get("arguments"), arg.Get("return").Str(), at, depth)
	case "fn::join":
		with := p.value(item(0), depth)
		return p.c.Module().Joined(name, p.c.Module().InText(with, with.At.Text()), p.value(item(1), depth), at)
	case "fn::split":
		by, ok := p.value(item(0), depth).Str()
		if !ok {
			return eval.NotKnown("what "+name+" splits at is not known", at)
		}
		return eval.Cut(name, by, p.value(item(1), depth), at)
	case "fn::select":
		return eval.Element(p.value(item(0), depth), p.value(item(1), depth), at)
	case "fn::tojson":
		return p.c.JSONText(p.value(arg, depth))
	case "fn::tobase64":
		return p.encoded(p.value(arg, depth))
	case "fn::frombase64":
		return p.value(arg, depth).Decoded()
	case "fn::readfile", "fn::fileasset", "fn::filearchive":
		v := p.value(arg, depth)
		if strings.EqualFold(name, "fn::readfile") {
			return p.file(v, at)
		}
		return v // its path
	case "fn::filebase64":
		return p.file(p.value(arg, depth), at).Encoded()
	case "fn::stringasset", "fn::unsecret":
		return p.value(arg, depth)
	case "fn::secret":
		return secret(p.value(arg, depth))
	case "fn::stackreference":
		return eval.NotKnown("another stack exports it", at)
	case "fn::singleornone":
		v := p.value(arg, depth)
		if v.Kind == eval.List && len(v.Items) < 2 {
			return first(v)
		}
		return eval.NotKnown(name+" of what is not known: "+v.Reason(), at)
	case "fn::pulumiresourcename", "fn::pulumiresourcetype", "fn::length", "fn::sha1", "fn::filebase64sha256", "fn::assetarchive",
		"fn::remoteasset", "fn::remotearchive":
		return eval.NotKnown(name+" is not evaluated", at)
	}
	if token := name[len("fn::"):]; strings.Contains(token, ":") {
		args := arg
		if arg.Kind != markup.Map {
			args = nil
		}
		return p.invoke(n, token, args, "", at, depth)
	}
	return eval.NotKnown(name+" is not evaluated", at)
}

func first(v *eval.Val) *eval.Val {
	if len(v.Items) == 0 {
		return eval.None()
	}
	return v.Items[0]
}

func secret(v *eval.Val) *eval.Val {
	if v.IsNull() {
		return v
	}
	c := *v
	c.Sensitive = true
	return &c
}

func (p *runner) encoded(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind == eval.Unknown || v.Kind == eval.String {
		return v.Encoded()
	}
	return eval.TextOf(p.c.Module().InText(v, v.At.Text())).Encoded()
}

// file is the text of a file of the checkout.
func (p *runner) file(v *eval.Val, at eval.Place) *eval.Val {
	name, ok := v.Str()
	if !ok {
		return eval.NotKnown("which file is read is not known: "+v.Reason(), at)
	}
	src, why := p.c.Module().Open(name)
	if why != "" {
		return eval.NotKnown(why, at)
	}
	if len(src.Text) > maxText {
		return eval.NotKnown("the file "+name+" is too large", at)
	}
	return eval.TextOf(src.Whole())
}

// invoke is a provider's function: what the cloud looks up keeps what it was asked, as a data source of Terraform's.
func (p *runner) invoke(n *markup.Node, token string, args *markup.Node, ret string, at eval.Place, depth int) *eval.Val {
	v := p.invoked[n]
	if v == nil {
		p.invoked[n] = eval.NotKnown("it refers to itself", at)
		v = p.asked(token, args, at, depth)
		p.invoked[n] = v
	}
	if ret == "" {
		return v
	}
	if r, path := v.Target(); r != nil && path == "" {
		return r.Ref(markup.Snake(ret)).AtPlace(at)
	}
	return follow(v, []accessor{{name: ret}}, at)
}

func (p *runner) asked(token string, args *markup.Node, at eval.Place, depth int) *eval.Val {
	given := p.value(args, depth)
	if packageOf(token) == "std" {
		if v := p.std(short(token), given, at); v != nil {
			out := eval.MapAt(at)
			out.Put("result", v)
			return out
		}
	}
	typ := terraformType(token)
	if typ == quiet {
		typ = dataType(token)
	}
	if typ == "" || typ == opaque || typ == quiet {
		return eval.NotKnown("looked up when the stack is updated ("+token+")", at)
	}
	res := p.c.Declare(typ, p.called(token), at)
	if res == nil {
		return eval.NotKnown("there are too many resources", at)
	}
	res.Data = true
	res.Named(property)
	if given.Kind == eval.Map {
		for _, k := range given.Keys {
			res.Give(k, given.Child[k])
		}
	}
	return res.Body().AtPlace(at)
}

// called is what to call a use of a function: by its name, with a number behind it where there are several.
func (p *runner) called(token string) string {
	name := token[strings.LastIndexByte(token, ':')+1:]
	p.calls[name]++
	if k := p.calls[name]; k > 1 || p.resources[name] != nil {
		name += "-" + strconv.Itoa(k)
	}
	return name
}

// std are the functions of the package std, which programs that were converted from Terraform call; nil for others.
func (p *runner) std(name string, args *eval.Val, at eval.Place) *eval.Val {
	in := args.Attr("input")
	if edit := edits[name]; edit != nil && in.Kind == eval.String {
		return edit(in)
	}
	switch name {
	case "std:file":
		return p.file(in, at)
	case "std:filebase64":
		return p.file(in, at).Encoded()
	case "std:base64encode":
		return p.encoded(in)
	case "std:base64decode":
		return in.Decoded()
	case "std:jsonencode":
		return p.c.JSONText(in)
	case "std:join":
		sep := args.Attr("separator")
		return p.c.Module().Joined(name, p.c.Module().InText(sep, sep.At.Text()), in, at)
	case "std:split":
		if by, ok := args.Attr("separator").Str(); ok {
			return eval.Cut(name, by, args.Attr("text"), at)
		}
	}
	return nil
}

// edits are functions of the package std that change a text.
var edits = map[string]func(*eval.Val) *eval.Val{
	"std:chomp":     func(v *eval.Val) *eval.Val { return cut(v, "", "\r\n") },
	"std:trimspace": func(v *eval.Val) *eval.Val { return cut(v, " \t\r\n", " \t\r\n") },
	"std:lower":     func(v *eval.Val) *eval.Val { return mapped(v, strings.ToLower) },
	"std:upper":     func(v *eval.Val) *eval.Val { return mapped(v, strings.ToUpper) },
}

// cut is a text without the characters of left and right at its ends.
func cut(v *eval.Val, left, right string) *eval.Val {
	s := v.T.String()
	from := len(s) - len(strings.TrimLeft(s, left))
	c := *v
	c.T = v.T.Slice(from, max(from, len(strings.TrimRight(s, right))))
	return &c
}

func mapped(v *eval.Val, f func(string) string) *eval.Val {
	s, ok := v.Str()
	if !ok {
		return v
	}
	c := *v
	c.T = span.Literal(f(s), v.T)
	return &c
}
