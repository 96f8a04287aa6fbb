package repo

import "github.com/tljh-policy/tljh-policy/internal/lazyregexp"

var (
	// entryPoint is the entry point group tljh, by which a Python package says that it is a plugin: in setup.py, setup.cfg
	// and pyproject.toml.
	entryPoint = lazyregexp.New(`(?m)["']tljh["']\s*:\s*\[?\s*["']\s*[\w.-]+\s*=\s*([\w.]+)|^\s*tljh\s*=\s*[\w.-]+\s*=\s*([\w.]+)|\[\s*(?:project\.entry-points|tool\.poetry\.plugins)\.["']?tljh["']?\s*\]\s*["']?[\w.-]+["']?\s*=\s*["']([\w.]+)`)
	// hooks is what the code of a plugin imports.
	hooks = lazyregexp.New(`(?m)^[ \t]*(?:from\s+tljh\.hooks\s+import\b[^\n]*\bhookimpl\b|from\s+tljh\s+import\b[^\n]*\bhooks\b|import\s+tljh\.hooks\b)`)
)

// PluginModule is the module that the text of a setup.py, setup.cfg or pyproject.toml registers as a plugin of TLJH, and the
// offset of its name; "" if it registers none.
func PluginModule(text string) (module string, at int) {
	m := entryPoint.FindStringSubmatchIndex(text)
	if m == nil {
		return "", 0
	}
	for g := 2; g < len(m); g += 2 {
		if m[g] >= 0 {
			return text[m[g]:m[g+1]], m[g]
		}
	}
	return "", 0
}

// packaging are the files in which a Python package says what it is.
var packaging = map[string]bool{"setup.py": true, "setup.cfg": true, "pyproject.toml": true}

// plugin notes a file that makes the checkout hold a plugin of TLJH.
func (s *discovery) plugin(file, name string) {
	if !packaging[name] {
		return
	}
	text, _ := s.tree.text(file, headBytes)
	if m, _ := PluginModule(string(text)); m != "" {
		s.c.Packages = append(s.c.Packages, file)
	}
}
