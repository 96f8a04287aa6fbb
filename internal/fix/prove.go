package fix

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tljh-policy/tljh-policy/evaluator"
	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/report"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// proved says whether the checkout after differs from the one before by c and nothing else. A file that several hubs share
// may bring the same change to each of them.
func proved(before, after *assemble.Result, hubName string, c change) error {
	if len(before.Hubs) != len(after.Hubs) {
		return errors.New("other hubs would be found then")
	}
	if p := newProblem(before.Problems, after.Problems); p != "" {
		return errors.New(p)
	}
	for i, old := range before.Hubs {
		now := after.Hubs[i]
		if old == now {
			continue // it has nothing to do with the edit
		}
		if old.Name != now.Name {
			return errors.New("the hubs would have other names then")
		}
		err := changed(old, now, c)
		if err != nil && old.Name != hubName && reflect.DeepEqual(old.Plain()["config"], now.Plain()["config"]) {
			err = same(old, now, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// changed says whether now is old with c made.
func changed(old, now *hub.Document, c change) error {
	want, got := plain(c.do(old.Root.Get("config").Plain())), plain(now.Root.Get("config").Plain())
	defaults(want, old.Root.Get("config"), now.Root.Get("config"), c.key)
	path := make([]any, len(c.key))
	for i, k := range c.key {
		path[i] = k
	}
	value := now.Root.Get("config").AtPath(path)
	switch {
	case !sure(now, c.key):
		return fmt.Errorf("what %s would be then cannot be told", c.dotted())
	case !reflect.DeepEqual(want, got):
		return fmt.Errorf("%s would not become %s, or something else would change with it", c.dotted(), shown(c.value))
	case c.op == "set" && value.State != doc.Set && value.Kind != doc.List:
		return fmt.Errorf("%s would still not be written", c.dotted())
	}
	return same(old, now, c.key)
}

// defaults adds to want what TLJH fills in once a section is a mapping that was none.
func defaults(want any, old, now *doc.Node, key []string) {
	for _, k := range key {
		m, _ := want.(map[string]any)
		if m == nil || now == nil || now.Kind != doc.Map {
			return
		}
		if old == nil || old.Kind != doc.Map {
			for _, other := range now.Keys {
				if c := now.Child[other]; other != k && c.State == doc.Default {
					m[other] = plain(c.Plain())
				}
			}
		}
		want, old, now = m[k], old.Get(k), now.Get(k)
	}
}

func shown(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	text, _ := scalar(v)
	return text
}

// sure says whether the value at key, and all that it stands in, is known.
func sure(d *hub.Document, key []string) bool {
	n := d.Root.Get("config")
	for _, k := range key {
		if n = n.Get(k); n == nil || n.State == doc.Unknown {
			return false
		}
	}
	for _, item := range n.List() {
		if item.State == doc.Unknown {
			return false
		}
	}
	return true
}

// fixedParts are the parts of the document that no change of a setting touches.
var fixedParts = []string{"hub", "tljh", "infra", "environment", "attestations"}

// same says whether all but the setting at key is known as it was, and nothing that works would stop working.
func same(old, now *hub.Document, key []string) error {
	if tooLong(now) && !tooLong(old) {
		return fmt.Errorf("the machine's user data would be longer than %d bytes, which Amazon does not take", maxUserData)
	}
	a, b := withoutUserData(old.Plain()), withoutUserData(now.Plain())
	for _, part := range fixedParts {
		if !reflect.DeepEqual(a[part], b[part]) {
			return fmt.Errorf("%s of the hub would change too", part)
		}
	}
	if len(a["secrets"].([]any)) != len(b["secrets"].([]any)) {
		return errors.New("other secrets would be found then")
	}
	was, is := states(old), states(now)
	below := "/" + strings.Join(key, "/")
	for pointer, s := range was {
		if key != nil && (strings.HasPrefix(pointer+"/", below+"/") || strings.HasPrefix(below, pointer+"/")) {
			continue
		}
		if is[pointer] != s {
			return fmt.Errorf("how %s is known would change too", pointer)
		}
	}
	for _, stage := range []string{"merge", "hub", "proxy", "spawn"} {
		before, _ := old.Root.Get("stages", stage, "status").Str()
		after, _ := now.Root.Get("stages", stage, "status").Str()
		if before != after && after != "ok" {
			why, _ := now.Root.Get("stages", stage, "why").Str()
			return fmt.Errorf("TLJH would stumble then (%s: %s)", stage, why)
		}
	}
	if p := newProblem(problems(old), problems(now)); p != "" {
		return errors.New(p)
	}
	return nil
}

// withoutUserData is a document without what identifies the text that machines run at their first boot.
func withoutUserData(document map[string]any) map[string]any {
	infra, _ := document["infra"].(map[string]any)
	instances, _ := infra["instances"].([]any)
	for _, i := range instances {
		if machine, ok := i.(map[string]any); ok {
			delete(machine, "userdata")
		}
	}
	return document
}

// maxUserData is how long Amazon's user data may be.
const maxUserData = 16384

func tooLong(d *hub.Document) bool {
	for _, i := range d.Root.Get("infra", "instances").List() {
		provider, _ := i.Get("provider").Str()
		if size, _ := i.Get("userdata", "size").Int(); size > maxUserData && provider == "aws" {
			return true
		}
	}
	return false
}

// states is how each setting is known.
func states(d *hub.Document) map[string]doc.State {
	out := map[string]doc.State{}
	d.Root.Get("config").Facts("", func(pointer string, f doc.Fact) {
		if out[pointer] = f.State; f.State == doc.Unset || f.State == "" {
			delete(out, pointer)
		}
	})
	return out
}

func problems(d *hub.Document) (out []step.Problem) {
	for _, n := range d.Root.Get("problems").List() {
		msg, _ := n.Get("message").Str()
		out = append(out, step.Problem{Msg: msg})
	}
	return out
}

var number = lazyregexp.New(`\d+`)

// newProblem is a problem that was not there before; numbers may be those of lines.
func newProblem(before, after []step.Problem) string {
	known := map[string]int{}
	for _, p := range before {
		known[number.ReplaceAllString(p.Msg, "0")]++
	}
	for _, p := range after {
		key := number.ReplaceAllString(p.Msg, "0")
		if known[key]--; known[key] < 0 {
			return p.Msg
		}
	}
	return ""
}

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
