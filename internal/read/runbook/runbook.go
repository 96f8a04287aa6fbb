// Package runbook reads the commands of a Markdown runbook: fenced blocks of shell, in the order in which they stand. That
// somebody types them is a promise, no proof; whoever has runbooks read says so in the settings.
// Source: the CommonMark specification, "Fenced code blocks".
package runbook

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// maxBlocks bounds the fenced blocks of one file.
const maxBlocks = 500

// Result is what a runbook has people do.
type Result struct {
	Steps    []step.Step
	Uses     []string
	Problems []step.Problem
}

var (
	fence       = lazyregexp.New("^( *(?:[-*+>]|[0-9]+[.)])? *)(```+|~~~+)[ \t]*([^`\\s]*)[^`]*$")
	placeholder = lazyregexp.New(`<[A-Za-z][A-Za-z0-9 _.-]*>`)
	prompt      = lazyregexp.New(`^\s*(?:\([^)]*\)\s*)?(?:[\w.-]+@[\w.-]+[^$#\n]{0,40})?[$#] `)
)

// Read reads a runbook. It never fails: what cannot be read is a Problem, and an unreadable step where it speaks of TLJH.
func Read(files step.Files, src *span.Source) Result {
	var res Result
	written := map[string]span.Text{}
	for _, b := range blocks(src) {
		r := shell.Read(b, shell.Options{Files: files, Dir: dirOf(src.File), Args: []span.Text{}, Written: written})
		for k, v := range r.Written {
			written[k] = v
		}
		res.Steps = append(res.Steps, r.Steps...)
		res.Uses = append(res.Uses, r.Uses...)
		res.Problems = append(res.Problems, r.Problems[:min(len(r.Problems), max(0, 100-len(res.Problems)))]...)
	}
	return res
}

func dirOf(file string) string {
	if d := path.Dir(file); d != "." {
		return d
	}
	return ""
}

// blocks are the commands of the fenced blocks of shell.
func blocks(src *span.Source) []span.Text {
	s := src.Text
	var out []span.Text
	for pos := 0; pos < len(s) && len(out) < maxBlocks; {
		end := lineEnd(s, pos)
		m := fence.FindStringSubmatch(strings.TrimRight(s[pos:end], "\r"))
		pos = end + 1
		if m == nil {
			continue
		}
		var lines []span.Text
		for pos < len(s) {
			end = lineEnd(s, pos)
			line := strings.TrimSpace(s[pos:end])
			if strings.HasPrefix(line, m[2]) && strings.Trim(line, m[2][:1]) == "" {
				pos = end + 1
				break
			}
			lead := 0 // the indentation of a list's item is not the commands'
			for lead < len(m[1]) && pos+lead < end && s[pos+lead] == ' ' {
				lead++
			}
			lines = append(lines, src.Slice(pos+lead, min(end+1, len(s))))
			pos = end + 1
		}
		switch strings.ToLower(strings.Trim(m[3], "{}.")) {
		case "bash", "sh", "shell", "zsh":
			out = append(out, commands(lines, false))
		case "console", "shell-session", "shellsession", "terminal", "sh-session":
			out = append(out, commands(lines, true))
		}
	}
	return out
}

func lineEnd(s string, from int) int {
	if k := strings.IndexByte(s[min(from, len(s)):], '\n'); k >= 0 {
		return from + k
	}
	return len(s)
}

// commands joins the lines of a block, prompts taken off; of a session only the lines with a prompt are commands, and those that
// a backslash continues.
func commands(lines []span.Text, session bool) span.Text {
	var parts []span.Text
	more := false
	for _, l := range lines {
		s := l.String()
		m := prompt.FindStringIndex(s)
		root := m != nil && strings.HasSuffix(s[:m[1]], "# ") && !session // a comment
		switch {
		case m != nil && !root && !more:
			l = l.Slice(m[1], len(s))
		case session && !more:
			continue
		}
		more = strings.HasSuffix(strings.TrimRight(s, " \r\n"), "\\")
		parts = append(parts, filled(l))
	}
	return span.Concat(parts...)
}

// filled makes placeholders such as <your-domain> unknown: the shell would take them for redirections.
func filled(l span.Text) span.Text {
	s := l.String()
	var parts []span.Text
	last := 0
	for _, m := range placeholder.FindAllStringIndex(s, 50) {
		parts = append(parts, l.Slice(last, m[0]), span.Literal(span.Unknown("the runbook leaves it to the reader: "+s[m[0]:m[1]]), l.Slice(m[0], m[1])))
		last = m[1]
	}
	return span.Concat(append(parts, l.Slice(last, len(s)))...)
}
