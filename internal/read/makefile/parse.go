package makefile

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// variable is what a name stands for; its references are looked up when it is used, unless it was given with ":=".
type variable struct {
	text     span.Text
	exported bool
}

var (
	assignment = lazyregexp.New(`^\s*((?:export|override|private)\s+)*([^\s:#=+?!]+)\s*(:::?=|::?=|\+=|\?=|!=|=)[ \t]*`)
	steering   = lazyregexp.New(`^\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b`)
	including  = lazyregexp.New(`^\s*(?:-include|sinclude|include)\s+`)
	defining   = lazyregexp.New(`^\s*(?:export\s+|override\s+)*define\s+([^\s=:?+]+)`)
)

// parse reads the lines of a Makefile or of a file that it includes.
func (m *Makefile) parse(t span.Text, nested int) {
	s := t.String()
	var rule []*Target
	var conds []*step.Cond
	cond := func() *step.Cond {
		if len(conds) == 0 {
			return nil
		}
		return conds[len(conds)-1]
	}
	for from := 0; from < len(s); {
		if m.lines++; m.lines > maxLines {
			m.problem(t.PosOf(from), "the Makefile has too many lines; the rest is not read")
			return
		}
		end := logical(s, from)
		text := t.Slice(from, end)
		at := from
		from = end + 1
		raw := text.String()
		if raw != "" && raw[0] == m.prefix && rule != nil {
			for _, r := range rule {
				r.Recipe = append(r.Recipe, line{text.Slice(1, len(raw)), cond()})
			}
			continue
		}
		bare := strings.TrimSpace(raw)
		switch {
		case bare == "" || bare[0] == '#':
			continue
		case steering.MatchString(raw):
			switch word := steering.FindStringSubmatch(raw)[1]; word {
			case "endif":
				conds = conds[:max(0, len(conds)-1)]
			case "else":
			default:
				conds = append(conds, &step.Cond{Why: "it depends on " + span.Show(bare) + " in the Makefile", At: text.Span()})
				if len(conds) > 50 {
					m.problem(t.PosOf(at), "conditions are nested too deeply; the rest is not read")
					return
				}
			}
			continue
		case defining.MatchString(raw):
			name := defining.FindStringSubmatch(raw)[1]
			body := end + 1
			for from < len(s) && !strings.HasPrefix(strings.TrimSpace(s[from:lineEnd(s, from)]), "endef") {
				from = lineEnd(s, from) + 1
			}
			m.vars[name] = variable{text: t.Slice(min(body, len(s)), max(min(body, len(s)), min(from, len(s))-1))}
			from = min(lineEnd(s, min(from, len(s)))+1, len(s))
			continue
		case including.MatchString(raw):
			m.include(text, nested)
			continue
		}
		rule = m.statement(text, cond(), rule)
	}
}

// statement is an assignment or the head of a rule. It returns the targets that recipe lines now belong to.
func (m *Makefile) statement(text span.Text, cond *step.Cond, rule []*Target) []*Target {
	raw := text.String()
	if a := assignment.FindStringSubmatchIndex(raw); a != nil {
		m.assign(m.vars, text, a, cond)
		return rule
	}
	colon := head(raw)
	if colon < 0 {
		if word, rest, _ := strings.Cut(strings.TrimSpace(raw), " "); word == "export" || word == "unexport" || word == "vpath" || word == "undefine" || word == "override" {
			m.export(word, rest)
			return nil
		}
		if strings.HasPrefix(strings.TrimSpace(raw), "$(") {
			return nil // $(eval …), $(info …)
		}
		m.problem(text.Slice(0, 0).Span(), "this is neither a rule nor a variable (recipes begin with a tab); make stops here")
		if mentionsHub(raw) {
			t := &Target{Name: "(unreadable)", At: text.Span()}
			t.Recipe = nil
			m.add(t)
			t.cond = &step.Cond{Why: "the Makefile is not valid here", At: text.Span()}
			t.Recipe = append(t.Recipe, line{text: text})
		}
		return nil
	}
	after := raw[colon:]
	skip := colon + len(after) - len(strings.TrimLeft(after, ":&"))
	names := strings.Fields(m.expand(text.Slice(0, colon), nil).String())
	rest := text.Slice(skip, len(raw))
	var own []*Target
	special := len(names) > 0 && strings.HasPrefix(names[0], ".") && strings.ToUpper(names[0]) == names[0]
	for _, n := range names {
		if n == ".ONESHELL" {
			m.oneShell = true
		}
		if special || strings.Contains(n, "%") || len(m.Targets) >= maxTargets {
			continue
		}
		t := m.byName[n]
		if t == nil {
			t = &Target{Name: n, At: text.Slice(0, colon).Span(), cond: cond}
			m.add(t)
		}
		own = append(own, t)
	}
	if a := assignment.FindStringSubmatchIndex(rest.String()); a != nil {
		for _, t := range own {
			if t.vars == nil {
				t.vars = map[string]variable{}
			}
			m.assign(t.vars, rest, a, cond)
		}
		return nil
	}
	needs, recipe := rest, span.Text{}
	if k := strings.IndexByte(rest.String(), ';'); k >= 0 {
		needs, recipe = rest.Slice(0, k), rest.Slice(k+1, rest.Len())
	}
	words := strings.Fields(strings.ReplaceAll(comment(m.expand(needs, nil).String()), "|", " "))
	for _, t := range own {
		t.Needs = append(t.Needs, words[:min(len(words), 1000)]...)
		if recipe.Len() > 0 {
			t.Recipe = append(t.Recipe, line{recipe, cond})
		}
	}
	if own == nil {
		own = []*Target{} // the recipe of a rule that is not followed
	}
	return own
}

func (m *Makefile) add(t *Target) {
	m.byName[t.Name] = t
	m.Targets = append(m.Targets, t)
}

// head is the offset of the colon that ends the targets of a rule, -1 when there is none.
func head(s string) int {
	depth := 0
	for k := 0; k < len(s); k++ {
		switch s[k] {
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		case '#':
			return -1
		case ':':
			if depth <= 0 {
				return k
			}
		}
	}
	return -1
}

func comment(s string) string {
	if k := strings.IndexByte(s, '#'); k >= 0 {
		return s[:k]
	}
	return s
}

// assign takes an assignment, matched by the regular expression of that name.
func (m *Makefile) assign(vars map[string]variable, text span.Text, a []int, cond *step.Cond) {
	raw := text.String()
	name, op := raw[a[4]:a[5]], raw[a[6]:a[7]]
	end := len(raw)
	if k := strings.Index(raw[a[1]:], "#"); k == 0 || k > 0 && raw[a[1]+k-1] == ' ' {
		end = a[1] + len(strings.TrimRight(raw[a[1]:a[1]+k], " \t"))
	}
	value := text.Slice(a[1], max(a[1], end))
	v := variable{text: value, exported: strings.Contains(raw[:a[4]], "export")}
	old, had := vars[name]
	v.exported = v.exported || old.exported
	switch {
	case cond != nil:
		v.text = span.Literal(span.Unknown("variable "+name+": "+cond.Why), value)
	case op == "!=":
		v.text = span.Literal(span.Unknown("variable "+name+" is the output of a command"), value)
	case op == "?=" && had:
		v.text = old.text
	case op == "+=" && had:
		v.text = span.Concat(old.text, span.Plain(" "), value)
	case op == ":=" || op == "::=" || op == ":::=":
		v.text = escape(m.expand(value, nil))
	}
	if v.text.Len() > maxValue {
		v.text = span.Literal(span.Unknown("variable "+name+" is too long"), value)
	}
	if name == ".RECIPEPREFIX" && value.Len() > 0 {
		m.prefix = value.String()[0]
	}
	vars[name] = v
}

func (m *Makefile) export(word, names string) {
	if word != "export" {
		return
	}
	for _, n := range strings.Fields(names) {
		v := m.vars[n]
		v.exported = true
		m.vars[n] = v
	}
}

// include reads other files of the checkout in place.
func (m *Makefile) include(text span.Text, nested int) {
	raw := text.String()
	skip := including.FindStringIndex(raw)[1]
	optional := strings.Contains(raw[:skip], "-") || strings.Contains(raw[:skip], "s")
	for _, f := range strings.Fields(comment(m.expand(text.Slice(skip, len(raw)), nil).String())) {
		p := path.Join(m.dir, f)
		if span.IsUnknown(f) || nested >= maxIncluded || m.uses[p] || !m.files.Exists(p) {
			if !optional && !m.uses[p] {
				m.problem(text.Span(), "the file %s is included here, but it is not in the repository; what it sets is not known", span.Show(f))
			}
			continue
		}
		if src, err := m.files.Open(p); err == nil {
			m.uses[p] = true
			m.parse(src.Whole(), nested+1)
		}
	}
}

// logical is the end of the line at from, lines that end with a backslash joined.
func logical(s string, from int) int {
	for {
		end := lineEnd(s, from)
		if end == 0 || end >= len(s) || s[end-1] != '\\' {
			return end
		}
		from = end + 1
	}
}

func lineEnd(s string, from int) int {
	if from >= len(s) {
		return len(s)
	}
	if k := strings.IndexByte(s[from:], '\n'); k >= 0 {
		return from + k
	}
	return len(s)
}
