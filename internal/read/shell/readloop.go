package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// readable says whether c is `while read NAME…` over text that is known: its lines and the names.
func (r *run) readable(c *syntax.WhileClause) (lines, names []string, ok bool) {
	if c.Until || len(c.Cond) != 1 || r.stdin == nil || span.IsUnknown(r.stdin.String()) {
		return nil, nil, false
	}
	st := c.Cond[0]
	if b, is := st.Cmd.(*syntax.BinaryCmd); is && b.Op == syntax.OrStmt {
		st = b.X // read x || [ -n "$x" ]: for a last line without end
	}
	call, is := st.Cmd.(*syntax.CallExpr)
	if !is || len(call.Args) == 0 || call.Args[0].Lit() != "read" {
		return nil, nil, false
	}
	names = append(names, " \t\n")
	for _, a := range call.Assigns {
		if a.Name != nil && a.Name.Value == "IFS" {
			names[0] = r.single(a.Value).String()
		}
	}
	for _, w := range call.Args[1:] {
		switch lit := w.Lit(); {
		case lit == "-r":
		case isName(lit):
			names = append(names, lit)
		default:
			return nil, nil, false
		}
	}
	if len(names) == 1 {
		names = append(names, "REPLY")
	}
	lines = strings.Split(strings.TrimSuffix(r.stdin.String(), "\n"), "\n")
	if r.stdin.Len() == 0 {
		lines = nil
	}
	return lines, names, len(lines) <= maxLoop
}

// readInto splits line into the variables names[1:] at the characters of names[0], as read does.
func (r *run) readInto(names []string, line string) {
	ifs := names[0]
	line = strings.TrimSuffix(line, "\r")
	blank := strings.ContainsAny(ifs, " \t")
	for i, name := range names[1:] {
		if blank {
			line = strings.Trim(line, " \t")
		}
		cut := strings.IndexAny(line, ifs)
		if i == len(names)-2 || cut < 0 || ifs == "" {
			r.set(name, value{s: line})
			line = ""
			continue
		}
		r.set(name, value{s: line[:cut]})
		line = line[cut+1:]
	}
}
