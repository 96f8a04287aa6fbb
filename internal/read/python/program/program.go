// Package program reads Python programs that set up a machine: the commands that they run, or hand to a machine as user
// data, and the files that they write, in order. The commands are read as a shell would read them, each word with its
// place in the program.
package program

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/read/userdata"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Read reads a program. It never fails.
func Read(text span.Text, o shell.Options) shell.Result {
	p := &program{o: o, scripts: map[string]*script{}}
	res := python.Read(text, python.Options{Calls: p.call})
	p.flush()
	p.res.Problems = append(res.Problems, p.res.Problems...)
	for i := range p.res.Steps {
		if s := &p.res.Steps[i]; len(res.Problems) > 0 && s.Cond == nil { // Python runs nothing of such a file
			s.Cond = &step.Cond{Why: res.Problems[0].Msg, At: res.Problems[0].At}
		}
	}
	return p.res
}

// Function reads what one function of a file does when it is called without arguments; ok is false if there is none.
func Function(text span.Text, name string, o shell.Options, imports func(string) (span.Text, bool)) (r shell.Result, ok bool) {
	p := &program{o: o, scripts: map[string]*script{}}
	_, _, ok = python.Invoke(text, name, python.Options{Calls: p.call, Import: imports, Requires: true}, nil)
	p.flush()
	return p.res, ok
}

type program struct {
	o       shell.Options
	res     shell.Result
	scripts map[string]*script
	order   []*script
}

// script is the commands that are added to one object, which a machine runs as one script.
type script struct {
	parts []span.Text
	maybe string
	at    span.Span
}

// runs are functions that run a command: text for a shell, or a list of words.
var runs = map[string]bool{
	"os.system": true, "os.popen": true, "subprocess.run": true, "subprocess.call": true, "subprocess.check_call": true, "subprocess.check_output": true,
	"subprocess.Popen": true, "subprocess.getoutput": true, "subprocess.getstatusoutput": true, "tljh.utils.run_subprocess": true,
}

// methods that run a command on a machine: fabric and invoke, paramiko, and the like.
var methods = map[string]bool{".run": true, ".sudo": true, ".local": true, ".exec_command": true, ".execute": true, ".check_call": true, ".run_command": true, ".sh": true}

// adders are methods that add commands to a script, each argument one or more lines (CDK: UserData.add_commands).
var adders = map[string]bool{".add_commands": true, ".add_on_exit_commands": true}

// arguments by which clouds are given user data.
var dataArguments = []string{"user_data", "userdata", "UserData", "user_data_base64", "custom_data", "metadata_startup_script", "startup_script"}

func (p *program) call(c *python.Call) {
	switch {
	case adders[c.Name]:
		p.add(c)
		return
	case runs[c.Name] && len(c.Args) > 0:
		p.command(c, c.Args[0])
	case methods[c.Name] && len(c.Args) > 0 && c.Args[0].Kind == python.Text:
		p.command(c, c.Args[0])
	case strings.HasSuffix(c.Name, "UserData.custom") && len(c.Args) > 0:
		p.data(c, c.Args[0])
	case strings.HasPrefix(c.Name, "shutil.copy") && len(c.Args) > 1:
		p.step(c, step.Step{Argv: []span.Text{span.Plain("cp"), word(c.Args[0]), word(c.Args[1])}})
	case c.On != nil && c.On.Name == python.OpenFile:
		p.write(c)
	case strings.HasSuffix(c.Name, ".dump") && len(c.Args) > 1 && c.Args[1].Name == python.OpenFile:
		why := "what the program writes into the file is not followed"
		p.file(c, c.Args[1], span.Literal(span.Unknown(why), c.Args[1].Text))
	}
	for _, name := range dataArguments {
		if v := c.Named[name]; v != nil {
			p.data(c, v)
		}
	}
}

// word is a value as one word of a command.
func word(v *python.Value) span.Text {
	switch v.Kind {
	case python.Text:
		return v.Text
	case python.Int, python.Float:
		return span.Plain(v.Show())
	case python.Unknown:
		if v.Name == python.OpenFile {
			return v.Text
		}
	}
	return span.Plain(span.Unknown(reason(v)))
}

func reason(v *python.Value) string {
	if r := v.Reason(); r != "" {
		return r
	}
	return "it is put together by code that is not followed"
}

// command reads what one call runs. A list of words is no script: its words stand for themselves.
func (p *program) command(c *python.Call, v *python.Value) {
	var text span.Text
	switch v.Kind {
	case python.Text:
		text = v.Text
	case python.List, python.Tuple:
		if len(v.Items) == 0 {
			return
		}
		var parts []span.Text
		for i, it := range v.Items {
			if i > 0 {
				parts = append(parts, span.Plain(" "))
			}
			parts = append(parts, quote(word(it)))
		}
		text = span.Concat(parts...)
	default:
		p.step(c, step.Step{Argv: []span.Text{span.Plain(span.Unknown(reason(v)))}})
		return
	}
	p.shell(text, c.Maybe, c.At, cwd(c))
}

func cwd(c *python.Call) string {
	if v := c.Named["cwd"]; v != nil {
		if s, ok := v.Str(); ok {
			return s
		}
	}
	return ""
}

// quote is a word as a shell reads it back.
func quote(t span.Text) span.Text {
	s := t.String()
	plain := s != ""
	for _, r := range s {
		plain = plain && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@%+,", r) || r >= 0xF000 && r < 0xF900)
	}
	if plain {
		return t
	}
	var parts []span.Text
	from := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '\'' {
			parts = append(parts, span.Plain("'"), t.Slice(from, i), span.Plain("'"))
			if i < len(s) {
				parts = append(parts, span.Literal(`\'`, t.Slice(i, i+1)))
			}
			from = i + 1
		}
	}
	return span.Concat(parts...)
}

// add puts commands at the end of the script of an object.
func (p *program) add(c *python.Call) {
	s := p.scripts[c.Base]
	if s == nil {
		s = &script{at: c.At}
		p.scripts[c.Base], p.order = s, append(p.order, s)
	}
	for _, v := range c.Args {
		s.parts = append(s.parts, word(v), span.Plain("\n"))
	}
	if s.maybe == "" {
		s.maybe = c.Maybe
	}
}

// flush reads the scripts that were put together.
func (p *program) flush() {
	for _, s := range p.order {
		p.shell(span.Concat(s.parts...), s.maybe, s.at, "")
	}
}

// data reads user data in any of its forms.
func (p *program) data(c *python.Call, v *python.Value) {
	if v.Kind != python.Text || !strings.Contains(v.Text.String(), "\n") && !strings.HasPrefix(v.Text.String(), "#") {
		return
	}
	_, r := userdata.Read(v.Text, p.o)
	p.take(r, c.Maybe, c.At)
}

func (p *program) shell(text span.Text, maybe string, at span.Span, dir string) {
	o := p.o
	o.Cwd = dir
	p.take(shell.Read(text, o), maybe, at)
}

func (p *program) take(r shell.Result, maybe string, at span.Span) {
	for _, s := range r.Steps {
		if maybe != "" && s.Cond == nil {
			s.Cond = &step.Cond{Why: maybe, At: at}
		}
		if s.At.IsZero() {
			s.At = at
		}
		if len(s.Argv) > 0 { // where the command begins, not where the values of its variables are written
			if first := s.Argv[0].Span(); first.File == s.At.File && s.At.Start.Line < first.Start.Line {
				s.At = first
			}
		}
		p.res.Steps = append(p.res.Steps, s)
	}
	p.res.Uses = append(p.res.Uses, r.Uses...)
	p.res.Problems = append(p.res.Problems, r.Problems...)
}

func (p *program) step(c *python.Call, s step.Step) {
	s.At = c.At
	if c.Maybe != "" {
		s.Cond = &step.Cond{Why: c.Maybe, At: c.At}
	}
	p.res.Steps = append(p.res.Steps, s)
}

// write is f.write(text) and path.write_text(text).
func (p *program) write(c *python.Call) {
	switch c.Name {
	case ".write", ".write_text", ".writelines", ".write_bytes":
	default:
		return
	}
	content := span.Literal(span.Unknown("what the program writes into the file is not followed"), c.On.Text)
	if len(c.Args) == 1 && c.Args[0].Kind == python.Text {
		content = c.Args[0].Text
	}
	p.file(c, c.On, content)
}

// file is a file that is written: what is written to one open file adds up.
func (p *program) file(c *python.Call, f *python.Value, content span.Text) {
	mode := "w"
	if len(f.Items) > 0 {
		if m, ok := f.Items[0].Str(); ok {
			mode = m
		}
	}
	if strings.HasPrefix(mode, "r") && !strings.Contains(mode, "+") {
		return
	}
	s := step.Step{Dest: f.Text, Content: content, Append: strings.HasPrefix(mode, "a")}
	for i := len(p.res.Steps) - 1; i >= 0 && c.Name == ".write"; i-- {
		if old := &p.res.Steps[i]; old.IsWrite() && old.Dest.String() == f.Text.String() {
			s.Append = true
		}
	}
	p.step(c, s)
}
