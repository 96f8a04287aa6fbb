package evaluator

import (
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/tljh-policy/tljh-policy/policies"
)

// maxSource bounds a custom Rego file, in bytes.
const maxSource = 1 << 20

// file is a parsed Rego file, or what keeps it from being one.
type file struct {
	name   string
	source string
	module *ast.Module
	err    *Error
}

// pkg is the package of the file as keys below data; nil if it could not be parsed.
func (f *file) pkg() []string {
	if f.module == nil {
		return nil
	}
	return keys(f.module.Package.Path[1:])
}

// keys is the constant beginning of a reference.
func keys(ref ast.Ref) []string {
	out := make([]string, 0, len(ref))
	for i, t := range ref {
		switch v := t.Value.(type) {
		case ast.String:
			out = append(out, string(v))
		case ast.Var:
			if i > 0 {
				return out
			}
			out = append(out, string(v))
		default:
			return out
		}
	}
	return out
}

// parseAll parses files on all processors.
func parseAll(files []*file) {
	var group sync.WaitGroup
	next := make(chan *file)
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		group.Go(func() {
			for f := range next {
				f.parse()
			}
		})
	}
	for _, f := range files {
		next <- f
	}
	close(next)
	group.Wait()
}

func (f *file) parse() {
	if len(f.source) > maxSource {
		f.err = faultAt(Position{File: f.name}, "the file is larger than %d bytes", maxSource)
		return
	}
	options := ast.ParserOptions{Capabilities: Capabilities(), ProcessAnnotation: true, RegoVersion: ast.RegoV1}
	module, err := ast.ParseModuleWithOpts(f.name, f.source, options)
	if err != nil {
		// Rules written for conftest may be of the time before Rego 1.0.
		options.RegoVersion = ast.RegoV0
		options.Capabilities = nil
		if old, oldErr := ast.ParseModuleWithOpts(f.name, f.source, options); oldErr == nil && old != nil {
			module, err = old, nil
		}
	}
	switch {
	case err != nil:
		f.err = faults(err)[0]
	case module == nil:
		f.err = faultAt(Position{File: f.name}, "the file holds no Rego")
	default:
		f.module = module
	}
}

// builtinIDs is the ids of all built-in rules, sorted: the names of their folders.
var builtinIDs = sync.OnceValue(func() []string {
	var ids []string
	for _, name := range builtinFiles() {
		id := path.Dir(name)
		if !slices.Contains(ids, id) && !slices.Contains(policies.Libraries, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
})

// BuiltinIDs is the ids of all built-in rules, sorted. It parses nothing.
func BuiltinIDs() []string { return slices.Clone(builtinIDs()) }

// builtinFiles is the embedded Rego files without their tests.
func builtinFiles() []string {
	names, err := fs.Glob(policies.FS, "*/*.rego")
	if err != nil {
		panic(err) // only a malformed pattern can do that
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.rego") })
}

// readBuiltin is the embedded file called name.
func readBuiltin(name string) *file {
	text, err := policies.FS.ReadFile(name)
	if err != nil {
		panic(err) // name comes from the same file system
	}
	return &file{name: "policies/" + name, source: string(text)}
}
