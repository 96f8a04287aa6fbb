package eval

import "github.com/tljh-policy/tljh-policy/internal/span"

// Place is where a value is written: a range of a text. The zero Place is nowhere.
type Place struct {
	text       *span.Text
	start, end int
}

// Text is the written text itself.
func (p Place) Text() span.Text {
	if p.text == nil {
		return span.Text{}
	}
	n := p.text.Len()
	start := max(0, min(p.start, n))
	return p.text.Slice(start, max(start, min(p.end, n)))
}

// Span is the place in its file.
func (p Place) Span() span.Span {
	if p.text == nil {
		return span.Span{}
	}
	return p.Text().Span()
}

// IsZero says whether p is nowhere.
func (p Place) IsZero() bool { return p.text == nil }
