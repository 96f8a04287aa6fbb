package check

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// Bounds of a directory of custom rules.
const (
	maxModules     = 1000
	maxModuleBytes = 1 << 20
	maxEntries     = 20_000
)

// Modules reads the custom rules: those that the settings name, beneath dir, and those of other directories,
// which the caller may keep anywhere. A directory without rules is an error, or a misspelt name would be green.
func Modules(dir string, s *settings.Settings, more []PolicyDir) ([]evaluator.Module, error) {
	var out []evaluator.Module
	for _, p := range s.Policies {
		mods, err := modulesBelow(dir, p.Name, p.Name)
		if err != nil {
			return nil, Usage("%s: %v", p.At, err)
		}
		out = append(out, mods...)
	}
	for _, p := range more {
		mods, err := modulesBelow(p.Dir, ".", p.Name)
		if err != nil {
			return nil, Usage("custom rules in %s: %v", p.Name, err)
		}
		out = append(out, mods...)
	}
	return unique(out), nil
}

// unique drops files that were named twice.
func unique(mods []evaluator.Module) []evaluator.Module {
	seen := map[evaluator.Module]bool{}
	var out []evaluator.Module
	for _, m := range mods {
		if !seen[m] {
			seen[m] = true
			out = append(out, m)
		}
	}
	return out
}

// modulesBelow reads every *.rego file in and below base, opened beneath dir only; as is what messages call base.
func modulesBelow(dir, base, as string) ([]evaluator.Module, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("no such directory")
	}
	defer root.Close()
	if info, err := root.Stat(base); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%q is not a directory of the repository", base)
	}
	var out []evaluator.Module
	entries := 0
	err = fs.WalkDir(root.FS(), base, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entries++; entries > maxEntries || len(out) >= maxModules {
			return fmt.Errorf("too many files (at most %d, %d of them rules)", maxEntries, maxModules)
		}
		if d.IsDir() && name != base && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if d.Type()&fs.ModeSymlink != 0 && name != base {
			if info, err := root.Stat(name); err != nil || info.IsDir() {
				return fmt.Errorf("%s is a link; rules behind it would not be read", name)
			}
		}
		if !strings.HasSuffix(name, ".rego") || d.IsDir() {
			return nil
		}
		text, err := readModule(root, name)
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(name, base), "/")
		if base == "." {
			rel = name
		}
		out = append(out, evaluator.Module{File: path.Join(as, rel), Source: text})
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("there are no rules (*.rego files) in it")
	}
	return out, err
}

func readModule(root *os.Root, name string) (string, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file; a rule must be one", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxModuleBytes+1))
	if err == nil && len(text) > maxModuleBytes {
		err = fmt.Errorf("%s is larger than %d bytes", name, maxModuleBytes)
	}
	return string(text), err
}
