package cdk

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const onlyThen = "known only when the stack is made"

// thing is an object as a value: a reference to a resource, a structure of properties, or what only the deployment knows.
func (a *app) thing(v *python.Value, at eval.Place, depth int) *eval.Val {
	of, attrs := v.Origin()
	m := a.of(of)
	if m == nil || of.Kind != python.Thing {
		return eval.NotKnown(onlyThen+": "+declare.Reason(v), at)
	}
	if len(attrs) > 0 {
		return a.attribute(m, attrs, at)
	}
	if m.res != nil {
		return m.res.Ref("id").AtPlace(at)
	}
	switch m.kind {
	case "Fn.base64":
		x := a.Deep(m.arg(0, "data"), depth+1)
		return x.Encoded()
	case "Fn.join":
		return a.join(m, at, depth)
	case "Fn.sub":
		return a.sub(m, at)
	case "Token.as_string", "Token.as_number", "Token.as_list", "Lazy.string", "Lazy.number", "Lazy.list":
		return a.Deep(m.arg(0, "value"), depth+1)
	case "CfnTag":
		return pair(a, m, "Key", "Value", depth)
	case "aws_cloudwatch.CfnAlarm.DimensionProperty":
		return pair(a, m, "Name", "Value", depth)
	case "Size.gibibytes":
		return a.Deep(m.arg(0, "amount"), depth+1)
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
	return eval.NotKnown(onlyThen+": "+declare.Reason(v), at)
}

// structure is the arguments of a property class as a map.
func (a *app) structure(m *made, depth int) *eval.Val {
	out := eval.MapAt(a.Place(m.Head))
	if m.Loose {
		return eval.NotKnown("its arguments are passed on in a way that is not known", out.At)
	}
	for _, k := range keys(m.Named) {
		if x := a.Deep(m.Named[k], depth+1); !x.IsNull() {
			out.Put(k, x)
		}
	}
	return out
}

func pair(a *app, m *made, key, value string, depth int) *eval.Val {
	out := eval.MapAt(a.Place(m.Head))
	out.Put(key, a.Deep(m.arg(0, strings.ToLower(key)), depth+1))
	out.Put(value, a.Deep(m.arg(1, strings.ToLower(value)), depth+1))
	return out
}

// attribute is what a resource has when it is made.
func (a *app) attribute(m *made, attrs []string, at eval.Place) *eval.Val {
	name := attrs[len(attrs)-1]
	if strings.HasPrefix(m.kind, "CfnParameter") {
		if d := m.prop("default"); d != nil {
			return a.Val(d).Assume("the default of a CfnParameter; whoever makes the stack may give another value")
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
			return a.Val(v)
		}
	}
	if strings.Contains(m.kind, ".from_") && len(m.Args) > 2 { // Topic.from_topic_arn(self, "Topic", arn)
		if strings.HasSuffix(m.kind, "_"+strings.TrimPrefix(name, strings.ToLower(lastOf(m.kind))+"_")) || strings.HasSuffix(m.kind, name) {
			return a.Val(m.Args[2])
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
			parts = append(parts, a.Text(m.arg(0, "delimiter"), like))
		}
		parts = append(parts, a.Text(it, like))
	}
	if len(parts) == 0 {
		return eval.Text("", at)
	}
	return eval.TextOf(span.Concat(parts...))
}

// sub is Fn.sub: what stands in ${…} is filled in when the stack is made.
func (a *app) sub(m *made, at eval.Place) *eval.Val {
	t := a.Text(m.arg(0, "body"), at.Text())
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

// answer knows what calls give that others work with while the program is followed.
func (a *app) answer(c *python.Call) *python.Value {
	switch {
	case strings.HasSuffix(c.Name, ".try_get_context") || strings.HasSuffix(c.Name, ".get_context"):
		return a.contextValue(c)
	case c.Name == ".add_s3_download_command":
		return downloaded(c)
	}
	return a.Known(c)
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
