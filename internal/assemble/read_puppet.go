package assemble

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/puppet"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// ofModule is the manifest of a class that a module is called after.
var ofModule = lazyregexp.New(`(?:^|/)([a-z]\w*)/manifests/(?:init|[a-z]\w*)\.pp$`)

// readPuppet makes units of manifests that set up a hub and that nothing here is seen to apply: those that others include
// are part of them. A class that nothing includes is one of a module, whose parameters somebody else gives.
func (l *loader) readPuppet(manifests []string, scripts []repo.Script) {
	if len(manifests) == 0 {
		return
	}
	l.use(l.appliedBy(scripts))
	var classes []string
	byDir := map[string][]string{}
	var dirs []string
	for _, f := range manifests {
		if l.used[f] {
			continue
		}
		d := dirOf(f)
		switch base := path.Base(f); {
		case strings.Contains("/"+f, "/modules/") || base == "init.pp" && path.Base(d) == "manifests":
			classes = append(classes, f)
		default:
			if byDir[d] == nil {
				dirs = append(dirs, d)
			}
			byDir[d] = append(byDir[d], f)
		}
	}
	for _, d := range dirs {
		files := byDir[d]
		for _, main := range []string{"site.pp", "default.pp"} {
			if f := path.Join(d, main); slices.Contains(files, f) {
				files = []string{f}
			}
		}
		for _, f := range files {
			l.manifest(f, "")
		}
	}
	for _, f := range classes {
		if m := ofModule.FindStringSubmatch(f); m != nil && path.Base(f) == "init.pp" {
			l.manifest(f, m[1])
		}
	}
}

// manifest makes a unit of a manifest, with the class of a module included where it is named.
func (l *loader) manifest(f, class string) {
	if l.used[f] {
		return
	}
	src, err := l.tree.Open(f)
	if err != nil || class != "" && !l.aboutTLJH(f) {
		return
	}
	if class != "" && !strings.Contains(src.Text, "class "+class) { // the directory is called otherwise than the module
		if m := classOf.FindStringSubmatch(src.Text); m != nil {
			class = m[1]
		}
	}
	res := puppet.Read(l.tree, []*span.Source{src}, puppet.Options{Class: class, Open: true})
	car := step.Carrier{File: f, Format: "puppet", At: src.Span(0, 0), Steps: res.Steps, Uses: res.Uses, Problems: res.Problems}
	u := l.look(f, car)
	if res.Broken && !u.install && !u.config {
		l.broken[f] = true // what it visibly sets up is noticed
		l.problems = append(l.problems, res.Problems...)
		return
	}
	if !u.relevant() || !l.speaks(u) {
		return
	}
	if d := dirOf(f); path.Base(d) == "manifests" {
		u.dir = dirOf(d)
	}
	l.use(append(res.Uses, u.uses...))
	for _, used := range res.Uses {
		l.cover(used, res.Steps...)
	}
	u.separate = !u.install
	l.units = append(l.units, u)
}

var classOf = lazyregexp.New(`(?m)^\s*class\s+([a-z]\w*)\b`)

// aboutTLJH says whether a manifest of a module, or one beside it, speaks of TLJH.
func (l *loader) aboutTLJH(f string) bool {
	return slices.ContainsFunc(l.found.Unread, func(u repo.Unread) bool { return u.Kind == repo.PuppetKind && within(u.Path, dirOf(dirOf(f))) })
}

// appliedBy are the manifests, and what they use, that scripts apply: those are read with the scripts.
func (l *loader) appliedBy(scripts []repo.Script) []string {
	var out []string
	for _, s := range scripts {
		if !s.Applies || s.Template || l.used[s.Path] {
			continue
		}
		if src, err := l.tree.Open(s.Path); err == nil {
			r := shell.Read(src.Whole(), shell.Options{Files: l.tree, Dir: dirOf(s.Path)})
			_, uses := l.applied([]step.Carrier{{File: s.Path, Steps: r.Steps}})
			out = append(out, uses...)
		}
	}
	return out
}

// applied puts in place of each "puppet apply" what the manifest does, and says which files those are.
func (l *loader) applied(carriers []step.Carrier) (out []step.Carrier, uses []string) {
	for i, c := range carriers {
		var steps []step.Step
		for k := range c.Steps {
			s := &c.Steps[k]
			if len(s.Argv) < 3 || path.Base(s.Argv[0].String()) != "puppet" || s.Argv[1].String() != "apply" {
				if steps != nil {
					steps = append(steps, *s)
				}
				continue
			}
			if steps == nil {
				steps = append([]step.Step{}, c.Steps[:k]...)
			}
			more, problems := l.apply(s, c.File, &uses)
			steps = append(steps, more...)
			c.Problems = append(c.Problems[:len(c.Problems):len(c.Problems)], problems...)
		}
		if steps == nil {
			continue
		}
		if out == nil {
			out = slices.Clone(carriers)
		}
		c.Steps = steps
		out[i] = c
	}
	if out == nil {
		out = carriers
	}
	return out, uses
}

// oneClass is code that only includes a class.
var oneClass = lazyregexp.New(`^\s*(?:include|class\s*\{)\s*['"]?(?:::)?([a-z]\w*(?:::[a-z]\w*)*)['"]?\s*(?::\s*\})?\s*$`)

func orInit(rest string) string {
	if rest == "" {
		return "init"
	}
	return rest
}

// puppetValues are options of "puppet apply" that are followed by a value.
const puppetValues = " --modulepath --hiera_config --environment --environmentpath --confdir --vardir --logdest -l --certname --catalog --write-catalog-summary --tags "

// apply is what one "puppet apply" does.
func (l *loader) apply(s *step.Step, file string, uses *[]string) ([]step.Step, []step.Problem) {
	var modules string
	some := false // only what has certain tags
	var what span.Text
	for k := 2; k < len(s.Argv); k++ {
		a := s.Argv[k].String()
		name, v, has := strings.Cut(a, "=")
		switch {
		case a == "--noop":
			return nil, nil
		case name == "--tags" || name == "--skip_tags":
			some = true
			if !has {
				k++
			}
		case a == "-e" || a == "--execute" || name == "--execute":
			what = s.Argv[min(k+1, len(s.Argv)-1)]
			k++
		case name == "--modulepath" && has:
			modules = v
		case a == "--modulepath" && k+1 < len(s.Argv):
			k++
			modules = s.Argv[k].String()
		case strings.Contains(puppetValues, " "+a+" "):
			k++
		case !strings.HasPrefix(a, "-"):
			what = s.Argv[k]
		}
	}
	here := []string{dirOf(file), "."}
	if d, ok := strings.CutPrefix(s.Dir, shell.Checkout); ok {
		here = append([]string{path.Clean(strings.TrimPrefix(d, "/"))}, here...)
	}
	find := func(p string, there func(string) bool) string {
		dirs := here
		if rest, ok := strings.CutPrefix(p, shell.Checkout+"/"); ok {
			p, dirs = rest, []string{"."}
		}
		for _, d := range dirs {
			if f := path.Join(d, p); p != "" && !path.IsAbs(p) && !span.IsUnknown(p) && !strings.HasPrefix(f, "..") && there(f) {
				return f
			}
		}
		return ""
	}
	var o puppet.Options
	for _, m := range strings.Split(modules, ":") {
		if rest, ok := strings.CutPrefix(m, shell.Checkout+"/"); ok {
			o.Modules = append(o.Modules, rest)
			continue
		}
		for _, d := range here {
			if m != "" && !path.IsAbs(m) {
				o.Modules = append(o.Modules, path.Join(d, m))
			}
		}
	}
	name := what.String()
	if m := oneClass.FindStringSubmatch(name); m != nil { // the manifest is that of the class
		o.Class = m[1]
		module, rest, _ := strings.Cut(o.Class, "::")
		for _, d := range o.Modules {
			if f := path.Join(d, module, "manifests", strings.ReplaceAll(orInit(rest), "::", "/")+".pp"); !strings.HasPrefix(f, "..") && l.tree.Exists(f) {
				name = path.Join(shell.Checkout, f)
				break
			}
		}
	}
	f := find(name, func(f string) bool { return len(puppet.Manifests(l.tree, f)) > 0 })
	var steps []step.Step
	var problems []step.Problem
	if f == "" {
		why := "Puppet applies " + span.Show(what.String()) + ", which is not in the repository"
		steps = []step.Step{{Argv: []span.Text{span.Literal(shell.OpaqueCommand, what), span.Literal(why, what)}, At: s.At}}
	} else {
		res := puppet.Read(l.tree, puppet.Manifests(l.tree, f), o)
		*uses = append(*uses, res.Uses...)
		steps, problems = res.Steps, res.Problems
	}
	if some {
		steps = doubtful(steps, "Puppet is told to see only to what has certain tags", s.At)
	}
	for i := range steps {
		if steps[i].Cond == nil {
			steps[i].Cond = s.Cond
		}
		steps[i].Loop = steps[i].Loop || s.Loop
		steps[i].Remote, steps[i].OtherHost = steps[i].Remote || s.Remote, steps[i].OtherHost || s.OtherHost
	}
	return steps, problems
}
