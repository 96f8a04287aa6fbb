package puppet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// other is a resource whose type is not known.
func (c *call) other() {
	words, what := c.x.title.String(), c.x.kind
	if what == missingKind {
		what, _, _ = strings.Cut(words, " ")
	}
	if c.x.kind != missingKind {
		given := ""
		for _, k := range sortedKeys(c.x.attrs) {
			given += " " + k + " " + c.r.deep(c.x.attrs[k], 0)
		}
		words = c.x.kind + " " + words + given
		if len(c.r.res.Gaps) < 200 && !slices.Contains(seen, module(c.x.kind)) && !slices.ContainsFunc(c.r.res.Gaps, func(g Gap) bool { return g.Name == c.x.kind }) {
			c.r.res.Gaps = append(c.r.res.Gaps, Gap{c.x.kind, c.x.at.Span()})
			c.r.problem(c.x.at.Span(), "what resources of the type %s do is not read", span.Show(c.x.kind))
		}
	}
	if mentionsHub(words) {
		c.emit(opaqueStep(c.x.at, fmt.Sprintf("what it does is not in the repository: %s", brief(words))))
		return
	}
	c.run(missingCommand, span.Literal(what, c.x.title), span.Literal(words, c.x.title))
}

// missingCommand is Argv[0] of a step that stands for a class or a type of resources that is not in the repository.
const missingCommand = "(puppet)"

// Missing says whether a step stands for a class or a type that is not in the repository: its name, with all that it is given. minor: it
// sees to nothing that anybody asks about, unless what it is given says so.
func Missing(s *step.Step) (name, words string, minor, ok bool) {
	if len(s.Argv) < 3 || s.Argv[0].String() != missingCommand {
		return "", "", false, false
	}
	name, words = s.Argv[1].String(), s.Argv[2].String()
	return name, words, slices.Contains(seen, module(name)), true
}

// seen are types that are not read, and do nothing that anybody asks about.
var seen = []string{"augeas", "sysctl", "mount", "concat", "ini_setting", "swap_file", "host", "mysql_user", "mysql_database", "alternatives", "locale", "timezone"}
