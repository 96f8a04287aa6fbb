package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// output is a file that a command's standard output goes to.
type output struct {
	dest   span.Text
	append bool
	end    syntax.Pos
}

// redirects evaluates a statement's redirections: its input, nil when it has none of its own, and its output files.
func (r *run) redirects(st *syntax.Stmt) (in *span.Text, outs []output) {
	for _, rd := range st.Redirs {
		switch rd.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			t := r.heredoc(rd)
			in = &t
		case syntax.WordHdoc:
			t := span.Concat(r.single(rd.Word), span.Plain("\n"))
			in = &t
		case syntax.RdrIn:
			t := r.inputFile(rd.Word)
			in = &t
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			if rd.N != nil && rd.N.Value != "1" {
				continue
			}
			dest := r.single(rd.Word)
			if dest.Len() == 0 || strings.HasPrefix(dest.String(), "/dev/") || strings.HasPrefix(dest.String(), ">(") {
				continue
			}
			outs = append(outs, output{dest, rd.Op == syntax.AppOut || rd.Op == syntax.AppAll, rd.Word.End()})
		}
	}
	return in, outs
}

func (r *run) inputFile(w *syntax.Word) span.Text {
	if len(w.Parts) == 1 {
		if p, ok := w.Parts[0].(*syntax.ProcSubst); ok {
			if t, ok := r.outputOfAll(p.Stmts); ok {
				return t
			}
			return span.Literal(span.Unknown("output of a command"), r.node(w))
		}
	}
	name := r.single(w)
	if name.String() == "/dev/null" {
		return span.Literal("", name)
	}
	if t, _, ok := r.find(name.String()); ok {
		return t
	}
	return span.Literal(span.Unknown("the content of the file "+span.Show(name.String())+", which is not in the repository"), name)
}

// heredoc is the body of a here-document, expanded unless its delimiter is quoted.
func (r *run) heredoc(rd *syntax.Redirect) span.Text {
	if rd.Hdoc == nil || len(rd.Hdoc.Parts) == 0 {
		return span.Literal("", r.node(rd.Word))
	}
	delim, quoted := delimiter(rd.Word)
	tabs := rd.Op == syntax.DashHdoc
	if quoted {
		return stripTabs(unCR(cutDelimiter(r.node(rd.Hdoc), delim)), tabs, true)
	}
	var parts []span.Text
	fresh := true
	for i, p := range rd.Hdoc.Parts {
		if !r.spend(1) {
			break
		}
		lit, ok := p.(*syntax.Lit)
		if !ok {
			parts = append(parts, join(r.pieces([]syntax.WordPart{p}, true, true), r.node(p)))
			fresh = false
			continue
		}
		t := r.node(lit)
		if i == len(rd.Hdoc.Parts)-1 {
			t = cutDelimiter(t, delim)
		}
		ends := strings.HasSuffix(t.String(), "\n")
		parts = append(parts, r.literal(stripTabs(unCR(t), tabs, fresh), true))
		fresh = ends
	}
	return span.Concat(parts...)
}

// delimiter is a here-document's end word, and whether it is quoted.
func delimiter(w *syntax.Word) (delim string, quoted bool) {
	var b strings.Builder
	for _, p := range w.Parts {
		switch p := p.(type) {
		case *syntax.Lit:
			quoted = quoted || strings.Contains(p.Value, `\`)
			b.WriteString(strings.ReplaceAll(p.Value, `\`, ""))
		case *syntax.SglQuoted:
			quoted = true
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			quoted = true
			for _, q := range p.Parts {
				if l, ok := q.(*syntax.Lit); ok {
					b.WriteString(l.Value)
				}
			}
		}
	}
	return b.String(), quoted
}

// cutDelimiter removes the line of the end word, which the parser's positions include.
func cutDelimiter(t span.Text, delim string) span.Text {
	s := t.String()
	nl := strings.LastIndexByte(s, '\n')
	if strings.TrimRight(strings.TrimLeft(s[nl+1:], "\t"), "\r") == delim {
		return t.Slice(0, nl+1)
	}
	return t
}

// stripTabs removes the leading tabs of <<-. fresh: t starts at the beginning of a line.
func stripTabs(t span.Text, tabs, fresh bool) span.Text {
	s := t.String()
	if !tabs || !strings.Contains(s, "\t") {
		return t
	}
	var parts []span.Text
	for from := 0; from < len(s); {
		if len(parts) > maxExactTabs { // positions get coarse, not wrong
			rest := t.Slice(from, len(s))
			return span.Concat(append(parts, span.Literal(strings.ReplaceAll(rest.String(), "\n\t", "\n"), rest))...)
		}
		end := strings.IndexByte(s[from:], '\n') + from + 1
		if end == from {
			end = len(s)
		}
		start := from
		for fresh && start < end && s[start] == '\t' {
			start++
		}
		parts = append(parts, t.Slice(start, end))
		from, fresh = end, true
	}
	return span.Concat(parts...)
}

// writes emits the files that a command's output goes to. producer is the command when its output is not known.
func (r *run) writes(outs []output, content span.Text, producer *command, st *syntax.Stmt) {
	for _, o := range outs {
		s := step.Step{Dest: o.dest, Content: content, Append: o.append, Upstream: r.upstream}
		if producer != nil {
			s.Argv, s.Env = producer.argv, r.environment(*producer)
		}
		start := r.slice(st.Pos(), o.end)
		if len(st.Redirs) > 0 && st.Cmd != nil {
			if _, simple := st.Cmd.(*syntax.CallExpr); !simple {
				start = r.slice(st.Redirs[0].Pos(), o.end)
			}
		}
		s.At = start.Span()
		r.emit(s)
	}
}

// tee writes its input to files.
func (r *run) tee(cmd command, in *span.Text) {
	content := span.Literal(span.Unknown("the input of tee"), cmd.at)
	if in != nil {
		content = *in
	}
	add := false
	for _, a := range cmd.argv[1:] {
		switch s := a.String(); {
		case s == "-a" || s == "--append" || s == "-ai" || s == "-ia":
			add = true
		case strings.HasPrefix(s, "-") || strings.HasPrefix(s, "/dev/") || s == "" || strings.HasPrefix(s, ">("):
		default:
			r.emit(step.Step{Dest: a, Content: content, Append: add, Upstream: r.upstream, At: cmd.at.Span()})
		}
	}
}
