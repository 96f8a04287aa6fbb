package azure

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// scripts are what extensions and run commands run on machines: "commandToExecute" or a base64 "script".
func (r *reader) scripts() {
	for _, res := range r.m.Config.Of("azurerm_virtual_machine_extension") {
		typ, _ := res.Attr("type").Str()
		i := r.m.InstanceOf(res.Attr("virtual_machine_id"))
		if i == nil {
			i = r.named(res.Attr("virtual_machine_name"))
		}
		if !strings.HasPrefix(typ, "CustomScript") || i == nil && typ != "CustomScript" { // others are for Windows
			continue
		}
		add := func(u model.UserData) { r.runs(i, u, res) }
		found := false
		for _, name := range []string{"settings", "protected_settings"} {
			settings := res.Attr(name)
			if settings.Kind != eval.Map { // as Azure's own templates have it
				settings = settings.JSON()
			}
			for _, uri := range settings.Attr("fileUris").List() { // downloaded before the command, to where it runs
				if t := uri.TextString(); uri.Kind == eval.String && !strings.ContainsAny(t, "'\n") {
					fetch := span.Concat(span.Literal("curl -sSLO '", uri.T.Slice(0, 0)), uri.T, span.Literal("'", uri.T.Slice(0, 0)))
					add(model.UserData{Val: eval.TextOf(fetch), Attr: name, Script: true})
				}
			}
			if v := settings.Attr("commandToExecute"); !v.IsNull() {
				add(model.UserData{Val: v, Attr: name, Script: true})
				found = true
			}
			if v := settings.Attr("script"); !v.IsNull() {
				add(model.UserData{Val: v.Decoded(), Attr: name, Script: true})
				found = true
			}
		}
		if !found {
			add(model.UserData{Val: eval.NotKnown("the settings of "+res.Addr+" cannot be read", res.At), Attr: "settings", Script: true})
		}
	}
	for _, res := range r.m.Config.Of("azurerm_virtual_machine_run_command") {
		v := res.Body().Block("source").Attr("script")
		if v.IsNull() {
			v = eval.NotKnown("the script of "+res.Addr+" is not in the repository", res.At)
		}
		r.runs(r.m.InstanceOf(res.Attr("virtual_machine_id")), model.UserData{Val: v, Attr: "source", Script: true}, res)
	}
}

// runs gives a machine a script. One on a machine that is not declared here counts as well; where others are declared, it may be
// theirs unless it names its own.
func (r *reader) runs(i *model.Instance, u model.UserData, res *eval.Resource) {
	u.Cond = res.Cond
	if i != nil {
		i.UserData = append(i.UserData, u)
		return
	}
	why, id := "", res.Attr("virtual_machine_id")
	if id.IsNull() {
		id = res.Attr("virtual_machine_name")
	}
	if len(r.hosts) > 0 {
		if _, named := id.Str(); named {
			return
		}
		why = "it is not known which machine " + res.Addr + " belongs to: " + id.Reason()
	}
	r.m.Elsewhere = append(r.m.Elsewhere, model.Loose{UserData: u, Res: res, Why: why})
}

func (r *reader) named(v *eval.Val) *model.Instance {
	if res := r.m.Named(v, "name", "azurerm_virtual_machine", "azurerm_linux_virtual_machine"); res != nil {
		return r.m.Owner[res]
	}
	return nil
}
