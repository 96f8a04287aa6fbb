package syntax

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// valid and broken are Python after the patterns of hubs' configurations, and its corners.
var valid = []string{
	"", "\n\n", "# x", "\ufeffc.A.b = 1\n", "x = 1\r\ny = 2\r\n", "x = 1\ry = 2", "if x:\n\ty = 1\n\tz = 2\n" + "\x0c\n",
	"\x0cx = 1\n", "x = \\\n  1", "x = [\n  1, # one\n\n  2\n]\n", "x = 1; y = 2;\n", "if x: a; b;\nelse: c\n", "class A: pass\n\n# end", "   # only\n\nx\n    # odd\ny\n",
	"a = b = c, d = 1, 2", "a += 1; a **= 2; a //= 3; a >>= 1; a <<= 1; a @= m; a |= {1}", "x: int", "x: int = 3", "c.A.b: str = 'x'", "(x): int = 1",
	"x = 0x_ff + 0o17 + 0b1_0 + 1_000 + 1e5 + 1.5E-3 + .5 + 5. + 1j + 1.5J + 0 + 00 + 0_0 + 0.0 + 09.5", "x = 1if y else 2", "x = 1 .real", "x = 1..real",
	`x = 'a' "b" r'\d' u'é' '''c'd''' """e"f"""`, `x = b'\x00a' rb'\d' B"c"`, "x = 'a\\\nb' '''c\\\n  d\ne'''", `x = '\101\x41\u00e9\U0001F600\'\"\\\a\b\f\n\r\t\v\q'`,
	"x = '''a\r\nb'''", `x = f'{a}{b!r}{c:>{w}}{d["k"]}{{}}{e=}{f"{g}"}' "z"`, `x = fr'\d{a}' rf"{b:%H:%M}"`, `f'{x!r:^{width}.{precision}}'`, `f'{a if b else c}'`, `f'{ x = }'`, `f"{x:{'>'}10}"`, `f'{lambda_}{(lambda: 1)}'`,
	`f'''{
x
}'''`, `f'{{{x}}}'`, `f'\N{EM DASH}{x}'`, `f"{'a' 'b'}"`, `f'{x != y}'`, `f'{x:=5}'`,
	"x = a if b else c if d else e", "x = not a and b or not (c and d)", "x = a < b <= c != d is not e not in f is g in h", "x = -a ** -b ** c", "x = ~a + +b - -c", "x = a @ b % c // d / e * f", "x = a | b ^ c & d << e >> f",
	"x = lambda: 0", "x = lambda a, /, b, *c, d=1, **e: a", "x = lambda *, a: a", "x = [i for i in x if i if j for k in l]", "x = {i for i in x}", "x = {k: v for k, v in d.items()}", "x = (i async for i in x)", "f(i for i in x)", "f(1, (i for i in x))", "x = [*a, *b]", "x = {**a, 'b': 1, **c}", "x = {*a, 1}", "x = *a, b", "*a", "x = (1,)", "x = ()", "x = (yield)", "x = [i for i in a or b if (y := f(i))]",
	"f(a, *b, c=1, **d, e=2)", "f(a := 1)", "f(*a, b)", "x[1:2, ::3, ...]", "x[:]", "x[a:=1]", "x[1:]", "x[*a]", "x[(a, b)]", "x.y.z(1)(2)[3].w", "x = await y", "print(x, file=y)", "del a, b.c, d[0]", "del (a, b)", "assert x, 'y'", "raise", "raise X from Y", "global a, b", "import a.b.c as d, e", "from . import x", "from ...a.b import (c as d, e,)", "from x import *", "from .x import y",
	"def f(a, b: int = 1, /, c=2, *args: str, d, e: int = 3, **kw) -> None: return 1", "def f(*, a): pass", "async def f():\n  async with a as b, c: pass\n  async for x in y: pass\n  await z\n  return", "@a.b(c)\n@d\ndef f(): ...\n", "@hookimpl\nclass A(B, metaclass=C, *d, **e):\n  x = 1\n  def f(self): pass\n",
	"if a: pass\nelif b: pass\nelif c: pass\nelse: pass\n", "for a, (b, *c) in x: pass\nelse: pass\n", "for x in *a, b: pass", "for x[0].y in z: pass", "while x: break\nelse: continue_\n", "with a: pass", "with a as b, c as (d, e): pass", "with (a as b, c): pass", "with (a, b): pass", "with (a): pass", "with (a, b) as c: pass", "with (a).b as c: pass", "with (yield): pass",
	"try: a\nexcept: b\n", "try: a\nexcept A: b\nexcept (B, C) as d: e\nelse: f\nfinally: g\n", "try: a\nfinally: b\n", "try: a\nexcept* A as b: c\n",
	"match = 1\nmatch.x = 2\nmatch(x)\nprint(match)\ncase = 2\ntype = 3\n_ = 4\n", "match x:\n  case 1 | 2: a\n  case {'k': v, **r} if v: b\n  case [A(b=c), *_]: d\n  case _: pass\n", "match x, y:\n  case a, b: pass\n", "match[x] = 1", "match -x:\n  case -1: pass\n", "match (x)\n", "type(x)", "match * x",
	"x = 'a'if b else'c'", "x=1\n  \n\t\n\ny=2", "if x:\n  if y:\n    a\n  b\nc\n", "def f():\n  '''doc'''\n\n  return x\n\n\nc.A.b = f()\n", "x = (  # c\n  1\n)", "名 = 'é日本'\nc.A.b = 名 + 'x'\n", "nonlocal_ = 1", "print\n", "async_ = 1", "lambda: (yield)", "a[b][c:d]: int = 5", "if (n := len(a)) > 10: pass", "x = yield_", "def f():\n\tx = yield a, b\n\ty = yield from z\n",
	"if x:\n  pass\n# dedented comment\n  # another\nelse:\n  pass\n", "\\\nx = 1", "if x:\n  a\n\\\n  b\n", "class A:\n\n\n    x: int\n    y = 1\n\n\n", strings.Repeat("(", 60) + strings.Repeat(")", 60), "x = " + strings.Repeat("-", 80) + "1", "ｃ.A.b = 1", "µ = ª",
}

var broken = []string{
	"if x:\n        y\n\tz\n",
	"c.A.b = (", "c.A.b = )", "x = 'a", "x = '''a", "if x", "if x:\n", "if x:\ny", "  x = 1", "x = 1\n  y = 2", "if x:\n    a\n  b", "if x:\n\ta\n        b\n    c", "x = [1, 2", "x = (]", "1 = x", "f() = 1", "x + 1 = 2", "None = 1", "'a' = 1", "lambda: x = 1", "def f(: pass", "def 1(): pass", "class: pass", "for in x: pass", "for x y: pass", "while: pass", "with: pass", "try: a", "try: a\nb", "else: x", "except: x", "import", "from x import", "from import x", "import a as", "x = ", "x = = 1", "x === 1", "x ? y", "x $ y", "x = 1x", "x = 0777", "x = 0x", "x = 0b2", "x = 1__0", "x = 1_", "x = 0o8", "x = 1e", "a b", "print 'x'", "exec 'x'", "x = y z", "f(a b)", "f(a=1, b=)", "f(**)", "f(*)", "{a: 1, b}", "{1, a: 2}", "[1 2]", "(1 2)", "x.1", "x.", "x[", "x[]", "x = {,}", "x = [,]", "x = (,)", "del", "del 1 +", "assert", "raise from x", "global", "@\ndef f(): pass", "@x\ny = 1", "async x", "await", "x = yield = 1", "\\x", "x = \\", "x = a if b", "x = a else b", "not", "x = *", "x = **a", "x := 1", "x: int: str", "a, b: int", "f() += 1", "a, b += 1", "b'a' 'b'", "f'{'", "f'{a'", "f'}'", "f'{a b}'", "f'{}'", "f'{a!}'", "f'{!r}'", "{% if x %}", "{{ x }} = 1", "${X}", "x = ${X}", "<<EOF", "x\x00y", "match x:\n  y", "match x:\n  case 1:\n", "if x:\n  a\n b", "x = \"a\nb\"", "é = \u00a0 1", "x = “a”", "pass x", "break 1", "return 1 2", "def f(a=1, b): pass", "def f(*): pass", "def f(**a, b): pass", "f(a=1, b)", "f(**a, *b)", "x = 1 +", "== 1", "a not b", "is a", "if x = 1: pass", "class A(: pass", "return = 1", "x = True = 1", "with a as 1: pass", "for 1 in x: pass", "[x for 1 in y]", "del f()", "(a, b) += 1", "f'{a:{b}'", "def f(a, a b): pass",
}

func TestAgainstCPython(t *testing.T) {
	dir := t.TempDir()
	var files []string
	all := append(append([]string(nil), valid...), broken...)
	for i, s := range all {
		f := filepath.Join(dir, fmt.Sprintf("%03d.py", i))
		if err := os.WriteFile(f, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	tokens, trees := cpython(t, files)
	for i, s := range all {
		if (trees[i] == "error") != (i >= len(valid)) {
			t.Errorf("%q: the list is wrong, CPython says %.60s", s, trees[i])
		}
		compare(t, fmt.Sprintf("%q", s), s, tokens[i], trees[i])
	}
}

func TestWithoutCPython(t *testing.T) {
	for _, s := range append(append([]string{}, valid...), `f"{d["k"]}"`, `f"{f"{f"{x}"}"}"`, "f'{\n x\n}'", `t"{x}"`, "def f[T: int = str, *Ts, **P](a: T) -> T: pass", "class A[T]: pass", "type X[T] = list[T]", "try: a\nexcept A, B: c\n") {
		if m := Parse(s); len(m.Errors) > 0 {
			t.Errorf("%q: %v", s, m.Errors[0])
		}
	}
	for _, s := range broken {
		if m := Parse(s); len(m.Errors) == 0 {
			t.Errorf("%q: no error", s)
		} else if m.Errors[0].At > len(s) || m.Errors[0].Msg == "" {
			t.Errorf("%q: %v", s, m.Errors[0])
		}
	}
}

func TestRecovery(t *testing.T) {
	for src, want := range map[string]string{
		"a = 1\nb = = 2\nc = 3\n":                               "Assign Opaque Assign",
		"a\nif x y:\n  b\n  if z:\n    c\nd\n":                  "Expr Opaque Expr",
		"if x:\n  a b\n  c = 1\nd = 1":                          "If[Opaque Assign] Assign",
		"{% if x %}\na = 1\n{% endif %}\n":                      "Opaque Assign Opaque",
		"a = 1\nb = (\nc = 2\n":                                 "Assign Opaque Opaque",
		"a = 1\nb = 'x\nc = 2\n":                                "Assign Opaque Opaque",
		"  a = 1\nb = 2\n":                                      "Opaque Assign",
		"a = 1\n    b = 2\n    c = 3\nd = 4\n":                  "Assign Opaque Assign",
		span.Unknown("x") + "\na = " + span.Unknown("y") + "\n": "Expr Assign",
		"a = '" + span.Unknown("y") + "'\n":                     "Assign",
	} {
		if got := shape(Parse(src).Body); got != want {
			t.Errorf("%q: %s, want %s", src, got, want)
		}
	}
}

func shape(ss []Stmt) string {
	var out []string
	for _, s := range ss {
		kind, _ := dumper{}.kind(s)
		out = append(out, kind)
	}
	return strings.Join(out, " ")
}

func (d dumper) kind(s Stmt) (string, bool) {
	switch s := s.(type) {
	case *Opaque:
		return "Opaque", true
	case *If:
		return "If[" + shape(s.Body) + "]", true
	case *Assign:
		return "Assign", true
	}
	return "Expr", true
}

func TestBounds(t *testing.T) {
	for name, s := range map[string]string{
		"brackets": strings.Repeat("(", 5000), "minus": strings.Repeat("-", 100_000) + "1", "not": strings.Repeat("not ", 100_000) + "1", "lambda": strings.Repeat("lambda:", 50_000) + "1",
		"if": strings.Repeat("a if b else ", 50_000) + "c", "power": strings.Repeat("a**", 50_000) + "b", "fields": strings.Repeat(`f"{`, 2000) + strings.Repeat(`}"`, 2000), "specs": "f'" + strings.Repeat("{x:", 2000) + strings.Repeat("}", 2000) + "'",
		"elif": "if a: b\n" + strings.Repeat("elif a: b\n", 50_000), "dots": "a" + strings.Repeat(".b", 100_000), "calls": "a" + strings.Repeat("()", 100_000), "indents": indents(500), "stars": "for " + strings.Repeat("*", 10_000) + "a in b: pass", "with": "with " + strings.Repeat("(", 150) + "a" + strings.Repeat(")", 150) + ": pass", "errors": strings.Repeat("a b\n", 10_000), "one-line": strings.Repeat("if a: ", 10_000) + "b", "async": strings.Repeat("async ", 10_000), "decorators": strings.Repeat("@a\n", 10_000), "await": strings.Repeat("await ", 10_000) + "a", "match": strings.Repeat("match x:\n", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			if m := Parse(s); len(m.Errors) > 102 {
				t.Errorf("%d errors", len(m.Errors))
			}
		})
	}
}

func indents(n int) string {
	var b strings.Builder
	for i := 0; i < n; i++ {
		b.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	return b.String() + strings.Repeat(" ", n) + "y\n"
}

func FuzzParse(f *testing.F) {
	for _, s := range append(append([]string{}, valid...), broken...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := Parse(s)
		for _, st := range m.Body {
			if from, to := st.Range(); from < 0 || to > len(s) || from > to {
				t.Fatalf("%q: a statement at %d-%d", s, from, to)
			}
		}
		for _, e := range m.Errors {
			if e.At < 0 || e.At > len(s) {
				t.Fatalf("%q: an error at %d", s, e.At)
			}
		}
		dumper{span.NewSource("f", s).Whole()}.body(m.Body)
	})
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		src := strings.Repeat("c.JupyterHub.services = [{'name': 'cull-idle', 'command': [sys.executable, '-m', f'x {y}'], 'admin': True}]\n", n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(src)
			}
		})
	}
}
