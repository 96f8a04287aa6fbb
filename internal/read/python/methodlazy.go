package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// lazyMethod edits a value that is not known yet (TRT: traitlets/config/loader.py LazyConfigValue).
func (e *evaluator) lazyMethod(v *Value, name string, a *arguments, x *syntax.Call) {
	at, l := e.at(x), v.Lazy
	if !lazyNames()[name] {
		e.raised = &Issue{"a setting that this file has not set has no ." + name + "(); this raises an AttributeError", at}
		return
	}
	if v.At.IsZero() || l.Empty() {
		v.At = at
	}
	arg := a.get(0, "")
	items, known := []*Value(nil), false
	if arg != nil {
		items, known = e.iterate(arg)
	}
	switch {
	case arg == nil || a.loose:
		e.spoil(v, "it is changed in a way that is not followed", at)
	case name == "append":
		l.Extend = append(l.Extend, arg)
	case name == "extend" && known:
		l.Extend = append(l.Extend, items...)
	case name == "prepend" && known:
		l.Prepend = append(append([]*Value(nil), items...), l.Prepend...)
	case name == "insert" && arg.Kind == Int && len(a.list) > 1:
		l.Inserts = append(l.Inserts, Insert{arg.Int, a.list[1]})
	case name == "add" || name == "update" && known:
		if name == "add" {
			arg = &Value{Kind: Set, Items: []*Value{arg}, At: at}
		}
		if l.Update == nil {
			l.Update = &Value{Kind: Set, At: at}
			if arg.Kind == Dict {
				l.Update.Kind = Dict
			}
		}
		switch {
		case l.Update.Kind == Dict && arg.Kind == Dict:
			for i, k := range arg.Keys {
				l.Update.put(k, arg.Items[i])
			}
		case l.Update.Kind == Set && arg.Kind != Dict:
			for _, it := range firstItems(arg, items) {
				l.Update.add(it)
			}
		default:
			e.spoil(v, "something is added to it that does not fit", at)
		}
	default:
		e.spoil(v, "something is added to it that is not known", at)
	}
}

// lazyNames are what a value has that no file has set so far (TRT: traitlets/config/loader.py LazyConfigValue,
// traitlets/traitlets.py HasTraits).
var lazyNames = once(`append extend prepend insert update add merge_into get_value to_dict
	has_trait trait_has_value trait_names traits trait_metadata trait_values trait_defaults trait_events class_traits class_own_traits class_trait_names class_own_trait_events
	observe unobserve unobserve_all on_trait_change set_trait add_traits notify_change hold_trait_notifications setup_instance cross_validation_lock`)

// unset says whether v is a setting that this file has not set, which is no collection and no number: using it as one
// raises a TypeError.
func (e *evaluator) unset(v *Value, what string, at span.Span) bool {
	if v == nil || v.Kind != Lazy {
		return false
	}
	e.raised = &Issue{what + " a setting that this file has not set; this raises a TypeError", at}
	return true
}

func firstItems(v *Value, items []*Value) []*Value {
	if v.Kind == Set || items == nil {
		return v.Items
	}
	return items
}
