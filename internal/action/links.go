package action

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/diff"
	"github.com/tljh-policy/tljh-policy/internal/github"
)

// lines says where a line of the tree that was evaluated is in the pull request's head. They differ where the tree is GitHub's
// test merge and the base branch has changed the same file since.
type lines struct {
	files *github.Files // what the pull request changes; nil if it is not known
	maps  map[string]*diff.Map
}

// head is the range in the head's version of a file that the pull request changes; ok is false if it has no such lines.
func (l *lines) head(file string, start, end int) (first, last int, ok bool) {
	if l.files == nil || l.files.Find(file) == nil {
		return 0, 0, false
	}
	if m := l.maps[file]; m != nil {
		return m.Range(start, end)
	}
	return start, end, true
}

// links makes permalinks into the repository.
type links struct {
	repo    string // its address
	work    work
	head    string // the pull request's head; "" where there is none
	base    string // the base's commit; "" if it is not known
	lines   *lines // nil if it is not known what the pull request changes
	options map[string]string
}

// link is the address of lines of a file of the checked directory. A file that the pull request changes is shown as its head has
// it, any other as the base has it: the test merge's commit is forgotten when the branch moves on.
func (l *links) link(file string, start, end int) string {
	full := path.Join(l.work.prefix, file)
	if at, ok := l.options[file]; ok { // a settings file that an input names, relative to the repository
		full = at
	}
	commit := l.work.commit
	if l.lines != nil && l.lines.files != nil && commit != l.head {
		if a, b, ok := l.lines.head(full, max(start, 1), max(end, start, 1)); ok {
			commit = l.head
			if start > 0 {
				start, end = a, b
			}
		} else if l.lines.files.Find(full) == nil && l.lines.files.Incomplete == "" && l.base != "" {
			commit = l.base
		}
	}
	if l.repo == "" || commit == "" {
		return ""
	}
	parts := strings.Split(full, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	to := l.repo + "/blob/" + commit + "/" + strings.Join(parts, "/")
	if strings.HasSuffix(full, ".md") {
		to += "?plain=1" // or GitHub shows it rendered, without lines
	}
	if start > 0 {
		to += fmt.Sprintf("#L%d", start)
		if end > start {
			to += fmt.Sprintf("-L%d", end)
		}
	}
	return to
}
