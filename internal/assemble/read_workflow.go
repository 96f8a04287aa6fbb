package assemble

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/workflow"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// readWorkflows makes units of the workflows that set up a hub from outside. Each is run by itself.
func (l *loader) readWorkflows(carriers []repo.Unread) {
	for _, f := range carriers {
		if f.Kind != repo.WorkflowKind && f.Kind != repo.GitLabKind {
			continue
		}
		w := l.workflow(f)
		if w == nil {
			l.broken[f.Path] = true
			continue
		}
		format := "github-workflow"
		if f.Kind == repo.GitLabKind {
			format = "gitlab-pipeline"
		}
		if w.Broken != "" {
			l.broken[f.Path] = true
			l.problems = append(l.problems, w.Problems...)
			continue
		}
		l.cover(f.Path)
		l.checks = append(l.checks, w.Checks...)
		if !w.Called {
			l.pipeline(w.File, format, w.Uses, w.Problems, w.Chains)
		}
	}
}

// workflow is a workflow or pipeline, read once; nil if its file cannot be opened.
func (l *loader) workflow(f repo.Unread) *workflow.Workflow {
	if w, ok := l.flows[f.Path]; ok {
		return w
	}
	if l.flows == nil {
		l.flows = map[string]*workflow.Workflow{}
	}
	l.flows[f.Path] = nil
	if src := l.open(f.Path); src != nil {
		read := workflow.Read
		if f.Kind == repo.GitLabKind {
			read = workflow.ReadGitLab
		}
		w := read(l.tree, src)
		l.flows[f.Path] = &w
	}
	return l.flows[f.Path]
}

// cover notes that a file was read: what its steps do not speak of it does not do.
func (l *loader) cover(file string, steps ...step.Step) {
	var b strings.Builder
	b.WriteString(l.covered[file])
	for _, s := range steps {
		for _, a := range s.Argv {
			b.WriteString(a.String() + " ")
		}
		b.WriteString(s.Content.String() + "\n")
		if b.Len() > maxCovered {
			break
		}
	}
	l.covered[file] = b.String()
	l.use([]string{file})
}

// maxCovered bounds the words that are kept of one file.
const maxCovered = 1 << 20

// pipeline makes a unit of each chain of jobs that sets up a hub; what another one does to some machine may be done to the hub.
func (l *loader) pipeline(file, format string, uses []string, problems []step.Problem, chains []workflow.Chain) {
	for _, c := range chains {
		l.cover(file, c.Steps...)
		car := step.Carrier{File: file, Format: format, At: c.At, Steps: c.Steps, Uses: uses, Problems: problems}
		u := l.look(file, car)
		u.dir, u.separate = ".", true
		if u.relevant() && l.speaks(u) {
			l.use(append(uses, u.uses...))
			l.units = append(l.units, u)
			continue
		}
		l.asides = append(l.asides, aside{carrier: car, hosts: []string{"all"},
			why: fmt.Sprintf("%s reaches some machine, and nothing in the repository says whether it is this hub's", file)})
	}
}

var (
	hubAddress = lazyregexp.New(`^(?:https?://)?[^/]*/(?:hub|user)(?:/|$)`)
	hostOf     = lazyregexp.New(`^(?:https?://)?([^/:]+)`)
)

// checksOf are the checks from outside that ask a hub: its address has JupyterHub's paths, or a name that the hub's set-up names.
func (l *loader) checksOf(g *group) []step.Carrier {
	var out []step.Carrier
	for _, c := range l.checks {
		url := c.URL.String()
		m := hostOf.FindStringSubmatch(url)
		named := m != nil && !span.IsUnknown(m[1]) && strings.Contains(m[1], ".") && g.names(m[1])
		if !named && !hubAddress.MatchString(url) {
			continue
		}
		s := step.Step{Argv: []span.Text{span.Plain(host.UptimeCheck), span.Plain(c.Signal), c.Notify, c.URL, span.Literal(strconv.FormatFloat(c.Hours, 'g', 4, 64), c.Times)}, Cond: c.Cond, At: c.At}
		if !named && l.hubs > 1 && s.Cond == nil {
			s.Cond = &step.Cond{Why: "nothing in the repository says which hub is asked", At: c.At}
		}
		out = append(out, step.Carrier{File: c.At.File, Format: "github-workflow", At: c.At, Steps: []step.Step{s}})
	}
	return out
}

// names says whether something that sets a hub up names a host.
func (g *group) names(host string) bool {
	for _, u := range g.units {
		for _, c := range u.carriers {
			for _, s := range c.Steps {
				if strings.Contains(s.Content.String(), host) {
					return true
				}
				for _, a := range s.Argv {
					if strings.Contains(a.String(), host) {
						return true
					}
				}
			}
		}
	}
	return false
}
