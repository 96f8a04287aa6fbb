// Package span says where in the repository a piece of text was written.
//
// Everything the tool reads keeps its position, also when one format is nested in another: a heredoc in a shell script
// in a Terraform attribute still maps to the character in the .tf file.
package span

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a file. Both numbers start at 1; Column counts Unicode code points (SARIF's "unicodeCodePoints").
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Span is a range of one file: Start is its first character, End the place just after its last one.
// File is relative to the checkout's root, with slashes. The zero Span means "no place".
type Span struct {
	File  string `json:"file"`
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// IsZero says whether s names no place at all.
func (s Span) IsZero() bool { return s.File == "" }

// String is file:line:column, as compilers print it.
func (s Span) String() string {
	if s.IsZero() {
		return "-"
	}
	if s.Start.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d:%d", s.File, s.Start.Line, s.Start.Column)
}

// Source is the text of one file, with an index of its lines. Build it once per file and share it.
type Source struct {
	File  string
	Text  string
	lines []int // byte offset at which each line starts
}

// NewSource indexes text, the whole content of file.
func NewSource(file, text string) *Source {
	s := &Source{File: file, Text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// Pos turns a byte offset into a position; offsets outside the text are moved to its nearest end.
func (s *Source) Pos(offset int) Pos {
	offset = max(0, min(offset, len(s.Text)))
	line := sort.SearchInts(s.lines, offset+1) - 1
	return Pos{line + 1, utf8.RuneCountInString(s.Text[s.lines[line]:offset]) + 1}
}

// Offset turns a position into a byte offset, clamped to the text.
func (s *Source) Offset(p Pos) int {
	if p.Line < 1 {
		return 0
	}
	if p.Line > len(s.lines) {
		return len(s.Text)
	}
	off := s.lines[p.Line-1]
	for c := 1; c < p.Column && off < len(s.Text) && s.Text[off] != '\n'; c++ {
		_, n := utf8.DecodeRuneInString(s.Text[off:])
		off += n
	}
	return off
}

// Span is the place of the bytes [start, end).
func (s *Source) Span(start, end int) Span {
	return Span{s.File, s.Pos(start), s.Pos(max(start, end))}
}

// Line is the text of line n (from 1), without its line break; "" when there is no such line.
func (s *Source) Line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	end := len(s.Text)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return strings.TrimSuffix(s.Text[s.lines[n-1]:end], "\r")
}

// Whole is the source's text as a Text.
func (s *Source) Whole() Text { return s.Slice(0, len(s.Text)) }

// Slice is the bytes [start, end) of the source as a Text that maps one to one.
func (s *Source) Slice(start, end int) Text {
	return Text{s.Text[start:end], []segment{{0, s, start, end, true}}}
}
