package workflow

import (
	"fmt"
	"maps"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// scope is what expressions can name at some place.
type scope struct {
	env    map[string]span.Text
	inputs map[string]span.Text
	matrix map[string]span.Text
	dir    string // default working directory
	shell  string // default shell
}

// with adds an env mapping.
func (r *reader) with(sc scope, n *yaml.Node) scope {
	if n == nil || n.Kind != yaml.MappingNode {
		if n != nil && n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
			r.problem(r.d.At(n), "env must be a mapping of names to values; what it holds is not known")
		}
		return sc
	}
	out := sc
	out.env = maps.Clone(sc.env)
	if out.env == nil {
		out.env = map[string]span.Text{}
	}
	for k := 0; k+1 < len(n.Content); k += 2 {
		if v := yamltext.Resolve(n.Content[k+1]); v.Kind == yaml.ScalarNode {
			out.env[n.Content[k].Value] = r.render(r.d.Scalar(v), sc)
		}
	}
	return out
}

// defaults takes defaults.run of a workflow or job.
func (r *reader) defaults(sc scope, n *yaml.Node) scope {
	run := field(field(n, "defaults"), "run")
	if d := field(run, "working-directory"); d != nil && d.Kind == yaml.ScalarNode {
		sc.dir = r.render(r.d.Scalar(d), sc).String()
	}
	if s := field(run, "shell"); s != nil && s.Kind == yaml.ScalarNode {
		sc.shell = s.Value
	}
	return sc
}

// strategy takes the values of a matrix that has one value for a name; of several, none is known.
func (r *reader) strategy(sc scope, job *yaml.Node) scope {
	m := field(field(job, "strategy"), "matrix")
	if m == nil || m.Kind != yaml.MappingNode {
		return sc
	}
	sc.matrix = map[string]span.Text{}
	for k := 0; k+1 < len(m.Content); k += 2 {
		name, v := m.Content[k].Value, yamltext.Resolve(m.Content[k+1])
		switch {
		case name == "include" || name == "exclude" || v.Kind != yaml.SequenceNode:
		case len(v.Content) == 1 && yamltext.Resolve(v.Content[0]).Kind == yaml.ScalarNode && field(m, "include") == nil:
			sc.matrix[name] = r.render(r.d.Scalar(yamltext.Resolve(v.Content[0])), sc)
		default:
			sc.matrix[name] = span.Literal(span.Unknown(fmt.Sprintf("the job runs once for each %q of its matrix", name)), r.d.Scalar(m.Content[k]))
		}
	}
	return sc
}

var (
	expression = lazyregexp.New(`\$\{\{(.*?)\}\}`)
	context    = lazyregexp.New(`^([A-Za-z_]+)\.([A-Za-z_][\w-]*)$`)
	literal    = lazyregexp.New(`^'((?:[^']|'')*)'$`)
)

// render replaces expressions by their values.
func (r *reader) render(t span.Text, sc scope) span.Text {
	s := t.String()
	if !strings.Contains(s, "${{") {
		return t
	}
	var parts []span.Text
	last := 0
	for _, m := range expression.FindAllStringSubmatchIndex(s, 1000) {
		at := t.Slice(m[0], m[1])
		parts = append(parts, t.Slice(last, m[0]), span.Literal(sc.value(strings.TrimSpace(s[m[2]:m[3]])), at))
		last = m[1]
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

// value is an expression's value, as text; an unknown token where the repository does not tell.
func (sc scope) value(e string) string {
	if m := literal.FindStringSubmatch(e); m != nil {
		return strings.ReplaceAll(m[1], "''", "'")
	}
	m := context.FindStringSubmatch(e)
	if m == nil {
		return span.Unknown("it is worked out when the workflow runs: " + brief(e))
	}
	name := m[2]
	var from map[string]span.Text
	switch m[1] {
	case "env":
		from = sc.env
	case "inputs":
		from = sc.inputs
	case "matrix":
		from = sc.matrix
	case "secrets":
		return span.Unknown(fmt.Sprintf("the secret %q is kept by GitHub", name))
	case "vars":
		return span.Unknown(fmt.Sprintf("the variable %q is kept by GitHub", name))
	case "github":
		if name == "workspace" {
			return workspace
		}
	}
	if v, ok := from[name]; ok {
		return v.String()
	}
	return span.Unknown("it is known when the workflow runs: " + brief(e))
}

// workspace is the checkout's directory, as the shell finds it in its environment.
const workspace = "${GITHUB_WORKSPACE}"

func brief(e string) string {
	if len(e) > 60 {
		e = strings.ToValidUTF8(e[:60], "") + "…"
	}
	return span.Show(e)
}

var certain = lazyregexp.New(`^(?:(?:always|success)\(\)|!\s*cancelled\(\)|true|github\.ref(?:_name)?\s*==\s*'(?:refs/heads/)?(?:main|master)'|github\.repository(?:_owner)?\s*==\s*'[^']*')$`)
var byEvent = lazyregexp.New(`^github\.event_name\s*==\s*'(\w+)'$`)

// holds judges an "if": "yes", "no" or "" with no answer. A test for the default branch, for this repository or for an event
// that starts the workflow holds: what is judged is what the workflow does once it is there.
func (r *reader) holds(cond string) string {
	e := strings.TrimSpace(cond)
	if m := expression.FindStringSubmatch(e); m != nil && m[0] == e {
		e = strings.TrimSpace(m[1])
	}
	if e == "false" {
		return "no"
	}
	for _, alt := range strings.Split(e, "||") {
		all := true
		for _, part := range strings.Split(alt, "&&") {
			part = strings.TrimSpace(part)
			ok := certain.MatchString(part)
			if m := byEvent.FindStringSubmatch(part); m != nil {
				ok = r.on[m[1]]
			}
			all = all && ok
		}
		if all {
			return "yes"
		}
	}
	return ""
}
