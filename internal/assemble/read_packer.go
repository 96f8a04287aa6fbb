package assemble

import (
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/packer"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// prepared is a machine that Packer prepares and makes images of.
type prepared struct {
	images []packer.Image
	file   string
	unit   *unit    // nil where it has nothing to do with TLJH by itself
	books  []string // playbooks that it runs
}

// readPacker makes units of the templates that put TLJH on a machine: a hub of their image is set up by them. The machine that
// they build on is gone afterwards, and is nobody's hub.
func (l *loader) readPacker(files []string) {
	byDir := map[string][]string{}
	var dirs []string
	for _, f := range files {
		d := dirOf(f)
		if byDir[d] == nil {
			dirs = append(dirs, d)
		}
		byDir[d] = append(byDir[d], path.Base(f))
	}
	slices.Sort(dirs)
	for _, d := range dirs {
		res := packer.Read(l.tree, d, byDir[d])
		for _, f := range res.Broken {
			l.broken[f] = true
		}
		problems := res.Problems
		for _, b := range res.Builds {
			car := step.Carrier{File: b.File, Format: "packer", At: b.At, Steps: b.Steps, Uses: append(slices.Clone(res.Uses), res.Files...), Problems: problems}
			p := prepared{images: b.Images, file: b.File}
			u := l.look(b.File, car)
			if u.relevant() && l.speaks(u) {
				l.use(append(res.Uses, u.uses...))
				l.units = append(l.units, u)
				p.unit, problems = u, nil
			}
			p.books = l.booksOf(b.Steps, d)
			if len(p.books) > 0 && p.unit == nil {
				l.asides = append(l.asides, aside{carrier: car, hosts: []string{"all"}, book: b.File,
					why: b.File + " makes an image, and nothing in the repository says whether the hub's machine starts from it"})
			}
			l.prepared = append(l.prepared, p)
			l.cover(b.File, b.Steps...)
		}
		if len(res.Builds) == 0 {
			l.problems = append(l.problems, problems...)
		}
		for _, f := range res.Files {
			if !l.broken[f] {
				l.cover(f)
			}
		}
	}
}

// booksOf are the playbooks that steps run.
func (l *loader) booksOf(steps []step.Step, dir string) []string {
	var out []string
	for _, s := range steps {
		if len(s.Argv) > 1 && path.Base(s.Argv[0].String()) == "ansible-playbook" {
			books, _ := l.invocation(s.Argv[1:], dir)
			out = append(out, books...)
		}
	}
	return out
}

// imagesOf are the images of the machine that a hub is set up on: made by a template that sets it up, or that runs its playbook.
func (l *loader) imagesOf(g *group) []*doc.Node {
	var out []*doc.Node
	for _, p := range l.prepared {
		why, ok := "", false
		for _, u := range g.units {
			if u == p.unit || slices.Contains(p.books, u.file) {
				ok, why = true, g.maybe[u]
			}
		}
		if !ok {
			continue
		}
		for _, i := range p.images {
			n := doc.NewMap(doc.Set, i.At)
			if why != "" {
				n.State, n.Why = doc.Unknown, why
			}
			n.Put("id", doc.Of(i.ID, doc.Set, i.At))
			n.Put("kind", doc.Of("packer", doc.Derived, i.At))
			n.Put("of", doc.Of(nil, doc.Unset, span.Span{}))
			out = append(out, n)
		}
	}
	return out
}
