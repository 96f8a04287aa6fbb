// Package fix turns the fix of a finding into exact edits of the files that make the hub: the value is changed where it is
// written, or added where the configuration is written, and comments, quotes, indentation and line ends stay as they are.
//
// How an edit is found is a guess; that it is right is proved: the whole checkout is read again with the edit, the hub's
// configuration must be what it was plus the change, everything else must be what it was, and the rules are asked again.
// An edit that cannot be proved is no edit.
package fix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// maxTries bounds how often the checkout is read again for one change.
const maxTries = 12

// Fixer makes edits for the findings of one check.
type Fixer struct {
	rules   *evaluator.Evaluator
	base    *checkout
	secrets []span.Span
}

// Secret says whether a line of the checkout holds a secret, so that it must not be shown.
func (x *Fixer) Secret(file string, line int) bool {
	for _, at := range x.secrets {
		if at.File == file && at.Start.Line <= line && line <= max(at.End.Line, at.Start.Line) {
			return true
		}
	}
	return false
}

// places are the places of all nodes below n.
func places(n *doc.Node, out []span.Span) []span.Span {
	if n == nil {
		return out
	}
	if !n.At.IsZero() {
		out = append(out, n.At)
	}
	for _, c := range n.Items {
		out = places(c, out)
	}
	for _, c := range n.Child {
		out = places(c, out)
	}
	return out
}

// New makes a Fixer for the checkout that was read and the rules that were asked. Both must stay usable.
func New(read *assemble.Result, rules *evaluator.Evaluator) *Fixer {
	x := &Fixer{rules: rules, base: &checkout{read: read, texts: map[string]string{}}}
	for _, d := range read.Hubs {
		x.secrets = places(d.Root.Get("secrets"), x.secrets)
	}
	return x
}

// checkout is the checkout as read, perhaps with edits.
type checkout struct {
	read  *assemble.Result
	texts map[string]string // files that have other text than in the checkout
}

func (c *checkout) hub(name string) *hub.Document {
	for _, d := range c.read.Hubs {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// text is what a file holds; ok is false where it must not be edited.
func (c *checkout) text(file string) (text string, ok bool) {
	if !c.read.Files.Direct(file) {
		return "", false
	}
	src, err := c.read.Files.Open(file)
	if err != nil {
		return "", false
	}
	return src.Text, true
}

// with is the checkout with another text in one more file.
func (c *checkout) with(ctx context.Context, file, text string) *checkout {
	texts := maps.Clone(c.texts)
	texts[file] = text
	return &checkout{read: c.read.With(ctx, map[string]string{file: text}), texts: texts}
}

// Patch is what puts a finding right.
type Patch struct {
	Edits   []Edit // by file and line
	Caution string // what to look at before it is applied, "" for nothing
}

// For is the patch that does what f says, for a finding of rule about a hub. It holds for the checkout as it is, and for
// one fix at a time: two may want the same line. The error says, for people, why there is none.
func (x *Fixer) For(ctx context.Context, hubName, rule string, f *report.Fix) (*Patch, error) {
	after, err := x.apply(ctx, x.base, hubName, rule, f)
	if err != nil {
		return nil, err
	}
	return x.patch(after)
}

func (x *Fixer) patch(after *checkout) (*Patch, error) {
	edits, err := x.edits(after)
	if err != nil {
		return nil, err
	}
	p := &Patch{Edits: edits}
	for i, old := range x.base.read.Hubs {
		if now := after.read.Hubs[i]; old != now && !reflect.DeepEqual(userData(old), userData(now)) {
			p.Caution = "This changes what a machine runs at its first boot. Depending on the provider, applying it replaces the " +
				"machine with its disk, or never reaches the one that runs: look at the plan first, and run the commands on the hub yourself."
		}
	}
	return p, nil
}

// userData is what is known of the texts that machines run at their first boot.
func userData(d *hub.Document) (out []any) {
	for _, i := range d.Root.Get("infra", "instances").List() {
		out = append(out, i.Get("userdata").Plain())
	}
	return out
}

// edits is how the files of after differ from those of the checkout.
func (x *Fixer) edits(after *checkout) ([]Edit, error) {
	var out []Edit
	files := make([]string, 0, len(after.texts))
	for file := range after.texts {
		files = append(files, file)
	}
	slices.Sort(files)
	for _, file := range files {
		before, _ := x.base.text(file)
		edits, ok := diff(file, before, after.texts[file], func(line int) bool { return x.Secret(file, line) })
		if !ok {
			return nil, fmt.Errorf("the edit of %s would show a line that holds a secret", file)
		}
		if made, err := Apply(before, edits); err != nil || made != after.texts[file] {
			return nil, fmt.Errorf("%s cannot be edited line by line", file)
		}
		out = append(out, edits...)
	}
	return out, nil
}

// apply is the checkout with what f says, proved. A mistake of the program costs the one edit.
func (x *Fixer) apply(ctx context.Context, from *checkout, hubName, rule string, f *report.Fix) (to *checkout, err error) {
	defer func() {
		if r := recover(); r != nil {
			to, err = nil, fmt.Errorf("internal error: %.200v", r)
		}
	}()
	if f == nil {
		return nil, errors.New("the finding has no fix")
	}
	todo, err := changes(f)
	if err != nil {
		return nil, err
	}
	if from.hub(hubName) == nil {
		return nil, fmt.Errorf("there is no hub %s", hubName)
	}
	now := from
	for _, c := range todo {
		if now, err = x.step(ctx, now, hubName, c); err != nil {
			return nil, err
		}
	}
	if now, err = x.reload(ctx, now, hubName, todo); err != nil {
		return nil, err
	}
	if err := x.settled(ctx, from.hub(hubName), now.hub(hubName), rule, f); err != nil {
		return nil, err
	}
	return now, nil
}

// step makes one change: the first proposal that can be proved.
func (x *Fixer) step(ctx context.Context, from *checkout, hubName string, c change) (*checkout, error) {
	w := &writer{from: from, hub: from.hub(hubName), change: c}
	w.propose()
	var why error
	for i, p := range w.proposals {
		if i == maxTries {
			break
		}
		if ctx.Err() != nil {
			return nil, errors.New("there was no time left to prove an edit")
		}
		to := from.with(ctx, p.file, p.text)
		err := proved(from.read, to.read, hubName, c)
		if err == nil {
			return to, nil
		}
		if why == nil {
			why = fmt.Errorf("%s cannot be changed exactly: %w", p.file, err)
		}
	}
	if why == nil {
		why = errors.New(w.why())
	}
	return nil, why
}

func (w *writer) why() string {
	if len(w.refused) > 0 {
		return strings.Join(slices.Compact(w.refused), "; ")
	}
	return "nothing in the repository is a place where this can be written: no tljh-config command, config.yaml or installer that surely runs"
}
