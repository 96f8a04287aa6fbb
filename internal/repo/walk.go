package repo

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"syscall"
	"time"
	"unicode/utf8"
)

// dir is one directory while it is walked.
type dir struct {
	path   string
	parent *dir
	depth  int
	files  []string // regular files and links, sorted
	links  map[string]bool
	dirs   []string
}

func (d *dir) join(name string) string {
	if d.path == "." {
		return name
	}
	return d.path + "/" + name
}

func (d *dir) has(name string) bool    { return has(d.files, name) }
func (d *dir) hasDir(name string) bool { return has(d.dirs, name) }

func has(sorted []string, name string) bool {
	_, ok := slices.BinarySearch(sorted, name)
	return ok
}

// walk visits every directory that can hold a hub's configuration, parents first, in the order of their names.
func (t *Tree) walk(visit func(d *dir)) {
	entries := 0
	stack := []*dir{{path: "."}}
	for len(stack) > 0 {
		d := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		n, err := t.readDir(d, t.limits.Files-entries)
		entries += n
		switch {
		case errors.Is(err, errTooMany):
			t.problem(d.path, true, fmt.Sprintf("%s: the checkout has more than %d files; what comes after is not looked at. Run the check on the hub's own directory", d.path, t.limits.Files))
			return
		case err != nil:
			t.problem(d.path, true, fmt.Sprintf("%s cannot be listed: %v", d.path, reason(err)))
			continue
		}
		visit(d)
		if time.Now().After(t.deadline) {
			t.problem(d.path, true, fmt.Sprintf("%s: looking through the checkout takes longer than %v; what comes after is not looked at. Run the check on the hub's own directory", d.path, t.limits.Time))
			return
		}
		for _, name := range slices.Backward(d.dirs) {
			if pruned(d, name) {
				continue
			}
			c := &dir{path: d.join(name), parent: d, depth: d.depth + 1}
			if c.depth > t.limits.Depth {
				t.problem(c.path, true, fmt.Sprintf("directories are nested more than %d deep here; what is below is not looked at", t.limits.Depth))
				continue
			}
			stack = append(stack, c)
		}
	}
}

var errTooMany = errors.New("too many files")

// readDir lists d by what the directory itself tells: no file is opened, and none is asked for its size.
func (t *Tree) readDir(d *dir, left int) (n int, err error) {
	f, err := t.root.OpenFile(d.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for {
		entries, err := f.ReadDir(1024)
		n += len(entries)
		if n > left {
			return n, errTooMany
		}
		for _, e := range entries {
			name := e.Name()
			switch {
			case !utf8.ValidString(name):
				if relevant(name) || e.IsDir() {
					t.problem(d.join(name), false, fmt.Sprintf("%q in %s is not looked at, because its name is not UTF-8", name, d.path))
				}
			case e.IsDir():
				d.dirs = append(d.dirs, name)
			case e.Type()&fs.ModeSymlink != 0:
				if d.links == nil {
					d.links = map[string]bool{}
				}
				d.links[name] = true
				d.files = append(d.files, name)
			case e.Type().IsRegular():
				d.files = append(d.files, name)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return n, err
		}
	}
	slices.Sort(d.files)
	slices.Sort(d.dirs)
	if prefix(d) && d.parent != nil && tljhTree(d.parent) {
		d.files, d.dirs = nil, nil // hub/ or user/ of a committed /opt/tljh: other people's packages
	}
	return n, nil
}

// prefix says whether d is where Python or conda is installed.
func prefix(d *dir) bool {
	base := path.Base(d.path)
	return (base == "hub" || base == "user") && (d.hasDir("conda-meta") || d.has("pyvenv.cfg") || d.hasDir("bin") && d.hasDir("lib") || d.hasDir("lib") && d.hasDir("share"))
}

// tljhTree says whether d looks like /opt/tljh.
func tljhTree(d *dir) bool { return d.hasDir("config") || d.hasDir("state") }

// pruned says whether the directory name of d holds only what others made.
func pruned(d *dir, name string) bool {
	switch name {
	case ".git", "node_modules", "bower_components", "site-packages", "dist-packages", "__pycache__", ".terraform", ".tox", ".venv", "conda-meta", ".ipynb_checkpoints":
		return true
	case "vendor":
		return d.has("go.mod") || d.has("composer.json") || d.has("Gemfile")
	case "pkgs", "lib", "share", "include", "envs", "man", "doc", "compiler_compat":
		return d.hasDir("conda-meta") || d.has("pyvenv.cfg")
	}
	return false
}
