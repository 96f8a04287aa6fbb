package python

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
)

// quote is the text of code for a message, on one line and not too long.
func (e *evaluator) quote(n syntax.Node) string {
	from, to := n.Range()
	var b strings.Builder
	last := from
	for i := firstToken(e.tokens, from); i < len(e.tokens) && e.tokens[i].Start < to; i++ {
		if t := e.tokens[i]; t.Kind == syntax.String && !harmlessText(t.Text) { // it may be a secret
			b.WriteString(e.src[last:t.Start] + "'…'")
			last = t.End
		}
	}
	return quoted(b.String() + e.src[last:to])
}

// harmlessText says whether the text of a string may stand in a message: a path, or the name of a variable.
func harmlessText(s string) bool {
	s = strings.Trim(s, `rRuU"'`)
	return len(s) < 60 && (strings.Contains(s, "/") && !strings.Contains(s, "@") || s == strings.ToUpper(s) && !strings.ContainsAny(s, "0123456789 !$%&"))
}
