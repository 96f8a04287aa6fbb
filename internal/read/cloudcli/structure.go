package cloudcli

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// structure is a value in JSON, or as aws abbreviates it ("Key=Name,Value=hub", "Ebs={VolumeSize=50}", "A=[x,y]"); any other
// value is itself. What begins as JSON and is none is a problem, and not known.
func (s *script) structure(v *eval.Val) *eval.Val {
	if v.IsNull() || v.Kind != eval.String {
		return v
	}
	text := strings.TrimSpace(v.TextString())
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		if j := v.JSON(); !j.IsNull() && j.Kind != eval.Unknown {
			return j
		}
		why := v.Reason()
		if _, bad := markup.JSON(v.T); bad != nil && why == "" {
			why = bad.Msg
			if len(s.c.Problems) < 100 {
				s.c.Problems = append(s.c.Problems, step.Problem{At: bad.At, Msg: bad.Msg + "; correct the command, what it makes is not known"})
			}
		}
		return eval.NotKnown(why, v.At)
	}
	return abbreviated(v, text)
}

// abbreviated is a structure as aws abbreviates it; any other value is itself.
func abbreviated(v *eval.Val, s string) *eval.Val {
	if key, _, ok := strings.Cut(s, "="); !ok || !isWord(key) {
		return v
	}
	p := &shorthand{t: v.T, s: v.TextString()}
	out := p.pairs(0)
	if p.i < len(p.s) {
		return v // it is no abbreviation
	}
	return out
}

func isWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != "" && s[0] >= 'A' && s[0] <= 'Z'
}

type shorthand struct {
	t span.Text
	s string
	i int
}

func (p *shorthand) at() eval.Place { return eval.At(p.t.Slice(p.i, len(p.s))) }

func (p *shorthand) pairs(depth int) *eval.Val {
	out := eval.MapAt(p.at())
	for p.i < len(p.s) && depth < 20 {
		eq := strings.IndexByte(p.s[p.i:], '=')
		if eq < 0 {
			break
		}
		key := strings.TrimSpace(p.s[p.i : p.i+eq])
		p.i += eq + 1
		v := p.value(depth + 1)
		for p.i < len(p.s) && p.s[p.i] == ',' && !p.keyFollows() { // "A=x,y" is a list
			p.i++
			v = eval.ListAt(v.At, append(v.List(), p.value(depth+1))...)
		}
		out.Put(key, v)
		if p.i >= len(p.s) || p.s[p.i] != ',' {
			break
		}
		p.i++
	}
	return out
}

// keyFollows says whether "Key=" stands behind the comma.
func (p *shorthand) keyFollows() bool {
	rest := p.s[p.i+1:]
	end := strings.IndexAny(rest, "=,]}")
	return end > 0 && rest[end] == '='
}

func (p *shorthand) value(depth int) *eval.Val {
	if p.i < len(p.s) && depth < 20 {
		switch p.s[p.i] {
		case '{':
			p.i++
			v := p.pairs(depth)
			p.close('}')
			return v
		case '[':
			v := eval.ListAt(p.at())
			for p.i++; p.i < len(p.s) && p.s[p.i] != ']'; {
				from := p.i
				v.Items = append(v.Items, p.value(depth+1))
				if p.i < len(p.s) && p.s[p.i] == ',' {
					p.i++
				} else if p.i == from {
					break
				}
			}
			p.close(']')
			return v
		}
	}
	end := strings.IndexAny(p.s[p.i:], ",]}")
	if end < 0 {
		end = len(p.s) - p.i
	}
	t := p.t.Slice(p.i, p.i+end)
	p.i += end
	return eval.TextOf(t)
}

func (p *shorthand) close(c byte) {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
	}
}
