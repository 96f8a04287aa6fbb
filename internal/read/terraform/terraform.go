// Package terraform reads Terraform and OpenTofu configurations: the machines they declare with all that belongs to
// them, as the common model of reference/providers.md §1, and the texts that those machines run, as carriers.
//
// Nothing is run and nothing is fetched: the environment, the network and anything outside the checkout are never read.
// What the repository does not tell is unknown, with the reason.
package terraform

import (
	"path"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/aws"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/azure"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/digitalocean"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/google"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/hetzner"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/linode"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/openstack"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/other"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/ovh"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/vultr"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Result is one Module for every root module.
type Result struct {
	Modules []Module // sorted by directory
}

// Module is one evaluated root module.
type Module struct {
	Dir      string
	Infra    *doc.Node // the common model's infra; is_hub is false everywhere, runs_tljh is left out
	Carriers []step.Carrier
	Uses     []string // files that it reads, runs or copies, apart from Terraform's own
	Problems []step.Problem
}

// maxModules bounds the directories that are evaluated.
const maxModules = 1000

// Read evaluates the root modules among dirs: directories with Terraform files that no other one calls as a module.
func Read(files step.Files, dirs []string) Result {
	cache := map[string]*eval.Dir{}
	load := func(dir string) *eval.Dir {
		dir = path.Clean(dir)
		d, ok := cache[dir]
		if !ok {
			d = eval.LoadDir(files, dir)
			cache[dir] = d
		}
		return d
	}
	var res Result
	for _, dir := range roots(dirs, load) {
		if len(res.Modules) == maxModules {
			res.Modules[0].Problems = append(res.Modules[0].Problems, step.Problem{At: span.Span{File: dir}, Fatal: true,
				Msg: "there are too many Terraform root modules; the rest are not evaluated"})
			break
		}
		res.Modules = append(res.Modules, module(files, eval.Load(files, load, dir)))
	}
	return res
}

// roots are the directories that nobody calls. Modules that only call each other are all roots.
func roots(dirs []string, load func(string) *eval.Dir) []string {
	seen, called := map[string]bool{}, map[string]bool{}
	var all, out []string
	for _, dir := range dirs {
		dir = path.Clean(dir)
		if seen[dir] || strings.HasPrefix(dir, "..") || strings.Contains("/"+dir+"/", "/.terraform/") {
			continue
		}
		seen[dir] = true
		if d := load(dir); d != nil {
			all = append(all, dir)
			for _, c := range d.LocalCalls() {
				called[c] = called[c] || c != dir
			}
		}
	}
	sort.Strings(all)
	for _, dir := range all {
		if !called[dir] {
			out = append(out, dir)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

func module(files step.Files, c *eval.Config) Module {
	m := model.New(c)
	cloud := []interface{ Rest() }{aws.Instances(m), google.Instances(m), azure.Instances(m), digitalocean.Instances(m),
		openstack.Instances(m), hetzner.Instances(m), ovh.Instances(m), linode.Instances(m), vultr.Instances(m)}
	other.Instances(m)
	for _, r := range cloud {
		r.Rest()
	}
	other.DNS(m)
	m.Finish()
	w := &writer{files: files, m: m}
	out := Module{Dir: c.Dir}
	out.Carriers = w.carriers()
	out.Infra = infra(m)
	out.Problems = c.Problems
	used := map[string]bool{}
	for _, f := range append(c.Uses, w.uses...) {
		if !used[f] {
			used[f] = true
			out.Uses = append(out.Uses, f)
		}
	}
	sort.Strings(out.Uses)
	return out
}

// infra is the model as a node.
func infra(m *model.Infra) *doc.Node {
	c := m.Config
	at := c.Start
	n := doc.NewMap(doc.Set, at)
	inputs := doc.NewList(doc.Set, at)
	for _, f := range c.Files {
		in := doc.NewMap(doc.Set, span.Span{File: f, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}})
		in.Put("path", doc.Of(f, doc.Set, in.At))
		in.Put("format", doc.Of("hcl", doc.Derived, in.At))
		in.Put("complete", doc.Of(len(c.Incomplete) == 0, doc.Derived, in.At))
		inputs.Add(in)
	}
	n.Put("inputs", inputs)
	instances := doc.NewList(doc.Set, at)
	for _, i := range m.Instances {
		instances.Add(i.Node)
	}
	n.Put("instances", instances)
	if len(m.Instances) > 0 {
		at = m.Instances[0].At // what is missing is missing beside the machine
	}
	volumes := doc.NewList(doc.Set, at)
	for _, v := range m.Volumes {
		volumes.Add(v.Node)
	}
	n.Put("volumes", volumes)
	n.Put("backups", doc.NewList(doc.Set, at, m.Backups...))
	n.Put("dns", doc.NewList(doc.Set, at, m.DNS...))
	n.Put("images", doc.NewList(doc.Set, at, m.Images...))
	n.Put("alerts_sinks", doc.NewList(doc.Set, at, m.Sinks...))
	n.Put("complete", doc.Of(len(c.Incomplete) == 0, doc.Derived, at))
	why := doc.NewList(doc.Set, at)
	for _, note := range c.Incomplete {
		why.Add(doc.Of(note.Why, doc.Derived, note.At))
	}
	n.Put("incomplete", why)
	return n
}
