package linediff

import (
	"fmt"
	"regexp"
	"strings"
)

// Hunk is a stretch of an edit script with its context. A side without lines starts at the line before it.
type Hunk struct {
	OldStart, OldLines int
	NewStart, NewLines int
	Section            string // what git writes after the second @@: the last line before the hunk that looks like a heading
	Lines              []Line
}

// Context is how many unchanged lines git shows around a change.
const Context = 3

// Hunks cuts an edit script into hunks; changes with at most twice the context between them share one.
func Hunks(script []Line) (hunks []Hunk) {
	for i := 0; i < len(script); {
		if script[i].Op == ' ' {
			i++
			continue
		}
		start, end := max(0, i-Context), i
		for j := i; j < len(script) && j <= end+2*Context+1; j++ {
			if script[j].Op != ' ' {
				end = j
			}
		}
		stop := min(len(script), end+1+Context)
		hunks = append(hunks, newHunk(script, start, stop))
		i = stop
	}
	return hunks
}

func newHunk(script []Line, start, stop int) Hunk {
	hunk := Hunk{Lines: script[start:stop]}
	for _, line := range script[:start] {
		if line.Op != '+' {
			hunk.OldStart++
			if heading.MatchString(line.Text) {
				hunk.Section = strings.TrimRight(line.Text[:min(len(line.Text), 80)], " \t\r\n")
			}
		}
		if line.Op != '-' {
			hunk.NewStart++
		}
	}
	for _, line := range hunk.Lines {
		if line.Op != '+' {
			hunk.OldLines++
		}
		if line.Op != '-' {
			hunk.NewLines++
		}
	}
	if hunk.OldLines > 0 {
		hunk.OldStart++
	}
	if hunk.NewLines > 0 {
		hunk.NewStart++
	}
	return hunk
}

// heading is git's default idea of a function's first line.
var heading = regexp.MustCompile(`^[A-Za-z_$]`)

// Header returns the hunk's "@@" line without line end.
func (h Hunk) Header() string {
	header := "@@ -" + extent(h.OldStart, h.OldLines) + " +" + extent(h.NewStart, h.NewLines) + " @@"
	if h.Section != "" {
		header += " " + h.Section
	}
	return header
}

func extent(start, lines int) string {
	if lines == 1 {
		return fmt.Sprint(start)
	}
	return fmt.Sprintf("%d,%d", start, lines)
}

// Format writes hunks as GitHub's `patch` field does: no file headers, no line end at the end.
func Format(hunks []Hunk) string {
	var out strings.Builder
	for _, hunk := range hunks {
		out.WriteString(hunk.Header() + "\n")
		for _, line := range hunk.Lines {
			out.WriteByte(line.Op)
			out.WriteString(line.Text)
			if !strings.HasSuffix(line.Text, "\n") {
				out.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	return strings.TrimSuffix(out.String(), "\n")
}
