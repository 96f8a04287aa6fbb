package ansible

import (
	"path"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// run is the state of reading one playbook.
type run struct {
	*eval
	book    *Playbook
	play    *Play
	extra   map[string]value
	seenOn  map[string]*state // what was set so far on the hosts of a pattern
	here    bool              // the play runs where its hosts are, without a connection
	ended   bool              // the play ends here
	early   *step.Cond        // what follows may not be reached
	dir     string            // of the playbook
	doc     *yamltext.Doc
	file    string // of the tasks that are read
	roleDir string
	off     *yaml.Node // the condition that did not hold when a task was last left out
	cond    *step.Cond
	loop    bool
	itemAt  span.Span // place of the item of an unrolled loop
	env     []step.Assign
	*state
	handlers []handler
	notified map[string]*step.Cond // by name; nil: certainly
	ran      map[string]bool       // roles that were run without parameters of their own
	level    int                   // of nested includes, roles and blocks
	broke    bool
	last     []*Make // what the task at hand makes in a cloud
	away     bool    // it is delegated to another machine than the play's
	added    []Added
}

// state is what earlier plays for the same hosts leave behind.
type state struct {
	facts    map[string]value
	included map[string]value
	written  map[string]span.Text
	// installed: a step so far installs TLJH; sureInstall: without condition.
	installed, sureInstall bool
}

// mark is the part of the state that a task, block, role or handler may change for what stands in it alone.
type mark struct {
	doc                *yamltext.Doc
	file, roleDir, dir string
	cond               *step.Cond
	loop, seen         bool
	itemAt             span.Span
	env                []step.Assign
	level              int
	watch              string
	search             []string
	layers             []layer
}

func (r *run) back(m mark) {
	r.doc, r.file, r.roleDir, r.dir, r.cond, r.loop, r.seen, r.itemAt, r.env = m.doc, m.file, m.roleDir, m.dir, m.cond, m.loop, m.seen, m.itemAt, m.env
	r.level, r.watch, r.search, r.layers = m.level, m.watch, m.search, m.layers
}

func (l *library) newRun(f string) *run {
	fuel := min(maxFuel, l.left)
	r := &run{dir: path.Dir(f), seenOn: map[string]*state{}, notified: map[string]*step.Cond{},
		eval: &eval{files: l.files, lib: l, magic: map[string]value{}, fuel: &fuel},
		book: &Playbook{File: f, At: span.Span{File: f, Start: span.Pos{Line: 1, Column: 1}, End: span.Pos{Line: 1, Column: 1}}}}
	return r
}

func (r *run) finish() Playbook {
	r.lib.left -= min(maxFuel, r.lib.left) - max(0, *r.fuel)
	delete(r.lib.used, "")
	r.book.Uses = sortedKeys(r.lib.used)
	for _, f := range r.book.Uses {
		r.book.Problems = append(r.book.Problems, r.lib.problems[f]...)
	}
	return *r.book
}

const maxLevel = 30
