package cdk

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// image is the image that a machine starts from: an id, a public parameter that names one, or a search by name.
func (m *made) image(v *python.Value) *eval.Val {
	a := m.a
	i := a.of(v)
	if i == nil {
		return eval.NotKnown(declare.Reason(v), a.Place(v.At))
	}
	at := a.Place(i.Head)
	x := m.named(i, at)
	if s, ok := strings.CutPrefix(x.TextString(), "resolve:ssm:"); ok {
		if on, _ := a.Val(i.prop("cached_in_context")).Bool(); on && x.Kind == eval.String {
			return m.found(eval.Text(s, x.At), nil, false, at)
		}
	}
	return x
}

// named is an image by what a program calls it.
func (m *made) named(i *made, at eval.Place) *eval.Val {
	a := m.a
	switch short(i.kind) {
	case "MachineImage.from_ssm_parameter", "GenericSSMParameterImage", "MachineImage.resolve_ssm_parameter_at_launch", "ResolveSsmParameterAtLaunchImage":
		return parameter(a.Val(i.arg(0, "parameter_name")), at)
	case "MachineImage.latest_amazon_linux2":
		return eval.Text("resolve:ssm:/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", at)
	case "MachineImage.latest_amazon_linux2023", "AmazonLinux2023ImageSsmParameter":
		return eval.Text("resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", at)
	case "MachineImage.latest_amazon_linux", "AmazonLinuxImage":
		file := map[string]string{"": "amzn-ami-hvm", "AMAZON_LINUX": "amzn-ami-hvm", "AMAZON_LINUX_2": "amzn2-ami-hvm", "AMAZON_LINUX_2023": "al2023-ami-kernel-default"}[declare.Name(i.prop("generation"))]
		if file == "" {
			return eval.NotKnown("which Amazon Linux it is is not known", at)
		}
		return eval.Text("resolve:ssm:/aws/service/ami-amazon-linux-latest/"+file+"-x86_64", at)
	case "MachineImage.generic_linux", "GenericLinuxImage":
		amis := i.arg(0, "ami_map")
		if amis != nil && amis.Kind == python.Dict && len(amis.Items) == 1 {
			return a.Val(amis.Items[0])
		}
		return eval.NotKnown("which image of the map is taken depends on the region", at)
	case "MachineImage.lookup", "LookupMachineImage":
		return m.search(i, at)
	}
	return eval.NotKnown("the image is not known ("+short(i.kind)+")", at)
}

// parameter is the image that a public parameter names.
func parameter(v *eval.Val, at eval.Place) *eval.Val {
	s, ok := v.Str()
	if !ok {
		return eval.NotKnown("the parameter that names the image is not known: "+v.Reason(), at)
	}
	return eval.Text("resolve:ssm:"+s, v.At)
}

// search is an image that is looked up by its name when the program runs. What was found is written down in
// cdk.context.json; where that is committed, the image stays what it was.
func (m *made) search(i *made, at eval.Place) *eval.Val {
	return m.found(m.a.Val(i.prop("name")), m.a.Val(i.prop("owners")), !m.a.cached("ami:"), at)
}

// found is an image that is known by its name; recent says that it is looked up again each time.
func (m *made) found(name, owners *eval.Val, recent bool, at eval.Place) *eval.Val {
	data := m.a.C.Declare("aws_ami", m.a.unique(m.res.Addr+".image", nil), at)
	if data == nil {
		return eval.NotKnown("the image is not known", at)
	}
	data.Data = true
	filter := eval.MapAt(at)
	filter.Put("name", eval.Text("name", at))
	filter.Put("values", eval.ListAt(at, name))
	data.Give("filter", filter)
	data.Give("owners", owners)
	data.Give("most_recent", eval.BoolOf(recent, at))
	return data.Ref("id")
}

// cached says whether the answers that the CDK got once are committed.
func (a *app) cached(key string) bool {
	t, ok := a.Open("cdk.context.json")
	return ok && strings.Contains(t.String(), `"`+key)
}
