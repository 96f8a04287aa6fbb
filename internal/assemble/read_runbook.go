package assemble

import (
	"fmt"
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/runbook"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const runbookFormat = "runbook"

// readRunbooks makes units of Markdown files whose fenced blocks set up a hub. The settings ask for it: nothing proves that
// somebody did what a runbook says, and facts that rest on one say so.
func (l *loader) readRunbooks(files []string) {
	for _, f := range files {
		src, err := l.tree.Open(f)
		if err != nil || !repo.Mentions(src.Text) {
			continue
		}
		r := runbook.Read(l.tree, src)
		problems := append([]step.Problem{{At: src.Span(0, 0), Msg: f + " is a runbook: what it says counts as done, because the settings say so (runbooks: true)"}}, r.Problems...)
		u := l.look(f, step.Carrier{File: f, Format: runbookFormat, At: src.Span(0, 0), Steps: r.Steps, Uses: r.Uses, Problems: problems})
		if u.relevant() && l.speaks(u) {
			l.units = append(l.units, u)
		}
	}
}

// promised notes on every fact that rests on a runbook that it does.
func (l *loader) promised(g *group, root *doc.Node) {
	var files []string
	for _, u := range g.units {
		for _, c := range u.carriers {
			if c.Format == runbookFormat {
				files = append(files, c.File)
			}
		}
	}
	if files == nil {
		return
	}
	seen := map[*doc.Node]bool{}
	var walk func(n *doc.Node)
	walk = func(n *doc.Node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if n.Why == "" && n.State != doc.Unknown && slices.Contains(files, n.At.File) {
			n.Why = fmt.Sprintf("the runbook %s says so; that somebody did it is not proved", n.At.File)
		}
		for _, c := range n.Child {
			walk(c)
		}
		for _, c := range n.Items {
			walk(c)
		}
	}
	walk(root)
}
