package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// show is an expression in brackets, the operator first.
func show(e *Expr) string {
	var args []string
	for _, a := range e.Args {
		args = append(args, show(a))
	}
	all := strings.Join(args, " ")
	switch e.Op {
	case Null:
		return "null"
	case Bool, Int, Name:
		return e.Name
	case Literal:
		return fmt.Sprintf("%q", e.Lit.String())
	case Text:
		return "(text " + all + ")"
	case Array:
		return "[" + all + "]"
	case Object:
		out := ""
		for _, m := range e.Members {
			if m.Key == nil {
				out += " ..." + show(m.Value.Args[0])
			} else {
				out += " " + show(m.Key) + ":" + show(m.Value)
			}
		}
		for _, d := range e.Nested {
			out += " " + declared(d)
		}
		return "{" + strings.TrimSpace(out) + "}"
	case Spread:
		return "..." + all
	case Loop:
		return "(for " + strings.Join(e.Vars, ",") + " " + all + ")"
	case If:
		return "(if " + all + ")"
	case Member:
		return all + map[bool]string{true: ".?", false: "."}[e.Safe] + e.Name
	case Index:
		return "(index" + map[bool]string{true: "?"}[e.Safe] + map[bool]string{true: "^"}[e.FromEnd] + " " + all + ")"
	case Child:
		return all + "::" + e.Name
	case Call, Method:
		return e.Name + "(" + all + ")"
	case Choice:
		return "(? " + all + ")"
	case Lambda:
		return "(=> " + strings.Join(e.Vars, ",") + " " + all + ")"
	}
	return "(" + e.Name + " " + all + ")"
}

func declared(d *Decl) string {
	out := d.Kind
	for _, x := range d.Decorators {
		out = "@" + show(x) + " " + out
	}
	if d.Name != "" {
		out += " " + d.Name
	}
	if d.Nullable {
		out += "?"
	}
	if len(d.Vars) > 0 {
		out += "(" + strings.Join(d.Vars, ",") + ")"
	}
	for _, i := range d.Imports {
		out += " " + i.Name + "/" + i.As
	}
	if d.Type != nil {
		out += " " + show(d.Type)
	}
	if d.Existing {
		out += " existing"
	}
	if d.Value != nil {
		out += " = " + show(d.Value)
	}
	return out
}

func parse(s string) *File { return Parse(span.NewSource("main.bicep", s)) }

func TestExpressions(t *testing.T) {
	for text, want := range map[string]string{
		"1":                                      "1",
		"-1":                                     "(- 1)",
		"!a!":                                    "(! a)",
		"a != b":                                 "(!= a b)",
		"a! != b!":                               "(!= a b)",
		"a + b * c - d":                          "(- (+ a (* b c)) d)",
		"a || b && c == d < e ?? f":              "(?? (|| a (&& b (== c (< d e)))) f)",
		"(a + b) * c":                            "(* (+ a b) c)",
		"a ? b : c ? d : e":                      "(? a b (? c d e))",
		"a\n  ? b\n  : c":                        "(? a b c)",
		"a.b.?c[0][?1][^2].d(e)::f":              "d((index^ (index? (index a.b.?c 0) 1) 2) e)::f",
		"sys.concat('a', b)":                     `concat(sys (text "a") b)`,
		"f(\n  a,\n  b\n)":                       "f(a b)",
		"[]":                                     "[]",
		"[a, b]":                                 "[a b]",
		"[\n  a\n  b, c\n\n  // d\n  ...e\n]":    "[a b c ...e]",
		"{}":                                     "{}",
		"{ a: b, 'c d': e }":                     `{"a":b (text "c d"):e}`,
		"{\n  a: b\n  ...c\n  '${d}': e // f\n}": `{"a":b ...c (text d):e}`,
		"{ resource: a, if: b, for: c }":         `{"resource":a "if":b "for":c}`,
		"[for a in b: c]":                        "(for a b c)",
		"[for (a, i) in b: {\n  c: d\n}]":        `(for a,i b {"c":d})`,
		"[for a in b: if (c) { d: e }]":          `(for a b (if c {"d":e}))`,
		"map(a, b => b.c)":                       "map(a (=> b b.c))",
		"map(a, (b, i) => {\n  c: b\n})":         `map(a (=> b,i {"c":b}))`,
		"f(() => 1)":                             "f((=>  1))",
		"''":                                     `(text "")`,
		"'a${b}c${'d${e}'}'":                     `(text "a" b "c" (text "d" e))`,
		"'a\\n\\'\\${b}\\u{1F600}'":              `(text "a\n'${b}😀")`,
		"'''a'''":                                `(text "a")`,
		"'''\na\n'''":                            `(text "a\n")`,
		"'''a''''''":                             `(text "a'''")`,
		"'''a${b}'''":                            `(text "a${b}")`,
		"$'''a${b}'''":                           `(text "a" b)`,
		"$$'''a${b}$${c}'''":                     `(text "a${b}" c)`,
		"null /* a\nb */":                        "null",
		"true":                                   "true",
	} {
		f := parse("var x = " + text + "\n")
		if f.Err != nil {
			t.Errorf("%s: %s %s", text, f.Err.At, f.Err.Msg)
		} else if got := show(f.Decls[0].Value); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestDeclarations(t *testing.T) {
	for text, want := range map[string]string{
		"targetScope = 'subscription'":                                                 `targetScope = (text "subscription")`,
		"param a string":                                                               "param a",
		"param a string?":                                                              "param a?",
		"param a 'b' | 'c' = 'b'":                                                      `param a = (text "b")`,
		"param a 'b' |\n  'c'\nvar d = 1":                                              "param a; var d = 1",
		"param a\n  | 'b'\n  | 'c'\nvar d = 1":                                         "param a; var d = 1",
		"param a {\n  b: string?\n  *: int[]\n} = {}":                                  "param a = {}",
		"param a resourceInput<'b/c@1'>.name[*]":                                       "param a",
		"@description('x')\n@secure()\nparam a string":                                 `@secure() @description((text "x")) param a`,
		"@allowed([\n  'a'\n])\nparam b string = 'a'":                                  `@allowed([(text "a")]) param b = (text "a")`,
		"@sys.minValue(1)\nparam b int":                                                "@minValue(sys 1) param b",
		"var a string = 'b'":                                                           `var a = (text "b")`,
		"resource a 'b/c@1' existing = {\n  name: 'd'\n}":                              `resource a (text "b/c@1") existing = {"name":(text "d")}`,
		"resource a 'b/c@1' = if (d) {\n  name: 'd'\n}":                                `resource a (text "b/c@1") = (if d {"name":(text "d")})`,
		"resource a 'b@1' = {\n  @batchSize(1)\n  resource c 'd' = {}\n  name: 'x'\n}": `resource a (text "b@1") = {"name":(text "x") @batchSize(1) resource c (text "d") = {}}`,
		"module a './b.bicep' = [for c in d: {}]":                                      `module a (text "./b.bicep") = (for c d {})`,
		"output a string = b.c":                                                        "output a = b.c",
		"output a object[] = [for b in c: b]":                                          "output a = (for b c b)",
		"func a(b string, c int?) string[] => f(b)":                                    "func a(b,c) = f(b)",
		"func a(\n  b 'x' | 'y'\n  , c {}\n) string =>\n b":                            "func a(b,c) = b",
		"type a = 'b' | {\n  c: string\n}\ntype d = [string, int]?":                    "type a; type d",
		"import {a, b as c} from 'd.bicep'":                                            `import a/a b/c (text "d.bicep")`,
		"import * as a from 'b.bicep'":                                                 `import */a (text "b.bicep")`,
		"import 'az@1.0.0' with {} as b":                                               `import b (text "az@1.0.0")`,
		"extension 'br:a/b:1' as c":                                                    `extension c (text "br:a/b:1")`,
		"extension kubernetes":                                                         "extension kubernetes",
		"metadata a = 'b'":                                                             `metadata a = (text "b")`,
		"assert a = b == 1":                                                            "assert a = (== b 1)",
		"using './a.bicep'":                                                            `using (text "./a.bicep")`,
		"using none\nextends 'a.bicepparam'":                                           `using none; extends (text "a.bicepparam")`,
		"param a = 1":                                                                  "param a = 1",
		"#disable-next-line no-unused\nvar a = 1 // #":                                 "var a = 1",
		"\ufeffvar a = 1\r\n\r\nvar b = 2":                                             "var a = 1; var b = 2",
		"":                                                                             "",
	} {
		f := parse(text)
		var got []string
		for _, d := range f.Decls {
			got = append(got, declared(d))
		}
		if f.Err != nil {
			t.Errorf("%s: %s %s", text, f.Err.At, f.Err.Msg)
		} else if strings.Join(got, "; ") != want {
			t.Errorf("%s\n got %s\nwant %s", text, strings.Join(got, "; "), want)
		}
	}
}

// After an error, what follows is still there: its modules are files of this stack.
func TestRecovery(t *testing.T) {
	f := parse("var a = [\nmodule b './b.bicep' = {}\nresource = {\nmodule c './c.bicep' = {}\n")
	var got []string
	for _, d := range f.Decls {
		got = append(got, declared(d))
	}
	if f.Err == nil || f.Err.At.String() != "main.bicep:2:8" || strings.Join(got, "; ") != `module c (text "./c.bicep") = {}` {
		t.Errorf("%+v, %s", f.Err, got)
	}
}

// Every expression says where it is written, to the character.
func TestPlaces(t *testing.T) {
	f := parse("/* ä */ var a = a + 'b${c . d}' // e\nvar y = {\n  'k': [ 1 ]\n}\n")
	for e, want := range map[*Expr]string{
		f.Decls[0].Value:                          "main.bicep:1:17 a + 'b${c . d}'",
		f.Decls[0].Value.Args[1].Args[0]:          "main.bicep:1:22 b",
		f.Decls[0].Value.Args[1].Args[1]:          "main.bicep:1:25 c . d",
		f.Decls[1].Value:                          "main.bicep:2:9 {\n  'k': [ 1 ]\n}",
		f.Decls[1].Value.Members[0].Value:         "main.bicep:3:8 [ 1 ]",
		f.Decls[1].Value.Members[0].Value.Args[0]: "main.bicep:3:10 1",
	} {
		if got := e.At.Span().String() + " " + e.At.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("param a 'b' |\n'c' = 'd${e}'\n@x()\nresource f 'g' = if (h) { @i() resource j 'k' = {} }\nvar l = '''m''' ?? n! ? o.?p[?^q]::r : [for (s, t) in u: v => w]\n")
	f.Add("func a(b c) d => $'''${e}'''\nimport {a as b} from 'c'\ntype x = {\n*: y<z>}\n#disable-line\nvar \\ = /* */ 1")
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range parse(s).Decls {
			declared(d)
		}
	})
}
