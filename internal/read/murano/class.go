package murano

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

var (
	resource = lazyregexp.New(`resources\.yaml\(\s*["']?([\w.-]+)`)
	branches = lazyregexp.New(`^\s*-?\s*(If|Match|While|Else|Default|Catch):\s*(.*)$`)
	once     = lazyregexp.New(`^not\s.*\bdeployed\b`) // the guard that every class has: what is below is done, once
)

// call is a template of commands that a class has run on the machine; cond is why that may not happen.
type call struct {
	template string
	cond     *step.Cond
}

// calls are the templates that a class has run, as they stand there. Its language is YAML with expressions, of which the lines
// and how far they are indented tell enough.
func calls(src *span.Source) []call {
	var out []call
	type branch struct {
		indent int
		cond   *step.Cond
	}
	var open []branch
	within := func() *step.Cond {
		if len(open) == 0 {
			return nil
		}
		return open[len(open)-1].cond
	}
	offset := 0
	for line := range strings.Lines(src.Text) {
		at := offset
		offset += len(line)
		text := strings.TrimRight(line, "\r\n")
		bare := strings.TrimLeft(text, " ")
		if bare == "" || bare[0] == '#' {
			continue
		}
		indent := len(text) - len(bare)
		for len(open) > 0 && indent <= open[len(open)-1].indent {
			open = open[:len(open)-1]
		}
		if m := branches.FindStringSubmatch(text); m != nil {
			cond := within()
			if m[1] != "If" || !once.MatchString(m[2]) {
				cond = &step.Cond{Why: fmt.Sprintf("it is done if %q, which is chosen when the Murano package is deployed", strings.TrimLeft(bare, "- ")), At: src.Span(at+indent, at+len(text))}
			}
			open = append(open, branch{indent, cond})
			continue
		}
		if m := resource.FindStringSubmatch(text); m != nil && len(out) < maxScripts {
			out = append(out, call{m[1], within()})
		}
	}
	return out
}
