package report

import (
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// WaiversRule is the rule that watches waivers themselves: those that have expired, cover nothing or cannot be read.
const WaiversRule = "waivers"

// WaiversRuleInfo describes it, for lists of rules.
var WaiversRuleInfo = Rule{
	ID: WaiversRule, Severity: settings.Warning,
	Title:       "Waivers are still needed and still hold",
	Description: "A waiver accepts a failing rule for a while, for a reason that somebody answers for. One whose day has passed, or that covers nothing any more, is forgotten rather than decided.",
	Remediation: "Delete the waiver where nothing fails any more. Otherwise repair what it covers, or have its owner decide again and set a new day.",
}

// waivers are the waivers of the settings and, hub by hub, of comments; they know which of them covered something.
type waivers struct {
	in       Input
	used     []bool // by index in the settings' list
	files    map[string][]*comment
	comments []*comment // in the order in which they were met
	pending  []Pending
}

// comment is an inline waiver and what became of it.
type comment struct {
	settings.Inline
	hubs []string // whose sources hold it
	used map[string]bool
}

func newWaivers(in Input) *waivers {
	return &waivers{in: in, used: make([]bool, len(in.Settings.Waivers)), files: map[string][]*comment{}}
}

// enter reads the comments in the sources of a hub.
func (w *waivers) enter(d *hub.Document) {
	for _, file := range d.Sources {
		list, ok := w.files[file]
		if !ok && d.Source != nil {
			if src := d.Source(file); src != nil {
				for _, c := range settings.InlineWaivers(src) {
					list = append(list, &comment{Inline: c, used: map[string]bool{}})
				}
			}
			w.files[file] = list
			w.comments = append(w.comments, list...)
		}
		for _, c := range list {
			c.hubs = append(c.hubs, d.Name)
		}
	}
}

// find is the waiver that covers a finding, nil if none does. It marks every waiver that would, also expired ones.
func (w *waivers) find(d *hub.Document, rule string, path []any, f Finding) *Waiver {
	var found *Waiver
	for i, s := range w.in.Settings.Waivers {
		if s.Rule != rule || s.Hub != "" && s.Hub != d.Name || !covers(s.Path, f.Path) {
			continue
		}
		w.used[i] = true
		if found == nil && !settings.Expired(s.Expires, w.in.Now) {
			found = &Waiver{"settings", s.Reason, s.Owner, s.Expires.Format(time.DateOnly), place(s.At)}
		}
	}
	if f.Location == nil {
		return found
	}
	for _, c := range w.files[f.Location.File] {
		if c.Bad != "" || !contains(c.Rules, rule) || !w.beside(c, d, path, *f.Location) {
			continue
		}
		c.used[rule] = true
		if settings.Expired(c.Until, w.in.Now) {
			continue
		}
		one := &Waiver{"comment", c.Reason, "", c.Until.Format(time.DateOnly), place(c.At)}
		if key := accepted(rule, d.Name, f); w.in.Accepted != nil && !w.in.Accepted[key] {
			w.pending = append(w.pending, Pending{key, *one})
		} else if found == nil {
			found = one
		}
	}
	return found
}

// beside says whether a comment is on the finding's line, on its parent key's line, or alone above it.
func (w *waivers) beside(c *comment, d *hub.Document, path []any, at span.Span) bool {
	line := c.At.Start.Line
	if line == at.Start.Line {
		return true
	}
	if c.Alone && line < at.Start.Line && w.onlyCommentsBetween(at.File, line, at.Start.Line) {
		return true
	}
	if len(path) == 0 {
		return false
	}
	if n := d.Root.AtPath(path); n != nil && n.KeyAt.File == at.File && n.KeyAt.Start.Line == line {
		return true
	}
	n := d.Root.AtPath(path[:len(path)-1])
	return n != nil && n.KeyAt.File == at.File && n.KeyAt.Start.Line == line
}

// onlyCommentsBetween says whether all lines after the comment's and before the finding's are waivers standing alone.
func (w *waivers) onlyCommentsBetween(file string, from, to int) bool {
	alone := map[int]bool{}
	for _, c := range w.files[file] {
		if c.Alone {
			alone[c.At.Start.Line] = true
		}
	}
	for l := from + 1; l < to; l++ {
		if !alone[l] {
			return false
		}
	}
	return true
}

// covers says whether the path of a waiver is that of a finding or leads to it.
func covers(waiver, finding string) bool {
	return waiver == "" || finding == waiver || strings.HasPrefix(finding, waiver+"/")
}

// apply is the outcome of a rule once waivers are taken into account: a fail is waived when every one of its failing
// findings is covered; in strict mode an unknown, which fails then, can be waived in the same way.
func (w *waivers) apply(rule string, outcome Outcome, findings []Finding) Outcome {
	if outcome != Fail && !(outcome == Unknown && w.in.Strict) {
		return outcome
	}
	covered := 0
	for _, f := range findings {
		gates := f.Outcome == Fail || f.Outcome == Unknown && w.in.Strict
		switch {
		case gates && f.Waiver == nil:
			return f.Outcome // findings come by precedence, so this is the worst that is left
		case gates:
			covered++
		}
	}
	if covered == 0 {
		return outcome
	}
	return Waived
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
