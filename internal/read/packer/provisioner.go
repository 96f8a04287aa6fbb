package packer

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// elsewhere are provisioners that do nothing to the machine.
var elsewhere = []string{"shell-local", "breakpoint", "sleep", "windows-restart", "hcp-sbom"}

// provisioner appends the steps of one provisioner.
func (r *reader) provisioner(p eval.PackerBlock) {
	switch {
	case slices.Contains(elsewhere, p.Type):
	case p.Type == "shell":
		r.shell(p)
	case p.Type == "file":
		r.file(p)
	case p.Type == "ansible" || p.Type == "ansible-local":
		r.ansible(p)
	default:
		r.problem(p.At, "what the provisioner %q does is not read", p.Type)
		r.out = append(r.out, opaque(p.At, "what the provisioner "+p.Type+" does is not read"))
	}
}

// shell is commands, a script or several.
func (r *reader) shell(p eval.PackerBlock) {
	vars := r.environment(p.Body)
	if lines := p.Body.Attr("inline"); !lines.IsNull() {
		if lines.Kind == eval.Unknown || lines.Kind == eval.Ref {
			r.out = append(r.out, opaque(lines.At.Span(), "the commands are not known: "+lines.Reason()))
		} else {
			var parts []span.Text
			for _, it := range lines.List() {
				parts = append(parts, r.text(it), span.Plain("\n"))
			}
			r.script(span.Concat(parts...), vars)
		}
	}
	for _, v := range append(p.Body.Attr("script").List(), p.Body.Attr("scripts").List()...) {
		if src, _ := r.open(v, p.At); src != nil {
			r.script(src.Whole(), vars)
		}
	}
}

func (r *reader) script(t span.Text, vars map[string]span.Text) {
	res := shell.Read(t, shell.Options{Files: r.files, Vars: vars, Args: []span.Text{}, Written: r.written, Cwd: "~"})
	for k, v := range res.Written {
		r.written[k] = v
	}
	for _, f := range res.Uses {
		r.use(f)
	}
	r.out = append(r.out, res.Steps...)
	r.res.Problems = append(r.res.Problems, res.Problems[:min(len(res.Problems), max(0, 100-len(r.res.Problems)))]...)
}

// environment is environment_vars, a list of NAME=value, and env, a map.
func (r *reader) environment(b *eval.Val) map[string]span.Text {
	out := map[string]span.Text{}
	for _, v := range b.Attr("environment_vars").List() {
		t := r.text(v)
		if k := strings.IndexByte(t.String(), '='); k > 0 {
			out[t.String()[:k]] = t.Slice(k+1, t.Len())
		}
	}
	if m := b.Attr("env"); m.Kind == eval.Map {
		for _, k := range m.Keys {
			out[k] = r.text(m.Child[k])
		}
	}
	return out
}

// open is the file of the checkout that v names: beside the template, or from the root. A step stands for one that is not there.
func (r *reader) open(v *eval.Val, at span.Span) (*span.Source, string) {
	t := r.text(v)
	name := t.String()
	if s := t.Span(); !s.IsZero() {
		at = s
	}
	if span.IsUnknown(name) {
		r.out = append(r.out, opaque(at, "which file is used is not known: "+span.Reason(name)))
		return nil, name
	}
	for _, f := range r.places(name) {
		if !r.files.Exists(f) {
			continue
		}
		src, err := r.files.Open(f)
		if err == nil {
			r.use(f)
			return src, f
		}
		r.problem(at, "the file %s cannot be read: %v", f, err)
	}
	r.problem(at, "the file %s is used here, but it is not in the repository; what it does is not known", name)
	r.out = append(r.out, opaque(at, "the file "+name+" is not in the repository"))
	return nil, name
}

func (r *reader) places(name string) []string {
	var out []string
	for _, f := range []string{path.Join(r.dir, name), path.Clean(name)} {
		if f != ".." && !strings.HasPrefix(f, "../") && !strings.HasPrefix(f, "/") && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// file puts files on the machine.
func (r *reader) file(p eval.PackerBlock) {
	if d, _ := p.Body.Attr("direction").Str(); d == "download" {
		return
	}
	dest := r.text(p.Body.Attr("destination"))
	write := func(to span.Text, content span.Text) {
		r.out = append(r.out, step.Step{Dest: to, Content: content, At: p.At})
		if s := to.String(); !span.IsUnknown(s) {
			r.written[s] = content
		}
	}
	if v := p.Body.Attr("content"); !v.IsNull() {
		write(dest, r.text(v))
		return
	}
	for _, v := range append(p.Body.Attr("source").List(), p.Body.Attr("sources").List()...) {
		name := r.text(v).String()
		base := strings.TrimSuffix(dest.String(), "/") + "/"
		if files := r.directory(name); files != nil {
			if !strings.HasSuffix(name, "/") {
				base += path.Base(name) + "/"
			}
			for _, f := range files[:min(len(files), maxCopied)] {
				if src, err := r.files.Open(f); err == nil {
					r.use(f)
					write(span.Literal(base+path.Base(f), dest), src.Whole())
				}
			}
			continue
		}
		had := len(r.out)
		src, _ := r.open(v, p.At)
		to := dest
		if strings.HasSuffix(dest.String(), "/") || !p.Body.Attr("sources").IsNull() {
			to = span.Literal(base+path.Base(span.Show(name)), dest)
		}
		if src != nil {
			write(to, src.Whole())
			continue
		}
		r.out = r.out[:had]
		write(to, span.Literal(span.Unknown("the file "+span.Show(name)+" is not in the repository"), r.text(v)))
	}
}

// directory is the files of a directory of the checkout; nil if there is none of that name.
func (r *reader) directory(name string) []string {
	if span.IsUnknown(name) {
		return nil
	}
	for _, d := range r.places(strings.TrimSuffix(name, "/")) {
		if list := r.files.List(d); len(list) > 0 {
			for k := range list {
				list[k] = path.Join(d, list[k])
			}
			return list
		}
	}
	return nil
}

// ansible runs a playbook, which its own reader reads; one that is not in the repository may do anything.
func (r *reader) ansible(p eval.PackerBlock) {
	book := p.Body.Attr("playbook_file")
	src, _ := r.open(book, p.At)
	if src == nil {
		return
	}
	argv := []span.Text{span.Literal("ansible-playbook", r.text(book))}
	if v := p.Body.Attr("inventory_file"); !v.IsNull() {
		argv = append(argv, span.Literal("--inventory", r.text(v)), r.text(v))
	}
	for _, v := range append(p.Body.Attr("groups").List(), p.Body.Attr("inventory_groups").List()...) {
		argv = append(argv, span.Literal(ansible.GroupsOption, r.text(v)), r.text(v))
	}
	for _, v := range p.Body.Attr("extra_arguments").List() {
		argv = append(argv, r.text(v))
	}
	argv = append(argv, span.Literal(path.Join(shell.Checkout, src.File), r.text(book)))
	r.out = append(r.out, step.Step{Argv: argv, Dir: path.Join(shell.Checkout, r.dir), At: book.At.Span()})
}
