package shell

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// script parses text and walks it. bash runs what stands before a syntax error and then gives up; the parser's idea of
// an error may differ from bash's, so the rest is read too, as "may not run".
func (r *run) script(text span.Text) {
	saved, cond := r.text, r.cond
	defer func() { r.text, r.cond = saved, cond }()
	text = r.unshared(text)
	if why := tooMuch(text.String()); why != "" {
		r.problem(text.Span(), why+"; split it", true)
		r.opaque(text, why)
		return
	}
	for try := 0; text.Len() > 0; try++ {
		r.text = text
		file, err := parse(text.String())
		var at int
		if err != nil {
			at = errorOffset(err, text.Len())
		}
		stop := r.stmts(file.Stmts)
		if err == nil {
			return
		}
		rest, lost := text.Slice(at, text.Len()), 0 // the statement that the error is in is lost from its beginning
		if n := len(file.Stmts); n > 0 {
			lost = int(file.Stmts[n-1].End().Offset())
		}
		broken := text.Slice(min(lost, at), text.Len())
		msg := syntaxError + errorText(err)
		r.problem(text.PosOf(at), msg+"; what follows was read as if it might not run", false)
		if text.Len()-at < 1 || stop || try >= 8 {
			r.opaqueIfHub(broken, msg)
			return
		}
		r.opaqueIfHub(broken, msg)
		nl := strings.IndexByte(rest.String(), '\n')
		if nl < 0 {
			return
		}
		r.cond = &step.Cond{Why: "it comes after a shell syntax error", At: text.PosOf(at)}
		text = rest.Slice(nl+1, rest.Len())
	}
}

const syntaxError = "shell syntax error: "

// IsSyntax says whether a problem is that no shell would read the script, so that commands in it may be lost.
func IsSyntax(p step.Problem) bool { return strings.HasPrefix(p.Msg, syntaxError) }

func parse(src string) (*syntax.File, error) {
	file, err := parseOnce(src)
	// bash only warns about a heredoc whose end is missing: it goes to the end of the script.
	for i := 0; err != nil && i < 3; i++ {
		_, rest, ok := strings.Cut(err.Error(), "unclosed here-document `")
		if !ok {
			break
		}
		delim := strings.TrimSuffix(rest, "`")
		src += "\n" + delim + "\n"
		file, err = parseOnce(src)
	}
	if file == nil {
		file = &syntax.File{}
	}
	return file, err
}

func parseOnce(src string) (file *syntax.File, err error) {
	defer func() { // a stranger's script must never bring the tool down, whatever the parser makes of it
		if p := recover(); p != nil {
			file, err = nil, errors.New("the script cannot be parsed")
		}
	}()
	return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(src), "")
}

func errorOffset(err error, size int) int {
	var pe syntax.ParseError
	if errors.As(err, &pe) {
		return min(int(pe.Pos.Offset()), size)
	}
	var le syntax.LangError
	if errors.As(err, &le) {
		return min(int(le.Pos.Offset()), size)
	}
	return 0
}

func errorText(err error) string {
	var pe syntax.ParseError
	if errors.As(err, &pe) {
		return span.Show(pe.Text)
	}
	return "this is not understood as bash"
}

// tooMuch says why src is refused before parsing: the parser recurses on nested brackets.
func tooMuch(src string) string {
	if len(src) > maxText {
		return fmt.Sprintf("the script is larger than %d KiB", maxText>>10)
	}
	depth, unary := 0, 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			depth = max(0, depth-1)
		}
		switch src[i] {
		case '-', '!', '~', '+', ' ', '\\':
			unary++
		default:
			unary = 0
		}
		if depth > maxNesting || unary > 20000 {
			return "the script is nested too deeply to be read"
		}
	}
	return ""
}

// mentionsHub says whether text that could not be followed may well configure the hub.
func mentionsHub(s string) bool {
	return strings.Contains(s, "tljh") || strings.Contains(s, "bootstrap.py") || strings.Contains(s, "jupyterhub")
}

func (r *run) opaqueIfHub(text span.Text, why string) {
	if mentionsHub(text.String()) {
		r.opaque(text, why)
	}
}

func (r *run) opaque(text span.Text, why string) {
	at := text.Slice(0, min(1, text.Len()))
	r.emit(step.Step{
		Argv: []span.Text{span.Literal(OpaqueCommand, at), span.Literal(why, at)}, At: text.PosOf(0),
	})
}
