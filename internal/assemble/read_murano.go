package assemble

import (
	"fmt"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var (
	muranoScripts = lazyregexp.New(`^(?:(.*)/)?Resources/scripts/[^/]+$`)
	muranoPackage = lazyregexp.New(`(?m)^Type:\s*Application\s*$`)
	muranoCalls   = lazyregexp.New(`resources\.yaml\(\s*["']?([\w.-]+)`)
	muranoEntry   = lazyregexp.New(`(?m)^\s*EntryPoint:\s*["']?([\w./-]+)`)
	muranoIf      = lazyregexp.New(`^\s*-?\s*If:\s*(.*)$`)
)

// readMurano makes units of Murano packages (OpenStack's catalogue): the scripts of one that its classes run on the machine that
// the package makes, in the order in which they stand there. The machine itself is chosen when the package is deployed.
// Source: docs.openstack.org/murano/latest/appdev-guide.
func (l *loader) readMurano(scripts []repo.Script) {
	done := map[string]bool{}
	for _, s := range scripts {
		m := muranoScripts.FindStringSubmatch(s.Path)
		if m == nil || done[m[1]] {
			continue
		}
		done[m[1]] = true
		if src, err := l.tree.Open(path.Join(m[1], "manifest.yaml")); err == nil && muranoPackage.MatchString(src.Text) {
			l.murano(path.Clean(m[1]))
		}
	}
}

func (l *loader) murano(dir string) {
	var all []step.Carrier
	var uses []string
	classes := path.Join(dir, "Classes")
	for _, name := range l.tree.List(classes) {
		src, err := l.tree.Open(path.Join(classes, name))
		if err != nil || len(all) > 200 {
			continue
		}
		for _, c := range muranoOrder(src) {
			tpl, err := l.tree.Open(path.Join(dir, "Resources", c.template))
			if err != nil {
				continue
			}
			for _, e := range muranoEntry.FindAllStringSubmatch(tpl.Text, 50) {
				script, err := l.tree.Open(path.Join(dir, "Resources/scripts", e[1]))
				if err != nil {
					continue
				}
				r := shell.Read(script.Whole(), shell.Options{Files: l.tree, Dir: dirOf(script.File)})
				if c.cond != nil {
					r.Steps = doubtful(r.Steps, c.cond.Why, c.cond.At)
				}
				uses = append(append(uses, script.File), r.Uses...)
				all = append(all, step.Carrier{File: script.File, Format: "murano", At: script.Span(0, 0), Steps: r.Steps, Uses: r.Uses, Problems: r.Problems})
			}
		}
	}
	if len(all) == 0 {
		return
	}
	u := l.look(all[0].File, all...)
	if u.dir = dir; !u.relevant() || !l.speaks(u) {
		return
	}
	l.use(append(uses, u.uses...))
	l.units = append(l.units, u)
	if l.unseen == "" {
		l.unseen = fmt.Sprintf("the hub's machine is the one that the Murano package in %s makes, and what it is like is chosen when that is deployed; state it in an infra.yaml", dir)
	}
}

// muranoCall is a template of commands that a class has run on the machine.
type muranoCall struct {
	template string
	cond     *step.Cond
}

// muranoOrder are the templates that a class has run, as they stand there. What it does only once is done.
func muranoOrder(src *span.Source) []muranoCall {
	var out []muranoCall
	type branch struct {
		indent int
		cond   *step.Cond
	}
	var open []branch
	offset := 0
	for line := range strings.Lines(src.Text) {
		at := offset
		offset += len(line)
		text := strings.TrimRight(line, "\r\n")
		bare := strings.TrimLeft(text, " ")
		if bare == "" || bare[0] == '#' {
			continue
		}
		indent := len(text) - len(bare)
		for len(open) > 0 && indent <= open[len(open)-1].indent {
			open = open[:len(open)-1]
		}
		if m := muranoIf.FindStringSubmatch(text); m != nil {
			var cond *step.Cond
			if !strings.Contains(m[1], "deployed") {
				cond = &step.Cond{Why: fmt.Sprintf("it is done if %q, which is chosen when the Murano package is deployed", m[1]), At: src.Span(at+indent, at+len(text))}
			} else if len(open) > 0 {
				cond = open[len(open)-1].cond
			}
			open = append(open, branch{indent, cond})
			continue
		}
		if m := muranoCalls.FindStringSubmatch(text); m != nil && len(out) < 200 {
			c := muranoCall{template: m[1]}
			if len(open) > 0 {
				c.cond = open[len(open)-1].cond
			}
			out = append(out, c)
		}
	}
	return out
}
