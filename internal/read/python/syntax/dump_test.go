package syntax

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// dumper prints a tree as testdata/dump.py does.
type dumper struct{ text span.Text }

func dumpTokens(src string, ts []Token) string {
	var out []string
	for _, t := range ts {
		switch t.Kind {
		case Newline:
			out = append(out, "newline")
		case Indent:
			out = append(out, "indent")
		case Dedent:
			out = append(out, "dedent")
		case End:
		default:
			kind := map[Kind]string{Name: "name", Number: "number", String: "string", Op: "op"}[t.Kind]
			out = append(out, kind+":"+hex.EncodeToString([]byte(src[t.Start:t.End])))
		}
	}
	return strings.Join(out, " ")
}

func (d dumper) body(ss []Stmt) string {
	var out []string
	for _, s := range ss {
		out = append(out, d.stmt(s))
	}
	return "[" + strings.Join(out, " ") + "]"
}

func (d dumper) exprs(xs []Expr) string {
	var out []string
	for _, x := range xs {
		out = append(out, d.expr(x))
	}
	return "[" + strings.Join(out, " ") + "]"
}

func (d dumper) param(p Param) string {
	return fmt.Sprintf("%s@%d-%d:%s", p.Name, p.From, p.To, d.expr(p.Ann))
}

func (d dumper) params(p *Params) string {
	var out []string
	for _, x := range p.Only {
		out = append(out, d.param(x)+"="+d.expr(x.Default))
	}
	out = append(out, "/")
	for _, x := range p.Plain {
		out = append(out, d.param(x)+"="+d.expr(x.Default))
	}
	rest := "*"
	if p.Rest != nil {
		rest += d.param(*p.Rest)
	}
	out = append(out, rest)
	for _, x := range p.Keyword {
		out = append(out, d.param(x)+"="+d.expr(x.Default))
	}
	if p.Names != nil {
		out = append(out, "**"+d.param(*p.Names))
	}
	return "(" + strings.Join(out, ",") + ")"
}

func (d dumper) fors(fs []CompFor) string {
	s := ""
	for _, f := range fs {
		star := ""
		if f.Async {
			star = "*"
		}
		s += fmt.Sprintf(" for%s %s in %s if%s", star, d.expr(f.Target), d.expr(f.In), d.exprs(f.Ifs))
	}
	return s
}

func (d dumper) named(ns []Named) string {
	s := ""
	for _, n := range ns {
		name := n.Name
		if name == "" {
			name = "**"
		}
		s += fmt.Sprintf(" %s@%d-%d=%s", name, n.From, n.To, d.expr(n.Value))
	}
	return s
}

func (d dumper) expr(x Expr) string {
	if x == nil {
		return "~"
	}
	kind, in := d.inside(x)
	from, to := x.Range()
	return fmt.Sprintf("%s@%d-%d{%s}", kind, from, to, in)
}

func (d dumper) inside(x Expr) (kind, in string) {
	switch x := x.(type) {
	case *Ident:
		return "Name", x.Name
	case *Const:
		switch x.Text {
		case "None", "True", "False":
			return "Constant", x.Text
		case "...":
			return "Constant", "Ellipsis"
		}
		return "Constant", "n"
	case *Str:
		return "Constant", d.str(x)
	case *Seq:
		return x.Kind, d.exprs(x.Items)
	case *Dict:
		var out []string
		for i := range x.Keys {
			out = append(out, d.expr(x.Keys[i])+":"+d.expr(x.Values[i]))
		}
		return "Dict", strings.Join(out, " ")
	case *Unary:
		return "UnaryOp", x.Op + d.expr(x.X)
	case *Bin:
		return "BinOp", d.expr(x.L) + x.Op + d.expr(x.R)
	case *Logic:
		return "BoolOp", x.Op + d.exprs(x.Items)
	case *Compare:
		s := d.expr(x.First)
		for i, o := range x.Ops {
			s += o + d.expr(x.Rest[i])
		}
		return "Compare", s
	case *Cond:
		return "IfExp", d.expr(x.Test) + d.expr(x.Then) + d.expr(x.Else)
	case *Lambda:
		return "Lambda", d.params(x.Params) + d.expr(x.Body)
	case *Call:
		return "Call", d.expr(x.Func) + d.exprs(x.Args) + d.named(x.Named)
	case *Attr:
		return "Attribute", d.expr(x.X) + "." + x.Name
	case *Index:
		return "Subscript", d.expr(x.X) + d.expr(x.I)
	case *Slice:
		return "Slice", d.expr(x.Low) + d.expr(x.High) + d.expr(x.Step)
	case *Star:
		return "Starred", d.expr(x.X)
	case *Comp:
		if x.Kind == "DictComp" {
			return x.Kind, d.expr(x.Elt) + ":" + d.expr(x.Value) + d.fors(x.Fors)
		}
		return x.Kind, d.expr(x.Elt) + d.fors(x.Fors)
	case *Await:
		return "Await", d.expr(x.X)
	case *Yield:
		if x.Full {
			return "YieldFrom", d.expr(x.X)
		}
		return "Yield", d.expr(x.X)
	case *Walrus:
		return "NamedExpr", d.expr(x.Target) + d.expr(x.Value)
	}
	panic(fmt.Sprintf("%T", x))
}

func (d dumper) str(x *Str) string {
	v, kind := "", "s"
	for _, p := range x.Parts {
		if p.Formatted() {
			return "f"
		}
		if p.Bytes() {
			kind = "b"
		}
		v += Decode(d.text, p.Open, p.Shut, p.Raw(), p.Bytes()).String()
	}
	return kind + hex.EncodeToString([]byte(v))
}

func (d dumper) stmt(s Stmt) string {
	kind, in := d.within(s)
	from, to := s.Range()
	return fmt.Sprintf("%s@%d-%d{%s}", kind, from, to, in)
}

func async(kind string, is bool) string {
	if is {
		return "Async" + kind
	}
	return kind
}

func aliases(as []Alias) string {
	var out []string
	for _, a := range as {
		out = append(out, fmt.Sprintf("%s@%d-%d as %s", a.Name, a.From, a.To, a.As))
	}
	return strings.Join(out, ",")
}

func (d dumper) within(s Stmt) (kind, in string) {
	switch s := s.(type) {
	case *ExprStmt:
		return "Expr", d.expr(s.X)
	case *Assign:
		return "Assign", d.exprs(s.Targets) + d.expr(s.Value)
	case *AugAssign:
		return "AugAssign", d.expr(s.Target) + s.Op + d.expr(s.Value)
	case *AnnAssign:
		return "AnnAssign", d.expr(s.Target) + d.expr(s.Ann) + d.expr(s.Value)
	case *Return:
		return "Return", d.expr(s.X)
	case *Delete:
		return "Delete", d.exprs(s.Targets)
	case *Word:
		return strings.ToUpper(s.Kind[:1]) + s.Kind[1:], ""
	case *Raise:
		return "Raise", d.expr(s.X) + d.expr(s.Cause)
	case *Scope:
		return strings.ToUpper(s.Kind[:1]) + s.Kind[1:], strings.Join(s.Names, ",")
	case *Assert:
		return "Assert", d.expr(s.Test) + d.expr(s.Msg)
	case *Import:
		return "Import", aliases(s.Names)
	case *ImportFrom:
		return "ImportFrom", strings.Repeat(".", s.Level) + s.Module + " " + aliases(s.Names)
	case *If:
		return "If", d.expr(s.Test) + d.body(s.Body) + d.body(s.Else)
	case *While:
		return "While", d.expr(s.Test) + d.body(s.Body) + d.body(s.Else)
	case *For:
		return async("For", s.Async), d.expr(s.Target) + d.expr(s.In) + d.body(s.Body) + d.body(s.Else)
	case *With:
		var out []string
		for _, i := range s.Items {
			out = append(out, d.expr(i.X)+d.expr(i.Target))
		}
		return async("With", s.Async), strings.Join(out, " ") + d.body(s.Body)
	case *Try:
		var out []string
		for _, h := range s.Handlers {
			out = append(out, fmt.Sprintf("h@%d-%d %s %s%s", h.From, h.To, d.expr(h.Type), h.Name, d.body(h.Body)))
		}
		return "Try", d.body(s.Body) + strings.Join(out, " ") + d.body(s.Else) + d.body(s.Final)
	case *Func:
		return async("FunctionDef", s.Async), s.Name + d.params(s.Params) + d.body(s.Body) + d.exprs(s.Decorators)
	case *Class:
		return "ClassDef", s.Name + d.exprs(s.Bases) + d.named(s.Named) + d.body(s.Body) + d.exprs(s.Decorators)
	case *Match:
		in := d.expr(s.Subject)
		for _, c := range s.Cases {
			in += "case " + d.expr(c.Guard) + d.body(c.Body)
		}
		return "Match", in
	case *Opaque:
		return "Opaque", s.Err.Msg
	}
	panic(fmt.Sprintf("%T", s))
}
