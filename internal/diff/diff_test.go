package diff

import (
	"fmt"
	"strings"
	"testing"
)

const patch = `@@ -1,4 +1,5 @@
 users:
+  admin:
+    - teacher
   allow: []
-https: off
 limits:
@@ -20 +21,2 @@ limits:
-  memory: 1G
+  memory: 2G
+  cpu: 1
@@ -40,2 +42,0 @@
-gone: 1
-gone: 2
\ No newline at end of file`

func TestHunks(t *testing.T) {
	hs, err := Parse(patch)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		start, end                int
		contains, touches, added_ bool
	}{
		{1, 1, true, false, false},
		{1, 2, true, true, false},
		{2, 3, true, true, true},
		{4, 4, true, true, false}, // a line was removed below it
		{5, 5, true, true, false}, // and above it
		{1, 5, true, true, false},
		{5, 6, false, false, false},
		{6, 6, false, false, false},
		{21, 22, true, true, true},
		{5, 21, false, false, false}, // two hunks
		{21, 23, false, false, false},
		{42, 42, false, false, false}, // an empty side holds no line
		{43, 43, false, false, false},
		{0, 1, false, false, false},
		{3, 2, false, false, false},
		{-1, -1, false, false, false},
	}
	for _, tt := range tests {
		if got := hs.Contains(tt.start, tt.end); got != tt.contains {
			t.Errorf("Contains(%d, %d) = %v", tt.start, tt.end, got)
		}
		if got := hs.Touches(tt.start, tt.end); got != tt.touches {
			t.Errorf("Touches(%d, %d) = %v", tt.start, tt.end, got)
		}
		if got := hs.Added(tt.start, tt.end); got != tt.added_ {
			t.Errorf("Added(%d, %d) = %v", tt.start, tt.end, got)
		}
	}
}

func TestClip(t *testing.T) {
	hs, err := Parse(patch)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		start, end, first, last int
		ok                      bool
	}{
		{2, 3, 2, 3, true},
		{4, 30, 4, 5, true},
		{10, 30, 21, 22, true},
		{6, 20, 0, 0, false},
		{3, 1, 0, 0, false},
	}
	for _, tt := range tests {
		first, last, ok := hs.Clip(tt.start, tt.end)
		if ok != tt.ok || ok && (first != tt.first || last != tt.last) {
			t.Errorf("Clip(%d, %d) = %d, %d, %v", tt.start, tt.end, first, last, ok)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct{ name, patch, want string }{ // want: ranges of the new side, or part of the error
		{"none", "", ""},
		{"omitted counts", "@@ -1 +1 @@\n-a\n+b", "1-1"},
		{"new file", "@@ -0,0 +1,2 @@\n+a\n+b", "1-2"},
		{"removed file", "@@ -1,2 +0,0 @@\n-a\n-b", "0-"},
		{"last line break", "@@ -1 +1 @@\n-a\n+b\n", "1-1"},
		{"no newline on both sides", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file", "1-1"},
		{"added line that looks like a header", "@@ -0,0 +1,2 @@\n+@@ -1 +1 @@\n+x", "1-2"},
		{"removed line that looks like a file header", "@@ -1,2 +1 @@\n--- a\n b", "1-1"},
		{"blank of an empty line dropped", "@@ -1,3 +1,3 @@\n a\n\n-b\n+c", "1-3"},
		{"function context", "@@ -3,1 +3,1 @@ x @@ y\n-a\n+b", "3-3"},
		{"CRLF", "@@ -1,1 +1,1 @@\r\n-a\r\n+b\r", "1-1"},
		{"no header", "+a", "must begin with @@"},
		{"header of a merge", "@@@ -1 -1 +1 @@@\n++a", "must begin with @@"},
		{"bad header", "@@ -x +1 @@\n+a", "no hunk header"},
		{"negative count", "@@ -1,-1 +1 @@\n+a", "no hunk header"},
		{"huge count", "@@ -1,1 +1,99999999999 @@\n+a", "no hunk header"},
		{"line 0", "@@ -1 +0 @@\n-a\n+b", "no hunk header"},
		{"cut", "@@ -1,4 +1,4 @@\n a\n-b", "ends within a hunk"},
		{"too many lines", "@@ -1 +1 @@\n-a\n+b\n+c", "does not fit"},
		{"odd line", "@@ -1 +1 @@\n-a\n?b", "does not fit"},
		{"out of order", "@@ -9 +9 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b", "not in order"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hs, err := Parse(tt.patch)
			var got []string
			for _, h := range hs {
				s := fmt.Sprintf("%d-", h.NewStart)
				if h.NewLines > 0 {
					s += fmt.Sprint(h.NewStart + h.NewLines - 1)
				}
				got = append(got, s)
			}
			if err != nil {
				if len(hs) > 0 || !strings.Contains(err.Error(), tt.want) || tt.want == "" {
					t.Errorf("%v %v, want %q", hs, err, tt.want)
				}
			} else if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %q", got, tt.want)
			}
		})
	}
}

func TestMap(t *testing.T) {
	text := func(lines ...string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }
	old := text("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
	tests := []struct {
		name string
		old  []byte
		new  []byte
		want string // the new line of each old one
	}{
		{"same", text("a", "b"), text("a", "b"), "1 2"},
		{"inserted at the top", old, append([]byte("x\n"), old...), "2 3 4 5 6 7 8 9 10 11 12 13"},
		{"removed at the top", old, old[4:], "- - 1 2 3 4 5 6 7 8 9 10"},
		{"changed within", old, text("a", "b", "c", "d", "E", "f", "g", "h", "i", "j", "k", "l"), "1 2 3 4 - 6 7 8 9 10 11 12"},
		{"two changes far apart", old, text("a", "x", "b", "c", "d", "e", "f", "g", "h", "i", "j", "l"), "1 3 4 5 6 7 8 9 10 11 - 12"},
		{"nothing in common", text("a"), text("b"), "-"},
		{"emptied", text("a", "b"), nil, "- -"},
		{"last line break gone", text("a", "b", "c"), []byte("a\nb\nc"), "1 2 -"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := NewMap(tt.old, tt.new)
			var got []string
			for l := range lineCount(tt.old) {
				if to, ok := m.To(l + 1); ok {
					got = append(got, fmt.Sprint(to))
				} else {
					got = append(got, "-")
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
	m := NewMap(old, text("a", "b", "x", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"))
	if _, _, ok := m.Range(2, 3); ok {
		t.Error("a line came between 2 and 3")
	}
	if first, last, ok := m.Range(3, 5); !ok || first != 4 || last != 6 {
		t.Error(first, last, ok)
	}
	if _, ok := NewMap(make([]byte, MaxMapped+1), old).To(1); ok {
		t.Error("too large to compare")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(patch)
	f.Add("@@ -0,0 +1,2 @@\n+a\n+b")
	f.Add("@@ -1,2 +0,0 @@\n-a\n\\ No newline at end of file\n-b")
	f.Fuzz(func(t *testing.T, s string) {
		hs, err := Parse(s)
		if err != nil && hs != nil {
			t.Error("hunks of a malformed patch")
		}
		for _, h := range hs {
			if h.NewLines > 0 && !hs.Contains(h.NewStart, h.NewStart+h.NewLines-1) {
				t.Errorf("%+v does not contain itself", h)
			}
			if hs.Contains(h.NewStart, h.NewStart+h.NewLines) {
				t.Errorf("%+v is longer than it says", h)
			}
			for _, a := range h.added {
				if !hs.Touches(a.first, a.last) || !hs.Added(a.first, a.last) {
					t.Errorf("%+v: added lines are not touched", h)
				}
			}
		}
	})
}

func FuzzMap(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nx\nb\nc")
	f.Add("", "a")
	f.Add("@@ -1 +1 @@\n+x\n", "+x\n@@ -1 +1 @@\n\\ No newline\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		m := NewMap([]byte(a), []byte(b))
		x, y := splitLines(a), splitLines(b)
		last := 0
		for i, l := range x {
			to, ok := m.To(i + 1)
			if !ok {
				continue
			}
			if to <= last || to > len(y) || y[to-1] != l {
				t.Fatalf("line %d of %q became line %d of %q", i+1, a, to, b)
			}
			last = to
		}
	})
}
