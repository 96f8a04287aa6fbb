package check

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// selection is which rules are wanted, and with what.
type selection struct {
	settings *settings.Settings
	custom   []evaluator.Module
	only     []string // of --rule
	now      time.Time
}

// compile compiles the rules that are wanted. Ids and parameters that do not exist are usage errors with their place.
func (s selection) compile(ctx context.Context) (*evaluator.Evaluator, error) {
	o := evaluator.Options{Builtin: true, Only: s.only, Custom: s.custom, Now: s.now, Params: map[string]map[string]any{}}
	for _, r := range s.settings.Rules {
		if r.ID == report.WaiversRule {
			continue
		}
		if r.Off != "" {
			o.Skip = append(o.Skip, r.ID)
		}
		for _, p := range r.Params {
			if o.Params[r.ID] == nil {
				o.Params[r.ID] = map[string]any{}
			}
			o.Params[r.ID][p.Name] = p.Value
		}
	}
	e, err := evaluator.New(ctx, o)
	var unknown *evaluator.UnknownRuleError
	var param *evaluator.ParamError
	switch {
	case errors.As(err, &unknown), errors.As(err, &param):
		return nil, s.mistakes(ctx, err)
	case err != nil:
		return nil, NotLoaded(err)
	}
	return e, s.checkSettings(ctx, e)
}

// NotLoaded is the error for rules that cannot be loaded, which is no fault of the caller's.
func NotLoaded(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return Unevaluated("the rules cannot be loaded: %v", err)
}

// mistakes finds everything that is wrong with the ids and parameters, by looking at all rules there are.
func (s selection) mistakes(ctx context.Context, cause error) error {
	all, err := evaluator.New(ctx, evaluator.Options{Builtin: true, Custom: s.custom})
	if err != nil {
		return NotLoaded(err)
	}
	specs := specsOf(all.Rules())
	ids := make([]string, len(specs))
	for i, spec := range specs {
		ids[i] = spec.ID
	}
	for _, id := range s.only {
		if !slices.Contains(ids, id) {
			return Usage("--rule: there is no rule %q%s\nSee: tljh-policy rules", id, settings.DidYouMean(id, ids))
		}
	}
	if err := s.settings.Check(append(specs, settings.Spec{ID: report.WaiversRule})); err != nil {
		return Usage("the settings have mistakes; nothing was evaluated\n%v", err)
	}
	return Usage("the settings have mistakes; nothing was evaluated\n%s%v", s.placeOf(cause), cause)
}

// placeOf is where the settings give the parameter that err is about.
func (s selection) placeOf(err error) string {
	var param *evaluator.ParamError
	if !errors.As(err, &param) {
		return ""
	}
	if r := s.settings.Rule(param.Rule); r != nil {
		for _, p := range r.Params {
			if p.Name == param.Name {
				return p.ValueAt.String() + ": "
			}
		}
	}
	return ""
}

// checkSettings makes sure that what else the settings name exists.
func (s selection) checkSettings(ctx context.Context, e *evaluator.Evaluator) error {
	if s.settings.Source == nil {
		return nil
	}
	specs := specsOf(e.Rules())
	for _, id := range append(evaluator.BuiltinIDs(), report.WaiversRule) {
		if !slices.ContainsFunc(specs, func(s settings.Spec) bool { return s.ID == id }) {
			specs = append(specs, settings.Spec{ID: id, Unchecked: id != report.WaiversRule})
		}
	}
	if s.settings.Check(specs) != nil {
		return s.retry(ctx)
	}
	return nil
}

// retry looks again with every rule loaded: --rule and "off" leave out custom rules whose ids are then not known.
func (s selection) retry(ctx context.Context) error {
	all, err := evaluator.New(ctx, evaluator.Options{Builtin: true, Custom: s.custom})
	if err != nil {
		return NotLoaded(err)
	}
	if err := s.settings.Check(append(specsOf(all.Rules()), settings.Spec{ID: report.WaiversRule})); err != nil {
		return Usage("the settings have mistakes; nothing was evaluated\n%v", err)
	}
	return nil
}

func specsOf(rules []evaluator.Rule) []settings.Spec {
	out := make([]settings.Spec, len(rules))
	for i, r := range rules {
		out[i].ID = r.ID
		for _, p := range r.Params {
			out[i].Params = append(out[i].Params, settings.ParamSpec{Name: p.Name, Type: p.Type, Description: p.Description})
		}
	}
	return out
}

// reportRules is what the report needs to know of the rules: those that were loaded, and those that are switched off.
func (s selection) reportRules(e *evaluator.Evaluator) []report.Rule {
	var out []report.Rule
	for _, r := range e.Rules() {
		out = append(out, report.Rule{
			ID: r.ID, Title: r.Title, Description: r.Description, Remediation: strings.TrimRight(r.Remediation, "\n"),
			Severity: settings.Level(r.Severity),
		})
	}
	for _, r := range s.settings.Rules {
		if r.Off != "" && r.ID != report.WaiversRule && (len(s.only) == 0 || slices.Contains(s.only, r.ID)) {
			out = append(out, report.Rule{ID: r.ID, Title: r.ID, Severity: settings.Error})
		}
	}
	return append(out, report.WaiversRuleInfo)
}
