// Package pulumi reads Pulumi programs that are written in YAML: configuration with what stacks set, variables, functions,
// interpolations; the machines that they declare are given to the adapters of the clouds under Terraform's names, from which
// Pulumi's are made (reference/providers.md §10.3). Nothing is run or fetched; what only Pulumi knows is unknown.
package pulumi

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Read evaluates the project whose Pulumi.yaml src is. stack is the file of the stack that the settings choose, "" if they
// choose none. A text that cannot be read is a problem, and the model is not complete.
func Read(files step.Files, src *span.Source, stack string) terraform.Module {
	project, bad := markup.YAML(src.Whole(), "the project")
	if bad == nil && (project == nil || project.Kind != markup.Map) {
		bad = &markup.Error{At: src.Span(0, 0), Msg: "this is no Pulumi project"}
	}
	if bad != nil {
		c := eval.New(files, src, "Pulumi", format)
		broken(c, src, bad)
		return terraform.Declared(files, c, words())
	}
	main, text, why := program(files, src, project)
	c := eval.New(files, main, "Pulumi", format)
	if main != src {
		c.Files = append(c.Files, src.File)
	}
	p := &runner{c: c, files: files, dir: path.Dir(src.File), project: project, root: project, resources: map[string]*resource{},
		invoked: map[*markup.Node]*eval.Val{}, calls: map[string]int{}, weights: map[*eval.Val]int{}, azure: arm.NewStack(c)}
	if why != "" {
		c.NotEvaluated(why, eval.At(src.Whole().Slice(0, 0)))
	}
	if main != src {
		if p.root, bad = parse(main, text); bad != nil {
			broken(c, main, bad)
			return terraform.Declared(files, c, words())
		}
	}
	p.stacks(stack)
	p.run()
	m := terraform.Declared(files, c, words())
	m.VarFile = stack
	return m
}

const format = "pulumi-yaml"

func broken(c *eval.Config, src *span.Source, bad *markup.Error) {
	c.Problems = append(c.Problems, step.Problem{At: bad.At, Msg: bad.Msg + "; correct the program, what it declares is not known", Fatal: true})
	c.NotEvaluated(src.File+" cannot be read", eval.At(src.Whole().Slice(0, 0)))
}

func parse(src *span.Source, text span.Text) (*markup.Node, *markup.Error) {
	read := func() (*markup.Node, *markup.Error) { return markup.YAML(text, "the program") }
	if path.Ext(src.File) == ".json" {
		read = func() (*markup.Node, *markup.Error) { return markup.JSON(text) }
	}
	n, bad := read()
	if bad == nil && n != nil && n.Kind != markup.Map {
		bad = &markup.Error{At: src.Span(0, 0), Msg: "this is no Pulumi program"}
	}
	return n, bad
}

// program is the text that holds the resources: Main.json or Main.yaml in the program's directory, else the project itself.
func program(files step.Files, src *span.Source, project *markup.Node) (*span.Source, span.Text, string) {
	if made := strings.Fields(project.Get("runtime").Get("options").Get("compiler").Str()); len(made) > 0 {
		return src, src.Whole(), "the program is what " + made[0] + " makes, which is not run"
	}
	dir := path.Dir(src.File)
	if main := project.Get("main").Str(); main != "" {
		if dir = path.Join(dir, main); path.IsAbs(main) || dir == ".." || strings.HasPrefix(dir, "../") {
			return src, src.Whole(), "the program is outside the repository (" + main + ")"
		}
	}
	for _, name := range []string{"Main.json", "Main.yaml", "Pulumi.yaml"} {
		file := path.Join(dir, name)
		if file == src.File {
			break
		}
		if !files.Exists(file) {
			continue
		}
		main, err := files.Open(file)
		if err != nil {
			return src, src.Whole(), file + " cannot be read: " + err.Error()
		}
		return main, main.Whole(), ""
	}
	return src, src.Whole(), ""
}

var stackFile = lazyregexp.New(`^Pulumi\.(.+)\.ya?ml$`)

// StackOf is the stack whose configuration a file called name holds, "" if it holds none.
func StackOf(name string) string {
	if m := stackFile.FindStringSubmatch(path.Base(name)); m != nil {
		return m[1]
	}
	return ""
}
