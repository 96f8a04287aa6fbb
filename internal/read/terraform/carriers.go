package terraform

import (
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/read/userdata"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// writer makes carriers of what machines run.
type writer struct {
	files step.Files
	m     *model.Infra
	uses  []string
}

// carriers are first each machine's user data, then the provisioners, in the order written.
func (w *writer) carriers() []step.Carrier {
	var out []step.Carrier
	for _, i := range w.m.Instances {
		w.userdata(i, &out)
	}
	for _, l := range w.m.Elsewhere {
		out = append(out, w.loose(l))
	}
	for _, r := range w.m.Config.Resources {
		if c, ok := w.provisioners(r); ok {
			out = append(out, c)
		}
		if c, ok := w.playbooks(r); ok {
			out = append(out, c)
		}
	}
	for k := range out {
		slices.Sort(out[k].Uses)
		out[k].Uses = slices.Compact(out[k].Uses)
	}
	return out
}

func (w *writer) userdata(i *model.Instance, out *[]step.Carrier) {
	about := doc.NewMap(doc.Set, i.At)
	about.Put("format", doc.UnsetAt(i.At))
	about.Put("parsed", doc.Of(false, doc.Derived, i.At))
	about.Put("size", doc.UnsetAt(i.At))
	i.Put("userdata", about)
	for _, u := range i.UserData {
		at := u.Val.At.Span()
		v := u.Val.Unwrapped()
		about.At = i.Res.Where(u.Attr).Span()
		if v.Kind != eval.String || v.Sensitive {
			why := "the user data is not known: " + v.Reason()
			if v.Sensitive {
				why = "the user data is marked sensitive"
			}
			for _, k := range []string{"format", "size"} {
				about.Put(k, doc.UnknownOf(why, at))
			}
			// A carrier without steps would look like a machine that runs nothing.
			*out = append(*out, step.Carrier{File: at.File, Format: "shell", At: at, Machine: i.ID, EveryBoot: u.EveryBoot,
				Steps: []step.Step{opaque(why, at)}})
			condition((*out)[len(*out)-1].Steps, u.Cond, at)
			continue
		}
		o := shell.Options{Files: w.files, Dir: i.Res.Module.Dir}
		format, r := "shell", shell.Result{}
		if u.Script {
			for name, v := range u.Vars {
				if o.Vars == nil {
					o.Vars = map[string]span.Text{}
				}
				o.Vars[name] = i.Res.Module.AsText(v)
			}
			r = shell.Read(v.T, o)
		} else {
			format, r = userdata.Read(v.T, o)
		}
		about.Put("format", doc.Of(format, doc.Derived, at))
		about.Put("parsed", doc.Of(true, doc.Derived, at))
		about.Put("size", doc.Of(v.T.Len(), doc.Derived, at))
		c := step.Carrier{File: at.File, Format: format, At: at, Steps: r.Steps, Machine: i.ID, EveryBoot: u.EveryBoot, Problems: r.Problems,
			Uses: w.used(v.T, r.Uses)}
		condition(c.Steps, u.Cond, at)
		condition(c.Steps, i.Cond, i.At)
		*out = append(*out, c)
	}
}

// loose is a script of a machine that is not declared here.
func (w *writer) loose(l model.Loose) step.Carrier {
	at, v := l.Val.At.Span(), l.Val.Unwrapped()
	c := step.Carrier{File: at.File, Format: "shell", At: at}
	if v.Kind != eval.String || v.Sensitive {
		c.Steps = []step.Step{opaque("the script of "+l.Res.Addr+" is not known: "+v.Reason(), at)}
	} else {
		r := shell.Read(v.T, shell.Options{Files: w.files, Dir: l.Res.Module.Dir})
		c.Steps, c.Problems, c.Uses = r.Steps, r.Problems, w.used(v.T, r.Uses)
	}
	condition(c.Steps, l.Why, l.Res.At.Span())
	condition(c.Steps, l.Res.Cond, l.Res.At.Span())
	return c
}

// opaque is a step for text that could not be read and that may touch the hub.
func opaque(why string, at span.Span) step.Step {
	return step.Step{Argv: []span.Text{span.Plain(shell.OpaqueCommand), span.Plain(why)}, At: at}
}

// used are the files that a text was taken from, Terraform's own left out, and more.
func (w *writer) used(t span.Text, more []string) []string {
	var out []string
	for _, f := range append(eval.Sources(t), more...) {
		if !eval.IsModuleFile(path.Base(f)) && path.Ext(f) != ".tfvars" && !(w.m.Config.Format != "" && slices.Contains(w.m.Config.Files, f)) {
			out = append(out, f)
		}
	}
	w.uses = append(w.uses, out...)
	return out
}

// condition marks steps that may not run because their resource may not exist.
func condition(steps []step.Step, why string, at span.Span) {
	if why == "" {
		return
	}
	for k := range steps {
		if steps[k].Cond == nil {
			steps[k].Cond = &step.Cond{Why: why, At: at}
		}
	}
}
