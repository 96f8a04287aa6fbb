package action

import (
	"bytes"
	"context"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/comment"
	"github.com/tljh-policy/tljh-policy/internal/report/annotate"
	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
	"github.com/tljh-policy/tljh-policy/internal/report/sarif"
)

// options are what every text about the verdict is made with. l is nil where GitHub has not been asked what changes.
func (r *runner) options(v *verdict, l *lines) comment.Options {
	o := comment.Options{Notes: v.notes, FullReport: r.runAddress(), Link: r.links(v, l).link}
	if v.report() == nil {
		return o
	}
	if v.report().ExitCode != v.code && v.why != "" {
		o.Notes = append([]string{v.why}, o.Notes...)
	}
	o.Sources, o.Edit = v.head.Sources, v.edits.of
	for _, c := range v.gate {
		change := comment.Change{Text: "It " + c.text + "."}
		if c.at.File != "" {
			change.File, change.Start, change.End = c.at.File, c.at.Start.Line, c.at.End.Line
			if rel, ok := strings.CutPrefix(c.at.File, v.work.prefix+"/"); ok {
				change.File = rel
			}
		}
		o.Gate = append(o.Gate, change)
	}
	if len(o.Gate) > 0 && v.after != nil {
		o.Gate = append(o.Gate, comment.Change{Text: "None of this counts yet. Once it is merged, the check will say: " + v.after.Report.ExitReason + "."})
	} else if len(o.Gate) > 0 {
		o.Gate = append(o.Gate, comment.Change{Text: "None of this counts for this check before it is merged."})
	}
	return o
}

func (r *runner) links(v *verdict, l *lines) *links {
	out := &links{work: v.work, lines: l, base: v.bases.gate, options: map[string]string{}}
	if server := strings.TrimSuffix(r.host.Getenv("GITHUB_SERVER_URL"), "/"); server != "" {
		out.repo = server + "/" + r.host.Getenv("GITHUB_REPOSITORY")
	}
	if t := r.decider; t != nil && (t.trigger.kind == pull || t.trigger.kind == remote) {
		out.head = t.trigger.head
	}
	if v.in.settings != "" {
		out.options[v.in.settings] = v.in.settings
	}
	return out
}

// runAddress is the page of this run; "" outside of GitHub.
func (r *runner) runAddress() string {
	server, repo, id := r.host.Getenv("GITHUB_SERVER_URL"), r.host.Getenv("GITHUB_REPOSITORY"), r.host.Getenv("GITHUB_RUN_ID")
	if server == "" || repo == "" || id == "" {
		return ""
	}
	return strings.TrimSuffix(server, "/") + "/" + repo + "/actions/runs/" + id
}

// summary is the job's summary.
func (r *runner) summary(v *verdict) string {
	if v.report() == nil {
		return comment.Failed(v.why, r.options(v, nil))
	}
	return comment.JobSummary(v.report(), r.options(v, nil))
}

// annotate annotates the lines that findings rest on, by workflow commands, which need no permission.
func (r *runner) annotate(v *verdict) {
	if v.report() == nil {
		r.act.Errorf("%s", sanitize.Lines("tljh-policy could not decide: "+v.why))
		return
	}
	if !v.in.annotations {
		return
	}
	if err := annotate.Write(r.host.Out, v.report(), annotate.Options{Prefix: prefixOf(v.work)}); err != nil {
		r.say("The annotations could not be written: " + err.Error())
	}
}

// sarif writes the report for code scanning.
func (r *runner) sarif(v *verdict, b *bytes.Buffer) error {
	return sarif.Write(b, v.report(), sarif.Options{Prefix: prefixOf(v.work), Category: "tljh-policy/" + gateKey(v), Sources: v.head.Sources})
}

// prefixOf is what a path of the report begins with in the repository.
func prefixOf(w work) string {
	if w.prefix == "." {
		return ""
	}
	return path.Clean(w.prefix)
}

// withEdits gets ready to make exact edits for the findings of a report.
func (v *verdict) withEdits(ctx context.Context) {
	if v.head != nil {
		v.edits = newEdits(ctx, v)
	}
}
