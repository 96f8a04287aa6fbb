package report

import "encoding/json"

// Change is how a result or finding stands against the base.
type Change string

// The changes. A report that was compared with no base has none.
const (
	Unchanged Change = "" // nothing to say: in order, or not compared
	New       Change = "new"
	Existing  Change = "existing"
	Fixed     Change = "fixed"
)

// MarshalJSON writes null for none.
func (c Change) MarshalJSON() ([]byte, error) {
	if c == Unchanged {
		return []byte("null"), nil
	}
	return json.Marshal(string(c))
}

// Comparison is what a report says against a base.
type Comparison struct {
	Failures     Changes       `json:"failures"` // results that fail, waived ones included
	Unknowns     Changes       `json:"unknowns"` // results that cannot be decided; none is ever "fixed"
	HubsAdded    []string      `json:"hubs_added"`
	HubsRemoved  []RemovedHub  `json:"hubs_removed"`
	HubsRenamed  []RenamedHub  `json:"hubs_renamed"`
	RulesDropped []DroppedRule `json:"rules_dropped"`
}

// Changes counts results by change.
type Changes struct {
	New      int `json:"new"`
	Existing int `json:"existing"`
	Fixed    int `json:"fixed"`
}

// RemovedHub is a hub of the base that is no longer found. What failed there is not fixed: nobody looked at it again.
type RemovedHub struct {
	Name     string `json:"name"`
	Dir      string `json:"dir"`
	Failures int    `json:"failures"`
	Unknowns int    `json:"unknowns"`
}

// RenamedHub is a hub that the base knows under another name.
type RenamedHub struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// DroppedRule is a rule that the base was checked against and this version is not.
type DroppedRule struct {
	Rule    string  `json:"rule"`
	Hub     string  `json:"hub"`
	Outcome Outcome `json:"outcome"` // in the base
}

// Compare sets head against base: what needs attention is marked new or existing, and what failed in the base and is
// decided otherwise now counts as fixed. The exit code stays head's own. What head could not look at again (its hub is
// gone, its rule broke or cannot be decided, something could not be read) is never called fixed.
func Compare(head, base *Report) {
	c := &Comparison{HubsAdded: []string{}, HubsRemoved: []RemovedHub{}, HubsRenamed: []RenamedHub{}, RulesDropped: []DroppedRule{}}
	head.Comparison = c
	names := pairHubs(head, base, c)
	addRepairedWaivers(head, base, names)
	byKey := map[[2]string]*Result{}
	for i := range base.Results {
		r := &base.Results[i]
		if to, ok := names[r.Hub]; ok {
			byKey[[2]string{r.Rule, to}] = r
		}
	}
	blind := blind(head, base)
	for i := range head.Results {
		r := &head.Results[i]
		key := [2]string{r.Rule, r.Hub}
		was := byKey[key]
		delete(byKey, key)
		compareResult(r, was, blind)
		c.count(r)
	}
	for _, r := range base.Results { // in the base's order
		if to, ok := names[r.Hub]; ok && byKey[[2]string{r.Rule, to}] != nil {
			c.RulesDropped = append(c.RulesDropped, DroppedRule{r.Rule, to, r.Outcome})
		}
	}
}

func (c *Comparison) count(r *Result) {
	counts := &c.Failures
	if r.Outcome == Unknown {
		counts = &c.Unknowns
	} else if r.Outcome == RuleError {
		return
	}
	switch r.Change {
	case New:
		counts.New++
	case Existing:
		counts.Existing++
	case Fixed:
		counts.Fixed++
	}
}

// compareResult sets the changes of a result and its findings; was is nil when the base has no such result.
func compareResult(r, was *Result, blind bool) {
	if was == nil {
		was = &Result{}
	}
	gone := match(r.Findings, was.Findings)
	r.Change = Unchanged
	switch r.Outcome {
	case Fail, Unknown, RuleError, Waived:
		r.Change = Existing
		if r.Outcome != was.Outcome && !(wrong(r.Outcome) && wrong(was.Outcome)) {
			r.Change = New
		}
		for _, f := range r.Findings {
			if f.Change == New && (f.makes(r.Outcome) || f.Outcome == r.Outcome) {
				r.Change = New
			}
		}
	}
	if blind || r.off || r.Outcome == RuleError || r.Outcome == Unknown {
		return
	}
	for _, f := range r.Findings {
		if f.Outcome == Unknown && f.Change == New {
			return // what failed may have become undecided
		}
	}
	r.Fixed = gone
	if len(gone) > 0 && !wrong(r.Outcome) {
		r.Change = Fixed
	}
}

// wrong says whether something fails, accepted for a while or not.
func wrong(o Outcome) bool { return o == Fail || o == Waived }

// match marks the findings that need attention as new or existing, and returns those of the base's failures that are
// gone. A finding is the same as one of the base when its fingerprint is, or else what it is about: the hub may have
// got another name. Of several about the same thing, those that say the same belong together.
func match(now, before []Finding) (gone []Finding) {
	taken := make([]bool, len(before))
	pair := func(same func(a, b *Finding) bool) {
		for i := range now {
			f := &now[i]
			if f.Change == Existing || f.Outcome == Pass || f.Outcome == NotApplicable {
				continue
			}
			f.Change = New
			for j := range before {
				if !taken[j] && f.Outcome == before[j].Outcome && same(f, &before[j]) {
					f.Change, taken[j] = Existing, true
					break
				}
			}
		}
	}
	pair(func(a, b *Finding) bool { return a.subject() == b.subject() && a.Message == b.Message })
	pair(func(a, b *Finding) bool { return a.Fingerprint == b.Fingerprint })
	pair(func(a, b *Finding) bool { return a.subject() == b.subject() })
	gone = []Finding{}
	for j, f := range before {
		if f.Outcome == Fail && !taken[j] {
			f.Change = Fixed
			gone = append(gone, f)
		}
	}
	return gone
}

// subject is what a finding is about; of a report that was read from a file, its path.
func (f *Finding) subject() string {
	if f.about != "" {
		return f.about
	}
	return f.Path
}

// blind says whether head met a fatal problem that the base did not: what it does not see any more may still be there.
func blind(head, base *Report) bool {
	known := map[string]bool{}
	for _, p := range base.Problems {
		if p.Fatal {
			known[p.Message] = true
		}
	}
	for _, p := range head.Problems {
		if p.Fatal && !known[p.Message] {
			return true
		}
	}
	return false
}

// addRepairedWaivers adds a result for waivers that needed attention in the base and no longer do: their rule has a
// result only where it has something to say.
func addRepairedWaivers(head, base *Report, names map[string]string) {
	has := map[string]bool{}
	for _, r := range head.Results {
		if r.Rule == WaiversRule {
			has[r.Hub] = true
		}
	}
	added := false
	for _, r := range base.Results {
		to, ok := names[r.Hub]
		if r.Rule != WaiversRule || !ok || has[to] || !wrong(r.Outcome) {
			continue
		}
		r.Hub, r.Outcome, r.Message = to, Pass, "Every waiver is still needed and holds."
		r.Location, r.Related, r.Findings, r.Waiver, r.Fix = nil, []Related{}, []Finding{}, nil, nil
		r.Fingerprint = fingerprint(r.Rule, r.Hub, "", map[string]int{})
		head.Results = append(head.Results, r)
		head.Summary.count(Pass)
		added = true
	}
	if added {
		sortResults(head.Results)
	}
}
