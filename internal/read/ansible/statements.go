package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// block renders the tags [from, to).
func (r *renderer) block(from, to int) []span.Text {
	var out []span.Text
	r.depth++
	defer func() { r.depth-- }()
	for i := from; i < to; i++ {
		g := r.tags[i]
		if !r.ev.spend(1) || r.depth > 30 {
			return append(out, r.hole(g, g, "the template does more than can be followed"))
		}
		switch g.kind {
		case 't':
			out = append(out, r.t.Slice(g.from, g.to))
			r.ev.spend((g.to - g.from) / 64)
		case '{':
			out = append(out, r.ev.asText(r.ev.expression(r.t, g.in, g.out), r.t.Slice(g.from, g.to)))
		case '%':
			texts, next := r.statement(i, to)
			out = append(out, texts...)
			i = next
		}
	}
	return out
}

// hole stands for a part that cannot be known, from one tag to another: on lines of its own where it takes up whole lines.
func (r *renderer) hole(g, end tag, why string) span.Text {
	token := span.Unknown(why)
	line := r.s[strings.LastIndexByte(r.s[:g.from], '\n')+1 : g.from]
	if strings.TrimSpace(line) == "" && (end.to >= len(r.s) || r.s[end.to] == '\n' || r.s[end.to] == '\r') {
		token += "\n"
	}
	return span.Literal(token, r.t.Slice(g.from, max(g.to, end.to)))
}

// statement renders the statement at tag i; next is the last tag it takes up.
func (r *renderer) statement(i, to int) (out []span.Text, next int) {
	g := r.tags[i]
	switch g.word {
	case "if":
		return r.conditional(i, to)
	case "for":
		return r.loop(i, to)
	case "set":
		return r.set(i, to)
	case "endif", "endfor", "else", "elif", "endset", "endraw", "do":
		return nil, i
	case "filter", "macro", "call", "block", "with", "autoescape":
		end := r.end(i, to, g.word)
		return []span.Text{r.hole(g, r.tags[end], "{% "+g.word+" %} is not worked out")}, end
	}
	return []span.Text{r.hole(g, g, "{% "+show(r.t.Slice(g.in, g.out))+" %} is not worked out")}, i
}

// end is the tag that ends the statement at i, the last one there is if nothing does.
func (r *renderer) end(i, to int, word string) int {
	depth := 0
	for k := i + 1; k < to; k++ {
		switch r.tags[k].word {
		case word:
			depth++
		case "end" + word:
			if depth == 0 {
				return k
			}
			depth--
		}
	}
	return max(i, to-1)
}

// arms are the tags at which the parts of an if begin: if, elif, else.
func (r *renderer) arms(i, end int) []int {
	out := []int{i}
	depth := 0
	for k := i + 1; k < end; k++ {
		switch w := r.tags[k].word; {
		case w == "if" || w == "for":
			depth++
		case w == "endif" || w == "endfor":
			depth--
		case depth == 0 && (w == "elif" || w == "else"):
			out = append(out, k)
		}
	}
	return out
}

func (r *renderer) conditional(i, to int) ([]span.Text, int) {
	end := r.end(i, to, "if")
	stop := end
	if r.tags[end].word != "endif" {
		stop = to
	}
	arms := append(r.arms(i, end), stop)
	for k := 0; k+1 < len(arms); k++ {
		g := r.tags[arms[k]]
		yes, known := true, true
		var v value
		if g.word != "else" {
			v = r.condition(g)
			yes, known = v.truth()
		}
		switch {
		case !known:
			return []span.Text{r.hole(g, r.tags[end], "{% "+show(r.t.Slice(g.in, g.out))+" %}: "+openWhy(v))}, end
		case yes:
			return r.block(arms[k]+1, arms[k+1]), end
		}
	}
	return nil, end
}

// condition is the value of what follows the first word of a statement.
func (r *renderer) condition(g tag) value {
	at := g.in + strings.Index(r.s[g.in:], g.word) + len(g.word)
	return r.ev.expression(r.t, at, max(at, g.out))
}

func (r *renderer) loop(i, to int) ([]span.Text, int) {
	g := r.tags[i]
	end := r.end(i, to, "for")
	head := r.t.Slice(g.in, g.out)
	words := strings.Fields(head.String())
	k := strings.Index(head.String(), " in ")
	if k < 0 || len(words) < 4 {
		return []span.Text{r.hole(g, r.tags[end], "{% "+show(head)+" %} is not worked out")}, end
	}
	names := strings.FieldsFunc(strings.TrimPrefix(strings.TrimSpace(head.String()[:k]), "for"), func(c rune) bool { return c == ',' || c == ' ' || c == '(' || c == ')' })
	stop := g.out
	filter := strings.Index(head.String()[k+4:], " if ")
	if filter >= 0 || strings.HasSuffix(strings.TrimSpace(head.String()), " recursive") {
		return []span.Text{r.hole(g, r.tags[end], "{% "+show(head)+" %} is not worked out")}, end
	}
	over := r.ev.expression(r.t, g.in+k+4, stop)
	items, ok := sequence(over)
	if !ok || len(names) == 0 {
		return []span.Text{r.hole(g, r.tags[end], "{% "+show(head)+" %}: "+openWhy(over))}, end
	}
	body := end
	if r.tags[end].word != "endfor" {
		body = to
	}
	other := body
	for _, a := range r.arms(i, end)[1:] {
		other = min(other, a)
	}
	if len(items) == 0 {
		return r.block(min(other+1, body), body), end
	}
	var out []span.Text
	for n, it := range items[:min(len(items), maxItems)] {
		vars := map[string]value{}
		it = r.ev.ready(it)
		if len(names) == 1 {
			vars[names[0]] = it
		}
		for j, name := range names {
			if len(names) > 1 {
				vars[name] = r.ev.attribute(it, numValue(float64(j), it.text), head)
			}
		}
		vars["loop"] = loopVar(n, len(items), head)
		r.ev.push(byLoop, vars)
		out = append(out, r.block(i+1, other)...)
		r.ev.pop()
		if !r.ev.spend(1) {
			break
		}
	}
	return out, end
}

func loopVar(n, size int, at span.Text) value {
	v := dictValue(at)
	v.put("index", numValue(float64(n+1), at))
	v.put("index0", numValue(float64(n), at))
	v.put("first", boolValue(n == 0, at))
	v.put("last", boolValue(n == size-1, at))
	v.put("length", numValue(float64(size), at))
	return v
}

// sequence is what a loop goes over: the items of a list, the keys of a dict.
func sequence(v value) ([]value, bool) {
	switch v.kind {
	case list:
		return v.items, true
	case dict:
		if v.rest != "" {
			return nil, false
		}
		var out []value
		for _, k := range v.keys {
			out = append(out, strValue(k, v.text))
		}
		return out, true
	}
	return nil, false
}

// set is {% set name = expression %}; its variable holds until the template's end.
func (r *renderer) set(i, to int) ([]span.Text, int) {
	g := r.tags[i]
	name, _, ok := strings.Cut(r.s[g.in:g.out], "=")
	name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "set"))
	if !ok || strings.ContainsAny(name, " ,.") || name == "" {
		end := i
		if !ok {
			end = r.end(i, to, "set")
		}
		return []span.Text{r.hole(g, r.tags[end], "{% "+show(r.t.Slice(g.in, g.out))+" %} is not worked out")}, end
	}
	v := r.ev.expression(r.t, g.in+strings.Index(r.s[g.in:], "=")+1, g.out)
	vars := map[string]value{}
	for k, old := range r.ev.layers[len(r.ev.layers)-1].vars {
		vars[k] = old
	}
	vars[name] = v
	top := &r.ev.layers[len(r.ev.layers)-1]
	top.vars = vars
	return nil, i
}
