package report

import "testing"

// A comment that the base does not have waives nothing, and is told.
func TestCommentsOfAPullRequestDoNotCount(t *testing.T) {
	base := Build(input(t, ""))
	accepted := base.AcceptedByComment()
	if len(accepted) != 1 || len(base.Pending()) != 0 {
		t.Fatalf("accepted %v, pending %v", accepted, base.Pending())
	}
	for name, tt := range map[string]struct {
		accepted map[Accepted]bool
		outcome  Outcome
		pending  int
	}{
		"in the base too": {accepted, Waived, 0},
		"new":             {map[Accepted]bool{}, Fail, 1},
		"something worse": {map[Accepted]bool{worse(accepted): true}, Fail, 1},
	} {
		in := input(t, "")
		in.Accepted = tt.accepted
		r := Build(in)
		if l := find(r, "limits"); l.Outcome != tt.outcome || len(r.Pending()) != tt.pending {
			t.Errorf("%s: %s, pending %v", name, l.Outcome, r.Pending())
		}
		for _, p := range r.Pending() {
			if p.Rule != "limits" || p.Waiver.Location == nil || p.Waiver.Reason == "" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		for _, res := range r.Results {
			if res.Rule == WaiversRule && res.Outcome == Fail && tt.pending > 0 {
				t.Errorf("%s: a waiver that waits for the merge is called unused: %s", name, res.Message)
			}
		}
	}
}

// worse is what is accepted with another message: the value there is another one.
func worse(accepted map[Accepted]bool) (a Accepted) {
	for a = range accepted {
		a.Message += " no more"
	}
	return a
}
