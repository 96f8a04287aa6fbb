package fix

import (
	"errors"
	"slices"
	"strings"
)

// Edit replaces the lines StartLine to EndLine of a file (from 1, both included) by Lines, which have no line breaks. An
// insertion replaces the line beside it by itself and the new ones, so that every Edit is a suggestion GitHub can show.
type Edit struct {
	File               string // relative to the checkout
	StartLine, EndLine int
	Lines              []string
}

// Apply is text with the edits of one file, which do not overlap. Line breaks stay what they are: those of new lines are
// those of the line they come after.
func Apply(text string, edits []Edit) (string, error) {
	lines := split(text)
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b Edit) int { return a.StartLine - b.StartLine })
	var b strings.Builder
	next := 1
	for _, e := range edits {
		if e.StartLine < next || e.EndLine < e.StartLine || e.EndLine > len(lines) {
			return "", errors.New("the edits do not fit the file; it has changed since they were made")
		}
		for ; next < e.StartLine; next++ {
			b.WriteString(lines[next-1])
		}
		last := lines[e.EndLine-1]
		for i, line := range e.Lines {
			b.WriteString(line)
			if i < len(e.Lines)-1 {
				b.WriteString(eol(lines, e.StartLine-1))
			} else {
				b.WriteString(last[len(content(last)):])
			}
		}
		next = e.EndLine + 1
	}
	for ; next <= len(lines); next++ {
		b.WriteString(lines[next-1])
	}
	return b.String(), nil
}

// split is text as lines with their line breaks; a text that ends in one has no empty line after it.
func split(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// content is a line without its line break.
func content(line string) string { return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r") }

// eol is the line break to use beside line i.
func eol(lines []string, i int) string {
	for _, k := range []int{i, i - 1} {
		if k >= 0 && k < len(lines) {
			if b := lines[k][len(content(lines[k])):]; b != "" {
				return b
			}
		}
	}
	return "\n"
}

// diff is the edits that make after of before. No edit holds a line that secret names; ok is false where one has to.
func diff(file, before, after string, secret func(line int) bool) (edits []Edit, ok bool) {
	a, b := split(before), split(after)
	ok = len(a) > 0 && len(b) > 0
	add := func(i, j, k, l int) { // lines a[i:j] become b[k:l]
		if i == j { // an insertion needs a line beside it
			if i > 0 && (!secret(i) || i == len(a)) {
				i, k = i-1, k-1
			} else if i < len(a) {
				j, l = j+1, l+1
			}
		}
		for n := i + 1; n <= j; n++ {
			ok = ok && !secret(n)
		}
		e := Edit{File: file, StartLine: i + 1, EndLine: j}
		for _, line := range b[k:l] {
			e.Lines = append(e.Lines, content(line))
		}
		if n := len(edits); n > 0 && edits[n-1].EndLine >= e.StartLine { // they share the line beside them
			edits[n-1].EndLine = e.EndLine
			edits[n-1].Lines = append(edits[n-1].Lines, e.Lines[1:]...)
			return
		}
		edits = append(edits, e)
	}
	if !ok {
		return nil, false
	}
	i, k := 0, 0
	for _, m := range matches(a, b) {
		if i < m[0] || k < m[1] {
			add(i, m[0], k, m[1])
		}
		i, k = m[0]+1, m[1]+1
	}
	if i < len(a) || k < len(b) {
		add(i, len(a), k, len(b))
	}
	return edits, ok
}

// maxTable bounds the work of matches: lines times lines.
const maxTable = 4 << 20

// matches pairs lines that stay, in order: a longest common subsequence, after what both ends share.
func matches(a, b []string) (pairs [][2]int) {
	head, ta, tb := 0, len(a), len(b)
	for head < ta && head < tb && a[head] == b[head] {
		head++
	}
	for ta > head && tb > head && a[ta-1] == b[tb-1] {
		ta, tb = ta-1, tb-1
	}
	for i := range head {
		pairs = append(pairs, [2]int{i, i})
	}
	if n, m := ta-head, tb-head; n > 0 && m > 0 && n*m <= maxTable {
		long := make([][]int, n+1)
		for i := range long {
			long[i] = make([]int, m+1)
		}
		for i := n - 1; i >= 0; i-- {
			for j := m - 1; j >= 0; j-- {
				if a[head+i] == b[head+j] {
					long[i][j] = long[i+1][j+1] + 1
				} else {
					long[i][j] = max(long[i+1][j], long[i][j+1])
				}
			}
		}
		for i, j := 0, 0; i < n && j < m; {
			switch {
			case a[head+i] == b[head+j]:
				pairs = append(pairs, [2]int{head + i, head + j})
				i, j = i+1, j+1
			case long[i+1][j] >= long[i][j+1]:
				i++
			default:
				j++
			}
		}
	}
	for i := range len(a) - ta {
		pairs = append(pairs, [2]int{ta + i, tb + i})
	}
	return pairs
}
