package assemble

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const configDir = "/opt/tljh/config/"

// readConfigs makes a unit of each committed config.yaml and of what lies beside it: it is as if the files were
// copied to where TLJH reads them.
func (l *loader) readConfigs(configs []repo.Config) {
	for _, c := range configs {
		if l.used[c.Path] {
			continue
		}
		car := step.Carrier{File: c.Path, Format: "config-yaml"}
		closed := false // a file that cannot be opened may say anything
		put := func(file, dest string) {
			if l.used[file] {
				return
			}
			src := l.open(file)
			if src == nil {
				closed = true
				return
			}
			text := src.Whole()
			if c.Template && !(c.Tree && strings.HasSuffix(file, ".yaml")) { // TLJH itself expands nothing
				text = maskTemplate(text)
			}
			s := step.Step{Dest: span.Plain(dest), Content: text, At: src.Span(0, 0)}
			if car.At.IsZero() {
				car.At = s.At
			}
			car.Steps = append(car.Steps, s)
			if file != c.Path {
				car.Uses = append(car.Uses, file)
			}
		}
		put(c.Path, configDir+"config.yaml")
		for _, f := range c.Snippets {
			put(f, configDir+"jupyterhub_config.d/"+path.Base(f))
		}
		for _, f := range c.Traefik {
			put(f, configDir+"traefik_config.d/"+path.Base(f))
		}
		if len(car.Steps) == 0 && !closed {
			continue
		}
		if car.At.IsZero() {
			car.At = span.Span{File: c.Path}
		}
		u := l.newUnit(c.Path, car)
		u.dir = c.Base
		u.whole = true
		u.opaque = u.opaque || closed
		u.at = car.At
		l.add(u)
	}
}

var (
	templateExpr  = lazyregexp.New(`\$\{[^{}\n]{0,200}\}|\{\{[^{}\n]{0,200}\}\}`)
	templateBlock = lazyregexp.New(`(?m)^[ \t]*(\{%.{0,500}?%\}|%\{.{0,500}?\})[ \t]*$`)
)

// filledName is a name that something fills in before a script is used, whatever the script's file is called: {{ domain }}.
// What Docker and other programs of Go's templates write begins with a dot.
var filledName = lazyregexp.New(`\{\{-?[ \t]*[A-Za-z_][\w.]*[ \t]*(?:\|[^{}\n]{0,200})?-?\}\}`)

// maskNames replaces the names in a script that something else fills in by unknown values.
func maskNames(t span.Text) span.Text {
	s := t.String()
	if !strings.Contains(s, "{{") {
		return t
	}
	var parts []span.Text
	last := 0
	for _, m := range filledName.FindAllStringIndex(s, -1) {
		parts = append(parts, t.Slice(last, m[0]), span.Literal(span.Unknown("it is filled in before the script is used: "+s[m[0]:m[1]]), t.Slice(m[0], m[1])))
		last = m[1]
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

// maskTemplate replaces the expressions of a template that something else renders (Jinja's {{ x }}, Terraform's ${x})
// by unknown values. Lines that steer the rendering are left out: what they guard may then be there or not, so
// everything from the first such line on is marked by the caller's parse as it stands.
func maskTemplate(t span.Text) span.Text {
	s := t.String()
	var parts []span.Text
	last := 0
	cut := func(from, to int, with string) {
		parts = append(parts, t.Slice(last, from))
		if with != "" {
			parts = append(parts, span.Literal(with, t.Slice(from, to)))
		}
		last = to
	}
	blocks := templateBlock.FindAllStringIndex(s, -1)
	for _, m := range templateExpr.FindAllStringIndex(s, -1) {
		if inAny(m[0], blocks) || m[0] < last {
			continue
		}
		cut(m[0], m[1], span.Unknown("it is filled in when the template is rendered: "+strings.TrimSpace(s[m[0]:m[1]])))
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

func inAny(i int, ranges [][]int) bool {
	for _, r := range ranges {
		if i >= r[0] && i < r[1] {
			return true
		}
	}
	return false
}
