// Package assemble turns a checkout into hub documents: it has the readers read what discovery found, decides which
// files belong to which hub, replays their operations and ties the hub to its machine.
package assemble

import (
	"context"
	"fmt"
	"sort"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/hub"
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
	Hubs   []HubSetting
	Now    time.Time // for attestations that end; zero means today
	Limits repo.Limits
}

// Result is all hubs of a checkout, and what could not be read.
type Result struct {
	Hubs     []*hub.Document // sorted by name
	Problems []step.Problem  // of the whole repository, sorted by place
	Files    *repo.Tree

	opts Options
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
	return read(ctx, tree, opts), nil
}

// With is what would be read if some files of the checkout had other text. It is of no use once r.Files is closed.
func (r *Result) With(ctx context.Context, texts map[string]string) *Result {
	return read(ctx, r.Files.With(texts), r.opts)
}

func read(ctx context.Context, tree *repo.Tree, opts Options) *Result {
	l := &loader{ctx: ctx, tree: tree, opts: opts, used: map[string]bool{}}
	l.read()
	res := &Result{Files: tree, opts: opts}
	l.groups = l.group()
	l.hubs = len(l.groups)
	for _, g := range l.groups {
		res.Hubs = append(res.Hubs, l.build(g))
	}
	sort.SliceStable(res.Hubs, func(i, j int) bool { return res.Hubs[i].Name < res.Hubs[j].Name })
	res.Problems = append(l.problems, tree.Problems()...)
	SortProblems(res.Problems)
	return res
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
