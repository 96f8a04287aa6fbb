package action

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// call is one step of a workflow that uses the action, or a job that calls a workflow which does.
type call struct {
	file, job string
	with      map[string]string   // as written; expressions are not evaluated
	matrix    map[string][]string // the job's, as far as it is written out
}

// usage is what a step or a job uses, and with what.
type usage struct {
	Uses string
	With map[string]yaml.Node
}

// calls finds the steps of a workflow or of a composite action that use the action, by the name of its repository
// ("owner/name", any case) or, for "", by a path in the checkout or an image. A file that cannot be read has none: it
// cannot have run either. A workflow of another repository is taken to hand its inputs on under the same names.
func calls(file, text, action string) []call {
	var w struct {
		Jobs map[string]struct {
			usage    `yaml:",inline"`
			Steps    []usage
			Strategy struct{ Matrix yaml.Node }
		}
		Runs struct{ Steps []usage }
	}
	if yaml.Unmarshal([]byte(text), &w) != nil {
		return nil
	}
	var out, perhaps []call
	for job, j := range w.Jobs {
		matrix := lists(j.Strategy.Matrix)
		for _, s := range j.Steps {
			if s.calls(action) {
				out = append(out, call{file, job, s.with(), matrix})
			}
		}
		if c := (call{file, job, j.with(), matrix}); j.Uses != "" && uses(j.Uses, action) {
			out = append(out, c)
		} else if j.Uses != "" && !strings.HasPrefix(j.Uses, "./") && slices.ContainsFunc(gateInputs, func(n string) bool { _, ok := c.with[n]; return ok }) {
			perhaps = append(perhaps, c)
		}
	}
	for _, s := range w.Runs.Steps {
		if s.calls(action) {
			out = append(out, call{file: file, with: s.with()})
		}
	}
	if len(out) == 0 {
		return perhaps
	}
	return out
}

// with are the inputs that are written as one value.
func (u usage) with() map[string]string {
	out := map[string]string{}
	for name, v := range u.With {
		if v.Kind == yaml.ScalarNode {
			out[strings.ToLower(name)] = strings.TrimSpace(v.Value)
		}
	}
	return out
}

// calls says whether a step uses the action; its image is told by the command.
func (u usage) calls(action string) bool {
	if strings.HasPrefix(u.Uses, "docker://") {
		command, _, _ := strings.Cut(u.with()["args"], " ")
		return action == "" && command == "action"
	}
	return uses(u.Uses, action)
}

// lists are the values of a matrix that are written out.
func lists(matrix yaml.Node) map[string][]string {
	out := map[string][]string{}
	var keys map[string]yaml.Node
	if matrix.Decode(&keys) != nil {
		return out
	}
	for name, v := range keys {
		var list []string
		if v.Kind == yaml.SequenceNode && v.Decode(&list) == nil {
			out[name] = list
		}
	}
	return out
}

// uses says whether the "uses" of a step or a job names the action or something in its repository, at whatever version.
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
			if same && fixedExpression.MatchString(v) || name == "path" && slices.Contains(c.values(v), now) {
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

// fromMatrix matches an expression that is one value of a matrix.
var fromMatrix = lazyregexp.New(`^\$\{\{\s*matrix\.([A-Za-z0-9_-]+)\s*\}\}$`)

// values are what an expression can stand for in a job whose matrix says so.
func (c call) values(expression string) []string {
	if m := fromMatrix.FindStringSubmatch(expression); m != nil {
		return c.matrix[m[1]]
	}
	return nil
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
