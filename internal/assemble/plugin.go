package assemble

import (
	"path"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// withoutPlugin leaves out the code of a TLJH plugin where the repository holds nothing else of a hub: a plugin is a Python
// package that other people's hubs install, and only there it can be judged. What it would do to a hub, and a
// jupyterhub_config.py to try it out with, make no hub of it; an installer, a config.yaml or a script beside it does.
func (l *loader) withoutPlugin() {
	if len(l.found.Packages)+len(l.found.Hooks) == 0 || len(l.opts.Hubs) > 0 {
		return
	}
	for _, u := range l.units {
		if !u.alone && !l.ofPlugin(u) {
			return
		}
	}
	l.units = nil
}

// ofPlugin says whether a unit is a program that belongs to a plugin: its module with the hooks, or another of that package.
func (l *loader) ofPlugin(u *unit) bool {
	if u.install || u.whole || len(u.carriers) != 1 || u.unread != repo.ProgramKind && u.carriers[0].Format != "python" {
		return false
	}
	return slices.ContainsFunc(l.found.Hooks, func(f string) bool {
		return f == u.file || within(u.dir, path.Dir(f)) && l.tree.Exists(path.Join(path.Dir(f), "__init__.py"))
	})
}

// plugin is where a repository says that it is a plugin of TLJH, zero if it says no such thing.
func (l *loader) plugin() span.Span {
	for _, f := range slices.Concat(l.found.Packages, l.found.Hooks) {
		if src, err := l.tree.Open(f); err == nil {
			_, k := repo.PluginModule(src.Text)
			return src.Span(k, k)
		}
	}
	return span.Span{}
}
