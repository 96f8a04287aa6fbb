package pysnippet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

const maxDepth = 50

// expression is the value of an expression: exact for literals and known variables, unknown for all else.
func (r *reader) expression(ts []token) *doc.Node {
	r.environment(ts)
	p := &parser{r: r, ts: ts}
	n := p.sum(0)
	if n == nil || p.i != len(ts) {
		return r.opaque(ts)
	}
	return n
}

// opaque is the value of code that is not read.
func (r *reader) opaque(ts []token) *doc.Node {
	at := r.at(ts)
	if len(ts) > 0 && (ts[0].text == "lambda" || len(ts) == 1 && ts[0].kind == name) {
		return doc.UnknownOf("it is code, which is not read", at)
	}
	if name := variable(ts); name != "" {
		n := doc.Of(span.Unknown("environment variable "+name+" is not in the repository"), doc.Unknown, at)
		return n.Because("it comes from the environment variable " + name + " of the hub's service")
	}
	if len(ts) > 0 && ts[0].kind == str && len(ts) == 1 || len(ts) > 1 && ts[0].kind == str && (ts[1].text == "%" || ts[1].text == "+") {
		return doc.Of(span.Unknown("it is put together by code"), doc.Unknown, at).Because("it is put together by code, which is not read")
	}
	return doc.UnknownOf("it is worked out by code, which is not read", at)
}

// variable is the name in os.environ["NAME"], os.environ.get("NAME", "text") or os.getenv("NAME", "text"): values that are text
// if they are anything.
func variable(ts []token) string {
	var b strings.Builder
	name, strs := "", 0
	for _, t := range ts {
		if t.kind == str {
			if strs == 0 {
				name = t.value
			}
			strs++
			b.WriteString("S")
			continue
		}
		b.WriteString(t.text)
	}
	switch b.String() {
	case `os.environ[S]`, `os.environ.get(S,S)`, `os.getenv(S,S)`, `environ[S]`, `getenv(S,S)`, `environ.get(S,S)`:
		return name
	}
	return ""
}

// environment notes each os.environ["X"], which raises when the hub's service has no such variable.
func (r *reader) environment(ts []token) {
	for i := 0; i+3 < len(ts); i++ {
		if ts[i].text == "environ" && ts[i+1].text == "[" && ts[i+2].kind == str && ts[i+3].text == "]" {
			r.may(r.text.SpanOf(ts[i].start, ts[i+3].end), "it needs the environment variable "+ts[i+2].value+" in the hub's service, and stops the hub without it")
		}
	}
}
