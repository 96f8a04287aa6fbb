package eval

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Terragrunt runs Terraform with inputs of its own. Its language is not evaluated: literal inputs are read like a tfvars
// file, and everything else that it may set is unknown.

// IsTerragrunt says whether a file is Terragrunt's.
func IsTerragrunt(file string) bool { return path.Base(file) == "terragrunt.hcl" }

// terragruntSource is the directory of the module that a terragrunt.hcl runs; "" for one that is not in the checkout.
func terragruntSource(files step.Files, file string) string {
	src, err := files.Open(file)
	if err != nil {
		return path.Dir(file)
	}
	p := parseHCL(src)
	if p.body == nil {
		return path.Dir(file)
	}
	for _, b := range p.body.Blocks {
		if b.Type != "terraform" || b.Body.Attributes["source"] == nil {
			continue
		}
		v, diags := b.Body.Attributes["source"].Expr.Value(nil)
		if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type().FriendlyName() != "string" {
			return ""
		}
		s := strings.Replace(v.AsString(), "//", "/", 1)
		if !isLocal(s) {
			return ""
		}
		return path.Join(path.Dir(file), s)
	}
	return path.Dir(file)
}

// addTerragrunt notes the inputs of a terragrunt.hcl that runs d.
func (d *Dir) addTerragrunt(files step.Files, file string) bool {
	if terragruntSource(files, file) != d.Path {
		return false
	}
	rel, err := filepath.Rel(d.Path, file)
	if err != nil {
		return false
	}
	v := variant{file: file, values: map[string]*hclsyntax.Attribute{}}
	before := len(d.Broken)
	body := d.parse(files, filepath.ToSlash(rel))
	v.broken = body == nil || len(d.Broken) > before
	if body != nil {
		d.inputs(body, &v)
	}
	d.variants = append(d.variants, v)
	return true
}

func (d *Dir) inputs(body *hclsyntax.Body, v *variant) {
	for _, b := range body.Blocks {
		if b.Type == "include" || b.Type == "generate" {
			v.more = "Terragrunt's " + b.Type + " in " + v.file + " may set it, and Terragrunt is not evaluated; commit a tfvars file, or state the value in an infra.yaml"
		}
	}
	a := body.Attributes["inputs"]
	if a == nil {
		return
	}
	obj, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		v.more = "the inputs in " + v.file + " are worked out by Terragrunt, which is not evaluated; commit a tfvars file, or state the value in an infra.yaml"
		return
	}
	for _, it := range obj.Items {
		key, _ := keyword(it.KeyExpr)
		if k, ok := it.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); ok && key == "" {
			key, _ = keyword(k.Wrapped)
			if s, diags := k.Wrapped.Value(nil); key == "" && !diags.HasErrors() && s.Type().FriendlyName() == "string" && s.IsKnown() && !s.IsNull() {
				key = s.AsString()
			}
		}
		if key == "" {
			continue
		}
		expr := it.ValueExpr
		if !plainLiteral(expr) {
			expr = &hclsyntax.ExprSyntaxError{SrcRange: it.ValueExpr.Range()} // Terragrunt's own names and functions
		}
		v.values[key] = &hclsyntax.Attribute{Name: key, Expr: expr, SrcRange: it.ValueExpr.Range(), NameRange: it.KeyExpr.Range()}
	}
}

// plainLiteral says whether an expression refers to nothing and calls nothing.
func plainLiteral(e hclsyntax.Expression) bool {
	if len(e.Variables()) > 0 {
		return false
	}
	calls := false
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if _, ok := n.(*hclsyntax.FunctionCallExpr); ok {
			calls = true
		}
		return nil
	})
	return !calls
}
