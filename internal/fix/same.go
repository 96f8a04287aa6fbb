package fix

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

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
