package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// ReadGitLab reads a pipeline of GitLab in the same way: what the scripts of its jobs do over SSH. Its runners are containers,
// and gone afterwards. Source: docs.gitlab.com, "CI/CD YAML syntax reference".
func ReadGitLab(files step.Files, src *span.Source) Workflow {
	r := &reader{files: files, w: Workflow{File: src.File, At: src.Span(0, 0)}, uses: map[string]bool{}}
	d, err := yamltext.Parse(src.Whole(), "the pipeline")
	switch {
	case err != nil:
		r.w.Broken = err.Msg
		r.problem(err.At, "%s", err.Msg)
	case d.Root == nil || d.Root.Kind != yaml.MappingNode:
		r.w.Broken = "it is no pipeline: it has no jobs"
		r.problem(src.Span(0, 0), "a pipeline must be a mapping of jobs; GitLab does not run this one")
	default:
		r.d = d
		r.w.Alone = true
		r.pipeline()
	}
	r.w.Uses = slices.Sorted(maps.Keys(r.uses))
	return r.w
}

// pipeline reads the jobs in the order of their stages.
func (r *reader) pipeline() {
	root := r.d.Root
	stages := names(field(root, "stages"))
	if stages == nil {
		stages = []string{"build", "test", "deploy"}
	}
	stages = append(append([]string{".pre"}, stages...), ".post")
	sc := r.with(scope{}, plainVariables(field(root, "variables")))
	type gitlabJob struct {
		stage int
		node  *yaml.Node
		key   *yaml.Node
	}
	var jobs []gitlabJob
	for k := 0; k+1 < len(root.Content) && len(jobs) < maxJobs; k += 2 {
		name, n := root.Content[k].Value, yamltext.Resolve(root.Content[k+1])
		if n.Kind != yaml.MappingNode || strings.HasPrefix(name, ".") || name == "default" || field(n, "script") == nil && field(n, "extends") == nil {
			continue
		}
		stage := "test"
		if s := r.inherited(n, "stage"); s != nil {
			stage = s.Value
		}
		jobs = append(jobs, gitlabJob{slices.Index(stages, stage), n, root.Content[k]})
	}
	slices.SortStableFunc(jobs, func(a, b gitlabJob) int { return a.stage - b.stage })
	c, p := Chain{At: r.w.At}, Chain{At: r.w.At}
	for _, j := range jobs {
		steps, played := r.gitlabJob(j.node, sc, r.d.Scalar(j.key).Span())
		p.Steps = append(p.Steps, played...)
		if len(c.Steps) == 0 && len(steps) > 0 {
			c.At = r.d.Scalar(j.key).Span()
		}
		c.Steps = append(c.Steps, steps...)
	}
	if len(c.Steps) > 0 {
		r.w.Chains = []Chain{c}
	}
	if len(p.Steps) > 0 {
		r.w.Plays = []Chain{p}
	}
}

// plainVariables takes variables as texts; those with a mapping (value, description) are left out.
func plainVariables(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.MappingNode {
		return n
	}
	return nil
}

// inherited is a key of a job, or of the job that it extends.
func (r *reader) inherited(job *yaml.Node, key string) *yaml.Node {
	for hop := 0; job != nil && hop < 10; hop++ {
		if n := field(job, key); n != nil {
			return n
		}
		base := names(field(job, "extends"))
		if len(base) == 0 {
			return nil
		}
		job = field(r.d.Root, base[len(base)-1])
	}
	return nil
}

// gitlabJob is what a job's scripts do to other machines.
func (r *reader) gitlabJob(n *yaml.Node, sc scope, at span.Span) (others, books []step.Step) {
	run := &runs{reader: r, sc: r.with(sc, plainVariables(r.inherited(n, "variables"))), written: map[string]span.Text{}, hosted: true}
	before := r.inherited(n, "before_script")
	if before == nil {
		if before = field(field(r.d.Root, "default"), "before_script"); before == nil {
			before = field(r.d.Root, "before_script")
		}
	}
	main := lines(before)
	main = append(main, lines(r.inherited(n, "script"))...)
	for _, list := range [][]*yaml.Node{main, lines(r.inherited(n, "after_script"))} {
		var parts []span.Text
		for _, l := range list {
			parts = append(parts, r.d.Scalar(l), span.Plain("\n"))
		}
		if len(parts) > 0 {
			run.out = append(run.out, run.script(span.Concat(parts...), run.sc, "")...)
		}
	}
	played := plays(run.out)
	steps := keep(run.out, true, "", at)
	if cond := r.gitlabCond(n, at); cond != nil {
		under(steps, cond)
		under(played, cond)
	}
	return steps[:min(len(steps), maxSteps)], played
}

// lines are the commands of a script: a text, or a list of texts, in which lists may stand.
func lines(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil || n.Tag == "!!null":
		return nil
	case n.Kind == yaml.ScalarNode:
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	for _, e := range n.Content {
		if e = yamltext.Resolve(e); e.Kind == yaml.ScalarNode && !strings.HasPrefix(e.Tag, "!reference") {
			out = append(out, e)
		} else if e.Kind == yaml.SequenceNode && e.Tag == "!!seq" {
			for _, s := range e.Content {
				if s = yamltext.Resolve(s); s.Kind == yaml.ScalarNode {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// gitlabCond is why a job may not run: somebody has to start it, or rules decide. A rule for the default branch holds.
func (r *reader) gitlabCond(n *yaml.Node, at span.Span) *step.Cond {
	if w := r.inherited(n, "when"); w != nil && (w.Value == "manual" || w.Value == "delayed" || w.Value == "on_failure" || w.Value == "never") {
		return &step.Cond{Why: fmt.Sprintf("the job only runs %q", w.Value), At: r.d.Scalar(w).Span()}
	}
	rules := r.inherited(n, "rules")
	if rules == nil || rules.Kind != yaml.SequenceNode {
		return nil
	}
	for _, e := range rules.Content {
		e = yamltext.Resolve(e)
		cond, when := field(e, "if"), field(e, "when")
		plain := when == nil || when.Value == "on_success" || when.Value == "always"
		if plain && (cond == nil && field(e, "changes") == nil && field(e, "exists") == nil || cond != nil && strings.Contains(cond.Value, "$CI_DEFAULT_BRANCH") && !strings.Contains(cond.Value, "!=")) {
			return nil
		}
	}
	return &step.Cond{Why: "the rules of the job decide whether it runs", At: at}
}
