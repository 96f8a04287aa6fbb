package workflow

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// job is one job with what it does to machines other than the runner.
type job struct {
	name  string
	needs []string
	steps []step.Step
	plays []step.Step
	at    span.Span
}

// workflow reads the jobs of the document at hand and makes chains of them.
func (r *reader) workflow(sc scope, depth int) {
	root := r.d.Root
	sc = r.defaults(r.with(sc, field(root, "env")), root)
	list := field(root, "jobs")
	if list.Kind != yaml.MappingNode {
		r.problem(r.d.At(list), "jobs must be a mapping of names to jobs; GitHub does not run this workflow")
		return
	}
	var jobs []*job
	for k := 0; k+1 < len(list.Content) && len(jobs) < maxJobs; k += 2 {
		n := yamltext.Resolve(list.Content[k+1])
		j := &job{name: list.Content[k].Value, at: r.d.Scalar(list.Content[k]).Span()}
		jobs = append(jobs, j)
		if n.Kind != yaml.MappingNode {
			r.problem(j.at, "the job %q must be a mapping; GitHub does not run this workflow", j.name)
			continue
		}
		j.needs = names(field(n, "needs"))
		if cond := r.cond(n); cond == nil || cond.Why != "" {
			r.job(j, n, r.strategy(sc, n), cond, depth)
		}
	}
	for _, chain := range chains(jobs) {
		c := Chain{At: chain[0].at}
		for _, j := range chain {
			c.Steps = append(c.Steps, j.steps...)
		}
		if len(c.Steps) > 0 {
			r.w.Chains = append(r.w.Chains, c)
		}
		p := Chain{At: c.At}
		for _, j := range chain {
			p.Steps = append(p.Steps, j.plays...)
		}
		if len(p.Steps) > 0 {
			r.w.Plays = append(r.w.Plays, p)
		}
	}
}

// names are the words of a scalar or a list.
func names(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var out []string
	if n.Kind == yaml.SequenceNode {
		for _, e := range n.Content {
			out = append(out, yamltext.Resolve(e).Value)
		}
	}
	return out
}

// cond is the condition of a job or step: nil when it always runs, without a reason when it never does.
func (r *reader) cond(n *yaml.Node) *step.Cond {
	c := field(n, "if")
	if c == nil || c.Kind != yaml.ScalarNode || c.Tag == "!!null" {
		return nil
	}
	at := r.d.Scalar(c).Span()
	switch r.holds(c.Value) {
	case "yes":
		return nil
	case "no":
		return &step.Cond{At: at}
	}
	return &step.Cond{Why: fmt.Sprintf("it only runs if %q, which is known when the workflow runs", brief(c.Value)), At: at}
}

// job reads the steps of a job, or the workflow that it calls.
func (r *reader) job(j *job, n *yaml.Node, sc scope, cond *step.Cond, depth int) {
	sc = r.defaults(r.with(sc, field(n, "env")), n)
	if u := field(n, "uses"); u != nil && u.Kind == yaml.ScalarNode {
		r.calls(j, n, u, sc, cond, depth)
		return
	}
	hosted, label := hosted(field(n, "runs-on"))
	run := &runs{reader: r, sc: sc, written: map[string]span.Text{}, depth: depth, hosted: hosted}
	run.steps(field(n, "steps"))
	j.plays = plays(run.out)
	j.steps = keep(run.out, hosted, label, j.at)
	if cond != nil {
		under(j.steps, cond)
		under(j.plays, cond)
		for k := range run.checks {
			run.checks[k].Cond = cond
		}
	}
	if c := field(n, "continue-on-error"); c != nil && c.Value == "true" { // the run succeeds, and nobody gets a mail
		for k := range run.checks {
			run.checks[k].Notify = span.Literal("false", r.d.Scalar(c))
		}
	}
	r.w.Checks = append(r.w.Checks, run.checks...)
}

// under makes steps conditional that are not.
func under(steps []step.Step, cond *step.Cond) {
	for k := range steps {
		if steps[k].Cond == nil {
			steps[k].Cond = cond
		}
	}
}

// plays are the steps that run Ansible's playbooks, which reach other machines in their own way.
func plays(steps []step.Step) []step.Step {
	var out []step.Step
	for _, s := range steps {
		for _, a := range s.Argv[:min(len(s.Argv), 3)] { // behind "poetry run", perhaps
			if path.Base(a.String()) == "ansible-playbook" && !s.Remote {
				out = append(out, s)
				break
			}
		}
	}
	return out
}

// hosted says whether a runner is one of GitHub's, which is a new machine each time.
func hosted(n *yaml.Node) (yes bool, label string) {
	if n != nil && n.Kind == yaml.MappingNode {
		n = field(n, "labels")
	}
	all := names(n)
	for _, l := range all {
		low := strings.ToLower(l)
		if !strings.HasPrefix(low, "ubuntu") && !strings.HasPrefix(low, "windows") && !strings.HasPrefix(low, "macos") && !strings.HasPrefix(low, "${{") {
			return false, l
		}
	}
	return true, strings.Join(all, ", ")
}

// keep leaves of a job's steps those that reach another machine. A runner that is not GitHub's may be the hub's machine itself:
// it is if TLJH is configured there.
func keep(steps []step.Step, hosted bool, label string, at span.Span) []step.Step {
	var out []step.Step
	own := false
	for _, s := range steps {
		own = own || !hosted && !s.Remote && touchesHub(&s)
	}
	for _, s := range steps {
		_, opaque := shell.IsOpaque(&s)
		switch {
		case s.OtherHost || opaque:
		case sends(&s):
			s.Remote, s.OtherHost = true, true
		case hosted:
			continue
		case !own && s.Cond == nil:
			s.Cond = &step.Cond{Why: fmt.Sprintf("it runs on the runner %q, and nothing says whether that is the hub's machine", span.Show(label)), At: at}
		}
		out = append(out, s)
	}
	return out
}

// sends says whether a command copies files to another machine.
func sends(s *step.Step) bool {
	if len(s.Argv) < 3 {
		return false
	}
	switch path.Base(s.Argv[0].String()) {
	case "scp", "rsync":
		_, ok := shell.RemotePath(s.Argv[len(s.Argv)-1].String())
		return ok
	}
	return false
}

func touchesHub(s *step.Step) bool {
	if s.IsWrite() {
		return strings.HasPrefix(s.Dest.String(), "/opt/tljh")
	}
	for _, a := range s.Argv {
		if w := a.String(); path.Base(w) == "tljh-config" || strings.Contains(w, "/opt/tljh/") {
			return true
		}
	}
	return false
}

// chains puts jobs that need each other together, each after what it needs, else in the order of the file.
func chains(jobs []*job) [][]*job {
	group := map[string]string{}
	find := func(n string) string {
		for group[n] != "" && group[n] != n {
			n = group[n]
		}
		return n
	}
	byName := map[string]*job{}
	for _, j := range jobs {
		byName[j.name] = j
		group[j.name] = j.name
	}
	for _, j := range jobs {
		for _, n := range j.needs {
			if byName[n] != nil {
				group[find(n)] = find(j.name)
			}
		}
	}
	done := map[*job]bool{}
	lists := map[string][]*job{}
	var order []string
	var visit func(j *job)
	visit = func(j *job) {
		if done[j] {
			return
		}
		done[j] = true
		for _, n := range j.needs {
			if byName[n] != nil {
				visit(byName[n])
			}
		}
		g := find(j.name)
		if !slices.Contains(order, g) {
			order = append(order, g)
		}
		lists[g] = append(lists[g], j)
	}
	for _, j := range jobs {
		visit(j)
	}
	out := make([][]*job, 0, len(order))
	for _, g := range order {
		out = append(out, lists[g])
	}
	return out
}
