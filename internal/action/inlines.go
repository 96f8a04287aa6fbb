package action

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/comment"
	"github.com/tljh-policy/tljh-policy/internal/diff"
	"github.com/tljh-policy/tljh-policy/internal/fix"
	"github.com/tljh-policy/tljh-policy/internal/github"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/snapshot"
)

// mapFiles finds how the lines of files of the evaluated tree stand in the pull request's head, for those that it changes and
// that differ there. A file whose head cannot be read has no lines to comment on.
func (l *lines) mapFiles(ctx context.Context, h hosted, tree string, files []string) {
	l.maps = map[string]*diff.Map{}
	root, err := os.OpenRoot(tree)
	if err != nil || l.files == nil {
		return
	}
	defer root.Close()
	texts := map[string][]byte{}
	var want []github.BlobRef
	for _, name := range files {
		f := l.files.Find(name)
		if f == nil {
			continue
		}
		text, err := readBounded(root, name)
		if err == nil && snapshot.BlobID(text) == f.SHA {
			continue
		}
		texts[name] = text
		want = append(want, github.BlobRef{SHA: f.SHA})
	}
	blobs, err := h.client.Blobs(ctx, h.repo, want)
	for name, text := range texts {
		b := blobs[l.files.Find(name).SHA]
		if err != nil || b.Err != nil {
			l.maps[name] = &diff.Map{}
			continue
		}
		l.maps[name] = diff.NewMap(text, b.Data)
	}
}

// editTime is how long finding exact edits may take altogether: each is proved by reading the checkout again.
const editTime = 20 * time.Second

// edits are the exact edits of findings: made once, used by review comments and the summary.
type edits struct {
	ctx   context.Context
	fixer *fix.Fixer
	made  map[string]*comment.Edit
}

func newEdits(ctx context.Context, v *verdict) *edits {
	return &edits{ctx: ctx, fixer: v.head.Fixer(), made: map[string]*comment.Edit{}}
}

// of is the exact edit that puts a finding right; nil if there is none, or several would be needed.
func (e *edits) of(res *report.Result, f *report.Finding) *comment.Edit {
	if f.Fix == nil || f.Outcome != report.Fail {
		return nil
	}
	if done, ok := e.made[f.Fingerprint]; ok {
		return done
	}
	e.made[f.Fingerprint] = nil
	if e.ctx.Err() != nil {
		return nil
	}
	made, err := e.fixer.For(e.ctx, res.Hub, res.Rule, f.Fix)
	if err == nil && len(made.Edits) == 1 {
		m := made.Edits[0]
		e.made[f.Fingerprint] = &comment.Edit{File: m.File, StartLine: m.StartLine, EndLine: m.EndLine, Lines: m.Lines, Caution: made.Caution}
	}
	return e.made[f.Fingerprint]
}

// inlines are the review comments that the report calls for, most important first; fixed is what one says whose finding is gone,
// keep says which cannot be said to be gone.
func (a *answer) inlines(ctx context.Context) (list []github.Inline, fixed func(string) string, keep func(string) bool) {
	rep := a.verdict.report()
	o := a.options(a.verdict, a.lines)
	undecided, waived := map[string]bool{}, map[string]bool{}
	for _, p := range rep.Problems {
		if p.Fatal {
			undecided[""] = true
		}
	}
	for _, res := range report.BySeverity(rep.Results) {
		if res.Outcome == report.Unknown || res.Outcome == report.RuleError {
			undecided[ruleKey(res.Rule, res.Hub)] = true
		}
		for i := range res.Findings {
			f := &res.Findings[i]
			key := ruleKey(res.Rule, res.Hub) + "/" + f.Fingerprint[:min(len(f.Fingerprint), 16)]
			switch {
			case f.Outcome != report.Fail || f.Location == nil:
			case f.Waiver != nil:
				waived[key] = true
			default:
				list = append(list, a.inline(&res, f, key, o))
			}
		}
	}
	fixed = func(key string) string {
		if waived[key] {
			return "☑️ **Accepted for now.** A waiver covers this; the summary comment names it.\n"
		}
		return comment.Fixed(ruleOf(key))
	}
	keep = func(key string) bool {
		i := strings.LastIndexByte(key, '/')
		return undecided[""] || i >= 0 && undecided[key[:i]]
	}
	return list, fixed, keep
}

// ruleKey names a rule of a hub; a hub's name is the repository's own text, so its hash stands for it.
func ruleKey(rule, hub string) string {
	sum := sha256.Sum256([]byte(hub))
	return rule + "/" + hex.EncodeToString(sum[:4])
}

func ruleOf(key string) string { rule, _, _ := strings.Cut(key, "/"); return rule }

// inline is the review comment on a finding: on the lines of its exact edit where the pull request changes them, so that one
// click commits it; else on the finding's own.
func (a *answer) inline(res *report.Result, f *report.Finding, key string, o comment.Options) github.Inline {
	in := github.Inline{Key: key}
	if e := o.Edit(res, f); e != nil {
		if first, last, ok := a.commentable(e.File, e.StartLine, e.EndLine); ok {
			in.Path, in.StartLine, in.EndLine, in.Exact = path.Join(a.verdict.work.prefix, e.File), first, last, true
			if in.Body = comment.Inline(res, f, e, o); strings.Contains(in.Body, "```suggestion") {
				return in
			}
			in = github.Inline{Key: key}
		}
	}
	in.Path = inRepo(a.verdict.work, *f.Location).File
	in.StartLine, in.EndLine = f.Location.Start.Line, max(f.Location.End.Line, f.Location.Start.Line)
	if first, last, ok := a.lines.head(in.Path, in.StartLine, in.EndLine); ok {
		in.StartLine, in.EndLine = first, last
	}
	in.Body = comment.Inline(res, f, nil, o)
	return in
}

// commentable says where lines of the checked directory are in the head, if one comment may stand on all of them.
func (a *answer) commentable(file string, start, end int) (first, last int, ok bool) {
	full := path.Join(a.verdict.work.prefix, file)
	if first, last, ok = a.lines.head(full, start, end); !ok {
		return 0, 0, false
	}
	hunks, err := a.lines.files.Find(full).Hunks()
	return first, last, err == nil && hunks.Contains(first, last) && hunks.Touches(first, last)
}
