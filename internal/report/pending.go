package report

// Accepted names a finding that a comment waives: the comments of a pull request count only for what those of its base
// accept already.
type Accepted struct {
	Rule, Hub string
	Path      string // JSON pointer into the hub document
}

// Pending is a waiver in a comment that would cover a finding, but does not count yet.
type Pending struct {
	Accepted
	Waiver Waiver
}

// Pending are the comments that did not count because of Input.Accepted, in the order of the findings they would cover.
func (r *Report) Pending() []Pending { return r.pending }

// AcceptedByComment is what comments waive in this report.
func (r *Report) AcceptedByComment() map[Accepted]bool {
	out := map[Accepted]bool{}
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if f.Waiver != nil && f.Waiver.Kind == "comment" {
				out[Accepted{res.Rule, res.Hub, f.Path}] = true
			}
		}
	}
	return out
}
