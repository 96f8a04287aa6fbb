package ansible

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// shell is a text that a shell runs.
func (c *call) shell() {
	text, ok := c.text("cmd", "_raw_params")
	if !ok {
		text = c.rendered()
	}
	if exe := c.str("executable"); exe != "" && !strings.Contains(exe, "sh") {
		c.r.opaqueIfHub(text, "a program in another language is run by "+span.Show(exe))
		return
	}
	c.sh(text, []span.Text{})
}

// guarded looks at creates and removes: whether what they name is there on a new machine. false: the command does not run.
func (c *call) guarded() bool {
	r := c.r
	there := func(p string) bool {
		_, written := r.written[p]
		return written || r.installed && ofTLJH(p)
	}
	if p := c.str("creates"); p != "" {
		if there(p) {
			r.doubt("it runs only where "+span.Show(p)+" is not there yet", c.at)
		}
	}
	if p := c.str("removes"); p != "" {
		if !there(p) && ofTLJH(p) {
			return false
		}
		if !there(p) {
			r.doubt("it runs only where "+span.Show(p)+" is there", c.at)
		}
	}
	return true
}

// sh has package shell read a script, with what Ansible sets in its environment.
func (c *call) sh(text span.Text, args []span.Text) {
	r := c.r
	if !c.guarded() {
		return
	}
	if whole(text.String()) {
		r.opaque(c.key, "a command that is not known: "+span.Reason(text.String()))
		return
	}
	vars := map[string]span.Text{}
	for _, a := range r.env {
		vars[a.Name] = a.Value
	}
	cwd := "~"
	if d := c.str("chdir"); d != "" {
		cwd = d
	}
	if !r.spend(10 + text.Len()/16) {
		r.opaque(c.key, "the playbook does more than can be followed")
		return
	}
	var stdin *span.Text
	if in, ok := c.text("stdin"); ok {
		stdin = &in
	}
	res := shell.Read(text, shell.Options{Stdin: stdin, Files: r.files, Vars: vars, Args: args, Written: r.written, Cwd: cwd})
	for _, p := range res.Problems {
		if len(r.book.Problems) < 100 {
			r.book.Problems = append(r.book.Problems, p)
		}
	}
	for _, f := range res.Uses {
		r.lib.use(f)
	}
	for _, s := range res.Steps {
		if s.At.IsZero() {
			s.At = c.at
		}
		r.emit(s)
	}
}

// whole says whether s is one unknown value and nothing else.
func whole(s string) bool { return span.IsUnknown(s) && strings.TrimSpace(span.Show(s)) == "…" }

// command is a program with its arguments, which no shell looks at.
func (c *call) command() {
	var words []span.Text
	if c.has("argv") {
		words = c.texts("argv")
	} else {
		text, ok := c.text("cmd", "command")
		if !ok {
			text = c.rendered()
		}
		words = split(text)
	}
	if len(words) == 0 {
		return
	}
	var script []span.Text
	for i, w := range words {
		if i > 0 {
			script = append(script, span.Plain(" "))
		}
		script = append(script, quoted(w)...)
	}
	if whole(words[0].String()) && len(words) == 1 {
		c.r.opaque(c.key, "a command that is not known: "+span.Reason(words[0].String()))
		return
	}
	c.sh(span.Concat(script...), []span.Text{})
}

// split makes words of a command line as Python's shlex does.
func split(t span.Text) []span.Text {
	var out []span.Text
	for _, w := range splitWords(t) {
		out = append(out, unquoted(w))
	}
	return out
}

// unquoted takes quotes and backslashes out of a word.
func unquoted(w span.Text) span.Text {
	s := w.String()
	if !strings.ContainsAny(s, `'"\`) {
		return w
	}
	var parts []span.Text
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\'' || c == '"':
			end := i + 1
			for end < len(s) && s[end] != c {
				if s[end] == '\\' && c == '"' && end+1 < len(s) {
					end++
				}
				end++
			}
			end = min(end, len(s))
			inner := w.Slice(i+1, max(i+1, end))
			if c == '"' && strings.Contains(inner.String(), `\`) {
				inner = span.Literal(strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(inner.String()), inner)
			}
			parts = append(parts, inner)
			i = end + 1
		case c == '\\' && i+1 < len(s):
			parts = append(parts, w.Slice(i+1, i+2))
			i += 2
		default:
			j := i
			for j < len(s) && strings.IndexByte(`'"\`, s[j]) < 0 {
				j++
			}
			if j == i {
				j++
			}
			parts = append(parts, w.Slice(i, j))
			i = j
		}
	}
	if len(parts) == 0 {
		return w.Slice(0, 0)
	}
	return span.Concat(parts...)
}

// quoted is a word in single quotes, its text keeping its place.
func quoted(t span.Text) []span.Text {
	s := t.String()
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:=+@%,") == "" && (!strings.Contains(s, "=") || strings.HasPrefix(s, "-")) {
		return []span.Text{t}
	}
	out := []span.Text{span.Plain("'")}
	from := 0
	for k := 0; k < len(s); k++ {
		if s[k] == '\'' {
			out = append(out, t.Slice(from, k), span.Literal(`'\''`, t.Slice(k, k+1)))
			from = k + 1
		}
	}
	return append(out, t.Slice(from, len(s)), span.Plain("'"))
}

// script is a file of the repository that is run on the host.
func (c *call) script() {
	r := c.r
	text, ok := c.text("cmd")
	if !ok {
		text = c.rendered()
	}
	words := split(text)
	if len(words) == 0 {
		return
	}
	name := words[0].String()
	f := ""
	if !span.IsUnknown(name) {
		f = r.locate(name, "files")
	}
	if f == "" {
		r.gap(span.Show(name), words[0].Span())
		r.opaque(words[0], "a script is run that is not in the repository: "+span.Show(name))
		return
	}
	src, err := r.files.Open(f)
	if err != nil {
		r.opaque(words[0], err.Error())
		return
	}
	r.lib.use(f)
	first, _, _ := strings.Cut(src.Text, "\n")
	if exe := c.str("executable"); strings.HasPrefix(first, "#!") && !strings.Contains(first, "sh") || exe != "" && !strings.Contains(exe, "sh") {
		r.opaqueIfHub(src.Whole(), "a program in another language is run: "+f)
		return
	}
	c.sh(src.Whole(), words[1:])
}

// inContainer is docker exec.
func (c *call) inContainer() {
	if words := c.texts("argv"); len(words) > 0 {
		c.r.emit(step.Step{Argv: words, Dir: "~", At: c.at})
		return
	}
	c.command()
}
