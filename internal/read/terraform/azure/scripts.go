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
		if i == nil || !strings.HasPrefix(typ, "CustomScript") {
			continue
		}
		found := false
		for _, name := range []string{"settings", "protected_settings"} {
			settings := res.Attr(name)
			if settings.Kind != eval.Map { // as Azure's own templates have it
				settings = settings.JSON()
			}
			for _, uri := range settings.Attr("fileUris").List() { // downloaded before the command, to where it runs
				if t := uri.TextString(); uri.Kind == eval.String && !strings.ContainsAny(t, "'\n") {
					fetch := span.Concat(span.Literal("curl -sSLO '", uri.T.Slice(0, 0)), uri.T, span.Literal("'", uri.T.Slice(0, 0)))
					i.UserData = append(i.UserData, model.UserData{Val: eval.TextOf(fetch), Attr: name, Script: true})
				}
			}
			if v := settings.Attr("commandToExecute"); !v.IsNull() {
				i.UserData = append(i.UserData, model.UserData{Val: v, Attr: name, Script: true})
				found = true
			}
			if v := settings.Attr("script"); !v.IsNull() {
				i.UserData = append(i.UserData, model.UserData{Val: v.Decoded(), Attr: name, Script: true})
				found = true
			}
		}
		if !found {
			i.UserData = append(i.UserData, model.UserData{Val: eval.NotKnown("the settings of "+res.Addr+" cannot be read", res.At), Attr: "settings", Script: true})
		}
	}
	for _, res := range r.m.Config.Of("azurerm_virtual_machine_run_command") {
		if i := r.m.InstanceOf(res.Attr("virtual_machine_id")); i != nil {
			src := res.Body().Block("source")
			v := src.Attr("script")
			if v.IsNull() {
				v = eval.NotKnown("the script of "+res.Addr+" is not in the repository", res.At)
			}
			i.UserData = append(i.UserData, model.UserData{Val: v, Attr: "source", Script: true})
		}
	}
}

func (r *reader) named(v *eval.Val) *model.Instance {
	if res := r.m.Named(v, "name", "azurerm_virtual_machine", "azurerm_linux_virtual_machine"); res != nil {
		return r.m.Owner[res]
	}
	return nil
}
