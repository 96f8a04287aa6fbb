package vagrant

import (
	"maps"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// provision appends to a machine what one of its provisioners does.
func (r *reader) provision(m *machine, p provision, written map[string]span.Text) {
	from := len(m.Steps)
	switch p.kind {
	case "shell":
		r.shell(m, p, written)
	case "file":
		src, dest := p.opts["source"].text, p.opts["destination"].text
		r.upload(m, p, src, dest, written)
	case "ansible", "ansible_local":
		r.playbook(m, p)
	case "puppet":
		r.puppet(m, p, written)
	case "puppet_server", "salt", "chef_solo", "chef_zero", "chef_client", "chef_apply":
		why := "what the provisioner " + p.kind + " does is not read"
		r.problem(p.at.Span(), "%s", why)
		m.Steps = append(m.Steps, opaque(p.at, why))
	default:
		r.problem(p.at.Span(), "what the provisioner %q does is not read", span.Show(p.kind))
	}
	if p.cond == nil && p.opts["run"].text.String() == "never" {
		p.cond = &step.Cond{Why: "the provisioner only runs when somebody asks for it", At: p.at.Span()}
	}
	for k := from; k < len(m.Steps); k++ {
		if m.Steps[k].Cond == nil {
			m.Steps[k].Cond = p.cond
		}
	}
}

func (r *reader) shell(m *machine, p provision, written map[string]span.Text) {
	text, has := p.opts["inline"]
	dir := ""
	if script, ok := p.opts["path"]; ok && !has {
		f := r.inside(script.text.String())
		if f == "" {
			why := "the script " + span.Show(script.text.String()) + " is not in the repository"
			r.problem(script.text.Span(), "%s; what it does is not known", why)
			m.Steps = append(m.Steps, opaque(script.text, why))
			return
		}
		src, err := r.files.Open(f)
		if err != nil {
			r.problem(script.text.Span(), "%s cannot be read: %v", f, err)
			m.Steps = append(m.Steps, opaque(script.text, f+" cannot be read"))
			return
		}
		r.use(f)
		text, dir = value{text: src.Whole()}, path.Dir(f)
	} else if !has {
		return
	}
	if span.IsUnknown(text.text.String()) && strings.TrimSpace(span.Show(text.text.String())) == "…" {
		m.Steps = append(m.Steps, opaque(p.at, "the commands are not known: "+span.Reason(text.text.String())))
		return
	}
	args := []span.Text{}
	if a, ok := p.opts["args"]; ok {
		args = nil // a list is not taken apart
		if s := a.text.String(); !span.IsUnknown(s) {
			for _, w := range strings.Fields(s) {
				args = append(args, span.Literal(w, a.text))
			}
		}
	}
	if dir == "." {
		dir = ""
	}
	res := shell.Read(text.text, shell.Options{Files: r.files, Dir: dir, Args: args, Written: written, Cwd: "~", Shares: r.sharesOf(m)})
	maps.Copy(written, res.Written)
	for _, f := range res.Uses {
		r.use(f)
	}
	m.Steps = append(m.Steps, res.Steps...)
	r.f.Problems = append(r.f.Problems, res.Problems[:min(len(res.Problems), max(0, 100-len(r.f.Problems)))]...)
}

// sharesOf are the directories that a machine sees: the Vagrantfile's own as /vagrant, and what synced_folder adds.
func (r *reader) sharesOf(m *machine) []shell.Share {
	out := []shell.Share{{Path: "/vagrant", Checkout: r.dir}}
	if m != r.shared {
		out = append(out, r.shared.shares...)
	}
	return append(out, m.shares...)
}

// synced notes a directory that is shared with a machine.
func (r *reader) synced(m *machine, args []span.Text, cond *step.Cond) {
	if len(args) < 2 || cond != nil || len(m.shares) >= maxShares {
		return
	}
	for _, a := range args[2:] {
		if name, rest, ok := option(a); ok && name == "disabled" && strings.TrimSpace(rest.String()) != "false" {
			return
		}
	}
	host, guest := r.eval(args[0].String(), args[0]).text.String(), r.eval(args[1].String(), args[1]).text.String()
	if span.IsUnknown(host) || span.IsUnknown(guest) || path.IsAbs(host) || strings.HasPrefix(host, "~") || !path.IsAbs(guest) || path.Clean(guest) == "/" {
		return
	}
	if dir := path.Join(r.dir, host); dir != ".." && !strings.HasPrefix(dir, "../") {
		m.shares = append(m.shares, shell.Share{Path: path.Clean(guest), Checkout: dir})
	}
}

// inside is the file of the checkout that a path beside the Vagrantfile means, "" if there is none.
func (r *reader) inside(name string) string {
	if name == "" || span.IsUnknown(name) || path.IsAbs(name) || strings.HasPrefix(name, "~") {
		return ""
	}
	if f := path.Join(r.dir, name); !strings.HasPrefix(f, "..") && r.files.Exists(f) {
		return f
	}
	return ""
}

func opaque(at span.Text, why string) step.Step {
	at = at.Slice(0, min(1, at.Len()))
	return step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: at.Span()}
}
