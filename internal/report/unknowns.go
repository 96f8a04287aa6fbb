package report

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// open is one reason why rules cannot be decided, with the rules it leaves open.
type open struct {
	why   string
	rules []string
	one   Finding // shown as it is when only one rule is concerned
}

// unknowns says what the repository does not tell, each reason once: what leaves several rules open comes first.
func (p *printer) unknowns(rs []Result) {
	if len(rs) == 0 {
		return
	}
	p.line("  " + p.style(cyan, fmt.Sprintf("Cannot be decided from this repository (%d)", len(rs))))
	for _, o := range group(rs) {
		if len(o.rules) > 1 {
			p.wrap("    ", "    ", capital(sanitize.Line(o.why)))
			p.wrap("      leaves open: ", "        ", strings.Join(o.rules, ", "))
			continue
		}
		p.wrap("    "+o.rules[0]+": ", "      ", sanitize.Line(o.one.Message)+where(o.one.Location))
	}
	for _, r := range rs {
		for _, f := range r.Findings {
			if f.Outcome == Advice {
				p.wrap("    "+sanitize.Line(r.Rule)+", advice: ", "      ", sanitize.Line(f.Message)+where(f.Location))
			}
		}
	}
	p.line("")
}

// group puts findings with the same reason together when they are of several rules.
func group(rs []Result) []open {
	var all []*open
	byWhy := map[string]*open{}
	for _, r := range rs {
		id := sanitize.Line(r.Rule)
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
				o = &open{why: key, one: f}
				byWhy[key] = o
				all = append(all, o)
			}
			o.rules = append(o.rules, id)
		}
		if len(said) == 0 {
			all = append(all, &open{rules: []string{id}, one: Finding{Message: r.Message, Location: r.Location}})
		}
	}
	out := merge(all)
	sort.SliceStable(out, func(i, j int) bool { return len(out[i].rules) > 1 && len(out[j].rules) == 1 })
	return out
}

// merge adds to a group the rules that quote its reason in a message of their own.
func merge(all []*open) []open {
	var out []open
	for _, o := range all {
		if len(o.rules) == 1 {
			if g := quoted(all, o); g != nil {
				if !contains(g.rules, o.rules[0]) {
					g.rules = append(g.rules, o.rules[0])
				}
				o.rules = nil
			}
		}
	}
	for _, o := range all {
		if o.rules != nil {
			out = append(out, *o)
		}
	}
	return out
}

// quoted is the group, of several rules, whose reason stands in o's message.
func quoted(all []*open, o *open) *open {
	for _, g := range all {
		if g != o && len(g.rules) > 1 && g.why != "" && strings.Contains(o.one.Message, strings.TrimRight(g.why, ".")) {
			return g
		}
	}
	return nil
}

// capital makes the first letter a capital, unless the text begins with a name such as a file's, and ends it with a
// full stop.
func capital(s string) string {
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
