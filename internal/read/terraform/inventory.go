package terraform

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Terraform often writes the inventory that Ansible then uses: what machines are called in it says which one a playbook
// is for. It becomes "hosts" of an instance.

var section = lazyregexp.New(`^\s*\[([\w.-]+)(:\w+)?\]`)

// maxInventory bounds the lines of one inventory that are looked at.
const maxInventory = 2000

func inventories(m *model.Infra) {
	called := map[*model.Instance]map[string]bool{}
	call := func(i *model.Instance, name string, at span.Span) {
		if i == nil || name == "" || span.IsUnknown(name) || called[i][name] {
			return
		}
		if called[i] == nil {
			called[i] = map[string]bool{}
			i.Put("hosts", doc.NewList(doc.Derived, at))
		}
		called[i][name] = true
		i.Node.Get("hosts").Add(doc.Of(name, doc.Derived, at))
	}
	for _, res := range m.Config.Of("local_file", "local_sensitive_file") {
		if v := res.Attr("content"); v.Kind == eval.String && span.IsUnknown(v.T.String()) {
			ini(m, v, call)
		}
	}
	for _, res := range m.Config.Of("ansible_host") {
		i := m.InstanceOf(res.Attr("variables"))
		if i == nil {
			i = m.InstanceOf(res.Attr("name"))
		}
		at := res.At.Span()
		name, _ := res.Attr("name").Str()
		call(i, name, at)
		for _, g := range res.Attr("groups").List() {
			s, _ := g.Str()
			call(i, s, at)
		}
	}
}

// ini reads an inventory of lines: groups in brackets, then hosts with what refers to their machine.
func ini(m *model.Infra, v *eval.Val, call func(*model.Instance, string, span.Span)) {
	group, off := "", 0
	for n, line := range strings.SplitAfter(v.T.String(), "\n") {
		start := off
		off += len(line)
		if n == maxInventory {
			return
		}
		if s := section.FindStringSubmatch(line); s != nil {
			if group = s[1]; s[2] != "" {
				group = ""
			}
			continue
		}
		if !span.IsUnknown(line) {
			continue
		}
		one := *v
		one.T, one.From = v.T.Slice(start, off), nil
		i := m.InstanceOf(&one)
		call(i, group, one.T.Span())
		if f := strings.Fields(line); len(f) > 1 {
			call(i, f[0], one.T.Span())
		}
	}
}

// playbooks are those that resources run: they become the command that runs them.
func (w *writer) playbooks(r *eval.Resource) (step.Carrier, bool) {
	book, ok := r.Attr("playbook").Str()
	if r.Type != "ansible_playbook" || !ok {
		return step.Carrier{}, false
	}
	at := r.At.Span()
	place := r.Attr("playbook").At.Text()
	argv := []span.Text{span.Literal("ansible-playbook", place)}
	if extra := r.Attr("extra_vars"); extra.Kind == eval.Map {
		for _, k := range extra.Keys {
			argv = append(argv, span.Literal("-e", place), span.Concat(span.Literal(k+"=", place), r.Module.AsText(extra.Child[k])))
		}
	}
	argv = append(argv, span.Literal(book, place))
	c := step.Carrier{File: at.File, Format: "terraform-provisioner", At: at, Steps: []step.Step{{Argv: argv, At: at}}}
	for _, v := range []*eval.Val{r.Attr("name"), r.Attr("extra_vars")} {
		if i := w.m.InstanceOf(v); i != nil && c.Machine == "" {
			c.Machine = i.ID
		}
	}
	condition(c.Steps, r.Cond, at)
	return c, true
}
