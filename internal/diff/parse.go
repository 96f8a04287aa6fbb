package diff

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Parse reads the `patch` of a file as GitHub's API gives it: hunks without file headers (reference/github.md §2.4). An
// empty patch has no hunks. A malformed or cut one is an error and no hunks: no comment is placed on a guess.
func Parse(patch string) (Hunks, error) {
	var hs Hunks
	var r reader
	for n, line := range splitLines(patch) {
		if strings.HasPrefix(line, "@@ ") && r.done() {
			h, err := header(line)
			if err != nil {
				return nil, fmt.Errorf("line %d of the patch: %w", n+1, err)
			}
			if err := follows(hs, h); err != nil {
				return nil, fmt.Errorf("line %d of the patch: %w", n+1, err)
			}
			hs = append(hs, h)
			r = reader{&hs[len(hs)-1], h.OldLines, h.NewLines, h.oldFirst(), h.newFirst()}
			continue
		}
		if err := r.line(line); err != nil {
			return nil, fmt.Errorf("line %d of the patch: %w", n+1, err)
		}
	}
	if !r.done() {
		return nil, fmt.Errorf("the patch ends within a hunk: %d old and %d new lines are missing", r.old, r.new)
	}
	return hs, nil
}

// reader is where Parse stands within a hunk.
type reader struct {
	hunk     *Hunk
	old, new int // lines still to come
	oldAt    int // number of the next line of the old file
	next     int // and of the new one
}

func (r *reader) done() bool { return r.old == 0 && r.new == 0 }

func (r *reader) line(l string) error {
	if r.hunk == nil {
		return fmt.Errorf("a hunk must begin with @@, not with %.40q", l)
	}
	kind := byte(' ') // some tools drop the only blank of an empty unchanged line
	if l != "" {
		kind = l[0]
	}
	if kind == '\\' {
		return nil // "\ No newline at end of file" speaks of the line before
	}
	switch {
	case kind == ' ' && r.old > 0 && r.new > 0:
		r.hunk.keep(r.oldAt, r.next)
		r.old, r.oldAt, r.new, r.next = r.old-1, r.oldAt+1, r.new-1, r.next+1
	case kind == '+' && r.new > 0:
		r.hunk.add(r.next)
		r.new, r.next = r.new-1, r.next+1
	case kind == '-' && r.old > 0:
		r.hunk.remove(r.next - 1)
		r.old, r.oldAt = r.old-1, r.oldAt+1
	default:
		return fmt.Errorf("%.40q does not fit the line counts of its hunk", l)
	}
	return nil
}

func (h *Hunk) add(line int) {
	if n := len(h.added); n > 0 && h.added[n-1].last == line-1 {
		h.added[n-1].last = line
		return
	}
	h.added = append(h.added, span{line, line})
}

func (h *Hunk) remove(after int) {
	if n := len(h.gaps); n == 0 || h.gaps[n-1] != after {
		h.gaps = append(h.gaps, after)
	}
}

func (h *Hunk) keep(old, new int) {
	if n := len(h.kept); n > 0 && h.kept[n-1].old+h.kept[n-1].n == old && h.kept[n-1].new+h.kept[n-1].n == new {
		h.kept[n-1].n++
		return
	}
	h.kept = append(h.kept, run{old, new, 1})
}

// oldFirst and newFirst are the first lines of a hunk: the header of an empty side names the line before.
func (h Hunk) oldFirst() int { return h.OldStart + empty(h.OldLines) }
func (h Hunk) newFirst() int { return h.NewStart + empty(h.NewLines) }

func empty(lines int) int {
	if lines == 0 {
		return 1
	}
	return 0
}

// follows is an error if a hunk overlaps the one before it.
func follows(hs Hunks, h Hunk) error {
	if len(hs) == 0 {
		return nil
	}
	last := hs[len(hs)-1]
	if h.newFirst() < last.newFirst()+last.NewLines || h.oldFirst() < last.oldFirst()+last.OldLines {
		return fmt.Errorf("its hunks are not in order")
	}
	return nil
}

// header reads "@@ -a[,b] +c[,d] @@ …"; an omitted count is 1.
func header(line string) (Hunk, error) {
	bad := fmt.Errorf("%.60q is no hunk header", line)
	inner, _, ok := strings.Cut(strings.TrimPrefix(line, "@@ "), " @@")
	if !ok {
		return Hunk{}, bad
	}
	old, new, ok := strings.Cut(inner, " ")
	if !ok || !strings.HasPrefix(old, "-") || !strings.HasPrefix(new, "+") {
		return Hunk{}, bad
	}
	var h Hunk
	var ok1, ok2 bool
	h.OldStart, h.OldLines, ok1 = counts(old[1:])
	h.NewStart, h.NewLines, ok2 = counts(new[1:])
	if !ok1 || !ok2 {
		return Hunk{}, bad
	}
	return h, nil
}

func counts(s string) (start, n int, ok bool) {
	first, second, has := strings.Cut(s, ",")
	start, ok = number(first)
	if !ok || !has {
		return start, 1, ok && start > 0
	}
	n, ok = number(second)
	return start, n, ok && (start > 0 || n == 0)
}

// number reads digits only; a file has fewer lines than fit 31 bits.
func number(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return int(n), err == nil && n <= math.MaxInt32/2
}

// splitLines are the lines of s. A last line break ends the last line and begins no other.
func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}
