package workflow

import (
	"fmt"
	"maps"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/makefile"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// runs reads the steps of one job, which share a file system.
type runs struct {
	*reader
	sc      scope
	written map[string]span.Text
	out     []step.Step
	checks  []Check
	depth   int
	hosted  bool       // GitHub's runner
	cond    *step.Cond // of the composite action whose steps these are
}

func (u *runs) steps(list *yaml.Node) {
	if list == nil || list.Kind != yaml.SequenceNode {
		if list != nil && list.Tag != "!!null" {
			u.problem(u.d.At(list), "steps must be a list; GitHub does not run this job")
			if t := u.d.Scalar(list); mentionsHub(t.String()) {
				u.out = append(u.out, u.opaque(t, "the steps cannot be read"))
			}
		}
		return
	}
	for _, n := range list.Content {
		n = yamltext.Resolve(n)
		if n.Kind != yaml.MappingNode {
			u.problem(u.d.At(n), "a step must be a mapping with the key \"run\" or \"uses\"; GitHub does not run this job")
			continue
		}
		cond := u.reader.cond(n)
		if cond != nil && cond.Why == "" {
			continue
		}
		if cond == nil {
			cond = u.cond
		}
		from, checked := len(u.out), len(u.checks)
		sc := u.with(u.sc, field(n, "env"))
		if run := field(n, "run"); run != nil {
			u.run(n, run, sc)
		} else if a := field(n, "uses"); a != nil && a.Kind == yaml.ScalarNode {
			u.action(n, a, sc, cond)
		}
		if len(u.out) > maxSteps {
			u.problem(u.d.At(n), "the workflow does more than can be followed; split it")
			u.out = append(u.out[:maxSteps:maxSteps], u.opaque(u.d.Scalar(n), "the workflow does more than can be followed"))
			return
		}
		for k := from; cond != nil && k < len(u.out); k++ {
			if u.out[k].Cond == nil {
				u.out[k].Cond = cond
			}
		}
		for k := checked; k < len(u.checks); k++ {
			if c := field(n, "continue-on-error"); c != nil && c.Value == "true" {
				u.checks[k].Notify = span.Literal("false", u.d.Scalar(c))
			}
			if u.checks[k].Cond == nil {
				u.checks[k].Cond = cond
			}
		}
	}
}

// run is a step with a script.
func (u *runs) run(n, run *yaml.Node, sc scope) {
	if run.Kind != yaml.ScalarNode {
		u.problem(u.d.At(run), "run must be a text")
		return
	}
	text := u.render(u.d.Scalar(run), sc)
	program := sc.shell
	if s := field(n, "shell"); s != nil {
		program = s.Value
	}
	program, rest, _ := strings.Cut(strings.TrimSpace(program), " ")
	switch {
	case path.Base(program) == "ssh" && strings.Contains(rest, "{0}"):
	case program == "" || isShell(path.Base(program)):
	default:
		if mentionsHub(text.String()) {
			u.out = append(u.out, u.opaque(text, fmt.Sprintf("a script for %q is not read", program)))
		}
		return
	}
	dir := sc.dir
	if d := field(n, "working-directory"); d != nil && d.Kind == yaml.ScalarNode {
		dir = u.render(u.d.Scalar(d), sc).String()
	}
	steps := u.script(text, sc, dir)
	if path.Base(program) == "ssh" {
		remote(steps)
	}
	u.out = append(u.out, steps...)
	u.lookForChecks(text, sc)
	u.sets(text)
}

// made puts what make does in the place of the steps that call it.
func (u *runs) made(res shell.Result) shell.Result {
	var out []step.Step
	for _, s := range res.Steps {
		if steps, uses, ok := makefile.Follow(u.files, s); ok {
			out, res.Uses = append(out, steps...), append(res.Uses, uses...)
		} else {
			out = append(out, s)
		}
	}
	res.Steps = out
	return res
}

// reads notes what a script uses, and what is wrong with it.
func (u *runs) reads(res shell.Result) {
	for _, f := range res.Uses {
		u.uses[f] = true
	}
	u.w.Problems = append(u.w.Problems, res.Problems[:min(len(res.Problems), max(0, 100-len(u.w.Problems)))]...)
}

func isShell(name string) bool {
	return name == "bash" || name == "sh" || name == "dash" || name == "zsh"
}

func (u *runs) script(text span.Text, sc scope, dir string) []step.Step {
	cwd := shell.Checkout
	switch {
	case span.IsUnknown(dir):
		cwd = "?"
	case strings.HasPrefix(dir, "/"):
		cwd = path.Clean(dir)
	case strings.HasPrefix(dir, workspace):
		cwd = path.Join(cwd, strings.TrimPrefix(dir, workspace))
	case dir != "":
		cwd = path.Join(cwd, dir)
	}
	vars := maps.Clone(sc.env)
	if vars == nil {
		vars = map[string]span.Text{}
	}
	if vars["GITHUB_WORKSPACE"].Len() == 0 {
		vars["GITHUB_WORKSPACE"] = span.Plain(shell.Checkout)
	}
	res := shell.Read(text, shell.Options{Files: u.files, Vars: vars, Args: []span.Text{}, Written: u.written, Cwd: cwd, Depth: u.depth * 2})
	maps.Copy(u.written, res.Written)
	res = u.made(res)
	for _, s := range res.Steps {
		if !u.hosted || s.OtherHost || sends(&s) { // what a runner alone runs may be run on a hub by somebody else
			u.reads(res)
			break
		}
	}
	return res.Steps
}

func remote(steps []step.Step) {
	for k := range steps {
		steps[k].Remote, steps[k].OtherHost = true, true
	}
}

var envFile = lazyregexp.New(`(?m)^.*GITHUB_ENV.*$`)
var assigned = lazyregexp.New(`\b([A-Za-z_]\w*)=`)

// sets makes unknown for the steps that follow what a script writes to $GITHUB_ENV.
func (u *runs) sets(text span.Text) {
	s := text.String()
	for _, m := range envFile.FindAllStringIndex(s, 100) {
		for _, a := range assigned.FindAllStringSubmatch(s[m[0]:m[1]], 20) {
			u.sc.env = maps.Clone(u.sc.env)
			if u.sc.env == nil {
				u.sc.env = map[string]span.Text{}
			}
			u.sc.env[a[1]] = span.Literal(span.Unknown(fmt.Sprintf("$%s is set when the workflow runs", a[1])), text.Slice(m[0], m[1]))
		}
	}
}

func opaqueStep(at span.Text, why string) step.Step {
	return step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: at.Span(), Remote: true, OtherHost: true}
}
