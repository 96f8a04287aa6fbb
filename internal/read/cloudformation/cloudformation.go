// Package cloudformation reads CloudFormation templates, in YAML with short tags and in JSON, those that SAM and the CDK
// make included: the machines that they declare, under Terraform's names, so that the adapter of AWS reads both
// (reference/providers.md §10.2). Nothing is fetched; what only the stack's maker knows is unknown.
package cloudformation

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Read evaluates one template. A text that is none, or that cannot be read, is a problem, and the model is not complete.
func Read(files step.Files, src *span.Source) terraform.Module {
	c := eval.New(files, src, "CloudFormation", "cfn")
	whole := src.Whole()
	root, bad := parse(src)
	switch {
	case bad != nil:
		c.Problems = append(c.Problems, step.Problem{At: bad.At, Msg: bad.Msg + "; correct the template, what it declares is not known", Fatal: true})
		c.NotEvaluated(src.File+" cannot be read", eval.At(whole.Slice(0, 0)))
	case root.Get("Resources") == nil || root.Get("Resources").Kind != markup.Map:
		c.Problems = append(c.Problems, step.Problem{At: span.Span{File: src.File}, Msg: "this CloudFormation template declares no Resources"})
		c.NotEvaluated(src.File+" declares no Resources", eval.At(whole.Slice(0, 0)))
	default:
		t := &template{c: c, root: root, resources: map[string]*resource{}, memo: map[string]*eval.Val{}, busy: map[string]bool{}}
		t.run()
	}
	return terraform.Declared(files, c, words)
}

func parse(src *span.Source) (*markup.Node, *markup.Error) {
	text := src.Whole()
	if path.Ext(src.File) == ".json" || strings.HasPrefix(strings.TrimSpace(src.Text), "{") {
		return markup.JSON(text)
	}
	return markup.YAML(text, "the template")
}

// words are the template's names for what reasons call by Terraform's.
var words = strings.NewReplacer(
	"root_block_device.volume_size", "BlockDeviceMappings' Ebs.VolumeSize", "root_block_device.tags", "its own Tags",
	"metadata_options.http_tokens", "MetadataOptions.HttpTokens of a launch template", "iam_instance_profile", "IamInstanceProfile",
	"delete_on_termination", "DeleteOnTermination", "disable_api_termination", "DisableApiTermination",
	"associate_public_ip_address", "AssociatePublicIpAddress", "map_public_ip_on_launch", "MapPublicIpOnLaunch",
	"aws_sns_topic_subscription", "AWS::SNS::Subscription", "key_name", "KeyName", "instance_type", "InstanceType",
	"known only after apply", "known only when the stack is made", "delete_after", "Lifecycle.DeleteAfterDays",
	"not_resources", "NotResources", "target_tags", "TargetTags", "default_tags", "the stack's tags",
)
