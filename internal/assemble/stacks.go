package assemble

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"

	"github.com/tljh-policy/tljh-policy/internal/parallel"
	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/bicep"
	"github.com/tljh-policy/tljh-policy/internal/read/cloudcli"
	"github.com/tljh-policy/tljh-policy/internal/read/cloudformation"
	"github.com/tljh-policy/tljh-policy/internal/read/pulumi"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// stackReaders read the formats of other tools than Terraform that declare machines.
var stackReaders = map[string]func(step.Files, *span.Source) terraform.Module{
	repo.CloudFormationKind: cloudformation.Read,
	repo.ARMKind:            arm.Read,
}

// maxSwitches bounds how often Terraform is evaluated anew to find a hub that is switched off.
const maxSwitches = 8

func (l *loader) readTerraform(in terraform.Input) {
	for _, m := range terraform.Read(l.tree, in).Modules {
		l.declares(m)
	}
}

// readSwitched looks once more at Terraform that makes nothing while a variable is off, where no hub is found otherwise: the
// hub is judged as it will be, with that variable on and all others as they are. declared is how many modules were read of
// it before.
func (l *loader) readSwitched(in terraform.Input, declared int) {
	if len(l.units) > 0 {
		return
	}
	before, used := l.modules, maps.Clone(l.used)
	var switches []terraform.Switch
	for _, m := range before[:declared] {
		for _, name := range m.switches {
			switches = append(switches, terraform.Switch{Dir: m.dir, Name: name})
		}
	}
	for _, in.Switch = range switches[:min(len(switches), maxSwitches)] {
		l.modules = nil
		l.readTerraform(in)
		if len(l.units) > 0 {
			l.modules = append(l.modules, before[declared:]...)
			return
		}
		l.modules, l.used = before, maps.Clone(used)
	}
}

// stack is one file that declares machines in another format than Terraform's, read.
type stack struct {
	repo.Unread
	src     *span.Source
	modules []terraform.Module // more than one where the settings name several files that it may be made with
}

func machines(m terraform.Module) bool { return len(m.Infra.Get("instances").List()) > 0 }

// incomplete is why not all of a module is known, "" if it is.
func incomplete(m terraform.Module) string {
	if why := m.Infra.Get("incomplete").List(); len(why) > 0 {
		s, _ := why[0].Str()
		return s
	}
	return ""
}

// readStacks reads what other tools declare. One that cannot be read at all may hold the hub's machine, and whatever that does.
func (l *loader) readStacks(found []repo.Unread) {
	var stacks []*stack
	for _, f := range found {
		if src := l.open(f.Path); src != nil {
			stacks = append(stacks, &stack{Unread: f, src: src})
		} else {
			l.lost(f, "it cannot be read")
		}
	}
	parallel.Each(len(stacks), func(i int) { stacks[i].modules = l.stack(stacks[i].Unread, stacks[i].src) })
	stacks, parts := l.withoutModules(l.withoutCompiled(stacks))
	for _, s := range stacks {
		own := append(parts[s.Path], s)
		for _, p := range own {
			if l.covered[p.Path] = ""; p.unreadable() { // what runs on its machines is read as theirs
				l.broken[p.Path] = true
				delete(l.covered, p.Path)
			}
		}
		for _, m := range s.modules {
			before := len(l.units)
			l.declares(m)
			if s.Kind == repo.PulumiPythonKind {
				l.followed(m, before)
			}
			if machines(m) || incomplete(m) == "" {
				continue
			}
			l.problems = append(l.problems, m.Problems...)
			l.lost(s.Unread, incomplete(m))
			for _, p := range own {
				l.broken[p.Path] = true
				delete(l.covered, p.Path)
				if repo.Mentions(p.src.Text) && !slices.Contains(l.found.Unread, p.Unread) {
					l.found.Unread = append(l.found.Unread, p.Unread) // what it sets is looked for in its text
				}
			}
		}
	}
}

// stack reads one stack: a Pulumi project or a Bicep file once with each file of configuration that the settings name.
func (l *loader) stack(f repo.Unread, src *span.Source) (out []terraform.Module) {
	switch f.Kind {
	case repo.PulumiKind:
		return l.chosen(pulumi.StackFiles(l.tree, src), func(file string) terraform.Module { return pulumi.Read(l.tree, src, file) })
	case repo.PulumiPythonKind:
		return l.chosen(pulumi.StackFiles(l.tree, src), func(file string) terraform.Module { return pulumi.ReadPython(l.tree, src, file) })
	case repo.BicepKind:
		params := slices.DeleteFunc(l.varFiles(), func(file string) bool { return !bicep.For(l.tree, file, src.File) })
		return l.chosen(params, func(file string) terraform.Module { return bicep.Read(l.tree, src, file) })
	}
	return []terraform.Module{stackReaders[f.Kind](l.tree, src)}
}

// chosen reads a stack with each of the files that the settings name, or without one.
func (l *loader) chosen(files []string, read func(file string) terraform.Module) (out []terraform.Module) {
	for _, f := range files {
		if slices.Contains(l.varFiles(), f) {
			out = append(out, read(f))
		}
	}
	if len(out) == 0 {
		out = append(out, read(""))
	}
	return out
}

// choosable says whether a file that the settings name as a source is one of several that a stack may be made with.
func choosable(file string) bool {
	return eval.IsVarFile(file) || pulumi.StackOf(file) != "" || path.Ext(file) == bicep.Parameters
}

// readClouds finds the machines that scripts make by the command lines of clouds. The scripts themselves run elsewhere.
func (l *loader) readClouds(scripts []repo.Script) {
	for _, s := range scripts {
		if !s.Clouds || s.Template {
			continue
		}
		src := l.open(s.Path)
		if src == nil {
			continue
		}
		r, ok := l.script(s.Path)
		if !ok {
			r = shell.Read(src.Whole(), shell.Options{Files: l.tree, Dir: dirOf(s.Path)})
		}
		l.scripts[s.Path] = r
		if m, ok := cloudcli.Read(l.tree, src, r); ok {
			l.declares(m)
		}
	}
}

// lost notes a stack whose machines are not seen.
func (l *loader) lost(f repo.Unread, why string) {
	l.broken[f.Path] = true
	delete(l.covered, f.Path)
	if l.unseen == "" {
		l.unseen = fmt.Sprintf("the hub's machine may be declared in %s (%s), and is not seen there: %s; state it in an infra.yaml", f.Path, f.Kind, why)
	}
}

// declares takes the infrastructure of one stack: what runs on its machines makes units, where that has to do with a hub.
func (l *loader) declares(m terraform.Module) {
	mod := &module{dir: path.Clean(m.Dir), varFile: m.VarFile, infra: m.Infra, uses: m.Uses, problems: m.Problems, switches: m.Switches, idle: map[string][]step.Carrier{}}
	l.modules = append(l.modules, mod)
	l.use(m.Uses)
	sole := soleInstance(m.Infra)
	byMachine := map[string][]step.Carrier{}
	var machines []string
	for _, c := range m.Carriers {
		l.use(c.Uses)
		if c.Machine == "" {
			c.Machine = sole
		}
		if _, ok := byMachine[c.Machine]; !ok {
			machines = append(machines, c.Machine)
		}
		byMachine[c.Machine] = append(byMachine[c.Machine], c)
	}
	sort.Strings(machines)
	for _, name := range machines {
		u := l.newUnit(byMachine[name][0].File, byMachine[name]...)
		u.dir, u.module, u.machine = m.Dir, mod, name
		if u.relevant() && l.speaks(u) {
			l.units = append(l.units, u)
		} else {
			mod.idle[name] = byMachine[name]
		}
	}
}
