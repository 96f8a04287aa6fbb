package fix

import (
	"context"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// Wanted is the fix of one finding.
type Wanted struct {
	Hub, Rule string
	Fix       *report.Fix
}

// Refused is a fix that cannot be made exactly.
type Refused struct {
	Wanted
	Why error
}

// All is one patch for several fixes, made one after the other; what cannot be made is left out and said. A fix that an
// earlier one has made unnecessary is neither.
func (x *Fixer) All(ctx context.Context, wanted []Wanted) (*Patch, []Refused) {
	now := x.base
	var refused []Refused
	for _, w := range wanted {
		if d := now.hub(w.Hub); now != x.base && d != nil && !x.asked(ctx, d, w) {
			continue
		}
		next, err := x.apply(ctx, now, w.Hub, w.Rule, w.Fix)
		if err == nil {
			_, err = x.edits(next)
		}
		if err != nil {
			refused = append(refused, Refused{w, err})
			continue
		}
		now = next
	}
	p, err := x.patch(now)
	if err != nil { // each fix by itself could be shown
		return &Patch{}, append(refused, Refused{Why: err})
	}
	return p, refused
}

// asked says whether the rule still asks for the fix.
func (x *Fixer) asked(ctx context.Context, d *hub.Document, w Wanted) bool {
	results, err := x.rules.Evaluate(ctx, d.Plain())
	for _, r := range results {
		if r.Rule.ID == w.Rule && asks(r.Findings, w.Fix) {
			return true
		}
	}
	return err != nil
}

// Texts is what the files that a patch edits hold then.
func (x *Fixer) Texts(p *Patch) (map[string]string, error) {
	byFile := map[string][]Edit{}
	for _, e := range p.Edits {
		byFile[e.File] = append(byFile[e.File], e)
	}
	out := map[string]string{}
	for file := range byFile {
		before, _ := x.base.text(file)
		after, err := Apply(before, byFile[file])
		if err != nil {
			return nil, err
		}
		out[file] = after
	}
	return out, nil
}

// Write applies a patch to the checkout.
func (x *Fixer) Write(p *Patch) error {
	texts, err := x.Texts(p)
	if err != nil || len(texts) == 0 {
		return err
	}
	return x.base.read.Files.Replace(texts)
}

// Diff is a patch as unified diffs, file by file.
func (x *Fixer) Diff(p *Patch) string {
	out := ""
	for i := 0; i < len(p.Edits); {
		k := i
		for k < len(p.Edits) && p.Edits[k].File == p.Edits[i].File {
			k++
		}
		text, _ := x.base.text(p.Edits[i].File)
		out += Unified(p.Edits[i].File, text, p.Edits[i:k], x.Secret)
		i = k
	}
	return out
}
