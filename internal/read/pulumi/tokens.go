package pulumi

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
)

//go:embed tokens.txt
var tokensText string

const (
	opaque = "!" // makes machines that nobody here can see
	quiet  = "-" // makes none that could be a hub's
)

// tokens are the lines of tokens.txt, by the token in lower case: Pulumi itself takes any case.
var tokens = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(tokensText, "\n") {
		if token, typ, ok := strings.Cut(line, " "); ok && !strings.HasPrefix(line, "#") {
			out[strings.ToLower(token)] = typ
		}
	}
	return out
})

// short is a token without what may be left out: "aws:ec2/instance:Instance" is "aws:ec2:instance".
func short(token string) string {
	parts := strings.Split(strings.ToLower(token), ":")
	if len(parts) != 3 {
		return strings.Join(parts, ":")
	}
	module, _, _ := strings.Cut(parts[1], "/")
	if module == "index" || module == "" {
		return parts[0] + ":" + parts[2]
	}
	return parts[0] + ":" + module + ":" + parts[2]
}

func packageOf(token string) string {
	name, _, _ := strings.Cut(strings.ToLower(token), ":")
	return name
}

// terraformType is a token's type in Terraform, opaque or quiet; "" for one of a package that is not known.
func terraformType(token string) string {
	if typ := tokens()[short(token)]; typ != "" {
		return typ
	}
	return tokens()[packageOf(token)]
}

// dataType is what a data source of a known package would be called in Terraform, for those that tokens.txt leaves out;
// "" for what looks nothing up.
func dataType(token string) string {
	name, ok := strings.CutPrefix(token[strings.LastIndexByte(token, ':')+1:], "get")
	if !ok || name == "" {
		return ""
	}
	pkg := packageOf(token)
	if p := providers[pkg]; p != "" {
		pkg = p
	}
	return pkg + "_" + markup.Snake(name)
}

// providers are the names that Terraform has for the packages whose configuration tells something about machines.
var providers = map[string]string{"aws": "aws", "gcp": "google", "azure": "azurerm", "openstack": "openstack"}
