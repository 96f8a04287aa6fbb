package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// braces expands {a,b} and {1..3} in w; every result is a list of word parts.
func (r *run) braces(w *syntax.Word) [][]syntax.WordPart {
	plain := true
	for _, p := range w.Parts {
		if l, ok := p.(*syntax.Lit); ok && strings.Contains(l.Value, "{") {
			plain = false
		}
	}
	if plain {
		return [][]syntax.WordPart{w.Parts}
	}
	// The library splits in place and gives its parts no positions of their own, so it works on a copy.
	split := &syntax.Word{Parts: append([]syntax.WordPart(nil), w.Parts...)}
	if !syntax.SplitBraces(split) {
		return [][]syntax.WordPart{w.Parts}
	}
	return r.braceParts(split.Parts, w, 0)
}

// computed is a word part for text that is worked out; its place is w. No shell construct has this shape.
func computed(text string, w *syntax.Word) syntax.WordPart {
	return &syntax.ExtGlob{Pattern: &syntax.Lit{ValuePos: w.Pos(), ValueEnd: w.End(), Value: text}}
}

func (r *run) braceParts(parts []syntax.WordPart, w *syntax.Word, depth int) [][]syntax.WordPart {
	out := [][]syntax.WordPart{nil}
	for _, p := range parts {
		alts := [][]syntax.WordPart{{p}}
		switch p := p.(type) {
		case *syntax.Lit:
			alts[0][0] = computed(p.Value, w)
		case *syntax.BraceExp:
			if depth < 8 {
				alts = r.alternatives(p, w, depth)
			} else {
				alts[0][0] = computed(span.Unknown("braces nested too deeply"), w)
			}
		}
		if len(out)*len(alts) > maxLoop*5 || !r.spend(len(out)*len(alts)) {
			return [][]syntax.WordPart{{computed(span.Unknown("braces that stand for too many words"), w)}}
		}
		var next [][]syntax.WordPart
		for _, o := range out {
			for _, a := range alts {
				next = append(next, append(append([]syntax.WordPart(nil), o...), a...))
			}
		}
		out = next
	}
	return out
}

func (r *run) alternatives(b *syntax.BraceExp, w *syntax.Word, depth int) (alts [][]syntax.WordPart) {
	if !b.Sequence {
		for _, e := range b.Elems {
			alts = append(alts, r.braceParts(e.Parts, w, depth+1)...)
		}
		return alts
	}
	for _, s := range sequence(b) {
		alts = append(alts, []syntax.WordPart{computed(s, w)})
	}
	if alts == nil {
		return [][]syntax.WordPart{{computed(span.Unknown("a sequence that is not worked out"), w)}}
	}
	return alts
}

func sequence(b *syntax.BraceExp) (out []string) {
	if len(b.Elems) < 2 {
		return nil
	}
	lo, hi := b.Elems[0].Lit(), b.Elems[1].Lit()
	from, err1 := strconv.Atoi(lo)
	to, err2 := strconv.Atoi(hi)
	letters := err1 != nil && err2 != nil && len(lo) == 1 && len(hi) == 1
	if letters {
		from, to = int(lo[0]), int(hi[0])
	} else if err1 != nil || err2 != nil {
		return nil
	}
	by := 1
	if len(b.Elems) > 2 {
		by, _ = strconv.Atoi(b.Elems[2].Lit())
		by = max(by, -by, 1)
	}
	width := 0
	if strings.HasPrefix(strings.TrimPrefix(lo, "-"), "0") && len(lo) > 1 || strings.HasPrefix(hi, "0") && len(hi) > 1 {
		width = max(len(lo), len(hi))
	}
	for n := from; len(out) <= maxLoop*5; {
		if letters {
			out = append(out, string(rune(n)))
		} else {
			s := strconv.Itoa(n)
			for len(s) < width {
				s = "0" + s
			}
			out = append(out, s)
		}
		switch {
		case n == to:
			return out
		case n < to:
			if n += by; n > to {
				return out
			}
		default:
			if n -= by; n < to {
				return out
			}
		}
	}
	return nil
}
