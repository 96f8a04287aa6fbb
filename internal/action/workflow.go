package action

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// call is one step of a workflow that uses the action.
type call struct {
	file, job string
	with      map[string]string // as written; expressions are not evaluated
}

// calls finds the steps of a workflow that use the action, by the name of its repository ("owner/name", any case) or, for
// "", by a path in the checkout. A workflow that cannot be read has none: it cannot have run either.
func calls(file, text, action string) []call {
	var w struct {
		Jobs map[string]struct {
			Uses  string
			With  map[string]yaml.Node
			Steps []struct {
				Uses string
				With map[string]yaml.Node
			}
		}
	}
	if yaml.Unmarshal([]byte(text), &w) != nil {
		return nil
	}
	var out []call
	for job, j := range w.Jobs {
		for _, s := range j.Steps {
			if !uses(s.Uses, action) {
				continue
			}
			c := call{file, job, map[string]string{}}
			for name, v := range s.With {
				if v.Kind == yaml.ScalarNode {
					c.with[strings.ToLower(name)] = strings.TrimSpace(v.Value)
				}
			}
			out = append(out, c)
		}
	}
	return out
}

// uses says whether the "uses" of a step names the action, at whatever version.
func uses(s, action string) bool {
	if action == "" {
		return strings.HasPrefix(s, "./")
	}
	name, _, _ := strings.Cut(s, "@")
	return strings.EqualFold(name, action) || strings.HasPrefix(strings.ToLower(name), strings.ToLower(action)+"/")
}

// fixedExpression matches an expression whose value a pull request cannot choose.
var fixedExpression = lazyregexp.New(`^(?:[^$]|\$[^{])*(?:\$\{\{\s*(?:vars|secrets)\.[A-Za-z0-9_]+\s*\}\}(?:[^$]|\$[^{])*)+$`)

// settle decides the value of an input that the pull request may have changed by editing a workflow. was are the values in
// the base's workflows, now is the value in force; same says that the pull request left the text of the input as it was.
// The result is now where the base would have used it too, else the base's, the strictest where there are several.
func settle(name, now string, was []call, same bool) string {
	strictest := ""
	for i, c := range was {
		v := c.with[name]
		if strings.Contains(v, "${{") {
			if same && fixedExpression.MatchString(v) {
				return now
			}
			v = unknownInput[name]
		}
		if equalInput(name, v, now) {
			return now
		}
		if i == 0 || stricter(name, v, strictest) {
			strictest = v
		}
	}
	return strictest
}

// unknownInput is what an input is taken for where the base's value cannot be known: the strict side.
var unknownInput = map[string]string{"strict": "true", "fail-on": "info"}

// inputDefaults are what an input left out means.
var inputDefaults = map[string]string{"path": ".", "base": "base", "strict": "false"}

func equalInput(name, a, b string) bool {
	return strings.EqualFold(or(a, inputDefaults[name]), or(b, inputDefaults[name]))
}

// stricter says whether value a of an input lets less through than b.
func stricter(name, a, b string) bool {
	rank := map[string]int{}
	switch name {
	case "fail-on":
		rank = map[string]int{"info": 4, "warning": 3, "error": 2, "": 1} // "" leaves it to the settings, which are the base's
	case "strict":
		rank = map[string]int{"true": 1}
	case "base":
		rank = map[string]int{"": 1, "base": 1}
	}
	return rank[strings.ToLower(a)] > rank[strings.ToLower(b)]
}

// baseInputs returns the inputs that count, given the workflows of the base and of the head: get with those that the pull
// request changed for itself put back. changed lists their names.
func baseInputs(get func(string) string, base, head []call, file, job string) (func(string) string, []string) {
	was := narrow(base, file, job)
	if len(was) == 0 {
		return get, nil // nothing gates the base; there is nothing to weaken
	}
	is := narrow(head, file, job)
	fixed := map[string]string{}
	var changed []string
	for _, name := range gateInputs {
		now := get(name)
		if v := settle(name, now, was, sameText(name, was, is)); !equalInput(name, v, now) {
			fixed[name] = v
			changed = append(changed, name)
		}
	}
	return func(name string) string {
		if v, ok := fixed[name]; ok {
			return v
		}
		return get(name)
	}, changed
}

// narrow are the calls of this job of this workflow, if there are any; else those of the workflow; else all.
func narrow(all []call, file, job string) []call {
	var inFile, inJob []call
	for _, c := range all {
		if c.file == file {
			inFile = append(inFile, c)
			if c.job == job {
				inJob = append(inJob, c)
			}
		}
	}
	switch {
	case len(inJob) > 0:
		return inJob
	case len(inFile) > 0:
		return inFile
	}
	return all
}

func sameText(name string, was, is []call) bool {
	if len(was) != len(is) {
		return false
	}
	for i := range was {
		if was[i].with[name] != is[i].with[name] {
			return false
		}
	}
	return true
}
