// Package murano reads Murano packages, of OpenStack's application catalogue: the scripts that a package's classes have run on the
// machine that it makes, in the order in which they stand there. The machine itself is chosen when the package is deployed.
// Source: docs.openstack.org/murano/latest/appdev-guide.
package murano

import (
	"path"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const (
	maxScripts = 200
	maxEntries = 50 // scripts of one template
)

var (
	scripts  = lazyregexp.New(`^(?:(.*)/)?Resources/scripts/[^/]+$`)
	manifest = lazyregexp.New(`(?m)^Type:\s*Application\s*$`)
	entry    = lazyregexp.New(`(?m)^\s*EntryPoint:\s*["']?([\w./-]+)`)
)

// Dir is the directory of the package that a script is for by its place, false if that is none.
func Dir(script string) (dir string, ok bool) {
	m := scripts.FindStringSubmatch(script)
	if m == nil {
		return "", false
	}
	return path.Clean(m[1]), true
}

// Read is what the package in dir does to its machine: one carrier a script, in order, and the files that they use. Both are
// empty where dir holds no package of an application, or none of its classes runs a script that is there.
func Read(files step.Files, dir string) (carriers []step.Carrier, uses []string) {
	if m, err := files.Open(path.Join(dir, "manifest.yaml")); err != nil || !manifest.MatchString(m.Text) {
		return nil, nil
	}
	classes := path.Join(dir, "Classes")
	for _, name := range files.List(classes) {
		src, err := files.Open(path.Join(classes, name))
		if err != nil {
			continue
		}
		for _, c := range calls(src) {
			for _, script := range scriptsOf(files, dir, c.template) {
				if len(carriers) == maxScripts {
					return carriers, uses
				}
				carriers = append(carriers, carrier(files, script, c.cond))
				uses = append(append(uses, script.File), carriers[len(carriers)-1].Uses...)
			}
		}
	}
	return carriers, uses
}

// scriptsOf are the scripts that a template of commands runs.
func scriptsOf(files step.Files, dir, template string) []*span.Source {
	tpl, err := files.Open(path.Join(dir, "Resources", template))
	if err != nil {
		return nil
	}
	var out []*span.Source
	for _, e := range entry.FindAllStringSubmatch(tpl.Text, maxEntries) {
		if script, err := files.Open(path.Join(dir, "Resources/scripts", e[1])); err == nil {
			out = append(out, script)
		}
	}
	return out
}

func carrier(files step.Files, script *span.Source, cond *step.Cond) step.Carrier {
	r := shell.Read(script.Whole(), shell.Options{Files: files, Dir: path.Dir(script.File)})
	if cond != nil {
		for i := range r.Steps {
			if r.Steps[i].Cond == nil {
				r.Steps[i].Cond = cond
			}
		}
	}
	return step.Carrier{File: script.File, Format: "murano", At: script.Span(0, 0), Steps: r.Steps, Uses: r.Uses, Problems: r.Problems}
}
