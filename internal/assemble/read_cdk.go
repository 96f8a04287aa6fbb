package assemble

import (
	"fmt"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cdk"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// notSynthesized is why what a program of the CDK declares is not known, and what would tell it.
const notSynthesized = "programs of the CDK are read in Python only (the template that `cdk synth` writes to cdk.out is read too, if it is committed)"

// readCDK follows programs of the AWS CDK in Python. Where the template that the CDK made of one is committed, that is the
// better evidence, and the only one that is used: the hub has one machine.
func (l *loader) readCDK(found []string) {
	templates := l.synthesized()
	for _, f := range l.found.Machines {
		if f.Kind == repo.CDKKind && l.templateFor(templates, dirOf(f.Path)) != "" {
			l.covered[f.Path] = "" // what it declares is read in the template
			l.use([]string{f.Path})
		}
	}
	said := map[string]bool{}
	programs := cdk.Read(l.tree, found, func(dir string) bool {
		t := l.templateFor(templates, dir)
		if t == "" {
			return false
		}
		if !said[dir] {
			said[dir] = true
			l.problem(span.Span{File: t}, false, "%s is what the CDK made of the program in %s, and is read instead of it; run cdk synth and commit it again after each change", t, dir)
		}
		return true
	})
	for _, f := range found {
		if l.templateFor(templates, dirOf(f)) != "" {
			l.use([]string{f})
		}
	}
	for i := range programs {
		l.cdkProgram(&programs[i])
	}
}

// cdkProgram takes what one program declares. What it does on its machines belongs to them; strings in it that configure
// TLJH and did not come to be a part of that make what they may set unknown.
func (l *loader) cdkProgram(p *cdk.Program) {
	before := len(l.units)
	l.declares(p.Module)
	if why := incomplete(p.Module); !machines(p.Module) && why != "" && l.unseen == "" {
		l.unseen = fmt.Sprintf("the hub's machine may be declared in %s (CDK program), and is not seen there: %s; state it in an infra.yaml", p.Main, why)
	}
	l.followed(p.Module, before)
}

// followed takes the Python files of a program that was read as part of it, whose units begin at before.
func (l *loader) followed(m terraform.Module, before int) {
	var steps []step.Step
	for _, c := range m.Carriers {
		steps = append(steps, c.Steps...)
	}
	own := l.units[before:]
	for _, in := range m.Infra.Get("inputs").List() {
		f, _ := in.Get("path").Str()
		src, err := l.tree.Open(f)
		if err != nil || path.Ext(f) != ".py" {
			continue
		}
		at := missed(src, steps)
		switch {
		case at.IsZero() && machines(m):
			l.use([]string{f})
		case len(own) > 0 && !at.IsZero():
			l.use([]string{f})
			u := own[0]
			u.opaque = true
			u.carriers[0].Problems = append(u.carriers[0].Problems, step.Problem{At: at, Msg: fmt.Sprintf(
				"%s configures the hub here in a way that could not be followed; what it may set is unknown", f)})
		}
	}
}

// synthesized are the templates with machines that the CDK made.
func (l *loader) synthesized() []string {
	var out []string
	for _, m := range l.modules {
		if len(m.infra.Get("instances").List()) == 0 {
			continue
		}
		for _, in := range m.infra.Get("inputs").List() {
			f, ok := in.Get("path").Str()
			if !ok {
				continue
			}
			if src, err := l.tree.Open(f); err == nil && (strings.Contains("/"+f, "/cdk.out/") || strings.Contains(src.Text, `aws:cdk:path`)) {
				out = append(out, f)
			}
		}
	}
	return out
}

// templateFor is the template that was made of the program in a directory; "" if there is none. The CDK is called where cdk.json
// is, and writes there; without one any directory above may be meant.
func (l *loader) templateFor(templates []string, dir string) string {
	top := path.Clean(dir)
	for top != "." && !l.tree.Exists(path.Join(top, "cdk.json")) {
		top = path.Dir(top)
	}
	exact := l.tree.Exists(path.Join(top, "cdk.json"))
	for _, t := range templates {
		of := path.Dir(t)
		if i := strings.Index("/"+t, "/cdk.out/"); i >= 0 {
			of = path.Clean("./" + t[:max(i-1, 0)])
		}
		if of == top || !exact && within(dir, of) {
			return t
		}
	}
	return ""
}
