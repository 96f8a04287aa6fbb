package action

import (
	"os"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// flow is what decides how the check is called: the workflows of a tree, and the workflows and actions of the same tree that
// they use, by name.
type flow map[string]string

// maxFlow bounds how many files make a flow.
const maxFlow = 1000

// readFlow reads what the workflow file leads to, and all of a tree's workflows for "".
func readFlow(tree, file string) flow {
	root, err := os.OpenRoot(tree)
	if err != nil {
		return nil
	}
	defer root.Close()
	todo := []string{file}
	if file == "" {
		todo = sortedKeys(contents(tree, workflowDir, isWorkflow))
	}
	out := flow{}
	for len(todo) > 0 && len(out) < maxFlow {
		name := todo[0]
		todo = todo[1:]
		if _, seen := out[name]; seen {
			continue
		}
		text, err := readBounded(root, name)
		if err != nil {
			continue // not there, or nothing that a runner could have read either
		}
		out[name] = string(text)
		todo = append(todo, localUses(string(text))...)
	}
	return out
}

// localUses are the files of the same repository that a workflow or an action uses.
func localUses(text string) []string {
	var out []string
	visitUses(text, func(uses string) {
		name, local := strings.CutPrefix(uses, "./")
		switch name = path.Clean(name); {
		case !local || strings.HasPrefix(name, "../"):
		case isWorkflow(name):
			out = append(out, name)
		default:
			out = append(out, path.Join(name, "action.yml"), path.Join(name, "action.yaml"))
		}
	})
	return out
}

// visitUses calls visit for every value of a key "uses".
func visitUses(text string, visit func(string)) {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == "uses" && n.Content[i+1].Kind == yaml.ScalarNode {
					visit(strings.TrimSpace(n.Content[i+1].Value))
				}
			}
		}
		for _, c := range n.Content { // an alias has none: what it stands for is visited where it is written
			walk(c)
		}
	}
	walk(&doc)
}

// version is the version that a "uses" names, with the comment after it.
var version = lazyregexp.New(`(?m)^([ \t]*(?:-[ \t]+)?uses:[ \t]*[^\s@'"#]+)@[^\s'"#]+([ \t]+#.*)?$`)

// same says whether two flows call the check alike: they may differ in the versions of what they use.
func (f flow) same(other flow) bool {
	if len(f) != len(other) {
		return false
	}
	for name, text := range f {
		is, ok := other[name]
		if !ok || version.ReplaceAllString(text, "$1") != version.ReplaceAllString(is, "$1") {
			return false
		}
	}
	return true
}

// calls are the steps of the flow that use the action.
func (f flow) calls(action string) []call {
	var out []call
	for _, name := range sortedKeys(f) {
		out = append(out, calls(name, f[name], action)...)
	}
	slices.SortStableFunc(out, func(a, b call) int { return strings.Compare(a.file+"\x00"+a.job, b.file+"\x00"+b.job) })
	return out
}
