package diff

import (
	"bytes"
	"sort"

	"github.com/rogpeppe/go-internal/diff"
)

// MaxMapped is the size in bytes, of either version, up to which NewMap compares two versions of a file.
const MaxMapped = 4 << 20

// Map says which line of one version of a file is which line of another.
type Map struct {
	same  bool
	pairs []run
}

// run is a run of lines that both versions hold.
type run struct{ old, new, n int }

// NewMap compares two versions of a file. The comparison is anchored at lines that are unique in both, in O(n log n); lines
// that it cannot match for certain count as changed. Versions beyond MaxMapped have no line in common.
func NewMap(old, new []byte) *Map {
	if bytes.Equal(old, new) {
		return &Map{same: true}
	}
	if len(old) > MaxMapped || len(new) > MaxMapped {
		return &Map{}
	}
	out := diff.Diff("a", old, "b", new)
	for range 3 { // diff a b, --- a, +++ b
		_, out, _ = bytes.Cut(out, []byte("\n"))
	}
	hs, err := Parse(string(out))
	if err != nil {
		return &Map{} // nothing is placed on a guess
	}
	return &Map{pairs: hs.unchanged(max(lineCount(old), 1))}
}

// To is the line of the new version that line of the old one became; ok is false if it was changed or removed.
func (m *Map) To(line int) (to int, ok bool) {
	if m.same {
		return line, line > 0
	}
	i := sort.Search(len(m.pairs), func(i int) bool { return m.pairs[i].old+m.pairs[i].n > line })
	if i == len(m.pairs) || line < m.pairs[i].old {
		return 0, false
	}
	return m.pairs[i].new + line - m.pairs[i].old, true
}

// Range is To for the lines start to end; ok is false unless all of them are there and nothing came between them.
func (m *Map) Range(start, end int) (first, last int, ok bool) {
	if m.same {
		return start, end, start > 0 && end >= start
	}
	first, ok = m.To(start)
	if !ok || end < start {
		return 0, 0, false
	}
	last, ok = m.To(end)
	if !ok || last-first != end-start {
		return 0, 0, false
	}
	for l := start + 1; l < end; l++ {
		if to, ok := m.To(l); !ok || to-first != l-start {
			return 0, 0, false
		}
	}
	return first, last, true
}

func lineCount(b []byte) int {
	n := bytes.Count(b, []byte("\n"))
	if len(b) > 0 && b[len(b)-1] != '\n' {
		n++
	}
	return n
}

// unchanged are the lines that both sides hold, within the hunks and between them; last is the old file's last line.
func (hs Hunks) unchanged(last int) []run {
	var out []run
	add := func(old, new, n int) {
		if n <= 0 {
			return
		}
		if k := len(out) - 1; k >= 0 && out[k].old+out[k].n == old && out[k].new+out[k].n == new {
			out[k].n += n
			return
		}
		out = append(out, run{old, new, n})
	}
	old, new := 1, 1
	for _, h := range hs {
		add(old, new, h.oldFirst()-old)
		for _, r := range h.kept {
			add(r.old, r.new, r.n)
		}
		old, new = h.oldFirst()+h.OldLines, h.newFirst()+h.NewLines
	}
	add(old, new, last-old+1)
	return out
}
