// Package assemble turns a checkout into hub documents: it has the readers read what discovery found, decides which
// files belong to which hub, replays their operations and ties the hub to its machine.
package assemble

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// HubSetting is a hub that the settings name, because discovery cannot know it.
type HubSetting struct {
	Name    string
	Dir     string   // relative to the checkout; "" when Sources is given
	Sources []string // exactly these files
	Active  *int     // expected active users
	Total   *int     // expected users in all
	At      span.Span
}

// Options say what discovery cannot know.
type Options struct {
	Hubs []HubSetting
	// Runbooks has Markdown runbooks read as if people did what they say.
	Runbooks bool
	Now      time.Time // for attestations that end; zero means today
	Limits   repo.Limits
}

// Result is all hubs of a checkout, and what could not be read.
type Result struct {
	Hubs     []*hub.Document // sorted by name
	Problems []step.Problem  // of the whole repository, sorted by place
	Plugin   span.Span       // where the checkout says that it is a plugin of TLJH, if it does
	Files    *repo.Tree

	opts    Options
	scripts map[string]shell.Result // as they were read by themselves
}

// Load reads the checkout at dir. The error is for a checkout that cannot be opened at all; anything less is a Problem
// and costs no other hub its verdict. The caller closes Result.Files.
func Load(ctx context.Context, dir string, opts Options) (*Result, error) {
	if opts.Now.IsZero() {
		opts.Now = time.Now()
	}
	tree, err := repo.Open(dir, opts.Limits)
	if err != nil {
		return nil, fmt.Errorf("reading the checkout: %w", err)
	}
	return (&loader{ctx: ctx, tree: tree, opts: opts}).load(), nil
}

// With is what would be read if some files of the checkout had other text. Hubs that are not made of these files are
// those of r. It is of no use once r.Files is closed.
func (r *Result) With(ctx context.Context, texts map[string]string) *Result {
	return (&loader{ctx: ctx, tree: r.Files.With(texts), opts: r.opts, before: r, texts: texts}).load()
}

func (l *loader) load() *Result {
	l.used, l.scripts = map[string]bool{}, map[string]shell.Result{}
	l.read()
	res := &Result{Plugin: l.plugin(), Files: l.tree, opts: l.opts, scripts: l.scripts}
	l.groups = l.group()
	l.hubs = len(l.groups)
	for _, g := range l.groups {
		d := l.unchanged(g)
		if d == nil {
			d = l.build(g)
		}
		res.Hubs = append(res.Hubs, d)
	}
	sort.SliceStable(res.Hubs, func(i, j int) bool { return res.Hubs[i].Name < res.Hubs[j].Name })
	res.Problems = append(l.problems, l.tree.Problems()...)
	SortProblems(res.Problems)
	return res
}

// unchanged is the document of a hub as it was read before, where nothing it is made of has other text now.
func (l *loader) unchanged(g *group) *hub.Document {
	if l.before == nil || len(l.groups) != len(l.before.Hubs) {
		return nil
	}
	for _, d := range l.before.Hubs {
		if d.Name == g.name && d.Dir == g.dir && !l.edited(d.Sources) && slices.Equal(d.Sources, l.sources(g)) {
			return d
		}
	}
	return nil
}

func (l *loader) edited(files []string) bool {
	return slices.ContainsFunc(files, func(f string) bool { _, ok := l.texts[f]; return ok })
}

// script is how a script that was read before was read, where neither it nor what it uses has other text now.
func (l *loader) script(file string) (shell.Result, bool) {
	if l.before == nil || l.edited([]string{file}) {
		return shell.Result{}, false
	}
	r, ok := l.before.scripts[file]
	return r, ok && !l.edited(r.Uses)
}

// SortProblems orders problems by file, place and text, and drops repetitions.
func SortProblems(ps []step.Problem) []step.Problem {
	key := func(p step.Problem) string {
		return fmt.Sprintf("%s\x00%08d\x00%08d\x00%s", p.At.File, p.At.Start.Line, p.At.Start.Column, p.Msg)
	}
	sort.SliceStable(ps, func(i, j int) bool { return key(ps[i]) < key(ps[j]) })
	out := ps[:0]
	for i, p := range ps {
		if i == 0 || key(p) != key(ps[i-1]) {
			out = append(out, p)
		}
	}
	return out
}
