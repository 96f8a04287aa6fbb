package cdk

import (
	"math/big"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const onlyThen = "known only when the stack is made"

// val is a value of the program as a value of the stack.
func (a *app) val(v *python.Value) *eval.Val { return a.deep(v, 0) }

func (a *app) deep(v *python.Value, depth int) *eval.Val {
	if v == nil || v.Kind == python.None {
		return eval.None()
	}
	at := a.place(v.At)
	if depth > maxDepth {
		return eval.NotKnown("it is nested too deeply", at)
	}
	switch v.Kind {
	case python.Bool:
		return a.assumed(v, eval.BoolOf(v.Int != 0, at))
	case python.Int:
		return a.assumed(v, eval.NumberOf(new(big.Float).SetInt64(v.Int), at))
	case python.Float:
		if v.Float == v.Float && v.Float < 1e300 && v.Float > -1e300 {
			return a.assumed(v, eval.NumberOf(big.NewFloat(v.Float), at))
		}
	case python.Text:
		out := eval.TextOf(v.Text)
		if v.Text.Span().IsZero() {
			out = out.AtPlace(at)
		}
		return a.assumed(v, out)
	case python.List, python.Tuple, python.Set:
		out := eval.ListAt(at)
		for _, it := range v.Items {
			if x := a.deep(it, depth+1); !x.IsNull() {
				out.Items = append(out.Items, x)
			}
		}
		return out
	case python.Dict:
		out := eval.MapAt(at)
		for i, k := range v.Keys {
			s, ok := k.Str()
			if !ok {
				return eval.NotKnown("a key is not known: "+k.Reason(), at)
			}
			if x := a.deep(v.Items[i], depth+1); !x.IsNull() {
				out.Put(s, x)
			}
		}
		return out
	case python.Thing:
		return a.thing(v, at, depth)
	case python.Ref:
		return eval.NotKnown("it is "+v.Name+", which is not in the repository", at)
	}
	return eval.NotKnown(reason(v), at)
}

func reason(v *python.Value) string {
	if r := v.Reason(); r != "" {
		return r
	}
	return "it is worked out by code that is not followed"
}

// assumed marks what cdk.json says and whoever deploys may say otherwise.
func (a *app) assumed(v *python.Value, out *eval.Val) *eval.Val {
	if a.at != "" && (out.At.Span().File == a.at || v.At.File == a.at) {
		return out.Assume("the context in " + a.at + "; cdk deploy --context may give another value")
	}
	return out
}

// thing is an object as a value: a reference to a resource, a structure of properties, or what only the deployment knows.
func (a *app) thing(v *python.Value, at eval.Place, depth int) *eval.Val {
	of, attrs := v.Origin()
	m := a.of(of)
	if m == nil || of.Kind != python.Thing {
		return eval.NotKnown(onlyThen+": "+reason(v), at)
	}
	if len(attrs) > 0 {
		return a.attribute(m, attrs, at)
	}
	if m.res != nil {
		return m.res.Ref("id").AtPlace(at)
	}
	switch m.kind {
	case "Fn.base64":
		x := a.deep(m.arg(0, "data"), depth+1)
		return x.Encoded()
	case "Fn.join":
		return a.join(m, at, depth)
	case "Fn.sub":
		return a.sub(m, at)
	case "Token.as_string", "Token.as_number", "Token.as_list", "Lazy.string", "Lazy.number", "Lazy.list":
		return a.deep(m.arg(0, "value"), depth+1)
	case "CfnTag":
		return pair(a, m, "Key", "Value", depth)
	case "aws_cloudwatch.CfnAlarm.DimensionProperty":
		return pair(a, m, "Name", "Value", depth)
	case "Size.gibibytes":
		return a.deep(m.arg(0, "amount"), depth+1)
	case ".render":
		if m.of != nil {
			if t := a.script(m.of, nil); t != nil {
				return t
			}
		}
	case "aws_iam.PolicyDocument", "aws_iam.PolicyStatement":
		return a.policy(m, depth+1)
	}
	last := m.kind[strings.LastIndexByte(m.kind, '.')+1:]
	if strings.HasSuffix(last, "Property") || strings.HasSuffix(last, "Props") {
		return a.structure(m, depth)
	}
	return eval.NotKnown(onlyThen+": "+reason(v), at)
}

// structure is the arguments of a property class as a map.
func (a *app) structure(m *made, depth int) *eval.Val {
	out := eval.MapAt(a.place(m.Head))
	if m.Loose {
		return eval.NotKnown("its arguments are passed on in a way that is not known", out.At)
	}
	for _, k := range keys(m.Named) {
		if x := a.deep(m.Named[k], depth+1); !x.IsNull() {
			out.Put(k, x)
		}
	}
	return out
}

func pair(a *app, m *made, key, value string, depth int) *eval.Val {
	out := eval.MapAt(a.place(m.Head))
	out.Put(key, a.deep(m.arg(0, strings.ToLower(key)), depth+1))
	out.Put(value, a.deep(m.arg(1, strings.ToLower(value)), depth+1))
	return out
}

// attribute is what a resource has when it is made.
func (a *app) attribute(m *made, attrs []string, at eval.Place) *eval.Val {
	name := attrs[len(attrs)-1]
	if strings.HasPrefix(m.kind, "CfnParameter") {
		if d := m.prop("default"); d != nil {
			return a.val(d).Assume("the default of a CfnParameter; whoever makes the stack may give another value")
		}
		return eval.NotKnown("a CfnParameter without a default; give it one, or state the fact in an infra.yaml", at)
	}
	res := m.res
	switch {
	case (m.kind == "aws_ec2.Instance" || m.kind == "aws_ec2.BastionHostLinux") && attrs[0] == "role":
		res = m.ownRole()
	case attrs[0] == "security_group", len(attrs) > 1 && attrs[len(attrs)-2] == "security_groups":
		res = m.firstGroup()
	}
	if res == nil {
		return a.imported(m, name, at)
	}
	level1 := strings.HasPrefix(m.kind[strings.LastIndexByte(m.kind, '.')+1:], "Cfn")
	attr := strings.TrimPrefix(name, "attr_")
	switch {
	case name == "ref", !level1 && strings.HasSuffix(name, "_id"):
		attr = "id"
	case !level1 && strings.HasSuffix(name, "_arn"):
		attr = "arn"
	case !level1 && strings.HasSuffix(name, "_name") && name != "zone_name":
		attr = "name"
	case !level1 && strings.HasSuffix(name, "public_ip"):
		attr = "public_ip"
	case !level1 && strings.HasSuffix(name, "public_dns_name"):
		attr = "public_dns"
	}
	return res.Ref(attr).AtPlace(at)
}

// imported is what is known of something that exists outside of the program, by how it is looked up.
func (a *app) imported(m *made, name string, at eval.Place) *eval.Val {
	for _, n := range []string{name, strings.TrimSuffix(name, "_id") + "_id"} {
		if v := m.prop(n); v != nil && !m.Loose {
			return a.val(v)
		}
	}
	if strings.Contains(m.kind, ".from_") && len(m.Args) > 2 { // Topic.from_topic_arn(self, "Topic", arn)
		if strings.HasSuffix(m.kind, "_"+strings.TrimPrefix(name, strings.ToLower(lastOf(m.kind))+"_")) || strings.HasSuffix(m.kind, name) {
			return a.val(m.Args[2])
		}
	}
	return eval.NotKnown(onlyThen+" ("+short(m.kind)+"."+name+")", at)
}

func lastOf(kind string) string {
	p := strings.Split(kind, ".")
	if len(p) > 1 {
		return p[len(p)-2]
	}
	return kind
}

// short is the class or function that kind names, for people.
func short(kind string) string {
	if i := strings.IndexByte(kind, '.'); i > 0 && strings.HasPrefix(kind, "aws_") {
		return kind[i+1:]
	}
	return strings.TrimPrefix(kind, ".")
}

// text is a value as a part of a text; what is not known is a token in it.
func (a *app) text(v *python.Value, like span.Text) span.Text {
	switch {
	case v == nil:
		return span.Literal("", like)
	case v.Kind == python.Text:
		return v.Text
	}
	x := a.val(v)
	if s, ok := x.Str(); ok {
		return span.Literal(s, like)
	}
	if x.Kind == eval.String {
		return x.T
	}
	return span.Literal(span.Unknown(firstOf(x.Reason(), reason(v))), like)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (a *app) join(m *made, at eval.Place, depth int) *eval.Val {
	items := m.arg(1, "list_of_values")
	if items == nil || items.Kind != python.List {
		return eval.NotKnown("what is joined is not known", at)
	}
	like := at.Text()
	var parts []span.Text
	for i, it := range items.Items {
		if i > 0 {
			parts = append(parts, a.text(m.arg(0, "delimiter"), like))
		}
		parts = append(parts, a.text(it, like))
	}
	if len(parts) == 0 {
		return eval.Text("", at)
	}
	return eval.TextOf(span.Concat(parts...))
}

// sub is Fn.sub: what stands in ${…} is filled in when the stack is made.
func (a *app) sub(m *made, at eval.Place) *eval.Val {
	t := a.text(m.arg(0, "body"), at.Text())
	s := t.String()
	var parts []span.Text
	from := 0
	for {
		i := strings.Index(s[from:], "${")
		if i < 0 {
			break
		}
		i += from
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			break
		}
		j += i + 1
		parts = append(parts, t.Slice(from, i))
		if strings.HasPrefix(s[i:], "${!") {
			parts = append(parts, t.Slice(i, i+2), t.Slice(i+3, j))
		} else {
			parts = append(parts, span.Literal(span.Unknown(onlyThen+" ("+s[i:j]+")"), t.Slice(i, j)))
		}
		from = j
	}
	return eval.TextOf(span.Concat(append(parts, t.Slice(from, len(s)))...))
}

// name is the last part of a constant's or class's name: of ec2.InstanceClass.T3, T3.
func name(v *python.Value) string {
	if v == nil || v.Kind != python.Ref {
		return ""
	}
	return v.Name[strings.LastIndexByte(v.Name, '.')+1:]
}

// answer knows what calls give that others work with while the program is followed.
func (a *app) answer(c *python.Call) *python.Value {
	switch {
	case strings.HasSuffix(c.Name, ".try_get_context") || strings.HasSuffix(c.Name, ".get_context"):
		return a.contextValue(c)
	case c.Name == ".add_s3_download_command":
		return downloaded(c)
	case c.Name == "json.load" || c.Name == "json.loads" || c.Name == "yaml.safe_load" || c.Name == "yaml.load":
		return a.parsed(c)
	case c.Name == "textwrap.dedent" || c.Name == "inspect.cleandoc":
		return dedented(c)
	}
	return nil
}

// downloaded is where a script's command puts a file that it fetches.
func downloaded(c *python.Call) *python.Value {
	if v := c.Named["local_file"]; v != nil {
		return v
	}
	key := c.Named["bucket_key"]
	if of, attrs := key.Origin(); len(attrs) > 0 && of != nil && of.Kind == python.Thing {
		if s, ok := of.Object.Call.Named["path"].Str(); ok {
			return python.TextOf("/tmp/"+path.Base(s), c.At)
		}
	}
	if s, ok := key.Str(); ok {
		return python.TextOf("/tmp/"+s, c.At)
	}
	return python.TextOf("/tmp/cdk-asset", c.At)
}
