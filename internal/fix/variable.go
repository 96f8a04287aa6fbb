package fix

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// fallback is the value that a variable has unless somebody gives it another.
var fallback = lazyregexp.New(`^\$\{[A-Za-z_0-9]+:?[-=]([^${}"'\\]+)\}$`)

// opens is what stands before such a value.
var opens = lazyregexp.New(`\$\{[A-Za-z_0-9]+:?[-=]["']?$`)

var reference = lazyregexp.New(`^\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})$`)

// variable changes the assignment of the variable that raw expands to old by, if it serves nothing else.
func (w *writer) variable(raw, old, value string) bool {
	m := reference.FindStringSubmatch(raw)
	if m == nil {
		return false
	}
	name := m[1] + m[2]
	assignment := regexp.MustCompile(`(?m)^[ \t]*(?:(?:export|readonly|local|declare(?: -[a-z]+)?)[ \t]+)?` + name + `=("[^"\n]*"|'[^'\n]*'|[^\s"';&|#]*)[ \t]*(?:;|#.*|\r)?$`)
	use := regexp.MustCompile(`\b` + name + `\b`)
	uses := 0
	var file string
	var at []int
	for _, f := range w.hub.Sources {
		text, ok := w.from.text(f)
		if !ok {
			continue
		}
		uses += len(use.FindAllStringIndex(text, -1))
		for _, found := range assignment.FindAllStringSubmatchIndex(text, -1) {
			file, at = f, found
		}
	}
	text, _ := w.from.text(file)
	if at == nil || uses != 2 || strings.Trim(text[at[2]:at[3]], `"'`) != old {
		return false
	}
	next, ok := value, word.MatchString(value)
	if q := text[at[2]]; q == '"' || q == '\'' {
		next, ok = quotedAs(value, q)
	}
	if ok {
		w.splice(file, at[2], at[3], next)
	}
	return ok
}

// declaration is the beginning of a line of Terraform that gives something its value.
var (
	declaration = lazyregexp.New(`^\s*([A-Za-z_]\w*)\s*=\s*"?$`)
	variableOf  = lazyregexp.New(`(?m)^\s*variable\s+"?(\w+)"?\s*\{`)
)

// declaredFor says whether the value at byte i is that of a Terraform variable that one place uses.
func (w *writer) declaredFor(text string, i int) bool {
	m := declaration.FindStringSubmatch(text[lineStart(text, i):i])
	if m == nil {
		return false
	}
	name := m[1]
	if name == "default" {
		all := variableOf.FindAllStringSubmatch(text[:i], -1)
		if len(all) == 0 {
			return false
		}
		name = all[len(all)-1][1]
	}
	use, uses := regexp.MustCompile(`\b(?:var|local)\.`+name+`\b`), 0
	for _, f := range w.hub.Sources {
		text, _ := w.from.text(f)
		uses += len(use.FindAllStringIndex(text, -1))
	}
	return uses == 1
}
