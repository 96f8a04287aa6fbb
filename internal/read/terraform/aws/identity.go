package aws

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// identity reads the role and the metadata options of a machine.
func (r *reader) identity(h *host) {
	profile := h.attr("iam_instance_profile")
	if b := first(profile); b != nil && b.Kind == eval.Map {
		profile = firstSet(b.Attr("name"), b.Attr("arn"))
	}
	if on, _ := h.attr("create_iam_instance_profile").Bool(); on && h.module {
		profile = h.attr("create_iam_instance_profile")
	}
	if profile.IsNull() {
		h.Put("identity", model.NoIdentity(h.At, "no iam_instance_profile, so no credentials"))
	} else {
		at := profile.At.Span()
		n := doc.NewMap(doc.Set, at)
		n.Put("attached", model.Set(true, at))
		if profile.Kind == eval.Unknown {
			n.Put("attached", doc.UnknownOf(profile.Why, at))
		}
		n.Put("ref", model.Str(profile, at))
		if profile.Kind == eval.Ref {
			n.Put("ref", model.Derived(profile.From.String(), "", at))
		}
		n.Put("scopes", doc.NewList(doc.Unset, at))
		privileged, ssm := r.role(r.m.Named(profile, "name", "aws_iam_instance_profile"))
		if privileged == nil {
			privileged = doc.UnknownOf("the role is not in this repository", at)
		}
		n.Put("privileged", privileged)
		if ssm {
			h.Node.Get("ssh").Put("alternative", model.Derived("ssm", "the role lets Session Manager in", at))
		}
		h.Put("identity", n)
	}
	at := h.At
	b := first(h.attr("metadata_options"))
	if b != nil {
		at = b.At.Span()
	}
	endpoint := doc.Of(true, doc.Default, at).Because("AWS switches the metadata service on")
	if v := b.Attr("http_endpoint"); !v.IsNull() {
		s, ok := v.Str()
		if endpoint = model.Set(s != "disabled", v.At.Span()); !ok {
			endpoint = doc.UnknownOf(v.Reason(), v.At.Span())
		}
	}
	defaults := r.m.Config.Of("aws_ec2_instance_metadata_defaults")
	tokens := model.Str(b.Attr("http_tokens"), at)
	hops := model.Num(b.Attr("http_put_response_hop_limit"), at)
	for _, d := range defaults {
		if tokens.State == doc.Unset {
			tokens = model.Str(d.Attr("http_tokens"), headOf(d))
		}
		if hops.State == doc.Unset {
			hops = model.Num(d.Attr("http_put_response_hop_limit"), headOf(d))
		}
	}
	if tokens.State == doc.Unset {
		tokens = doc.UnknownOf("AWS takes the account's default, then the image's; set metadata_options.http_tokens", at)
		if h.module {
			tokens = doc.Of("required", doc.Default, at).Because("the module's default")
		}
	}
	hops = model.Or(hops, 1, "AWS's default")
	h.Put("metadata", model.Metadata(at, endpoint, tokens, hops))
}

// role says whether the role of an instance profile may do much, and whether it lets Session Manager in; nil: not known.
func (r *reader) role(profile *eval.Resource) (privileged *doc.Node, ssm bool) {
	if profile == nil {
		return nil, false
	}
	role := r.m.Named(firstSet(profile.Attr("role"), profile.Attr("roles")), "name", "aws_iam_role")
	if role == nil {
		return nil, false
	}
	at := headOf(role)
	privileged = doc.Of(false, doc.Derived, at)
	note := func(v *eval.Val) {
		s, ok := v.Str()
		t, _ := v.Target()
		switch {
		case ok && (strings.Contains(s, "AdministratorAccess") || strings.Contains(s, "FullAccess") || strings.Contains(s, "PowerUser")):
			privileged = model.Derived(true, "it has "+s, v.At.Span())
		case ok && strings.Contains(s, "AmazonSSMManagedInstanceCore"):
			ssm = true
		case t != nil && t.Type == "aws_iam_policy":
			r.document(t.Attr("policy"), &privileged)
		case !ok && privileged.Value == false:
			privileged = doc.UnknownOf("a policy of the role is not in this repository", v.At.Span())
		}
	}
	for _, res := range r.m.Config.Of("aws_iam_role_policy_attachment", "aws_iam_policy_attachment") {
		for _, v := range append(res.Attr("role").List(), res.Attr("roles").List()...) {
			if r.m.Named(v, "name", "aws_iam_role") == role {
				note(res.Attr("policy_arn"))
			}
		}
	}
	for _, v := range role.Attr("managed_policy_arns").List() {
		note(v)
	}
	for _, res := range r.m.Config.Of("aws_iam_role_policy") {
		if r.m.Named(res.Attr("role"), "name", "aws_iam_role") == role {
			r.document(res.Attr("policy"), &privileged)
		}
	}
	for _, b := range role.Attr("inline_policy").Blocks() {
		r.document(b.Attr("policy"), &privileged)
	}
	return privileged, ssm
}

// document looks for actions of everything in a policy, as JSON text or as aws_iam_policy_document.
func (r *reader) document(v *eval.Val, privileged **doc.Node) {
	wide := false
	if t, _ := v.Target(); t != nil && t.Type == "aws_iam_policy_document" {
		for _, b := range t.Attr("statement").Blocks() {
			for _, a := range b.Attr("actions").List() {
				s, _ := a.Str()
				wide = wide || s == "*"
			}
		}
	} else if v.Kind == eval.String {
		s := strings.Join(strings.Fields(v.T.String()), "")
		wide = strings.Contains(s, `"Action":"*"`) || strings.Contains(s, `"Action":["*"`)
	} else if (*privileged).Value == false {
		*privileged = doc.UnknownOf("a policy of the role cannot be read: "+v.Reason(), v.At.Span())
	}
	if wide {
		*privileged = model.Derived(true, "a policy allows every action", v.At.Span())
	}
}
