// Package declare is what readers of programs that declare infrastructure have in common: the modules and files of a
// program, and its values as those of a stack. The readers of the CDK's and Pulumi's programs are made with it.
package declare

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Program is one program: its files, and the configuration that it declares things in.
type Program struct {
	C     *eval.Config
	Files step.Files
	Dir   string   // where it is run; paths that it opens begin there
	Order []string // its Python files, the main one first
	// Thing is what an object of code from elsewhere is as a value of the stack.
	Thing func(v *python.Value, at eval.Place, depth int) *eval.Val
	// Assumed says whose default a value is that is written at a place; "" if it is nobody's.
	Assumed func(file string) string

	// Lost is why more may be made, or done to what is made, than was followed; "" if all was followed.
	Lost string

	main    *span.Source
	weight  int // of the value that is looked at
	sources map[string]*span.Source
}

// maxFiles bounds the files of one program.
const maxFiles = 500

// New is the program whose main file is main. tool is what people call what runs it, format its name in the model's inputs.
func New(files step.Files, main *span.Source, dir, tool, format string) *Program {
	return &Program{C: eval.New(files, main, tool, format), Files: files, Dir: dir, Order: []string{main.File}, main: main,
		sources: map[string]*span.Source{main.File: main}}
}

// Run follows the program: told is told of the calls of code from elsewhere, answer may know what one gives, and applies
// which ones call the functions that they are given. What is not followed leaves the lists open. broken is why nothing of the program runs, "" if it does.
func (p *Program) Run(told func(*python.Call), answer func(*python.Call) *python.Value, applies func(*python.Call) bool) (broken string) {
	res := python.Read(p.main.Whole(), python.Options{
		Path:    "/" + p.main.File,
		Calls:   told,
		Outside: &python.Outside{Answer: answer, Applies: applies, Open: p.Open},
		Import:  func(module string) (span.Text, bool) { return p.module(path.Dir(p.main.File), module) },
	})
	p.C.Files = p.Order
	p.C.Problems = append(p.C.Problems, res.Problems...)
	whole := eval.At(p.main.Whole().Slice(0, 0))
	if res.Open != nil {
		p.C.NotEvaluated("the program is not followed everywhere: "+res.Open.Why, p.placeOr(res.Open.At, whole))
	}
	if res.Raises != nil {
		p.C.NotEvaluated("the program stops before its end: "+res.Raises.Why, p.placeOr(res.Raises.At, whole))
	}
	for _, i := range append([]*python.Issue{res.Open, res.Raises}, first(res.Missed)) {
		if i != nil && p.Lost == "" {
			p.Lost = "the program is not followed everywhere: " + i.Why
		}
	}
	for _, m := range res.Missed {
		p.C.NotEvaluated("the program is not followed everywhere: "+m.Why, p.placeOr(m.At, whole))
	}
	if len(res.Problems) > 0 {
		return res.Problems[0].Msg + " (" + res.Problems[0].At.String() + ")"
	}
	return ""
}

// module is a module of the program, which Python looks for beside the file that is run, and where it is run.
func (p *Program) module(dir, name string) (span.Text, bool) {
	if name == "" || strings.Contains(name, "/") {
		return span.Text{}, false
	}
	rel := strings.ReplaceAll(name, ".", "/")
	for _, d := range []string{dir, p.Dir} {
		for _, f := range []string{path.Join(d, rel+".py"), path.Join(d, rel, "__init__.py")} {
			if strings.HasPrefix(f, "..") || !p.Files.Exists(f) || len(p.Order) >= maxFiles {
				continue
			}
			src, err := p.Files.Open(f)
			if err != nil {
				return span.Text{}, false
			}
			if p.sources[f] == nil {
				p.sources[f] = src
				p.Order = append(p.Order, f)
			}
			return src.Whole(), true
		}
	}
	return span.Text{}, false
}

// Open is a file that the program reads: paths from the program's own __file__ begin at the checkout, others where it is run.
func (p *Program) Open(name string) (span.Text, bool) {
	f := path.Join(p.Dir, name)
	if path.IsAbs(name) {
		f = strings.TrimPrefix(path.Clean(name), "/")
	}
	if strings.HasPrefix(f, "..") || !p.Files.Exists(f) {
		return span.Text{}, false
	}
	src, err := p.Files.Open(f)
	if err != nil {
		return span.Text{}, false
	}
	return src.Whole(), true
}

// Place is a place as values have it.
func (p *Program) Place(at span.Span) eval.Place {
	src := p.sources[at.File]
	if src == nil && at.File != "" {
		if read, err := p.Files.Open(at.File); err == nil {
			p.sources[at.File], src = read, read
		}
	}
	if src == nil {
		return eval.Place{}
	}
	return eval.At(src.Slice(src.Offset(at.Start), src.Offset(at.End)))
}

func (p *Program) placeOr(at span.Span, other eval.Place) eval.Place {
	if at := p.Place(at); !at.IsZero() {
		return at
	}
	return other
}

func first(issues []python.Issue) *python.Issue {
	if len(issues) == 0 {
		return nil
	}
	return &issues[0]
}
