package report

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// Reason is one reason why rules cannot be decided, with the rules it leaves open.
type Reason struct {
	Why   string
	Rules []string
	One   Finding // shown as it is when only one rule is concerned
}

// unknowns says what the repository does not tell, each reason once: what leaves several rules open comes first.
func (p *printer) unknowns(rs []Result) {
	if len(rs) == 0 {
		return
	}
	p.line("  " + p.style(cyan, fmt.Sprintf("Cannot be decided from this repository (%d)", len(rs))))
	for _, o := range Reasons(rs) {
		if len(o.Rules) > 1 {
			p.wrap("    ", "    ", Sentence(sanitize.Line(o.Why)))
			p.wrap("      leaves open: ", "        ", sanitize.Line(strings.Join(o.Rules, ", ")))
			continue
		}
		p.wrap("    "+sanitize.Line(o.Rules[0])+": ", "      ", sanitize.Line(o.One.Message)+where(o.One.Location))
	}
	for _, r := range rs {
		for _, f := range r.Findings {
			if f.Outcome == Advice {
				p.wrap("    "+sanitize.Line(r.Rule)+", advice: ", "      ", sanitize.Line(f.Message)+where(f.Location))
			}
		}
	}
	for _, s := range Settling(rs) {
		p.wrap("    ", "    ", SettleTitle(s, sanitize.Line(s.File)))
		for _, l := range strings.Split(strings.TrimRight(sanitize.Lines(s.Text), "\n"), "\n") {
			p.line("        " + l)
		}
	}
	p.line("")
}

// Reasons puts findings with the same reason together when they are of several rules; the reasons that leave most rules
// undecided come first.
func Reasons(rs []Result) []Reason {
	var all []*Reason
	byWhy := map[string]*Reason{}
	for _, r := range rs {
		id := r.Rule
		said := map[string]bool{}
		for _, f := range r.Findings {
			key := f.Why
			if key == "" {
				key = f.Message
			}
			if f.Outcome != Unknown || said[key] {
				continue
			}
			said[key] = true
			o := byWhy[key]
			if o == nil {
				o = &Reason{Why: key, One: f}
				byWhy[key] = o
				all = append(all, o)
			}
			o.Rules = append(o.Rules, id)
		}
		if len(said) == 0 {
			all = append(all, &Reason{Rules: []string{id}, One: Finding{Message: r.Message, Location: r.Location}})
		}
	}
	out := merge(all)
	sort.SliceStable(out, func(i, j int) bool { return len(out[i].Rules) > 1 && len(out[j].Rules) == 1 })
	return out
}

// merge adds to a group the rules that quote its reason in a message of their own.
func merge(all []*Reason) []Reason {
	var out []Reason
	for _, o := range all {
		if len(o.Rules) == 1 {
			if g := quoted(all, o); g != nil {
				if !contains(g.Rules, o.Rules[0]) {
					g.Rules = append(g.Rules, o.Rules[0])
				}
				o.Rules = nil
			}
		}
	}
	for _, o := range all {
		if o.Rules != nil {
			out = append(out, *o)
		}
	}
	return out
}

// quoted is the group, of several rules, whose reason stands in o's message.
func quoted(all []*Reason, o *Reason) *Reason {
	for _, g := range all {
		if g != o && len(g.Rules) > 1 && g.Why != "" && strings.Contains(o.One.Message, strings.TrimRight(g.Why, ".")) {
			return g
		}
	}
	return nil
}

// Sentence makes the first letter a capital, unless the text begins with a name such as a file's, and ends it with a
// full stop.
func Sentence(s string) string {
	if s == "" {
		return s
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	word, _, _ := strings.Cut(s, " ")
	if strings.ContainsFunc(strings.TrimRight(word, ".,;:"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}
