package comment

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/report/markdown"
)

// edit is the exact edit for the first finding of a rule that has one.
func (p *page) edit(b *problem) *Edit {
	if p.Edit == nil {
		return nil
	}
	for i := range b.Findings {
		if b.Findings[i].Outcome != report.Fail {
			continue
		}
		if e := p.Edit(b.Result, &b.Findings[i]); e != nil {
			return e
		}
	}
	return nil
}

// edits are the exact edits for the findings of a rule, as differences; for a finding without one, the command that puts
// it right.
func (p *page) edits(b *problem) []string {
	var out []string
	seen := map[string]bool{}
	for _, res := range b.all {
		for i := range res.Findings {
			f := &res.Findings[i]
			if len(out) >= 2*p.places || f.Outcome != report.Fail || f.Waiver != nil {
				continue
			}
			var e *Edit
			if p.Edit != nil {
				e = p.Edit(res, f)
			}
			says := []string{}
			if diff := p.diff(e); diff != "" {
				says = append(says, "**What to change** in "+p.where(e.File, e.StartLine, e.EndLine)+":", diff, p.caution(e))
			} else if c := Command(f.Fix); c != "" {
				says = append(says, "**What to type** where the hub is set up:", markdown.Fence("bash", c))
			}
			if key := strings.Join(says, "\n"); len(says) > 0 && !seen[key] {
				seen[key] = true
				out = append(out, says...)
			}
		}
	}
	return out
}

// diff shows an edit; "" when there is none or a line of it may hold a secret.
func (p *page) diff(e *Edit) string {
	if e == nil || p.Sources == nil {
		return ""
	}
	var lines []string
	for n := e.StartLine; n <= e.EndLine; n++ {
		text, ok := p.Sources.Line(e.File, n)
		if !ok && !p.Sources.Blank(e.File, n) {
			return ""
		}
		lines = append(lines, "-"+text)
	}
	for _, l := range e.Lines {
		if p.Sources.Secret(l) {
			return ""
		}
		lines = append(lines, "+"+l)
	}
	return markdown.Fence("diff", strings.Join(lines, "\n"))
}

var (
	key  = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	word = lazyregexp.New(`^[A-Za-z0-9_./:@%+,-]+$`)
)

// Command is the tljh-config commands that make a fix and what belongs to it, one a line; "" when one of them is not of a kind
// that the command can make.
func Command(f *report.Fix) string {
	if f == nil {
		return ""
	}
	line := command(f)
	for i := range f.Then {
		next := Command(&f.Then[i])
		if line == "" || next == "" {
			return ""
		}
		line += "\n" + next
	}
	return line
}

func command(f *report.Fix) string {
	rest, ok := strings.CutPrefix(f.Path, "/config/")
	if !ok {
		return ""
	}
	keys := strings.Split(rest, "/")
	for _, k := range keys {
		if !key.MatchString(k) {
			return ""
		}
	}
	made := "sudo tljh-config " + f.Op + " " + strings.Join(keys, ".")
	switch f.Op {
	case "unset":
		return made
	case "set", "add-item", "remove-item":
	default:
		return ""
	}
	text := ""
	switch v := f.Value.(type) {
	case string:
		text = v
	case bool, int, int64, float64, json.Number:
		text = fmt.Sprint(v)
	default:
		return ""
	}
	if text == "" || strings.ContainsAny(text, "\n\r'") || report.LooksSecret(keys[len(keys)-1]+" "+text) {
		return ""
	}
	if !word.MatchString(text) {
		text = "'" + text + "'"
	}
	return made + " " + text
}

// caution is what to look at before an edit is applied; "" for nothing.
func (p *page) caution(e *Edit) string {
	if e.Caution == "" {
		return ""
	}
	return "⚠️ **Before you do:** " + p.say(e.Caution)
}
