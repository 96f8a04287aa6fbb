package python

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// follow is what a program calls of code from elsewhere, a call a word.
func follow(src string, modules map[string]string) (string, *Result) {
	var out []string
	opts := Options{
		Path: "/main.py",
		Calls: func(c *Call) {
			var args []string
			for _, v := range c.Args {
				args = append(args, thing(v))
			}
			for _, k := range sortedNames(c.Named) {
				args = append(args, k+"="+thing(c.Named[k]))
			}
			name := c.Name
			if c.On != nil {
				name = thing(c.On) + name
			}
			if c.Loose {
				args = append(args, "…")
			}
			if c.Maybe != "" {
				name = "?" + name
			}
			out = append(out, name+"("+strings.Join(args, ", ")+")")
		},
		Import: func(m string) (span.Text, bool) {
			s, ok := modules[m]
			return span.NewSource(strings.ReplaceAll(m, ".", "/")+".py", s).Whole(), ok
		},
		Outside: &Outside{
			Open: func(p string) (span.Text, bool) {
				return span.NewSource("file", "text of "+p).Whole(), strings.HasSuffix(p, ".sh")
			},
			Answer: func(c *Call) *Value {
				if c.Name == ".answer" {
					return TextOf("known", c.At)
				}
				return nil
			},
		},
	}
	res := Read(span.NewSource("main.py", src).Whole(), opts)
	return strings.Join(out, "; "), res
}

// thing is a value for people: objects by what made them.
func thing(v *Value) string {
	if v == nil {
		return "nil"
	}
	if of, attrs := v.Origin(); v.Kind == Thing && of != nil {
		name := "<" + of.Name + ">"
		if of.Kind != Thing {
			name = "<?>"
		}
		for _, a := range attrs {
			name += "." + a
		}
		return name
	}
	if v.Kind == Unknown || v.Kind == Either {
		return "?"
	}
	return form(v)
}

// Programs are followed through classes, functions and modules: what code from elsewhere is called with is told.
func TestOutside(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"a call":                  {"import k\nk.f(1, a='x')", "k.f(1, a='x')"},
		"by another name":         {"from k import g as h\nh(2)", "k.g(2)"},
		"an object":               {"import k\nx = k.X(1)\nx.m(2)", "k.X(1); <k.X>.m(2)"},
		"an attribute":            {"import k\nx = k.X()\nk.f(x.a.b)", "k.X(); k.f(<k.X>.a.b)"},
		"an item":                 {"import k\nx = k.X()\nk.f(x.a[0])", "k.X(); k.f(<k.X>.a.[])"},
		"a method of one":         {"import k\nx = k.X()\nx.a.m(1)", "k.X(); <k.X>.a.m(1)"},
		"an attribute is set":     {"import k\nx = k.X()\nx.a = 1\nk.f(x.a)", "k.X(); <k.X>.a =(1); k.f(1)"},
		"an answer":               {"import k\nx = k.X()\nk.f(x.answer())", "k.X(); <k.X>.answer(); k.f('known')"},
		"a class":                 {"import k\nclass C(k.S):\n  def __init__(self, a):\n    super().__init__(a, 'n')\n    self.x = k.X(self)\n    self.m(3)\n  def m(self, n):\n    k.f(n, self.x)\nC(1)", "k.S(1, 'n'); k.X(<C>); k.f(3, <k.X>)"},
		"a class of a class":      {"import k\nclass A(k.S):\n  def __init__(self, a):\n    super().__init__(a)\nclass B(A):\n  def __init__(self):\n    super().__init__(7)\nB()", "k.S(7)"},
		"a class without init":    {"import k\nclass A(k.S):\n  def m(self): k.f(self)\nA(1, b=2).m()", "k.S(1, b=2); k.f(<A>)"},
		"properties":              {"import k\nclass A:\n  n = 4\n  @property\n  def p(self): return self.n\n  @staticmethod\n  def s(x): k.f(x)\n  @classmethod\n  def c(cls): return cls()\nk.f(A().p)\nA.s(5)\nk.f(A.c().n)", "k.f(4); k.f(5); k.f(4)"},
		"a dataclass":             {"import k\nfrom dataclasses import dataclass\n@dataclass\nclass D:\n  a: int\n  b: int = 2\nd = D(a=1)\nk.f(d.a, d.b)", "k.f(1, 2)"},
		"passed on":               {"import k\ndef g(a, **kw):\n  k.f(a, **kw)\ng(1, b=2)", "k.f(1, b=2)"},
		"passed on, not known":    {"import k\ndef g(a, **kw):\n  k.f(a, **kw)\ng(1, **k.o())", "k.o(); k.f(1, ?, …)"},
		"a condition":             {"import k, os\nif os.environ.get('X'):\n  k.f(1)\nk.g(2)", "?k.f(1); k.g(2)"},
		"an early return":         {"import k, os\ndef h():\n  if os.environ.get('X'):\n    return\n  k.f(1)\nh()\nk.g(2)", "?k.f(1); k.g(2)"},
		"an exception":            {"import k, os\ndef h():\n  if not os.environ.get('X'):\n    raise ValueError()\n  k.f(1)\nh()", "k.f(1)"},
		"a loop":                  {"import k\nfor i in range(2):\n  k.f(i)", "k.f(0); k.f(1)"},
		"a loop, not known":       {"import k\nx = k.X()\nfor i in k.l():\n  x.m(i)", "k.X(); k.l(); ?<k.X>.m(?)"},
		"one of two":              {"import k, os\nx = k.X() if os.environ.get('A') else k.Y()\nx.m(1)", "?k.X(); ?k.Y(); ?<k.X>.m(1); ?<k.Y>.m(1)"},
		"an attribute of one":     {"import k, os\nx = k.X() if os.environ.get('A') else k.Y()\nx.a = 1\nk.f(x.a)", "?k.X(); ?k.Y(); ?<k.X>.a =(?); ?<k.Y>.a =(?); k.f(?)"},
		"in a comprehension":      {"import k\nl = [k.X(n) for n in (1, 2)]\nk.f(l[1])", "k.X(1); k.X(2); k.f(<k.X>)"},
		"getattr":                 {"import k\ngetattr(k, 'f')(1)\nx = k.X()\nsetattr(x, 'a', 2)", "k.f(1); k.X(); <k.X>.a =(2)"},
		"nobody makes it":         {"import k\nclass C(k.S):\n  def __init__(self, a, b=2):\n    k.f(b)\n  def m(self):\n    k.g(self)\n", "k.f(2); ?k.g(<C>)"},
		"nobody calls it":         {"import k\ndef g(a):\n  k.f(a)\nk.h()", "k.h(); ?k.f(?)"},
		"a module":                {"import k\nimport lib.a\nlib.a.g(1)", "k.in_a(); k.a(1)"},
		"a module's class":        {"from lib.b import B\nB(3)", "k.S(3)"},
		"a module of a package":   {"from lib import a\na.g(1)", "k.in_a(); k.a(1)"},
		"a relative module":       {"from lib.c import g\ng(2)", "k.in_a(); k.a(2)"},
		"twice":                   {"import lib.a\nfrom lib import a\nfrom lib.a import g\ng(1)", "k.in_a(); k.a(1)"},
		"its main is not run":     {"import lib.d", ""},
		"a module from elsewhere": {"from lib.none import X\nX(1)", "lib.none.X(1)"},
		"a file":                  {"import k\nk.f(open('a.sh').read())", "k.f('text of a.sh')"},
		"a file by with":          {"import k\nwith open('a.sh') as f:\n  k.f(f.read())", "k.f('text of a.sh')"},
		"a path":                  {"import k\nfrom pathlib import Path\nk.f((Path(__file__).parent / 'x' / 'a.sh').read_text())", "k.f('text of //x/a.sh')"},
		"an old path":             {"import k, os\nk.f(open(os.path.join(os.path.dirname(__file__), 'a.sh')).read())", "k.f('text of /a.sh')"},
		"a missing file":          {"import k\nk.f(open('none').read())", "k.f('…')"},
		"a callback":              {"import k\ndef g(): k.f(1)\nk.h(g)", "k.h(g); ?k.f(1)"},
		"true":                    {"import k\nx = k.X()\nif x:\n  k.f(1)\nif x is None:\n  k.g(1)\nif x.a:\n  k.h(1)", "k.X(); k.f(1); ?k.h(1)"},
		"an exception is caught":  {"import k\ntry:\n  k.f(1)\nexcept ValueError:\n  k.g(2)", "k.f(1); ?k.g(2)"},
	} {
		got, _ := follow(c.src, map[string]string{
			"lib.a": "import k\nk.in_a()\ndef g(n): k.a(n)\n", "lib.b": "import k\nclass B(k.S):\n  pass\n", "lib.c": "from .a import g\n",
			"lib.d": "import k\nif __name__ == '__main__':\n  k.f(1)\n",
		})
		if got != c.want {
			t.Errorf("%s:\n%s\n got %s\nwant %s", name, c.src, got, c.want)
		}
	}
}

// What is not followed is told, too.
func TestMissed(t *testing.T) {
	for src, want := range map[string]string{
		"import k\nasync def f(): k.f()\nf()":                   "the function f is not followed",
		"import k\ndef f():\n  yield k.f()\nfor x in f(): pass": "the function f is not followed",
		"import k\n@k.wrap\ndef f(): k.f()\nf()":                "the function f is not followed",
		"def f(n): f(n)\nf(1)":                                  "the function f is not followed",
		"import k\nx = [k.a, k.b][k.n]\nx()":                    "something is called that is not known",
		"import k\nk.g(lambda: k.f())":                          "this function may be called",
		"import k\nfor i in range(100000): k.f(i)":              "",
		"import bad":       "the file could not be read as Python",
		"import stops":     "the file raises an exception",
		"import k\nk.f(1)": "",
	} {
		_, res := follow(src, map[string]string{"bad": "x = (\n", "stops": "raise ValueError()\n"})
		got := ""
		for _, m := range res.Missed {
			got += m.Why + "; "
		}
		if !strings.Contains(got, want) || (want == "") != (got == "") && !strings.Contains(src, "100000") {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

func FuzzOutside(f *testing.F) {
	f.Add("import k\nclass C(k.S):\n  def __init__(self):\n    super().__init__(self)\n    self.x = self\n    self.x.y = k.X(self.x.x)\nC()", "import k\n")
	f.Add("from m import *\nfrom . import m\nm.f(m)\nx = m.x\nx.x = x\n", "from m import x\ndef f(a): return f\nclass x: y = x\n")
	f.Add("from pathlib import Path\nopen(Path(__file__).parent / 'a.sh').read()\nPath(Path).joinpath(1)", "super().x\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		s, res := follow(a, map[string]string{"m": b, "n": b})
		_ = fmt.Sprint(s, len(res.Missed))
	})
}
