package fix

import (
	"fmt"
	"strings"
)

const around = 3 // lines shown before and after a change

// Unified is the edits of one file, by line, as a unified diff. Lines that secret names are not shown: the context ends
// before them.
func Unified(file, text string, edits []Edit, secret func(file string, line int) bool) string {
	if len(edits) == 0 {
		return ""
	}
	lines := split(text)
	var b strings.Builder
	fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n", file, file)
	shift := 0
	for len(edits) > 0 {
		n := 1
		for n < len(edits) && edits[n].StartLine-edits[n-1].EndLine <= 2*around && showable(file, edits[n-1].EndLine+1, edits[n].StartLine, secret) {
			n++
		}
		shift = hunk(&b, lines, edits[:n], shift, file, secret)
		edits = edits[n:]
	}
	return b.String()
}

// showable says whether no line from one to before another holds a secret.
func showable(file string, from, to int, secret func(string, int) bool) bool {
	for n := from; n < to; n++ {
		if secret != nil && secret(file, n) {
			return false
		}
	}
	return true
}

// hunk writes edits that lie close together, and returns how far the lines after them have moved.
func hunk(b *strings.Builder, lines []string, edits []Edit, shift int, file string, secret func(string, int) bool) int {
	first, last := edits[0].StartLine, edits[len(edits)-1].EndLine
	for range around {
		if first > 1 && showable(file, first-1, first, secret) {
			first--
		}
		if last < len(lines) && showable(file, last+1, last+2, secret) {
			last++
		}
	}
	var body strings.Builder
	old, now := 0, 0
	put := func(mark string, line string) {
		body.WriteString(mark + line)
		if !strings.HasSuffix(line, "\n") {
			body.WriteString("\n\\ No newline at end of file\n")
		}
		if mark != "+" {
			old++
		}
		if mark != "-" {
			now++
		}
	}
	at := first
	for _, e := range edits {
		for ; at < e.StartLine; at++ {
			put(" ", lines[at-1])
		}
		was := lines[e.StartLine-1 : e.EndLine]
		is := make([]string, len(e.Lines))
		for i, line := range e.Lines {
			is[i] = line + eol(lines, e.StartLine-1)
		}
		if final := was[len(was)-1]; len(is) > 0 {
			is[len(is)-1] = e.Lines[len(is)-1] + final[len(content(final)):]
		}
		head, tail := 0, 0
		for head < len(was) && head < len(is) && was[head] == is[head] {
			head++
		}
		for tail < len(was)-head && tail < len(is)-head && was[len(was)-1-tail] == is[len(is)-1-tail] {
			tail++
		}
		for _, line := range was[:head] {
			put(" ", line)
		}
		for _, line := range was[head : len(was)-tail] {
			put("-", line)
		}
		for _, line := range is[head : len(is)-tail] {
			put("+", line)
		}
		for _, line := range was[len(was)-tail:] {
			put(" ", line)
		}
		at = e.EndLine + 1
	}
	for ; at <= last; at++ {
		put(" ", lines[at-1])
	}
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n%s", first, old, first+shift, now, &body)
	return shift + now - old
}
