package githubtest

import (
	"slices"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
	"github.com/tljh-policy/tljh-policy/internal/githubtest/linediff"
)

// anchor is where in the diff a thread hangs. A whole file has line 0.
type anchor struct {
	path            string
	side, startSide string // LEFT or RIGHT
	line, startLine int    // startLine 0: one line
	file            bool
}

// place is where an anchor lies in a diff: the hunk up to its line, and GitHub's old way of counting, lines below the file's
// first hunk header.
type place struct {
	hunk     string
	position int
}

// locate finds an anchor in a change, or says what GitHub finds wrong with it.
func (a anchor) locate(change *gitobj.Change) (place, []anchorProblem) {
	if change == nil {
		return place{}, []anchorProblem{badPath, noHunk}
	}
	if a.file {
		return place{position: 1}, nil
	}
	if a.startLine > 0 && a.startSide == a.side && a.startLine >= a.line {
		return place{}, []anchorProblem{badOrder}
	}
	var hunks []linediff.Hunk
	if patch(change) != "" {
		hunks = change.Hunks()
	}
	above := 0
	for _, h := range hunks {
		end := slices.IndexFunc(h.Lines, func(l linediff.Line) bool { return on(l, a.side, a.line) })
		if end < 0 {
			above += len(h.Lines) + 1
			continue
		}
		if a.startLine > 0 && !slices.ContainsFunc(h.Lines[:end+1], func(l linediff.Line) bool { return on(l, a.startSide, a.startLine) }) {
			return place{}, []anchorProblem{badStart}
		}
		h.Lines = h.Lines[:end+1]
		return place{linediff.Format([]linediff.Hunk{h}), above + end + 1}, nil
	}
	problems := []anchorProblem{badLine}
	if a.startLine > 0 {
		problems = append(problems, badStart)
	}
	return place{}, append(problems, noHunk)
}

func on(l linediff.Line, side string, line int) bool {
	if side == "LEFT" {
		return l.Op != '+' && l.Old == line
	}
	return l.Op != '-' && l.New == line
}

// anchorProblem is one of GitHub's complaints: as a sentence in a review's 422, as field and message in a single comment's.
type anchorProblem struct{ sentence, field, message string }

var (
	badPath  = anchorProblem{"Pull request review thread path is invalid", "path", "is invalid"}
	badLine  = anchorProblem{"Pull request review thread line must be part of the diff", "line", "must be part of the diff"}
	badStart = anchorProblem{"Pull request review thread start line must be part of the same hunk as the line.", "start_line", "must be part of the same hunk as the line."}
	badOrder = anchorProblem{"Pull request review thread start line must precede the end line.", "start_line", "must precede the end line."}
	noHunk   = anchorProblem{"Pull request review thread diff hunk can't be blank", "diff_hunk", ""}
)

// now follows the anchor to the pull request's present diff. ok is false when the thread is outdated: the lines were
// changed, or are no longer part of the diff.
func (t *thread) now() (a anchor, at place, ok bool) {
	a = t.anchor
	changes := t.pull.changes()
	change := find(changes, a.path)
	if change == nil {
		i := slices.IndexFunc(changes, func(c *gitobj.Change) bool { return c.Previous == a.path })
		if i < 0 {
			return a, at, false
		}
		change = changes[i]
		a.path = change.Path
	}
	if a.file {
		return a, place{position: 1}, true
	}
	a.line = t.follow(a.side, t.anchor.line, change)
	if t.anchor.startLine > 0 {
		a.startLine = t.follow(a.startSide, t.anchor.startLine, change)
		if a.startLine == 0 {
			return a, at, false
		}
	}
	at, problems := a.locate(change)
	return a, at, a.line > 0 && len(problems) == 0
}

func (t *thread) follow(side string, line int, change *gitobj.Change) int {
	objects := t.pull.repo.network.objects
	then := find(t.pull.repo.network.compare(t.base, t.head), t.anchor.path)
	if then == nil {
		return 0
	}
	before, after := then.New, change.New
	if side == "LEFT" {
		before, after = then.Old, change.Old
	}
	if before.ID == after.ID {
		return line
	}
	old, _ := objects.Blob(before.ID)
	current, _ := objects.Blob(after.ID)
	return linediff.Map(linediff.Diff(old, current), line)
}

// maxPatch is the size above which GitHub leaves a file's patch out. The service's own limit is not documented.
const maxPatch = 1 << 20

// patch returns a change's `patch` field; "" for binary files, pure renames, and what is too large.
func patch(change *gitobj.Change) string {
	text := linediff.Format(change.Hunks())
	if len(text) > maxPatch {
		return ""
	}
	return text
}
