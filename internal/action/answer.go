package action

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/comment"
	"github.com/tljh-policy/tljh-policy/internal/github"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// answer writes to the pull request: review comments first, because the summary takes what they leave. Nothing that goes wrong
// here changes the verdict.
func (r *runner) answer(ctx context.Context, v *verdict) {
	if r.decider == nil || v.in.comment == commentNone || v.in.comment == "" {
		return
	}
	t := r.decider.trigger
	switch {
	case t.kind != pull && t.kind != remote:
		return
	case r.hosted.client == nil:
		r.notice("No comment was written: " + r.hosted.why.Error())
		return
	case t.number == 0:
		r.notice("No comment was written: the event names no pull request")
		return
	}
	a := &answer{runner: r, verdict: v, to: github.Target{Repo: r.hosted.repo, Number: t.number, HeadSHA: t.head}, gate: gateKey(v)}
	a.lines = r.changedLines(ctx, v, t.number)
	if v.in.comment != commentSummary && v.report() != nil {
		a.review(ctx)
	}
	if v.in.comment != commentReview {
		a.summary(ctx)
	}
	a.tell()
}

// tell says what could not be written, in the log and on the job's page. The verdict stands there already.
func (a *answer) tell() {
	var page strings.Builder
	for _, n := range a.notices {
		a.notice(n)
		page.WriteString("- ℹ️ " + markdown.Prose(n, maxNotice) + "\n")
	}
	if page.Len() == 0 {
		return
	}
	text := "**Not everything could be written on the pull request.** The verdict above is complete without it.\n\n" + page.String()
	if err := writeSummary(a.host.Getenv("GITHUB_STEP_SUMMARY"), text); err != nil {
		a.say("The job's summary could not be completed: " + err.Error())
	}
}

// maxNotice is how much of a notice is shown on the job's page.
const maxNotice = 1000

// answer is one run's answer on a pull request.
type answer struct {
	*runner
	verdict *verdict
	to      github.Target
	gate    string
	lines   *lines
	notices []string
	refused bool // a missing permission has been told
}

// gateKey tells the comments of several gates on one pull request apart: by the input, else by the directory that is checked.
func gateKey(v *verdict) string {
	if v.in.commentID != "" {
		return v.in.commentID
	}
	if v.work.prefix == "" || v.work.prefix == "." {
		return "default"
	}
	return "dir-" + url.QueryEscape(v.work.prefix)
}

// notice says in the log, as an annotation without a place, what could not be done.
func (r *runner) notice(text string) { r.act.Noticef("%s", sanitize.Lines(text)) }

// note keeps a failure to be told. One missing permission is told once, whatever it was needed for.
func (a *answer) note(err error) {
	var e *github.Error
	if errors.As(err, &e) && (e.Kind == github.Forbidden || e.Kind == github.Unauthorized) {
		if a.refused {
			return
		}
		a.refused = true
	}
	a.notices = append(a.notices, err.Error())
}

// changedLines asks what the pull request changes, and how the lines of those files stand in its head.
func (r *runner) changedLines(ctx context.Context, v *verdict, number int) *lines {
	l := &lines{}
	files, err := r.hosted.client.PullFiles(ctx, r.hosted.repo, number)
	if err != nil {
		r.notice(err.Error())
	}
	l.files = files
	if v.work.commit != r.decider.trigger.head {
		l.mapFiles(ctx, r.hosted, v.work.root, shownFiles(v))
	}
	return l
}

// shownFiles are the files, as paths of the repository, in which something of the report lies.
func shownFiles(v *verdict) []string {
	seen := map[string]bool{}
	rep := v.report()
	if rep == nil {
		return nil
	}
	for _, res := range rep.Results {
		for _, f := range res.Findings {
			if f.Location != nil {
				seen[inRepo(v.work, *f.Location).File] = true
			}
		}
	}
	return sortedKeys(seen)
}

// review keeps the review comments in step with what fails.
func (a *answer) review(ctx context.Context) {
	inlines, fixed, keep := a.inlines(ctx)
	res, err := a.hosted.client.SyncReview(ctx, a.to, a.gate, inlines, github.ReviewOptions{
		Files: a.lines.files, Fixed: fixed, Keep: keep,
		Body: "tljh-policy has something to say about lines that this pull request changes. What to do about everything else is in its summary comment.",
	})
	if err != nil {
		a.note(err)
		return
	}
	for _, p := range res.Problems {
		a.note(p)
	}
	a.say(fmt.Sprintf("Review comments: %d new, %d kept, %d brought up to date, %d reopened, %d fixed; %d findings are not on changed lines or have no room.",
		len(res.Posted), len(res.Kept), len(res.Updated), len(res.Reopened), len(res.Fixed), len(res.Overflow)))
	if res.Skipped != "" {
		a.say("No review comment was written: " + res.Skipped)
	}
}

// summary keeps the one summary comment.
func (a *answer) summary(ctx context.Context) {
	text := func(level int) string { return a.text(level) }
	rep := a.verdict.report()
	clean := rep != nil && a.verdict.code == report.ExitPassed && rep.Summary.Fail == 0 && rep.Undecided() == 0 && len(a.verdict.gate) == 0 && !a.verdict.told
	res, err := a.hosted.client.SyncSummary(ctx, a.to, a.gate, text(0), github.SummaryOptions{Clean: clean, QuietWhenClean: true, Shrink: text})
	if err != nil {
		a.note(err)
		return
	}
	for _, p := range res.Problems {
		a.note(p)
	}
	a.say(strings.TrimSuffix(fmt.Sprintf("Summary comment: %s. %s", res.Done, res.Reason), " "))
	if res.URL != "" {
		if err := writeOutputs(a.host.Getenv("GITHUB_OUTPUT"), []value{{"comment-url", res.URL}}); err != nil {
			a.say("The output comment-url could not be written: " + err.Error())
		}
	}
}

// text is the summary comment, shorter the higher the level.
func (a *answer) text(level int) string {
	o := a.options(a.verdict, a.lines)
	o.Level = level
	if a.verdict.report() == nil {
		return comment.Failed(a.verdict.why, o)
	}
	return comment.Summary(a.verdict.report(), o)
}
