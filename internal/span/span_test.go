package span

import "testing"

func TestPositionsCountCodePoints(t *testing.T) {
	s := NewSource("f", "añb\n\tπ = 日本x\r\nlast")
	for _, c := range []struct {
		off, line, col int
	}{{0, 1, 1}, {3, 1, 3}, {5, 2, 1}, {8, 2, 3}, {17, 2, 8}, {len(s.Text), 3, 5}, {999, 3, 5}, {-1, 1, 1}} {
		if p := s.Pos(c.off); p.Line != c.line || p.Column != c.col {
			t.Errorf("Pos(%d) = %v, want %d:%d", c.off, p, c.line, c.col)
		}
	}
	for off := 0; off <= len(s.Text); off++ {
		p := s.Pos(off)
		if back := s.Offset(p); s.Pos(back) != p {
			t.Errorf("offset %d -> %v -> %d -> %v", off, p, back, s.Pos(back))
		}
	}
	if s.Line(2) != "\tπ = 日本x" || s.Line(3) != "last" || s.Line(4) != "" || s.Line(0) != "" {
		t.Errorf("lines: %q %q", s.Line(2), s.Line(3))
	}
}

func TestTextKeepsItsOriginThroughNesting(t *testing.T) {
	src := NewSource("main.tf", "user_data = <<EOF\n  run ${var.x} now\n  next\nEOF\n")
	// "run " and " now\n" are exact, the variable is computed, the indentation of line 3 is stripped.
	variable := Literal("VALUE", src.Slice(24, 32))
	text := Concat(src.Slice(20, 24), variable, src.Slice(32, 37), src.Slice(39, 44))
	if text.String() != "run VALUE now\nnext\n" {
		t.Fatalf("text is %q", text)
	}
	for _, c := range []struct {
		i, j int
		want string
	}{
		{0, 3, "main.tf:2:3"}, {4, 9, "main.tf:2:7"}, {5, 6, "main.tf:2:7"}, {10, 13, "main.tf:2:16"}, {14, 18, "main.tf:3:3"}, {19, 19, "main.tf:4:1"},
	} {
		if got := text.SpanOf(c.i, c.j).String(); got != c.want {
			t.Errorf("SpanOf(%d,%d) of %q = %s, want %s", c.i, c.j, text.String()[c.i:c.j], got, c.want)
		}
	}
	inner := text.Slice(10, 18).Slice(4, 8)
	if inner.String() != "next" || inner.Span().String() != "main.tf:3:3" || inner.Span().End.Column != 7 {
		t.Errorf("a slice of a slice: %q at %v", inner, inner.Span())
	}
}

func TestPlainTextHasNoPlace(t *testing.T) {
	src := NewSource("f", "abc")
	mixed := Concat(Plain("xx"), src.Whole(), Plain("yy"))
	if !mixed.SpanOf(0, 2).IsZero() || mixed.SpanOf(2, 4).String() != "f:1:1" || !mixed.SpanOf(5, 7).IsZero() {
		t.Errorf("spans: %v %v %v", mixed.SpanOf(0, 2), mixed.SpanOf(2, 4), mixed.SpanOf(5, 7))
	}
	if lit := Literal("v", Plain("p")); !lit.Span().IsZero() {
		t.Errorf("a literal from nowhere is at %v", lit.Span())
	}
	if empty := src.Slice(1, 1); empty.Span().String() != "f:1:2" {
		t.Errorf("an empty slice keeps its place, got %v", empty.Span())
	}
}

func TestUnknownTokens(t *testing.T) {
	reason := "variable \"π\" has no value"
	s := "https://" + Unknown(reason) + "/hub" + Unknown("second")
	if !IsUnknown(s) || Reason(s) != reason || Show(s) != "https://…/hub…" {
		t.Errorf("%q %q", Reason(s), Show(s))
	}
	if IsUnknown("plain") || Reason("plain") != "" || Show("plain") != "plain" {
		t.Error("plain text is not unknown")
	}
	for _, broken := range []string{"\uF6FE", "\uF6FEabc", "\uF6FE\uF6FF", "\uF6FF"} {
		if IsUnknown(broken) && Reason(broken) == "" {
			t.Errorf("a forged token %q must still have a reason", broken)
		}
	}
}

// Nothing put together with nothing again and again stays small, and has a place; pieces of texts of many parts are theirs.
func TestTextOfManyParts(t *testing.T) {
	src := NewSource("f", "ab\n")
	empty := src.Slice(1, 1)
	for range 100 {
		empty = Concat(empty, Plain(""), empty)
	}
	if len(empty.segs) != 1 || empty.Span().String() != "f:1:2" {
		t.Errorf("%d parts at %s", len(empty.segs), empty.Span())
	}
	var parts []Text
	for i := range 1000 {
		parts = append(parts, src.Slice(i%2, i%2+1), src.Slice(0, 0))
	}
	all := Concat(parts...)
	for _, i := range []int{0, 1, 500, 501, 999} {
		if got := all.Slice(i, i+1); len(got.segs) != 1 || got.String() != src.Text[i%2:i%2+1] || got.Span() != src.Span(i%2, i%2+1) {
			t.Errorf("%d: %q at %s", i, got.String(), got.Span())
		}
		if got := all.PosOf(i).Start; got != src.Pos(i%2) && got != src.Pos((i+1)%2+1) {
			t.Errorf("%d is at %+v", i, got)
		}
	}
	if got := all.Slice(10, 20); len(got.segs) != 10 || got.String() != "ababababab" {
		t.Errorf("%q in %d parts", got.String(), len(got.segs))
	}
}
