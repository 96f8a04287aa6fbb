package assemble

import (
	"context"
	"fmt"
	"path"
	"sort"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/parallel"
	"github.com/tljh-policy/tljh-policy/internal/read/ansible"
	"github.com/tljh-policy/tljh-policy/internal/read/infrayaml"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/userdata"
	"github.com/tljh-policy/tljh-policy/internal/read/workflow"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// module is the infrastructure that one stack declares: a Terraform root module, or a template of another tool.
type module struct {
	dir      string
	varFile  string // the tfvars file that it was evaluated with, where the settings name one
	infra    *doc.Node
	uses     []string
	problems []step.Problem
	idle     map[string][]step.Carrier // what runs on machines that are not known to be a hub's
	local    bool                      // of a Vagrantfile
	switches []string                  // Terraform's variables that are off, so that something is not made
}

// declared is one infra.yaml.
type declared struct {
	file string
	infrayaml.Result
}

type loader struct {
	ctx       context.Context
	tree      *repo.Tree
	opts      Options
	units     []*unit
	modules   []*module
	speaksFor map[*declared]int // how many hubs an infra.yaml is the nearest of
	declared  []declared
	used      map[string]bool // files that another file reads, runs or copies
	problems  []step.Problem
	groups    []*group
	hubs      int // how many groups there are
	found     repo.Candidates
	included  []*unit             // user data that is fetched from elsewhere, and does not speak of TLJH
	asides    []aside             // plays that may run on a hub's machine
	asidesBy  map[string][]*aside // by the files that they use, once all are known
	maybe     struct {            // what plays that may run on a hub's machine do, made once for hubs with the same ones
		of       []*aside
		carriers []step.Carrier
	}
	gaps      []hostGap         // roles and tasks of a hub's playbooks that are not in the repository
	makers    []ansible.Gap     // modules of Ansible that make machines
	broken    map[string]bool   // files of a format with a reader that cannot be read
	covered   map[string]string // what files of Candidates.Carriers and Stacks that were read do to machines, in words
	unseen    string            // why a stack that is read may declare machines that are not seen
	checks    []workflow.Check
	prepared  []prepared // images that Packer makes
	fronts    []front    // sites of web servers that nothing visibly puts in place
	driven    []driver
	byBook    map[string][]*driver // what is driven, by playbook
	indexed   int                  // how many of driven byBook knows
	flows     map[string]*workflow.Workflow
	recipes   map[string]*recipes
	onlyBook  string // the only playbook there is
	inventory string // the plugin of a dynamic inventory

	before  *Result // what was read before some files got other text; nil for the checkout as it is
	texts   map[string]string
	scripts map[string]shell.Result
}

// read has every reader read what discovery found; what another carrier uses is no unit of its own.
func (l *loader) read() {
	c := l.tree.Candidates()
	l.found = c
	hcl := terraform.Input{Dirs: c.Terraform, VarFiles: c.VarFiles, Plans: c.Plans, Chosen: l.varFiles()}
	l.readTerraform(hcl)
	declared := len(l.modules)
	l.broken, l.covered = map[string]bool{}, map[string]string{}
	l.readStacks(c.Stacks)
	l.readCDK(c.CDK)
	l.readVagrant(c.Carriers)
	l.readPacker(c.Packer)
	l.readClouds(c.Scripts)
	l.readAnsible(c.Ansible, c.Scripts)
	l.readWorkflows(c.Carriers)
	l.readMakefiles(c.Carriers)
	l.readDocker(c.Carriers)
	l.readMurano(c.Scripts)
	l.readPuppet(c.Puppet, c.Scripts)
	l.readScripts(c.Scripts)
	if l.opts.Runbooks {
		l.readRunbooks(c.Runbooks)
	}
	l.readCloudConfigs(c.CloudConfigs)
	l.readConfigs(c.Configs)
	l.readInfra(c.Infra)
	l.readUnread(c)
	l.readFronts(c.Carriers)
	if len(l.units) > 0 {
		l.units = append(l.units, l.included...)
	}
	l.withoutPlugin()
	l.readSwitched(hcl, declared)
	if len(l.units) == 0 {
		l.units = l.lastResort()
	} else {
		l.namedSnippets()
	}
}

// problem notes something about the repository as a whole.
func (l *loader) problem(at span.Span, fatal bool, format string, args ...any) {
	l.problems = append(l.problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...), Fatal: fatal})
}

// open reads a file; a failure is a problem of the repository.
func (l *loader) open(file string) *span.Source {
	src, err := l.tree.Open(file)
	if err != nil {
		l.problem(span.Span{File: file}, true, "%v", err)
		return nil
	}
	return src
}

func (l *loader) use(files []string) {
	for _, f := range files {
		l.used[f] = true
	}
}

func (l *loader) add(u *unit) {
	if u.relevant() {
		l.units = append(l.units, u)
	}
}

// varFiles are the tfvars files, and those of Pulumi's stacks, that the settings name as sources: the environments to look at.
func (l *loader) varFiles() []string {
	var out []string
	for _, h := range l.opts.Hubs {
		for _, f := range h.Sources {
			if f = path.Clean(f); choosable(f) {
				out = append(out, f)
			}
		}
	}
	return out
}

func (l *loader) readScripts(scripts []repo.Script) {
	type reading struct {
		src    *span.Source
		text   span.Text
		result shell.Result
		done   bool
	}
	var all []*reading
	for _, s := range scripts {
		if !s.Mentions && !s.Applies || l.used[s.Path] {
			continue
		}
		src := l.open(s.Path)
		if src == nil {
			at := span.Span{File: s.Path}
			l.add(&unit{file: s.Path, dir: dirOf(s.Path), opaque: true, at: at,
				carriers: []step.Carrier{{File: s.Path, Format: "shell", At: at}}})
			continue
		}
		one := &reading{src: src}
		if one.result, one.done = l.scripts[s.Path]; !one.done { // one that makes machines was read before
			one.result, one.done = l.script(s.Path)
		}
		if one.text = src.Whole(); s.Template {
			one.text = maskTemplate(one.text)
		} else {
			one.text = maskNames(one.text)
		}
		all = append(all, one)
	}
	parallel.Each(len(all), func(i int) {
		if one := all[i]; !one.done {
			one.result = shell.Read(one.text, shell.Options{Files: l.tree, Dir: dirOf(one.src.File)})
		}
	})
	carriers := map[string]step.Carrier{}
	applies := map[string]bool{} // those that are only read for what they have Puppet do
	for _, s := range scripts {
		applies[s.Path] = s.Applies && !s.Mentions
	}
	var files []string
	uses := map[string][]string{}
	for _, one := range all {
		f, r := one.src.File, one.result
		l.scripts[f] = r
		carriers[f] = step.Carrier{File: f, Format: "shell", At: one.src.Span(0, 0), Steps: r.Steps, Uses: r.Uses, Problems: r.Problems}
		files = append(files, f)
		uses[f] = r.Uses
	}
	for _, f := range roots(files, uses) {
		l.use(uses[f])
		if u := l.newUnit(f, carriers[f]); !applies[f] || l.speaks(u) {
			l.add(u)
		}
	}
}

func (l *loader) readCloudConfigs(files []string) {
	for _, f := range files {
		if l.used[f] {
			continue
		}
		src := l.open(f)
		if src == nil {
			continue
		}
		var all []step.Carrier
		fetched := false
		texts := []span.Text{src.Whole()}
		if !repo.IsUserData(src.Text) {
			if in, ok := userdata.Profile(src); ok {
				texts = in
			}
		}
		for _, text := range texts {
			format, r := userdata.Read(text, shell.Options{Files: l.tree, Dir: dirOf(f)})
			fetched = fetched || format == "include"
			l.use(r.Uses)
			all = append(all, step.Carrier{File: f, Format: "cloud-init", At: src.Span(0, 0), Steps: r.Steps, Uses: r.Uses, Problems: r.Problems})
		}
		switch u := l.newUnit(f, all...); {
		case u.relevant() && l.speaks(u):
			l.units = append(l.units, u)
		case fetched: // whatever it is, it is for some machine here
			l.included = append(l.included, u)
		}
	}
}

func (l *loader) readInfra(files []string) {
	for _, f := range files {
		if src := l.open(f); src != nil {
			r := infrayaml.Read(src, infrayaml.Options{Now: l.opts.Now})
			l.declared = append(l.declared, declared{f, r})
		}
	}
}

// roots are the files that no other file uses; of files that use each other in a circle, the first.
func roots(files []string, uses map[string][]string) []string {
	usedBy := map[string]int{}
	for _, f := range files {
		for _, u := range uses[f] {
			if u != f {
				usedBy[u]++
			}
		}
	}
	seen := map[string]bool{}
	var reach func(f string)
	reach = func(f string) {
		if !seen[f] {
			seen[f] = true
			for _, u := range uses[f] {
				reach(u)
			}
		}
	}
	var out []string
	take := func(f string) { out = append(out, f); reach(f) }
	for _, f := range files {
		if usedBy[f] == 0 {
			take(f)
		}
	}
	for _, f := range files {
		if !seen[f] {
			take(f)
		}
	}
	sort.Strings(out)
	return out
}
