package tljh

import (
	"path"
	"strings"
)

// addPackage notes the modules that a package brings. One that may not be installed brings none.
func (r *replay) addPackage(op *Op) {
	if op.Maybe != "" {
		return
	}
	for _, m := range modulesOf(op.Name) {
		if !r.modules[m] {
			r.modules[m] = !op.System
		}
	}
}

// modulesOf are the modules that what pip is given may bring, going by its name: a package of JupyterHub's world is called
// as its module is, mostly, or jupyterhub- and that.
func modulesOf(spec string) []string {
	name := spec
	if at, egg, ok := strings.Cut(spec, "egg="); ok {
		name, _, _ = strings.Cut(egg, "&")
	} else if strings.Contains(at, "://") {
		if left, _, named := strings.Cut(spec, " @ "); named {
			name = left
		} else {
			name, _, _ = strings.Cut(path.Base(strings.TrimSuffix(spec, "/")), "@")
			name = strings.TrimSuffix(name, ".git")
		}
	}
	if k := strings.IndexAny(name, "=<>!~[; @"); k >= 0 {
		name = name[:k]
	}
	name = strings.NewReplacer("-", "_", ".", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	if name == "" {
		return nil
	}
	out := []string{name}
	for _, prefix := range []string{"jupyterhub_", "python_"} {
		if short, ok := strings.CutPrefix(name, prefix); ok && short != "" {
			out = append(out, short)
		}
	}
	return out
}

// has says whether the hub finds a module of a package that TLJH does not install; system, whether it looks in the system's
// Python too.
func (r *replay) has(module string, system bool) bool {
	own, ok := r.modules[strings.ToLower(module)]
	return ok && (own || system)
}
