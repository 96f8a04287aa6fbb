package vagrant

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// playbook is a provisioner that runs a playbook, as the command that Vagrant makes of its options. A playbook that is not in the
// repository may do anything.
func (r *reader) playbook(m *machine, p provision) {
	book := p.opts["playbook"].text
	f := r.seen(m, book.String())
	if f == "" {
		why := "the playbook " + span.Show(book.String()) + " is not in the repository"
		r.problem(p.at.Span(), "%s; what it does is not known", why)
		m.Steps = append(m.Steps, opaque(p.at, why))
		return
	}
	argv := []span.Text{span.Literal("ansible-playbook", book)}
	option := func(name string, t span.Text) { argv = append(argv, span.Literal(name, t), t) }
	if v, ok := p.opts["extra_vars"]; ok {
		t := v.text
		if s := t.String(); !v.hash && !span.IsUnknown(s) && !strings.HasPrefix(s, "@") { // a file
			t = span.Concat(span.Plain("@"), t)
		}
		option("--extra-vars", t)
	}
	if v, ok := p.opts["inventory_path"]; ok {
		if i := r.seen(m, v.text.String()); i != "" {
			option("--inventory", span.Literal(path.Join(shell.Checkout, i), v.text))
		}
	}
	if v, ok := p.opts["limit"]; ok {
		option("--limit", v.text)
	}
	if v, ok := p.opts["groups"]; ok && v.hash {
		var of map[string]any
		if json.Unmarshal([]byte(v.text.String()), &of) == nil {
			for _, g := range groupsOf(of, m.Name) {
				option(ansible.GroupsOption, span.Literal(g, v.text))
			}
		}
	}
	argv = append(argv, span.Literal(path.Join(shell.Checkout, f), book))
	m.Steps = append(m.Steps, step.Step{Argv: argv, Dir: path.Join(shell.Checkout, r.dir), At: book.Span()})
}

// groupsOf are the groups of an inventory of Vagrant's that a machine is in.
func groupsOf(groups map[string]any, name string) []string {
	var out []string
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		if strings.Contains(g, ":") {
			continue
		}
		switch hosts := groups[g].(type) {
		case string:
			if hosts == name {
				out = append(out, g)
			}
		case []any:
			for _, h := range hosts {
				if h == name {
					out = append(out, g)
				}
			}
		}
	}
	return out
}

// seen is the file of the checkout that a provisioner names: beside the Vagrantfile, or in a directory that the machine sees.
func (r *reader) seen(m *machine, name string) string {
	if f := r.inside(name); f != "" {
		return f
	}
	best, found := "", ""
	for _, s := range r.sharesOf(m) {
		if rest, ok := strings.CutPrefix(name, s.Path+"/"); ok && len(s.Path) >= len(best) {
			best, found = s.Path, path.Join(s.Checkout, rest)
		}
	}
	if found == "" || span.IsUnknown(name) || strings.HasPrefix(found, "..") || !r.files.Exists(found) {
		return ""
	}
	return found
}

// maxUploaded bounds the files of a directory that is put on a machine.
const maxUploaded = 300

// upload puts a file, or a directory with its files, on the machine. What is not in the repository is written all the same.
func (r *reader) upload(m *machine, p provision, src, dest span.Text, written map[string]span.Text) {
	write := func(to span.Text, content span.Text) {
		m.Steps = append(m.Steps, step.Step{Dest: to, Content: content, At: p.at.Span()})
		written[to.String()] = content
	}
	name := src.String()
	if dest.Len() == 0 {
		return
	}
	f := r.inside(name)
	if f != "" {
		if s, err := r.files.Open(f); err == nil {
			r.use(f)
			if strings.HasSuffix(dest.String(), "/") {
				dest = span.Literal(dest.String()+path.Base(f), dest)
			}
			write(dest, s.Whole())
			return
		}
	}
	dir := path.Join(r.dir, name)
	if !span.IsUnknown(name) && name != "" && !path.IsAbs(name) && dir != ".." && !strings.HasPrefix(dir, "../") {
		base := strings.TrimSuffix(dest.String(), "/")
		if strings.HasSuffix(dest.String(), "/") && !strings.HasSuffix(name, "/.") {
			base += "/" + path.Base(dir)
		}
		if r.uploadAll(dir, base, dest, write) {
			return
		}
	}
	if !span.IsUnknown(dest.String()) && !strings.HasSuffix(dest.String(), "/") {
		write(dest, span.Literal(span.Unknown("the file "+span.Show(name)+" is not in the repository"), src))
	}
}

// uploadAll puts the files below a directory on the machine; false if there are none.
func (r *reader) uploadAll(dir, base string, at span.Text, write func(to, content span.Text)) bool {
	some := false
	names := r.files.List(dir)
	for _, n := range names[:min(len(names), maxUploaded)] {
		f := path.Join(dir, n)
		s, err := r.files.Open(f)
		if err != nil {
			continue
		}
		some = true
		r.use(f)
		write(span.Literal(base+"/"+n, at), s.Whole())
	}
	return some
}
