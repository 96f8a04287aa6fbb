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

// maxCopied bounds the files that one provisioner copies.
const maxCopied = 300

// provisioners is one carrier for all of a resource's provisioners that act on a machine, in their order.
func (w *writer) provisioners(r *eval.Resource) (step.Carrier, bool) {
	c := step.Carrier{Format: "terraform-provisioner"}
	written, elsewhere := map[string]span.Text{}, ""
	for _, p := range r.Provisioners() {
		at := p.Body.At.Span()
		if p.Type == "local-exec" {
			w.local(r, p, &c)
			continue
		}
		if p.Type != "remote-exec" && p.Type != "file" {
			continue
		}
		if c.At.IsZero() {
			c.At, c.File = at, at.File
			if i := w.machine(r, p); i != nil {
				c.Machine = i.ID
			} else if host, ok := p.Connection.Attr("host").Str(); ok && len(w.m.Instances) > 0 {
				elsewhere = "it runs on " + span.Show(host) + ", and whether that is a machine which is declared here is not known"
			}
		}
		if p.Type == "file" {
			w.copy(r, p, &c, written)
			continue
		}
		for _, t := range w.scripts(r, p, &c) {
			res := shell.Read(t, shell.Options{Files: w.files, Dir: r.Module.Dir, Written: written})
			c.Steps = append(c.Steps, res.Steps...)
			c.Problems = append(c.Problems, res.Problems...)
			c.Uses = append(c.Uses, w.used(t, res.Uses)...)
		}
	}
	condition(c.Steps, r.Cond, r.At.Span())
	condition(c.Steps, elsewhere, r.At.Span())
	return c, !c.At.IsZero()
}

// machine is the machine that a provisioner works on: its resource, or the one its connection or triggers name.
func (w *writer) machine(r *eval.Resource, p eval.Provisioner) *model.Instance {
	if i := w.m.Owner[r]; i != nil {
		return i
	}
	for _, v := range []*eval.Val{p.Connection.Attr("host"), r.Attr("triggers"), r.Attr("triggers_replace"), r.Attr("input")} {
		if i := w.m.InstanceOf(v); i != nil {
			return i
		}
	}
	if v := p.Connection.Attr("host"); v.IsUnknown() && len(w.m.Instances) == 1 {
		return w.m.Instances[0] // one machine, and the provisioner connects to one
	}
	return nil
}

// scripts are the texts that a remote-exec runs.
func (w *writer) scripts(r *eval.Resource, p eval.Provisioner, c *step.Carrier) []span.Text {
	var out []span.Text
	if lines := p.Body.Attr("inline"); !lines.IsNull() {
		if lines.Kind == eval.Unknown || lines.Kind == eval.Ref {
			c.Steps = append(c.Steps, opaque("the commands are not known: "+lines.Reason(), lines.At.Span()))
		} else {
			var parts []span.Text
			for _, it := range lines.List() {
				parts = append(parts, r.Module.AsText(it), span.Literal("\n", it.At.Text().Slice(0, 0)))
			}
			out = append(out, span.Concat(parts...))
		}
	}
	for _, v := range append(p.Body.Attr("script").List(), p.Body.Attr("scripts").List()...) {
		if src := w.open(r, v, c); src != nil {
			out = append(out, src.Whole())
		}
	}
	return out
}

// open reads the file that v names; a step stands for it when it cannot be read.
func (w *writer) open(r *eval.Resource, v *eval.Val, c *step.Carrier) *span.Source {
	name, ok := v.Str()
	why := "the script's name is not known: " + v.Reason()
	var src *span.Source
	if ok {
		src, why = r.Module.Open(name)
	}
	if why != "" && src == nil {
		c.Steps = append(c.Steps, opaque(why, v.At.Span()))
		return nil
	}
	return src
}

// copy is a file provisioner: content, a file or the files of a directory, written on the machine.
func (w *writer) copy(r *eval.Resource, p eval.Provisioner, c *step.Carrier, written map[string]span.Text) {
	at := p.Body.At.Span()
	to := p.Body.Attr("destination")
	dest := r.Module.AsText(to)
	write := func(dest, content span.Text) {
		c.Steps = append(c.Steps, step.Step{Dest: dest, Content: content, At: at})
		if d := dest.String(); !span.IsUnknown(d) {
			written[d] = content
		}
		c.Uses = append(c.Uses, w.used(content, nil)...)
	}
	if v := p.Body.Attr("content"); !v.IsNull() {
		write(dest, r.Module.AsText(v))
		return
	}
	v := p.Body.Attr("source")
	name, ok := v.Str()
	if !ok {
		c.Steps = append(c.Steps, opaque("which file is copied is not known: "+v.Reason(), at))
		return
	}
	if src, why := r.Module.Open(name); why == "" {
		if strings.HasSuffix(dest.String(), "/") {
			dest = span.Concat(dest, span.Literal(path.Base(name), dest))
		}
		write(dest, src.Whole())
		return
	}
	dir, files := w.directory(r, name)
	if len(files) == 0 {
		why := "the file " + name + " is not in the repository"
		if strings.HasSuffix(name, "/") {
			why = "the directories in " + name + " are not looked into"
		}
		write(dest, span.Literal(span.Unknown(why), v.At.Text()))
		return
	}
	base := strings.TrimSuffix(dest.String(), "/") + "/"
	if !strings.HasSuffix(name, "/") {
		base += path.Base(name) + "/"
	}
	for k, f := range files {
		if k == maxCopied {
			c.Problems = append(c.Problems, step.Problem{At: at, Msg: "this directory has too many files; the rest are not looked at", Fatal: true})
			break
		}
		if src, err := w.files.Open(path.Join(dir, f)); err == nil {
			write(span.Literal(base+f, dest), src.Whole())
		}
	}
}

// directory finds a directory of the checkout that a file provisioner copies, with its files.
func (w *writer) directory(r *eval.Resource, name string) (string, []string) {
	if path.IsAbs(name) || strings.HasPrefix(name, "~") {
		return "", nil
	}
	for _, from := range []string{w.m.Config.Dir, r.Module.Dir} {
		dir := path.Join(from, name)
		if dir == ".." || strings.HasPrefix(dir, "../") {
			continue
		}
		if files := w.files.List(dir); len(files) > 0 {
			return dir, files
		}
	}
	return "", nil
}
