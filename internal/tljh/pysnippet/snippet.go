// Package pysnippet reads the files of jupyterhub_config.d as far as that is possible without running them: plain
// statements that set traits to literals. Everything else that could reach the configuration is reported as unknown, so
// that nobody takes a half-read file for a read one (reference/tljh.md §12).
package pysnippet

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Verb is what an action does to a trait.
type Verb uint8

// The verbs. Unknown with an empty Trait means every trait of Class; with an empty Class, everything.
const (
	Assign  Verb = iota // c.Class.trait = Value
	Append              // .append, .extend, .insert, .prepend, .add, .update: Value is the list of what is added, or a mapping
	Unknown             // the trait may be changed, Why says by what
)

// Action is one effect of a snippet, in the order of the file.
type Action struct {
	Verb         Verb
	Class, Trait string
	Value        *doc.Node
	Why          string
	At           span.Span
}

// Issue is a statement that raises an exception, or may.
type Issue struct {
	Why string
	At  span.Span
}

// Class is a class that the file defines.
type Class struct {
	Name  string
	Bases []string // dotted names where they can be told
	Plain bool     // its body adds nothing
	At    span.Span
}

// Result is what was understood of a snippet.
type Result struct {
	Actions []Action
	Classes []Class
	Raises  *Issue  // it certainly raises, which stops the hub; nothing after it happens
	May     []Issue // it raises if the machine is not as it expects
}

// Read reads a snippet. It never fails: text that is no Python makes everything unknown.
func Read(text span.Text) *Result {
	r := &reader{text: text, aliases: map[string]bool{"c": true}, vars: map[string]*doc.Node{}, refs: map[string]string{}, set: map[string]doc.Kind{}, res: &Result{}}
	ts, err := tokenize(text.String())
	if err != nil {
		r.everything(token{end: text.Len()}, "the file could not be read as Python: "+err.Error())
		return r.res
	}
	for _, st := range statements(ts) {
		r.statement(st)
		if r.res.Raises != nil {
			break
		}
	}
	return r.res
}

// statements groups tokens: a simple statement each, or a compound one with all its indented lines and clauses.
func statements(ts []token) [][]token {
	var out [][]token
	for i := 0; i < len(ts); {
		j := i
		if compound(ts[i]) {
			j = blockEnd(ts, i)
		} else {
			depth := 0
			for j < len(ts) && ts[j].kind != newline && !(depth == 0 && ts[j].text == ";" && ts[j].kind == op) {
				if ts[j].kind == op {
					switch ts[j].text {
					case "(", "[", "{":
						depth++
					case ")", "]", "}":
						depth--
					}
				}
				j++
			}
		}
		if j > i {
			out = append(out, ts[i:j])
		}
		i = j
		for i < len(ts) && (ts[i].kind == newline || ts[i].kind == op && (ts[i].text == ";" || ts[i].text == "\uFEFF")) {
			i++
		}
	}
	return out
}

var compounds = map[string]bool{"if": true, "for": true, "while": true, "with": true, "try": true, "def": true, "class": true, "async": true, "@": true, "match": true}
var clauses = map[string]bool{"elif": true, "else": true, "except": true, "finally": true}

func compound(t token) bool {
	return compounds[t.text] && (t.kind == name || t.text == "@")
}

// blockEnd is the index after a compound statement: its first line, what is indented below it, and its other clauses;
// decorators and what they decorate are one.
func blockEnd(ts []token, i int) int {
	decorated := ts[i].text == "@"
	for j := i + 1; j < len(ts); j++ {
		t := ts[j]
		if !t.first || t.indent > 0 || t.kind == name && clauses[t.text] {
			continue
		}
		if decorated {
			decorated = t.text == "@" // the line that it decorates starts here, and its block follows
			continue
		}
		return j
	}
	return len(ts)
}
