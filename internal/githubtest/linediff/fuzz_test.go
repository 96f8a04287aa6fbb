package linediff

import (
	"strings"
	"testing"
)

// Whatever the texts, the script holds both, its numbers count them, and the hunks hold every change.
func FuzzDiff(f *testing.F) {
	f.Add("a\nb\n", "a\nc\n")
	f.Add("", "x")
	f.Add("x\n\n\nx\n", "x\n\n\n\nx")
	f.Add("a\r\nb", "b\na\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		script := Diff(before, after)
		var old, current strings.Builder
		i, j := 0, 0
		for _, line := range script {
			if line.Op != '+' {
				old.WriteString(line.Text)
				if i++; line.Old != i {
					t.Fatalf("line %d of the old text is numbered %d", i, line.Old)
				}
			}
			if line.Op != '-' {
				current.WriteString(line.Text)
				if j++; line.New != j {
					t.Fatalf("line %d of the new text is numbered %d", j, line.New)
				}
			}
		}
		if old.String() != before || current.String() != after {
			t.Fatalf("the script holds %q and %q", &old, &current)
		}
		var shown []Line
		last := 0
		for _, hunk := range Hunks(script) {
			if hunk.NewStart < last {
				t.Fatal("hunks overlap")
			}
			last = hunk.NewStart + hunk.NewLines
			shown = append(shown, hunk.Lines...)
		}
		added, removed := Count(script)
		if a, r := Count(shown); a != added || r != removed {
			t.Fatalf("the hunks show %d and %d changes of %d and %d", a, r, added, removed)
		}
	})
}
