package pulumi

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// property finds one of Terraform's arguments under Pulumi's name: "ebs_block_device" is "ebsBlockDevices", as lists of blocks
// are called in the plural, or "ebsBlockDevice" where there is only one. Keys of maps that people choose themselves (tags,
// labels) are the same in both, and never asked for by these names.
func property(v *eval.Val, name string) *eval.Val {
	c := camel(name)
	if one := v.Child[c]; one != nil {
		return one
	}
	all := v.Child[plural(c)]
	if all == nil || all.Kind != eval.List && !all.IsUnknown() {
		return nil
	}
	if all.Kind == eval.List && !lists[name] && (len(all.Items) == 0 || all.Items[0].Kind != eval.Map && !all.Items[0].IsUnknown()) {
		return nil // an argument that is called so in Terraform too, beside one for a single value
	}
	return all
}

// lists are arguments of Terraform's that are called in the singular and hold a list of texts.
// Source: the schemas and the bridge metadata that tokens.txt names.
var lists = map[string]bool{"allow": true, "allow_list": true, "deny": true, "email": true, "ipv4": true, "ipv6": true, "shared_ipv4": true,
	"with_architecture": true, "with_status": true}

func camel(name string) string {
	var b strings.Builder
	for i, part := range strings.Split(name, "_") {
		if i > 0 && part != "" {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(part)
	}
	return b.String()
}

func plural(s string) string {
	switch {
	case s == "":
		return s
	case strings.HasSuffix(s, "y") && !strings.HasSuffix(s, "ay") && !strings.HasSuffix(s, "ey") && !strings.HasSuffix(s, "oy"):
		return s[:len(s)-1] + "ies"
	case strings.HasSuffix(s, "s"), strings.HasSuffix(s, "x"), strings.HasSuffix(s, "ch"), strings.HasSuffix(s, "sh"):
		return s + "es"
	}
	return s + "s"
}

// singulars are what a plural may be the plural of, itself included.
func singulars(s string) []string {
	out := []string{s}
	if t, ok := strings.CutSuffix(s, "ies"); ok {
		out = append(out, t+"y")
	}
	if t, ok := strings.CutSuffix(s, "es"); ok {
		out = append(out, t)
	}
	if t, ok := strings.CutSuffix(s, "s"); ok {
		out = append(out, t)
	}
	return out
}
