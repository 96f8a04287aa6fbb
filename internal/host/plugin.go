package host

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/program"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

var (
	packageName  = lazyregexp.New(`(?m)\bname\s*=\s*["']?([\w.-]+)`)
	subdirectory = lazyregexp.New(`[#&]["']?(?:[^#&]*&)*subdirectory=([\w./-]+)`)
	egg          = lazyregexp.New(`egg=([\w.-]+)`)
)

// plugins are the plugins that an installer is told to install and whose code is in the checkout: given as a path, as the
// address of a repository with a package of the same name, or as that name.
func (i *interp) plugins(s *step.Step, args []span.Text) []tljh.Plugin {
	var out []tljh.Plugin
	for k := 0; k < len(args); k++ {
		if args[k].String() != "--plugin" {
			continue
		}
		for k+1 < len(args) && !strings.HasPrefix(args[k+1].String(), "-") {
			k++
			if p, ok := i.plugin(s, args[k].String()); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

func (i *interp) plugin(s *step.Step, spec string) (tljh.Plugin, bool) {
	if span.IsUnknown(spec) {
		p, ok := i.pluginIn(".", "")
		p.Spec, p.Maybe = spec, "which plugin is installed is not known: "+span.Reason(spec)
		return p, ok
	}
	url := strings.Contains(spec, "://") || strings.HasPrefix(spec, "git+")
	if local, ok := strings.CutPrefix(spec, "file://"); ok {
		spec, url = local, false
	}
	if !url && (strings.ContainsAny(spec, "/") || spec == ".") {
		for _, d := range i.repoPaths(s, path.Join(spec, "setup.py")) {
			if p, ok := i.pluginIn(path.Dir(d), ""); ok {
				p.Spec = spec
				return p, true
			}
		}
		if p, ok := i.pluginIn(path.Base(spec), ""); ok && strings.HasPrefix(spec, "/") {
			p.Spec, p.Maybe = spec, "whether "+spec+" is the plugin of this repository is not known"
			return p, true
		}
		return tljh.Plugin{}, false
	}
	var dirs []string
	name := spec
	if url {
		address, _, _ := strings.Cut(spec, "#")
		name = strings.TrimSuffix(path.Base(address), "/")
		name, _, _ = strings.Cut(name, "@")
		name = strings.TrimSuffix(name, ".git")
		if m := egg.FindStringSubmatch(spec); m != nil {
			name = m[1]
		}
		if m := subdirectory.FindStringSubmatch(spec); m != nil {
			dirs = append(dirs, path.Clean(m[1]))
		}
	} else {
		name = strings.TrimSpace(strings.FieldsFunc(spec+" ", func(r rune) bool { return strings.ContainsRune("=<>~![ @;", r) })[0])
	}
	for _, d := range append(dirs, ".", name, strings.ReplaceAll(name, "_", "-"), strings.ReplaceAll(name, "-", "_")) {
		if strings.HasPrefix(d, "..") || strings.HasPrefix(d, "/") {
			continue
		}
		if p, ok := i.pluginIn(d, name); ok {
			p.Spec = spec
			return p, true
		}
	}
	return tljh.Plugin{}, false
}

// hubPackages are packages that pip puts into the hub's own environment: plugins among them change the hub.
func (i *interp) hubPackages(s *step.Step, specs []span.Text) {
	i.modules(s, specs, false)
	for _, spec := range specs {
		if p, ok := i.plugin(s, spec.String()); ok && !span.IsUnknown(spec.String()) {
			i.op(s, tljh.Op{Kind: tljh.OpPlugin, Name: p.Module, Plugins: []tljh.Plugin{p}})
		}
	}
}

// pluginIn is the plugin whose package lies in a directory of the checkout, if its name is the one given ("": any).
func (i *interp) pluginIn(dir, name string) (tljh.Plugin, bool) {
	module, called := "", ""
	for _, f := range []string{"pyproject.toml", "setup.cfg", "setup.py"} {
		src, ok := i.text(path.Join(dir, f))
		if !ok {
			continue
		}
		if m, _ := repo.PluginModule(src.String()); m != "" && module == "" {
			module = m
			i.use(path.Join(dir, f))
		}
		if m := packageName.FindStringSubmatch(src.String()); m != nil && called == "" {
			called = m[1]
		}
	}
	if module == "" || name != "" && !sameName(name, called) {
		return tljh.Plugin{}, false
	}
	file := strings.ReplaceAll(module, ".", "/")
	for _, base := range []string{dir, path.Join(dir, "src")} {
		for _, f := range []string{file + ".py", file + "/__init__.py"} {
			f = path.Join(base, f)
			if text, ok := i.text(f); ok {
				i.use(f)
				return tljh.Plugin{Module: module, Text: text, Import: i.importer(base, path.Dir(f))}, true
			}
		}
	}
	return tljh.Plugin{}, false
}

// sameName compares names of packages as pip does.
func sameName(a, b string) bool {
	norm := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(s))
	}
	return norm(a) == norm(b)
}

func (i *interp) text(file string) (span.Text, bool) {
	if i.files == nil || !i.files.Exists(file) {
		return span.Text{}, false
	}
	src, err := i.files.Open(file)
	if err != nil {
		return span.Text{}, false
	}
	return src.Whole(), true
}

// importer opens modules of a package: root is where its top level lies, dir the package of the importing module.
func (i *interp) importer(root, dir string) func(string) (span.Text, bool) {
	return func(module string) (span.Text, bool) {
		from := root
		if rest := strings.TrimLeft(module, "."); rest != module {
			from = dir
			for range len(module) - len(rest) - 1 {
				from = path.Dir(from)
			}
			module = rest
		}
		if module == "" {
			return span.Text{}, false
		}
		file := path.Join(from, strings.ReplaceAll(module, ".", "/"))
		for _, f := range []string{file + ".py", file + "/__init__.py"} {
			if t, ok := i.text(f); ok {
				i.use(f)
				return t, true
			}
		}
		return span.Text{}, false
	}
}

// pluginActions are what the installer does for a plugin in the end: packages of the system and of the shared user
// environment, then whatever the plugin runs itself (TLJH: tljh/hooks.py, tljh/installer.py run_plugin_actions).
func (i *interp) pluginActions(s *step.Step, p *tljh.Plugin) {
	if _, list, ok := python.Invoke(p.Text, "tljh_extra_apt_packages", python.Options{Import: p.Import, Requires: true}, nil); ok && len(list.Items) > 0 {
		apt := *s
		apt.Argv = []span.Text{span.Plain("apt-get"), span.Plain("install")}
		for _, it := range list.Items {
			apt.Argv = append(apt.Argv, it.Text)
		}
		apt.At = list.At
		i.pluginStep(apt, p, s)
	}
	i.pluginPackages(s, p)
	if r, ok := program.Function(p.Text, "tljh_post_install", shell.Options{Files: i.files}, p.Import); ok && i.depth < 8 {
		i.depth++
		for _, st := range r.Steps {
			i.pluginStep(st, p, s)
		}
		i.depth--
	}
}

// pluginStep performs a step of a plugin, which happens if the installation s does, and if p is the plugin.
func (i *interp) pluginStep(st step.Step, p *tljh.Plugin, s *step.Step) {
	if st.Cond == nil {
		st.Cond = s.Cond
	}
	if st.Cond == nil && p.Maybe != "" {
		st.Cond = &step.Cond{Why: p.Maybe, At: s.At}
	}
	st.Loop = st.Loop || s.Loop
	i.step(&st)
}

func (i *interp) pluginPackages(s *step.Step, p *tljh.Plugin) {
	for _, hook := range []string{"tljh_extra_user_conda_packages", "tljh_extra_user_pip_packages"} {
		_, list, ok := python.Invoke(p.Text, hook, python.Options{Import: p.Import, Requires: true}, nil)
		if !ok {
			continue
		}
		cond := *s
		if p.Maybe != "" && cond.Cond == nil {
			cond.Cond = &step.Cond{Why: p.Maybe, At: s.At}
		}
		if list.Kind != python.List && list.Kind != python.Tuple {
			i.unsureIn = append(i.unsureIn, "the packages of the plugin "+p.Module+" are not known: "+list.Reason())
			continue
		}
		var parts []span.Text
		pinned := true
		for n, it := range list.Items {
			name, _ := it.Str()
			pinned = pinned && (strings.HasPrefix(name, "-") || pinnedSpec(name))
			if n > 0 {
				parts = append(parts, span.Plain(" "))
			}
			parts = append(parts, it.Text)
		}
		if len(parts) > 0 {
			i.source(&cond, "packages", span.Concat(parts...), &pinned)
		}
	}
}
