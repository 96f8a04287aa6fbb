package fix

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// settled says whether rule no longer asks for f, and every other rule says of the hub what it did or something better.
func (x *Fixer) settled(ctx context.Context, old, now *hub.Document, rule string, f *report.Fix) error {
	before, err := x.rules.Evaluate(ctx, old.Plain())
	if err != nil {
		return late(err)
	}
	after, err := x.rules.Evaluate(ctx, now.Plain())
	if err != nil {
		return late(err)
	}
	found := false
	for i, r := range after {
		was := before[i]
		if r.Rule.ID != rule {
			if was.Outcome == evaluator.Pass && r.Outcome != evaluator.Pass {
				return fmt.Errorf("the rule %s would no longer pass", r.Rule.ID)
			}
			continue
		}
		found = true
		if r.Outcome == evaluator.Errored {
			return fmt.Errorf("the rule %s would break: %w", rule, r.Err)
		}
		fails := count(was.Findings, evaluator.Fail) - count(r.Findings, evaluator.Fail)
		if fails < 0 || fails == 0 && was.Outcome == evaluator.Fail || asks(r.Findings, f) {
			return fmt.Errorf("the rule %s would not be satisfied by it", rule)
		}
	}
	if !found {
		return fmt.Errorf("there is no rule %s", rule)
	}
	return nil
}

// late is err in plain words where there was no time.
func late(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errors.New("there was no time left to prove an edit")
	}
	return err
}

func count(findings []evaluator.Finding, o evaluator.Outcome) (n int) {
	for _, f := range findings {
		if f.Outcome == o {
			n++
		}
	}
	return n
}

// asks says whether a finding still asks for f.
func asks(findings []evaluator.Finding, f *report.Fix) bool {
	for _, found := range findings {
		if found.Fix != nil && found.Fix.Op == f.Op && pointer(found.Fix.Path) == f.Path && reflect.DeepEqual(plain(found.Fix.Value), plain(f.Value)) {
			return true
		}
	}
	return false
}

func pointer(path []any) string {
	var b strings.Builder
	for _, e := range path {
		b.WriteString("/" + doc.Escape(fmt.Sprint(e)))
	}
	return b.String()
}
