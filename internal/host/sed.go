package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/sed"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// sed edits files in place: what was written or copied before, and copies of the checkout before they are put in place.
// perl's expressions are read as far as their right sides tell something of a file of the system.
func (i *interp) sed(s *step.Step, name string, args []string) {
	inPlace := false
	var expr []string
	for n, a := range args {
		if strings.HasPrefix(a, "-i") || strings.HasPrefix(a, "--in-place") || strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.Contains(a, "i") {
			inPlace = true
		}
		if n > 0 && strings.HasPrefix(args[n-1], "-e") || strings.ContainsAny(a, "/|#,") && !strings.HasPrefix(a, "/etc") && !strings.HasPrefix(a, "/opt") {
			expr = append(expr, a)
		}
	}
	if !inPlace {
		return
	}
	cmd, follow := sed.Parse(s.Argv[1:])
	follow = follow && name == "sed"
	for n, a := range args {
		if strings.HasPrefix(a, "-") {
			continue
		}
		p := where(s, a)
		switch t := classify(p); {
		case t.kind != elsewhere && t.kind != dead:
			if !follow || maybe(s) != "" || !i.substitute(cmd, t) {
				i.opaque(s, "sed changes TLJH's configuration here in ways that cannot be followed")
			}
		case strings.HasPrefix(p, "/etc/ssh/sshd_config"):
			i.sshd(s, p, span.Literal(replacements(expr), s.Argv[n+1]), false)
		case strings.HasPrefix(p, "/etc/apt/apt.conf"):
			i.sedApt(s, cmd, follow, p, span.Literal(replacements(expr), s.Argv[n+1]))
		default:
			old, repo, ok := i.open(s, a)
			if !ok {
				continue
			}
			text := old
			done := follow && maybe(s) == ""
			if done {
				text, done = cmd.Apply(old)
			}
			if !done {
				text = span.Literal(span.Unknown("the content of a file that sed changes"), old)
			}
			if repo != "" {
				i.edited[repo] = text
			} else {
				i.fs[p] = text
			}
		}
	}
}

// sedApt is sed on the settings of automatic updates: of a file that was written before, or by what its right sides say.
func (i *interp) sedApt(s *step.Step, cmd sed.Command, follow bool, file string, right span.Text) {
	if old, ok := i.fs[file]; ok && follow && maybe(s) == "" {
		if text, ok := cmd.Apply(old); ok {
			i.fs[file] = text
			i.aptConf(s, file, text, true)
			return
		}
	}
	if !aptSetting.MatchString(strings.TrimSpace(right.String())) {
		i.guest.patching.changed(s, file)
	}
	i.aptConf(s, file, right, false)
}

// substitute changes what earlier operations wrote to a file of TLJH's configuration, each where it was written. A
// placeholder stays the same word when tljh-config writes config.yaml anew, so it may be filled in afterwards; a pattern
// that means the layout of the file may not.
func (i *interp) substitute(c sed.Command, t target) bool {
	words, plain := c.Words()
	changed := map[int]tljh.Op{}
	first := 0
	for n, o := range i.m.Ops {
		if t.kind == theConfig && o.Kind == tljh.OpConfigFile && !o.Append && o.Maybe == "" {
			first = n // it is written anew: what was in it before does not matter
		}
	}
	for n, o := range i.m.Ops {
		if n < first {
			continue
		}
		texts := []*span.Text{}
		switch {
		case o.Kind == tljh.OpOpaque, o.Kind == tljh.OpPlugin && t.kind == theConfig:
			return false
		case o.Kind == tljh.OpConfigFile && t.kind == theConfig,
			(o.Kind == tljh.OpSnippet && t.kind == snippet || o.Kind == tljh.OpTraefik && t.kind == traefik || o.Kind == tljh.OpStart && t.kind == start) && o.Name == t.name:
			texts = append(texts, &o.Content)
		case t.kind == theConfig && o.Kind <= tljh.OpRemoveItem:
			if !plain || names(o.Path.String(), words) {
				return false
			}
			texts = append(texts, &o.Value)
		case t.kind == theConfig && o.Kind == tljh.OpInstall:
			for _, a := range o.Args {
				if !plain || names(a.String(), words) {
					return false
				}
			}
		}
		for _, text := range texts {
			next, ok := c.Apply(*text)
			if !ok {
				return false
			}
			*text = next
		}
		if len(texts) > 0 {
			changed[n] = o
		}
	}
	if t.kind == vague || len(changed) == 0 {
		return false
	}
	for n, o := range changed {
		i.m.Ops[n] = o
	}
	return true
}

// names says whether s holds one of the words.
func names(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// replacements are the right sides of s/…/…/ expressions, one a line.
func replacements(expr []string) string {
	var out []string
	for _, e := range expr {
		for _, part := range strings.FieldsFunc(e, func(r rune) bool { return r == ';' || r == '\n' }) {
			part = strings.TrimSpace(part)
			k := strings.Index(part, "s")
			if k < 0 || k+1 >= len(part) {
				continue
			}
			if fields := strings.Split(part[k+1:], part[k+1:k+2]); len(fields) >= 4 {
				out = append(out, fields[2])
			}
		}
	}
	return strings.Join(out, "\n")
}
