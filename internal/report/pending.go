package report

// Accepted names a finding that a comment waives: the comments of a pull request count only for what those of its base
// accept already. Something worse at the same place is another finding, so what is said about it counts, too.
type Accepted struct {
	Rule, Hub string
	About     string // what the finding is about, see about.go
	Message   string
}

// Pending is a waiver in a comment that would cover a finding, but does not count yet.
type Pending struct {
	Accepted
	Waiver Waiver
}

// Pending are the comments that did not count because of Input.Accepted, in the order of the findings they would cover.
func (r *Report) Pending() []Pending { return r.pending }

func accepted(rule, hub string, f Finding) Accepted {
	return Accepted{rule, hub, f.subject(), f.Message}
}

// AcceptedByComment is what comments waive in this report.
func (r *Report) AcceptedByComment() map[Accepted]bool {
	out := map[Accepted]bool{}
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if f.Waiver != nil && f.Waiver.Kind == "comment" {
				out[accepted(res.Rule, res.Hub, f)] = true
			}
		}
	}
	return out
}
