package span

import "sort"

// Text is a string that knows, byte by byte, where it was written. It is what readers take and what they hand to the
// readers of nested formats. The zero Text is the empty string from nowhere.
//
// It is made of segments: an exact segment is a copy of a piece of a file, any other segment is computed (an expanded
// variable, a decoded escape), and all of it maps to the one range it came from.
type Text struct {
	s    string
	segs []segment
}

type segment struct {
	at         int // where the segment starts in Text.s
	src        *Source
	start, end int // the bytes of src it comes from
	exact      bool
}

// Literal is computed text s whose every byte maps to the range of origin: the value of a variable, say.
func Literal(s string, origin Text) Text {
	src, start, end, ok := origin.bounds()
	if !ok {
		return Text{s: s}
	}
	return Text{s, []segment{{0, src, start, end, false}}}
}

// Plain is text that was written nowhere.
func Plain(s string) Text { return Text{s: s} }

// String is the text itself.
func (t Text) String() string { return t.s }

// Len is the length in bytes.
func (t Text) Len() int { return len(t.s) }

// Span is the place of the whole text: from its first segment's start to its last segment's end in the same file.
// An empty text that has a place yields that place.
func (t Text) Span() Span {
	src, start, end, ok := t.bounds()
	if !ok {
		return Span{}
	}
	return src.Span(start, end)
}

func (t Text) bounds() (src *Source, start, end int, ok bool) {
	for _, g := range t.segs {
		if g.src == nil {
			continue
		}
		if !ok {
			src, start, end, ok = g.src, g.start, g.end, true
		} else if g.src == src && g.start >= start { // what stands before was put in: a parameter's default, say
			end = max(end, g.end)
		}
	}
	return src, start, end, ok
}

// Source is the file that the text starts in, nil for text from nowhere.
func (t Text) Source() *Source {
	src, _, _, _ := t.bounds()
	return src
}

// Slice is the bytes [i, j) of the text, positions kept. It panics like a string would.
func (t Text) Slice(i, j int) Text {
	out := Text{s: t.s[i:j]}
	ends := func(k int) int {
		if k+1 < len(t.segs) {
			return t.segs[k+1].at
		}
		return len(t.s)
	}
	first := sort.Search(len(t.segs), func(k int) bool { return ends(k) >= i })
	for k := first; k < len(t.segs) && t.segs[k].at <= j; k++ {
		g, end := t.segs[k], ends(k)
		lo, hi := max(g.at, i), min(end, j)
		if lo > hi || (lo == hi && !(i == j && len(out.segs) == 0)) {
			continue
		}
		n := segment{lo - i, g.src, g.start, g.end, g.exact}
		if g.exact {
			n.start, n.end = g.start+lo-g.at, g.start+hi-g.at
		}
		out.segs = append(out.segs, n)
	}
	return out
}

// SpanOf is the place of the bytes [i, j) of the text.
func (t Text) SpanOf(i, j int) Span {
	i = max(0, min(i, len(t.s)))
	j = max(i, min(j, len(t.s)))
	return t.Slice(i, j).Span()
}

// PosOf is the place of byte i as a span of no width (for error messages of nested parsers).
func (t Text) PosOf(i int) Span { return t.SpanOf(i, i) }

// SegmentAt says which bytes [start, end) of the text belong to the segment that holds byte i.
func (t Text) SegmentAt(i int) (start, end int) {
	k := sort.Search(len(t.segs), func(k int) bool { return t.segs[k].at > i }) - 1
	if k < 0 {
		return 0, len(t.s)
	}
	end = len(t.s)
	if k+1 < len(t.segs) {
		end = t.segs[k+1].at
	}
	return t.segs[k].at, end
}

// Concat joins texts, positions kept.
func Concat(parts ...Text) Text {
	if len(parts) == 1 {
		return parts[0]
	}
	n := 0
	for _, p := range parts {
		n += len(p.s)
	}
	if n == 0 {
		for _, p := range parts {
			if len(p.segs) > 0 {
				return p
			}
		}
		return Text{}
	}
	buf := make([]byte, 0, n)
	out := Text{}
	for _, p := range parts {
		if len(p.s) == 0 {
			continue // a text that is put together again and again of nothing must not grow
		}
		if len(p.segs) == 0 && len(p.s) > 0 {
			out.segs = append(out.segs, segment{at: len(buf)})
		}
		for _, g := range p.segs {
			g.at += len(buf)
			out.segs = append(out.segs, g)
		}
		buf = append(buf, p.s...)
	}
	out.s = string(buf)
	return out
}
