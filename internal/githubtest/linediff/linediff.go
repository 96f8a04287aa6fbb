// Package linediff compares two texts line by line, the way git does by default (Myers' shortest edit script, three lines of
// context), and writes the result as GitHub's `patch` field: hunks without file headers.
package linediff

import "strings"

// Line is one line of an edit script. Old and New count from 1; the side on which the line does not exist is 0.
type Line struct {
	Op       byte // ' ' on both sides, '-' only on the old one, '+' only on the new one
	Old, New int
	Text     string // with its line end, if it has one
}

// Lines splits a text after each line feed; the last line may lack one.
func Lines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// Diff returns the whole edit script that turns one text into the other, unchanged lines included.
func Diff(before, after string) []Line {
	a, b := Lines(before), Lines(after)
	gone, come := changed(a, b)
	slideDown(a, gone)
	slideDown(b, come)
	script := make([]Line, 0, len(a)+len(b))
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && gone[i]:
			script = append(script, Line{Op: '-', Old: i + 1, Text: a[i]})
			i++
		case j < len(b) && come[j]:
			script = append(script, Line{Op: '+', New: j + 1, Text: b[j]})
			j++
		default:
			script = append(script, Line{Op: ' ', Old: i + 1, New: j + 1, Text: a[i]})
			i++
			j++
		}
	}
	return script
}

// Map follows a line of the old text to the new one; 0 when it was changed or removed.
func Map(script []Line, old int) int {
	for _, line := range script {
		if line.Old == old && line.Op == ' ' {
			return line.New
		}
	}
	return 0
}

// Count returns how many lines a script adds and how many it removes.
func Count(script []Line) (added, removed int) {
	for _, line := range script {
		switch line.Op {
		case '+':
			added++
		case '-':
			removed++
		}
	}
	return added, removed
}

// slideDown moves each run of changed lines as far down as the text allows, as git does: where equal lines
// surround a change, the last of them counts as the new one.
func slideDown(lines []string, flags []bool) {
	for start := 0; start < len(lines); start++ {
		if !flags[start] {
			continue
		}
		end := start
		for end < len(lines) && flags[end] {
			end++
		}
		for end < len(lines) && lines[start] == lines[end] {
			flags[start], flags[end] = false, true
			start++
			for end < len(lines) && flags[end] {
				end++
			}
		}
		start = end - 1
	}
}
