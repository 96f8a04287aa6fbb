// Package terraform reads Terraform and OpenTofu configurations: the machines they declare with all that belongs to
// them, as the common model of reference/providers.md §1, and the texts that those machines run, as carriers.
//
// Nothing is run and nothing is fetched: the environment, the network and anything outside the checkout are never read.
// What the repository does not tell is unknown, with the reason.
package terraform

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/parallel"
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
	VarFile  string    // the chosen tfvars file that it was evaluated with
	Infra    *doc.Node // the common model's infra; is_hub is false everywhere, runs_tljh is left out
	Carriers []step.Carrier
	Uses     []string // files that it reads, runs or copies, apart from Terraform's own
	Problems []step.Problem
	Switches []string // root variables that are off, so that something is not made
}

// Switch is a root variable that is off (false, 0), so that something is not made.
type Switch struct{ Dir, Name string }

// maxModules bounds the directories that are evaluated.
const maxModules = 1000

// maxVarFiles bounds the tfvars files that are looked at.
const maxVarFiles = 500

// Input is what discovery found.
type Input struct {
	Dirs     []string // directories with Terraform files
	VarFiles []string // tfvars files
	Plans    []string // JSON files that may be plans
	// Chosen are tfvars files that the settings name: their root module is evaluated once with each.
	Chosen []string
	// Switch is a variable of one root module that is off and is evaluated as if it were on, if there is one.
	Switch Switch
}

// Read evaluates the root modules among the directories: those that no other one calls as a module.
func Read(files step.Files, in Input) Result {
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
	parsed := make([]*eval.Dir, len(in.Dirs)) // parsing is most of the work, and needs nothing of other directories
	parallel.Each(len(in.Dirs), func(i int) { parsed[i] = eval.LoadDir(files, path.Clean(in.Dirs[i])) })
	for i, dir := range in.Dirs {
		cache[path.Clean(dir)] = parsed[i]
	}
	var res Result
	tops := roots(in.Dirs, load)
	chosen := variants(files, in, tops, load)
	beside, alone := plans(files, in, tops, load)
	for _, dir := range tops {
		if len(res.Modules) >= maxModules {
			res.Modules[0].Problems = append(res.Modules[0].Problems, step.Problem{At: span.Span{File: dir}, Fatal: true,
				Msg: "there are too many Terraform root modules; the rest are not evaluated"})
			break
		}
		o := eval.Options{}
		if in.Switch.Dir == dir {
			o.Switch = in.Switch.Name
		}
		if p := beside[dir]; len(p) == 1 {
			o.Plan = p[0]
		}
		files1 := chosen[dir]
		if len(files1) == 0 {
			files1 = []string{""}
		}
		for _, o.VarFile = range files1 {
			m := module(files, eval.Load(files, load, dir, o))
			m.VarFile = o.VarFile
			if p := beside[dir]; len(p) > 1 {
				m.Problems = append(m.Problems, step.Problem{At: span.Span{File: p[1].File},
					Msg: fmt.Sprintf("there are %d plans of the configuration in %s, and none of them is used; leave one", len(p), dir)})
			}
			res.Modules = append(res.Modules, m)
		}
	}
	for _, p := range alone {
		res.Modules = append(res.Modules, module(files, eval.FromPlan(files, p)))
	}
	sort.SliceStable(res.Modules, func(i, j int) bool { return res.Modules[i].Dir < res.Modules[j].Dir })
	return res
}

// variants gives every tfvars file that Terraform does not read by itself to the root module it is for: the nearest one
// above it, else the only one that declares what it sets. It returns the chosen ones by module.
func variants(files step.Files, in Input, tops []string, load func(string) *eval.Dir) map[string][]string {
	chosen := map[string][]string{}
	top := map[string]bool{}
	for _, t := range tops {
		top[t] = true
	}
	names := append([]string(nil), in.VarFiles...)
	sort.Strings(names)
	for k, f := range names {
		if k > 0 && names[k-1] == f || k > maxVarFiles {
			continue
		}
		dir := path.Dir(f)
		if top[dir] && eval.Loaded(path.Base(f)) {
			continue
		}
		for !top[dir] && dir != "." {
			dir = path.Dir(dir)
		}
		taken := top[dir] && load(dir).AddVariant(files, f)
		if !taken {
			var about []string
			for _, t := range tops {
				if t != dir && load(t).IsAbout(files, f) {
					about = append(about, t)
				}
			}
			if len(about) == 1 {
				dir = about[0]
				taken = load(dir).AddVariant(files, f)
			}
		}
		if taken && slices.Contains(in.Chosen, f) {
			chosen[dir] = append(chosen[dir], f)
		}
	}
	return chosen
}

// plans ties plans to the root module that they are of: the one beside them, else the only one that declares all they have.
func plans(files step.Files, in Input, tops []string, load func(string) *eval.Dir) (beside map[string][]*eval.Plan, alone []*eval.Plan) {
	beside = map[string][]*eval.Plan{}
	seen := map[string]bool{}
	for _, f := range in.Plans {
		if dir := path.Dir(f); !seen[dir] {
			seen[dir] = true
			for _, p := range eval.Plans(files, dir) {
				home := ""
				var of []string
				for _, t := range tops {
					if p.Of(load(t)) {
						of = append(of, t)
						if t == dir {
							home = t
						}
					}
				}
				if home == "" && len(of) == 1 {
					home = of[0]
				}
				switch {
				case home != "":
					beside[home] = append(beside[home], p)
				case slices.Contains(tops, dir):
					beside[dir] = append(beside[dir], p) // it does not fit, and that is said
				default:
					alone = append(alone, p)
				}
			}
		}
	}
	return beside, alone
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
	other.Uptime(m)
	inventories(m)
	m.Finish()
	w := &writer{files: files, m: m}
	out := Module{Dir: c.Dir}
	out.Carriers = w.carriers()
	out.Infra = infra(m)
	out.Problems, out.Switches = c.Problems, c.Switches
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
		format := "hcl"
		if c.OnlyPlan {
			format = "tfplan"
		} else if c.Format != "" {
			format = c.Format
		}
		in.Put("format", doc.Of(format, doc.Derived, in.At))
		in.Put("complete", doc.Of(len(c.Incomplete) == 0, doc.Derived, in.At))
		inputs.Add(in)
	}
	if c.Plan != nil && !c.OnlyPlan {
		in := doc.NewMap(doc.Set, span.Span{File: c.Plan.File, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}})
		in.Put("path", doc.Of(c.Plan.File, doc.Set, in.At))
		in.Put("format", doc.Of("tfplan", doc.Derived, in.At))
		in.Put("complete", doc.Of(true, doc.Derived, in.At))
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
