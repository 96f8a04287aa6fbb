package assemble

import (
	"fmt"
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// onlyFragments makes the hubs of a repository in which nothing installs TLJH: one per directory. A directory with a
// single other one below it is the same hub's (a compose file beside the image's directory).
func onlyFragments(fragments []*unit) []*group {
	var groups []*group
	byDir := map[string]*group{}
	for _, u := range fragments {
		g := byDir[u.dir]
		if g == nil {
			g = &group{dir: u.dir, maybe: map[*unit]string{}}
			byDir[u.dir] = g
			groups = append(groups, g)
		}
		g.units = append(g.units, u)
	}
	if len(groups) == 2 && related(groups[0].dir, groups[1].dir) {
		outer, inner := groups[0], groups[1]
		if within(outer.dir, inner.dir) {
			outer, inner = inner, outer
		}
		outer.units = append(outer.units, inner.units...)
		return []*group{outer}
	}
	return groups
}

// lastResort finds the hub of a repository in which nothing visibly installs or configures TLJH: templates of machines or
// images that speak of it, whose set-up lies elsewhere (a submodule, a role of another repository), else a
// jupyterhub_config.py. All of it is said to be so.
func (l *loader) lastResort() []*unit {
	var units []*unit
	add := func(src *span.Source, u *unit, format string, args ...any) {
		u.file, u.dir, u.at = src.File, dirOf(src.File), src.Span(0, 0)
		if len(u.carriers) == 0 {
			u.carriers = []step.Carrier{{File: u.file, Format: u.unread, At: u.at}}
		}
		c := &u.carriers[0]
		c.Problems = append(c.Problems, step.Problem{At: u.at, Msg: fmt.Sprintf(format, args...)})
		units = append(units, u)
	}
	for _, f := range slices.Concat(l.found.Unread, l.speakingStacks()) {
		if !makesMachines[f.Kind] {
			continue
		}
		if src := l.open(f.Path); src != nil && (f.Kind != repo.AnsibleKind || plays.MatchString(src.Text)) {
			add(src, &unit{unread: f.Kind, opaque: true}, "%s speaks of TLJH, but nothing here visibly installs it; what it runs is not known as far as that", f.Path)
		}
	}
	if len(units) > 0 {
		return units
	}
	for _, f := range l.found.Snippets {
		if src := l.open(f); src != nil {
			add(src, l.snippet(src), "nothing in the repository speaks of TLJH; %s is taken for a file of its jupyterhub_config.d", f)
		}
	}
	return units
}

// namedSnippets takes a jupyterhub_config.py that the settings name, though it does not speak of TLJH.
func (l *loader) namedSnippets() {
	for _, h := range l.opts.Hubs {
		for _, f := range h.Sources {
			if f = path.Clean(f); !slices.Contains(l.found.Snippets, f) || l.used[f] {
				continue
			}
			if src := l.open(f); src != nil {
				l.use([]string{f})
				l.add(l.snippet(src))
			}
		}
	}
}

// speakingStacks are the stacks that speak of TLJH, of which no machine visibly runs it.
func (l *loader) speakingStacks() []repo.Unread {
	var out []repo.Unread
	for _, f := range l.found.Stacks {
		src, err := l.tree.Open(f.Path)
		if err == nil && repo.Mentions(src.Text) && !slices.Contains(l.found.Unread, f) {
			out = append(out, f)
		}
	}
	return out
}

// plays is what playbooks and lists of tasks have, and no other YAML that lies among them or speaks of names.
var plays = lazyregexp.New(`(?m)^\s*-?\s*(?:hosts|roles|tasks|import_playbook|(?:ansible\.builtin\.)?(?:include_role|import_role|include_tasks|import_tasks|shell|command|copy|template|get_url|apt|git))\s*:`)

var makesMachines = map[string]bool{"Packer template": true, "Vagrantfile": true, "CloudFormation template": true, "Heat template": true,
	"ARM template": true, "Bicep template": true, "Pulumi program": true, repo.PulumiKind: true, repo.PulumiPythonKind: true, "Ansible": true}
