// Package aws reads EC2 and Lightsail machines and what belongs to them (reference/providers.md §4.1).
package aws

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// reader holds what the parts of the adapter share.
type reader struct {
	m       *model.Infra
	hosts   []*host
	volumes map[*eval.Resource]*model.Volume
	rules   map[*eval.Resource][]*eval.Resource // of security groups
	open    map[*eval.Resource]bool             // groups with an egress rule of its own
	groups  map[*model.Instance][]*eval.Val     // security groups of machines' network interfaces
}

// host is a machine with the launch template that it may come from.
type host struct {
	*model.Instance
	template *eval.Resource
	module   bool // terraform-aws-modules/ec2-instance
}

// attr is an argument of the instance, else of its launch template.
func (h *host) attr(name string) *eval.Val {
	if v := h.Res.Attr(name); !v.IsNull() || h.template == nil {
		return v
	}
	return h.template.Attr(name)
}

// Instances finds the machines, their disks and addresses.
func Instances(m *model.Infra) *reader {
	r := &reader{m: m, volumes: map[*eval.Resource]*model.Volume{}}
	for _, res := range m.Config.Of("aws_instance", "aws_spot_instance_request") {
		r.add(res, launchTemplate(m, res), "aws")
	}
	for _, res := range m.Config.Of("aws_autoscaling_group") {
		if n, ok := res.Attr("max_size").Int(); ok && n == 1 {
			if t := launchTemplate(m, res); t != nil {
				r.add(res, t, "aws")
			}
		}
	}
	for _, res := range m.Config.Of("module") {
		if strings.HasPrefix(res.Source, "terraform-aws-modules/ec2-instance/aws") {
			if v := res.Attr("create"); !v.IsNull() {
				if on, ok := v.Bool(); ok && !on {
					continue
				}
			}
			r.add(res, nil, "aws").module = true
		}
	}
	for _, h := range r.hosts {
		r.machine(h)
		r.disks(h)
		r.identity(h)
		r.named(h)
	}
	r.interfaces()
	r.attachments()
	r.retag()
	r.addresses()
	r.lightsail()
	return r
}

// Rest reads what refers to machines: firewalls, backups, alarms, patching, images.
func (r *reader) Rest() {
	r.indexRules()
	r.indexGroups()
	for _, h := range r.hosts {
		r.ingress(h)
	}
	r.lifecyclePolicies()
	r.backupPlans()
	r.alarms()
	r.patching()
	r.images()
}

func (r *reader) add(res, template *eval.Resource, provider string) *host {
	h := &host{Instance: r.m.AddInstance(res, provider), template: template}
	r.hosts = append(r.hosts, h)
	return h
}

func launchTemplate(m *model.Infra, res *eval.Resource) *eval.Resource {
	specs := res.Attr("launch_template").Blocks()
	for _, b := range res.Attr("mixed_instances_policy").Blocks() {
		for _, t := range b.Attr("launch_template").Blocks() {
			specs = append(specs, t.Attr("launch_template_specification").Blocks()...)
		}
	}
	for _, b := range specs {
		for _, key := range []string{"id", "name", "launch_template_id", "launch_template_name"} {
			if t := m.Named(b.Attr(key), "name", "aws_launch_template"); t != nil {
				return t
			}
		}
	}
	return m.Named(res.Attr("launch_configuration"), "name", "aws_launch_configuration")
}

func (r *reader) machine(h *host) {
	at := h.At
	spot := doc.Of(false, doc.Default, at).Because("on-demand, unless a spot request is made")
	if h.Res.Type == "aws_spot_instance_request" {
		spot = model.Set(true, at)
	}
	for _, b := range h.attr("instance_market_options").Blocks() {
		if t, _ := b.Attr("market_type").Str(); t == "spot" {
			spot = model.Set(true, b.At.Span())
		}
	}
	typ := h.attr("instance_type")
	h.SetMachine(typ, spot)
	if h.module && typ.IsNull() {
		h.Node.Get("machine").Put("type", doc.UnknownOf("the module's own default; set instance_type", at))
	}
	image := h.attr("ami")
	if image.IsNull() && h.template != nil {
		image = h.template.Attr("image_id")
	}
	r.system(h, image)

	ssh := doc.NewMap(doc.Set, at)
	key := h.attr("key_name")
	keys := doc.Of(0, doc.Default, at).Because("no key_name, so AWS puts no key on the machine")
	refs := doc.NewList(doc.Set, at)
	if name, known := key.Str(); !key.IsNull() && (name != "" || !known) {
		keys = model.Set(1, h.where("key_name"))
		refs.Add(model.Str(key, at))
		if key.Kind == eval.Unknown {
			keys = doc.UnknownOf(key.Reason(), key.At.Span())
		} else if key.Kind == eval.Ref {
			refs = model.List(at, model.Derived("ref:"+key.From.String(), "", key.At.Span()))
		}
	}
	ssh.Put("keys", keys)
	ssh.Put("key_refs", refs)
	ssh.Put("password_auth", doc.UnsetAt(at))
	ssh.Put("alternative", doc.Of("none", doc.Default, at))
	h.Put("ssh", ssh)

	for _, name := range []string{"user_data", "user_data_base64"} {
		if v := h.attr(name); !v.IsNull() {
			if name == "user_data_base64" || h.template != nil && h.template.Type == "aws_launch_template" && v == h.templateVal("user_data") {
				v = v.Decoded()
			}
			h.UserData = append(h.UserData, model.UserData{Val: v, Attr: name})
			if on, _ := h.attr("user_data_replace_on_change").Bool(); on && !model.Ignores(h.Res, name) {
				h.Hazard("user_data", h.Res.Where(name).Span())
			}
		}
	}
	h.SetProtection(model.Or(model.Bool(h.attr("disable_api_termination"), at), false, "AWS allows deletion unless disable_api_termination is true"))
	h.Tags = append(h.Tags, r.defaultTags(h.Res), h.Res.Attr("tags_all"), h.Res.Attr("tags"))
	if h.template != nil {
		for _, b := range h.template.Attr("tag_specifications").Blocks() {
			if t, _ := b.Attr("resource_type").Str(); t == "instance" {
				h.Tags = append(h.Tags, b.Attr("tags"))
			}
		}
	}
	h.Put("tags", model.Tags(at, h.Tags...))
}

// where is the place of an argument, in the instance or in its launch template.
func (h *host) where(name string) span.Span {
	if h.Res.Attr(name).IsNull() && h.template != nil {
		return h.template.Where(name).Span()
	}
	return h.Res.Where(name).Span()
}

func (h *host) templateVal(name string) *eval.Val {
	if h.template == nil {
		return nil
	}
	return h.template.Attr(name)
}

func (r *reader) defaultTags(res *eval.Resource) *eval.Val {
	if p := r.m.Config.ProviderOf(res); p != nil {
		return p.Body.Block("default_tags").Attr("tags")
	}
	return nil
}

// system works out the OS from the image: a data source's name filter, an SSM parameter, an own image, a literal id.
func (r *reader) system(h *host, image *eval.Val) {
	target, _ := image.Target()
	at := h.At
	if !image.IsNull() && !image.At.IsZero() {
		at = image.At.Span()
	}
	if target == nil {
		if s, ok := image.Str(); ok && strings.HasPrefix(s, "resolve:ssm:") {
			h.SetOS(image, nil, "filter")
			if t := h.Res.Tool(); t == "CloudFormation" || t == "the CDK" { // which looks the image up again at every update, and replaces the machine
				h.Hazard("ami_most_recent", at)
			}
			return
		}
		h.SetOS(image, nil, "")
		return
	}
	switch {
	case target.Data && target.Type == "aws_ami":
		recent, _ := target.Attr("most_recent").Bool()
		if recent && !model.Ignores(h.Res, "ami") {
			h.Hazard("ami_most_recent", at)
		}
		pinned := doc.Of(!recent, doc.Derived, target.At.Span())
		h.SetOS(amiName(target), pinned, "filter")
		for _, o := range target.Attr("owners").List() {
			if s, _ := o.Str(); s == "self" {
				r.prepared(h, target)
			}
		}
	case target.Data && target.Type == "aws_ssm_parameter":
		if !model.Ignores(h.Res, "ami") {
			h.Hazard("ami_most_recent", at)
		}
		h.SetOS(target.Attr("name"), doc.Of(false, doc.Derived, target.At.Span()), "filter")
	case target.Type == "aws_ami_from_instance" || target.Type == "aws_ami" || strings.HasPrefix(target.Type, "aws_imagebuilder"):
		h.SetOS(image, model.Set(true, at), "")
		r.prepared(h, target)
	default:
		h.SetOS(image, nil, "")
	}
}

func (r *reader) prepared(h *host, target *eval.Resource) {
	n := doc.NewMap(doc.Set, target.At.Span())
	n.Put("id", model.Set(target.Addr, target.At.Span()))
	n.Put("kind", doc.Of("instance_image", doc.Derived, target.At.Span()))
	n.Put("of", model.Derived(h.ID, "the machine starts from it", h.At))
	r.m.Images = append(r.m.Images, n)
}

// amiName is what a data source says of the image's name.
func amiName(data *eval.Resource) *eval.Val {
	if n := data.Attr("name"); !n.IsNull() { // found when a plan was made
		return n
	}
	for _, f := range data.Attr("filter").Blocks() {
		if n, _ := f.Attr("name").Str(); n == "name" {
			if l := f.Attr("values").List(); len(l) > 0 {
				return l[0]
			}
		}
	}
	return data.Attr("name_regex")
}

func headOf(r *eval.Resource) span.Span { return r.At.Span() }
