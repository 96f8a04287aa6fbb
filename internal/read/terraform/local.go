package terraform

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// local is a local-exec provisioner: it runs where Terraform runs, and only what it does through ssh and scp, or gives to
// Ansible, happens on a machine.
func (w *writer) local(r *eval.Resource, p eval.Provisioner, c *step.Carrier) {
	command := p.Body.Attr("command")
	if command.Kind != eval.String || command.Sensitive || !shellWords(p.Body.Attr("interpreter")) {
		return
	}
	dir := w.m.Config.Dir
	if d, ok := p.Body.Attr("working_dir").Str(); ok {
		if dir = path.Join(dir, d); path.IsAbs(d) || strings.HasPrefix(dir, "..") {
			return
		}
	}
	o := shell.Options{Files: w.files, Dir: dir, Vars: map[string]span.Text{}}
	env := p.Body.Attr("environment")
	if env.Kind == eval.Map {
		for _, k := range env.Keys {
			o.Vars[k] = r.Module.AsText(env.Child[k])
		}
	}
	res := shell.Read(command.T, o)
	var steps []step.Step
	for _, s := range res.Steps {
		switch {
		case s.Remote, program(s) == "ansible-playbook" || program(s) == "ansible":
			steps = append(steps, s)
		case program(s) == "scp" || program(s) == "rsync":
			sent, files := w.sent(s, dir)
			steps = append(steps, sent...)
			c.Uses = append(c.Uses, files...)
		}
	}
	if len(steps) == 0 {
		return
	}
	if at := p.Body.At.Span(); c.At.IsZero() {
		c.At, c.File = at, at.File
	}
	if c.Machine == "" {
		if i := w.target(r, p, command, env); i != nil {
			c.Machine = i.ID
		}
	}
	c.Steps = append(c.Steps, steps...)
	c.Problems = append(c.Problems, res.Problems...)
	c.Uses = append(c.Uses, w.used(command.T, res.Uses)...)
}

// target is the machine that a local command works on: the one it names, else the provisioner's.
func (w *writer) target(r *eval.Resource, p eval.Provisioner, vs ...*eval.Val) *model.Instance {
	for _, v := range vs {
		if i := w.m.InstanceOf(v); i != nil {
			return i
		}
	}
	return w.machine(r, p)
}

// shellWords says whether an interpreter argument runs the command as a shell script.
func shellWords(v *eval.Val) bool {
	words := v.List()
	if len(words) == 0 {
		return true
	}
	s, ok := words[0].Str()
	switch path.Base(s) {
	case "bash", "sh", "dash", "zsh", "ksh", "env":
		return ok
	}
	return false
}

func program(s step.Step) string {
	if len(s.Argv) == 0 {
		return ""
	}
	return path.Base(s.Argv[0].String())
}

// sent is scp or rsync to a machine: the files of the checkout are written there.
func (w *writer) sent(s step.Step, dir string) (out []step.Step, files []string) {
	var words []span.Text
	for k := 1; k < len(s.Argv); k++ {
		a := s.Argv[k].String()
		if strings.HasPrefix(a, "-") {
			if strings.Contains(" -i -P -o -F -e -J -l -c -S ", " "+a+" ") {
				k++ // its value
			}
			continue
		}
		words = append(words, s.Argv[k])
	}
	if len(words) < 2 {
		return nil, nil
	}
	to := words[len(words)-1]
	text := to.String()
	host := strings.LastIndex(text, ":") // behind the host, whatever is known of it
	if host < 0 {
		return nil, nil
	}
	to = to.Slice(host+1, len(text))
	for _, from := range words[:len(words)-1] {
		name := from.String()
		file := path.Join(dir, name)
		dest := to
		if t := to.String(); strings.HasSuffix(t, "/") || len(words) > 2 {
			dest = span.Concat(to.Slice(0, len(strings.TrimSuffix(t, "/"))), span.Literal("/"+path.Base(name), to))
		}
		content := span.Literal(span.Unknown("the file "+name+" is not in the repository"), from)
		if !strings.HasPrefix(file, "..") && !path.IsAbs(name) && !span.IsUnknown(name) {
			if src, err := w.files.Open(file); err == nil {
				content = src.Whole()
				files = append(files, w.used(content, nil)...)
			}
		}
		out = append(out, step.Step{Dest: dest, Content: content, At: s.At, Cond: s.Cond, Loop: s.Loop, Remote: true})
	}
	return out, files
}
