package pysnippet

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// reader walks the statements of one file.
type reader struct {
	text    span.Text
	aliases map[string]bool      // names of the configuration object
	vars    map[string]*doc.Node // top-level variables whose value is known
	refs    map[string]string    // imported names: what they stand for, dotted
	set     map[string]doc.Kind  // traits assigned in this file, Class.trait
	fickle  bool                 // functions may change variables: none is known
	res     *Result
}

// reaching are names by which code can get at the configuration without naming c.
var reaching = map[string]bool{"get_config": true, "load_subconfig": true, "exec": true, "eval": true, "globals": true, "locals": true, "vars": true, "runpy": true, "__import__": true, "compile": true, "setattr": true}

func (r *reader) at(ts []token) span.Span {
	if len(ts) == 0 {
		return r.text.PosOf(0)
	}
	return r.text.SpanOf(ts[0].start, ts[len(ts)-1].end)
}

func (r *reader) everything(t token, why string) {
	r.unknown("", "", r.text.SpanOf(t.start, t.end), why)
}

func (r *reader) unknown(class, trait string, at span.Span, why string) {
	r.res.Actions = append(r.res.Actions, Action{Verb: Unknown, Class: class, Trait: trait, Why: why + " (" + at.String() + ")", At: at})
}

func (r *reader) may(at span.Span, why string) {
	r.res.May = append(r.res.May, Issue{why, at})
}

// statement reads one top-level statement.
func (r *reader) statement(ts []token) {
	first := ts[0]
	switch {
	case hasUnknown(ts):
		r.unknown("", "", r.at(ts), "a part of this statement is filled in from elsewhere")
	case compound(first):
		r.block(ts)
	case first.kind == name && (first.text == "import" || first.text == "from"):
		r.imports(ts)
	case first.kind == name && (first.text == "raise" || first.text == "assert"):
		r.may(r.at(ts), "the file raises an exception on purpose")
	case first.kind == str && len(ts) == 1, first.text == "pass":
	case r.aliases[first.text] && len(ts) > 1 && ts[1].text == ".":
		r.config(ts)
	default:
		r.other(ts)
	}
}

// other is a statement that does not start with the configuration: an assignment to a variable, a call.
func (r *reader) other(ts []token) {
	if len(ts) >= 3 && ts[0].kind == name && ts[1].text == "=" {
		value := ts[2:]
		if len(value) == 3 && value[0].text == "get_config" && value[1].text == "(" {
			r.aliases[ts[0].text] = true
			return
		}
		if r.aliases[ts[0].text] {
			r.unknown("", "", r.at(ts), ts[0].text+" stops being the configuration")
			return
		}
		if !r.mentions(value) {
			delete(r.refs, ts[0].text)
			if n := r.expression(value); !r.fickle {
				r.vars[ts[0].text] = n
			}
			return
		}
	}
	if r.mentions(ts) {
		r.touch(ts, "this statement is not understood")
		return
	}
	r.forget(ts)
	r.environment(ts)
}

// mentions says whether tokens could reach the configuration.
func (r *reader) mentions(ts []token) bool {
	for i, t := range ts {
		if t.kind == name && (i == 0 || ts[i-1].text != ".") && (r.aliases[t.text] || reaching[t.text]) {
			return true
		}
		if t.kind == str && strings.Contains(t.prefix, "f") && strings.Contains(t.value, "{c.") {
			return true
		}
	}
	return false
}

// touch makes unknown what tokens may change: the traits they name, or everything if the configuration itself is passed on.
func (r *reader) touch(ts []token, why string) {
	at := r.at(ts)
	if len(ts) > 0 {
		at = r.text.SpanOf(ts[0].start, firstLine(ts).end)
	}
	type key struct{ class, trait string }
	var keys []key
	seen := map[key]bool{}
	for i, t := range ts {
		if t.kind != name || i > 0 && ts[i-1].text == "." {
			continue
		}
		if reaching[t.text] {
			r.unknown("", "", at, why)
			return
		}
		if !r.aliases[t.text] {
			continue
		}
		if i+4 >= len(ts) || ts[i+1].text != "." || ts[i+3].text != "." || ts[i+4].kind != name || ts[i+2].kind != name || !upper(ts[i+2].text) {
			r.unknown("", "", at, why)
			return
		}
		k := key{ts[i+2].text, ts[i+4].text}
		if len(ts) > i+5 && ts[i+5].text == "(" { // c.Class.update(…) and the like
			k.trait = ""
		}
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		r.unknown(k.class, k.trait, at, why)
	}
}

func firstLine(ts []token) token {
	for i, t := range ts {
		if t.kind == newline && i > 0 {
			return ts[i-1]
		}
	}
	return ts[len(ts)-1]
}

func upper(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

// block is a compound statement: what it touches is unknown, and so are the names it binds.
func (r *reader) block(ts []token) {
	at := r.text.SpanOf(ts[0].start, firstLine(ts).end)
	if ts[0].text == "class" && len(ts) > 1 {
		r.class(ts, at)
	}
	for i, t := range ts {
		if t.kind == name && t.text == "global" {
			r.vars, r.fickle = map[string]*doc.Node{}, true
		}
		if t.kind == name && (t.text == "mem_limit" || t.text == "cpu_limit") && i > 0 && ts[i-1].text == "." {
			// A hook may set the limits of each server as it starts.
			r.unknown("UserCreatingSpawner", t.text, at, "code that runs when a server starts may set "+t.text)
		}
	}
	if r.mentions(ts) {
		r.touch(ts, "whether and how this block changes the configuration is not known")
	}
	switch ts[0].text {
	case "def", "async", "class", "@":
		if len(ts) > 1 {
			delete(r.vars, ts[1].text)
			if ts[0].text != "class" {
				delete(r.refs, ts[1].text)
			}
		}
	default:
		r.forget(ts)
	}
}

// forget drops what was known of each name that the tokens may bind.
func (r *reader) forget(ts []token) {
	for _, t := range ts {
		if t.kind == name {
			delete(r.vars, t.text)
		}
	}
}

// class registers a class that may become the authenticator.
func (r *reader) class(ts []token, at span.Span) {
	c := Class{Name: ts[1].text, At: at, Plain: true}
	i := 2
	if i < len(ts) && ts[i].text == "(" {
		var dotted string
		for i++; i < len(ts) && ts[i].text != ")"; i++ {
			if ts[i].text == "," {
				c.Bases = append(c.Bases, r.dotted(dotted))
				dotted = ""
				continue
			}
			dotted += ts[i].text
		}
		if dotted != "" {
			c.Bases = append(c.Bases, r.dotted(dotted))
		}
		i++
	}
	for ; i < len(ts); i++ {
		if t := ts[i]; t.kind != newline && t.kind != str && t.text != ":" && t.text != "pass" && t.text != "..." {
			c.Plain = false
		}
	}
	r.res.Classes = append(r.res.Classes, c)
	r.refs[c.Name] = c.Name
}

// dotted resolves the first part of a dotted name through the imports.
func (r *reader) dotted(s string) string {
	root, rest, ok := strings.Cut(s, ".")
	if full := r.refs[root]; full != "" {
		root = full
	}
	if !ok {
		return root
	}
	return root + "." + rest
}
