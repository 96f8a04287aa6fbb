// Package arm reads Azure's templates in JSON: parameters with their defaults, variables, expressions, copies, nested
// templates; the machines that they declare are given to Azure's adapter under Terraform's names (reference/providers.md §10.4).
// Its Stack, with the functions, serves Bicep too.
package arm

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Read evaluates one template. A text that cannot be read is a problem, and the model is not complete.
func Read(files step.Files, src *span.Source) terraform.Module {
	c := eval.New(files, src, "Azure", "arm")
	whole := src.Whole()
	root, bad := markup.JSON(whole)
	switch resources := root.Get("resources"); {
	case bad != nil:
		c.Problems = append(c.Problems, step.Problem{At: bad.At, Msg: bad.Msg + "; correct the template, what it declares is not known", Fatal: true})
		c.NotEvaluated(src.File+" cannot be read", eval.At(whole.Slice(0, 0)))
	case resources == nil || resources.Kind != markup.List && resources.Kind != markup.Map:
		c.Problems = append(c.Problems, step.Problem{At: span.Span{File: src.File}, Msg: "this template declares no resources"})
		c.NotEvaluated(src.File+" declares no resources", eval.At(whole.Slice(0, 0)))
	default:
		t := &template{stack: NewStack(c)}
		sc := t.scope(root)
		t.parameters(files, src, sc)
		t.declare(sc, resources, 0)
		t.fill()
	}
	return terraform.Declared(files, c, Words)
}

// Compiled says whether a template was made by Bicep's compiler, which writes its name into it.
func Compiled(src *span.Source) bool {
	if !strings.Contains(src.Text, "_generator") {
		return false
	}
	root, _ := markup.JSON(src.Whole())
	return strings.EqualFold(root.Get("metadata").Get("_generator").Get("name").Str(), "bicep")
}

// parameters reads the file of parameters that lies beside a template by convention: main.parameters.json for main.json.
func (t *template) parameters(files step.Files, src *span.Source, sc *scope) {
	name := strings.TrimSuffix(src.File, ".json") + ".parameters.json"
	if !files.Exists(name) {
		return
	}
	t.stack.Config.Uses = append(t.stack.Config.Uses, name)
	given, bad := Parameters(files, name)
	if bad != nil {
		t.stack.Config.Problems = append(t.stack.Config.Problems, *bad)
		sc.lost = "given in " + name + ", which cannot be read"
	}
	for k, v := range given {
		sc.given[k] = v
	}
}

// Parameters are what a file of parameters in JSON gives, by name in lower case; bad says why it cannot be read.
func Parameters(files step.Files, name string) (given map[string]*eval.Val, bad *step.Problem) {
	f, err := files.Open(name)
	if err != nil {
		return nil, &step.Problem{At: span.Span{File: name}, Msg: name + " cannot be read; the parameters that it gives are not known"}
	}
	root, wrong := markup.JSON(f.Whole())
	if wrong != nil {
		return nil, &step.Problem{At: wrong.At, Msg: wrong.Msg + "; the parameters that it gives are not known"}
	}
	given = map[string]*eval.Val{}
	for _, m := range members(root.Get("parameters")) {
		key := strings.ToLower(m.Key.String())
		v := m.Value.Get("value")
		if v == nil {
			given[key] = eval.NotKnown("parameter "+m.Key.String()+" is taken from a key vault", eval.At(m.Key))
			continue
		}
		if s := v.Str(); s == "" && v.Kind == markup.String || strings.HasPrefix(s, "GEN-") || strings.HasPrefix(s, "<") {
			continue // to be filled in
		}
		given[key] = Plain(v)
	}
	return given, nil
}

// Words are Azure's names for what reasons call by Terraform's.
var Words = strings.NewReplacer("known only after apply", "known only when the template is deployed", "os_disk.disk_size_gb", "osDisk.diskSizeGB",
	"delete_os_disk_on_termination", "osDisk.deleteOption", "delete_data_disks_on_termination", "deleteOption", "admin_ssh_key", "ssh.publicKeys",
	"disable_password_authentication", "disablePasswordAuthentication", "azurerm_management_lock", "lock (Microsoft.Authorization/locks)",
	"admin_password", "adminPassword", "no identity block", "no identity", "patch_mode", "patchMode")
