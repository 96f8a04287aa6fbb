package syntax

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Parse reads a Bicep file, or one of parameters (.bicepparam). It always returns a file; File.Err says what is wrong.
func Parse(src *span.Source) *File {
	f := &File{Src: src}
	if len(src.Text) > maxText {
		f.Err = &Error{src.Span(0, 0), "this file is too large"}
		return f
	}
	p := &parser{src: src, s: src.Text}
	for p.one(f) {
	}
	return f
}

// one reads one declaration; after an error it goes on with the next line that looks like one. False: nothing is left.
func (p *parser) one(f *File) (more bool) {
	defer func() {
		switch err := recover().(type) {
		case nil:
		case *Error:
			if f.Err == nil {
				f.Err = err
			}
			more = p.nodes <= maxNodes && p.skip()
		default:
			panic(err)
		}
	}()
	p.depth = 0
	if p.i == 0 || p.tok.kind == newline {
		p.next()
	}
	p.lines()
	if p.tok.kind == end {
		return false
	}
	f.Decls = append(f.Decls, p.declaration())
	if p.tok.kind != newline && p.tok.kind != end {
		p.fail(p.tok.from, "a declaration ends here, and a new line is missing")
	}
	return true
}

// skip moves to the next line that begins with the keyword of a declaration.
func (p *parser) skip() bool {
	for {
		n := strings.IndexByte(p.s[min(p.i, len(p.s)):], '\n')
		if n < 0 {
			return false
		}
		p.i += n + 1
		first, _, _ := strings.Cut(p.s[p.i:min(len(p.s), p.i+20)], " ")
		if keywords[first] {
			p.tok = token{kind: newline, from: p.i - 1, to: p.i}
			return true
		}
	}
}

var keywords = map[string]bool{"param": true, "var": true, "resource": true, "module": true, "output": true, "func": true, "type": true,
	"import": true, "using": true, "extends": true, "targetScope": true, "metadata": true, "assert": true, "extension": true, "provider": true,
	"test": true, "extensionConfig": true}

// declaration reads one declaration with its decorators.
func (p *parser) declaration() *Decl {
	p.enter()
	defer func() { p.depth-- }()
	d := &Decl{}
	for p.eat("@") {
		d.Decorators = append(d.Decorators, p.unary())
		p.lines()
	}
	if p.tok.kind != word || !keywords[p.tok.s] {
		p.fail(p.tok.from, "this is no declaration (param, var, resource, module, output …)")
	}
	d.Kind, d.At = p.tok.s, p.text(p.tok.from, p.tok.to)
	p.next()
	switch d.Kind {
	case "targetScope":
		p.value(d)
	case "using", "extends":
		if d.Type = p.either(); p.word("with") {
			p.next()
			p.object()
		}
	case "import", "provider", "extension":
		p.imports(d)
	default:
		d.At = p.text(p.tok.from, p.tok.to)
		d.Name = p.name("the name of what is declared")
		p.named(d)
	}
	return d
}

// either is a text, or a word such as none.
func (p *parser) either() *Expr {
	if p.tok.kind == quote {
		return p.quoted()
	}
	from := p.tok.from
	return p.since(from, &Expr{Op: Name, Name: p.name("a file")})
}

func (p *parser) value(d *Decl) {
	p.want("=")
	p.lines()
	d.Value = p.body()
}

// named reads what follows a declaration's name.
func (p *parser) named(d *Decl) {
	switch d.Kind {
	case "resource", "module", "test":
		if p.tok.kind != quote {
			p.fail(p.tok.from, "a text is missing here: the type of a resource, or the file of a module")
		}
		d.Type = p.quoted()
		if d.Kind == "resource" && p.word("existing") {
			d.Existing = true
			p.next()
		}
		p.value(d)
	case "func":
		p.function(d)
	case "type":
		p.want("=")
		p.lines()
		p.typed("")
	case "param", "output", "var":
		d.Nullable = p.typed("=")
		if p.is("=") {
			p.value(d)
		}
	case "extensionConfig":
		if p.word("with") {
			p.next()
			d.Value = p.object()
		}
	default: // metadata, assert
		p.value(d)
	}
}

// function is name(a string, b int) string => a.
func (p *parser) function(d *Decl) {
	p.want("(")
	p.lines()
	for !p.eat(")") {
		d.Vars = append(d.Vars, p.name("the name of a parameter"))
		p.typed(",)")
		p.lines()
		if !p.is(")") {
			p.want(",")
			p.lines()
		}
	}
	p.typed("=>")
	p.want("=>")
	p.lines()
	d.Value = p.expr()
}

// typed skips a type: to the end of its line, or to one of the signs that may follow it. It says whether the type ends in ?.
func (p *parser) typed(stop string) (nullable bool) {
	depth := 0
	or := false // after | a line break does not end a type
	for {
		switch {
		case p.tok.kind == end:
			if depth > 0 {
				p.fail(p.tok.from, "this type has no end")
			}
			return nullable
		case p.tok.kind == newline:
			if t := p.after(); depth == 0 && !or && (t.kind != sign || t.s != "|") {
				return nullable
			}
			p.next()
			continue
		case p.tok.kind == quote:
			p.quoted()
			nullable, or = false, false
			continue
		case p.tok.kind == sign:
			if depth == 0 && stop != "" && (p.tok.s == stop || len(p.tok.s) == 1 && strings.Contains(stop, p.tok.s) && stop != "=>") {
				return nullable
			}
			switch p.tok.s {
			case "{", "[", "(", "<":
				depth++
			case "}", "]", ")", ">":
				if depth--; depth < 0 {
					p.fail(p.tok.from, "this bracket closes nothing")
				}
			}
		}
		nullable, or = p.is("?") && depth == 0, p.is("|")
		p.next()
	}
}

// imports is import {a, b as c} from 'file', import * as all from 'file', and the older forms without names.
func (p *parser) imports(d *Decl) {
	switch {
	case p.eat("*"):
		as := ""
		if p.word("as") {
			p.next()
			as = p.name("a name for what is imported")
		}
		d.Imports = []Import{{"*", as}}
	case p.eat("{"):
		p.lines()
		for !p.eat("}") {
			one := Import{Name: p.imported()}
			one.As = one.Name
			if p.word("as") {
				p.next()
				one.As = p.name("a name for what is imported")
			}
			d.Imports = append(d.Imports, one)
			p.separator("}")
		}
	default:
		if p.tok.kind == quote || p.tok.kind == word {
			d.Type = p.either()
		}
		if p.word("with") {
			p.next()
			p.object()
		}
		if p.word("as") {
			p.next()
			d.Name = p.name("a name for what is imported")
		}
		return
	}
	if !p.word("from") {
		p.fail(p.tok.from, "\"from\" is missing here")
	}
	p.next()
	if p.tok.kind != quote {
		p.fail(p.tok.from, "the file that is imported from is missing here")
	}
	d.Type = p.quoted()
}

// imported is the name of what is imported; one that is no word stands in quotes.
func (p *parser) imported() string {
	if p.tok.kind == quote {
		return p.quoted().Plain()
	}
	return p.name("the name of what is imported")
}
