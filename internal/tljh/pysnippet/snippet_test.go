package pysnippet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// render is what Read understood, one action a line.
func render(src string) string {
	res := Read(span.NewSource("s.py", src).Whole())
	var out []string
	for _, a := range res.Actions {
		line := [...]string{"=", "+", "?"}[a.Verb] + " " + a.Class + "." + a.Trait
		if a.Value != nil {
			line += fmt.Sprintf(" %v %s", a.Value.Plain(), a.Value.State)
		}
		out = append(out, line+" @"+fmt.Sprint(a.At.Start.Line))
	}
	if res.Raises != nil {
		out = append(out, "raises")
	}
	for range res.May {
		out = append(out, "may raise")
	}
	return strings.Join(out, "\n")
}

func TestRead(t *testing.T) {
	for src, want := range map[string]string{
		"c.A.b = 1":                            "= A.b 1 set @1",
		"c.A.b = -1.5e3":                       "= A.b -1500 set @1",
		"c.A.b = 0x10":                         "= A.b 16 set @1",
		"c.A.b = 'x' \"y\"":                    "= A.b xy set @1",
		"c.A.b = r'\\d' + '\\n'":               "= A.b \\d\n set @1",
		"c.A.b = '''x\ny'''\nc.A.d = None":     "= A.b x\ny set @1\n= A.d <nil> set @3",
		"c.A.b = ['x', ('y',), {'k': {1, 2}}]": "= A.b [x [y] map[k:[1 2]]] set @1",
		"c.A.b = ('x')":                        "= A.b x set @1",
		"c.A.b = [\n  'x',  # why\n]\n":        "= A.b [x] set @1",
		"c.A.b = f'{x}'":                       "= A.b … unknown @1",
		"c.A.b = f'x'":                         "= A.b x set @1",
		"c.A.b = lambda x: x":                  "= A.b <nil> unknown @1",
		"c.A.b = ['x', g(1, 2), 'y']":          "= A.b [x <nil> y] set @1",
		"c.A.b = [x for x in y]":               "= A.b <nil> unknown @1",
		"c.A.b = [*x]":                         "= A.b <nil> unknown @1",
		"c.A.b = b'x'":                         "= A.b … unknown @1",
		"c.A.b = 1 if x else 2":                "= A.b <nil> unknown @1",
		"c.A.b.append(1)":                      "+ A.b [1] set @1",
		"c.A.b.update({'x': 1})":               "+ A.b map[x:1] set @1",
		"c.A.b.insert(0, 'x')":                 "+ A.b [x] set @1",
		"c.A.b.extend(x)":                      "? A.b @1",
		"c.A.b['k'] = 1":                       "? A.b @1\nmay raise",
		"c.A.b += [1]":                         "raises",
		"c.A.b = [1]\nc.A.b += [2]":            "= A.b [1] set @1\n+ A.b [2] set @2",
		"c.A.b = c.A.d":                        "? A.b @1\n? A.d @1\nmay raise",
		"c['A'].b = 1":                         "? . @1",
		"c.A = x":                              "? . @1",
		"c.a.b = 1":                            "",
		"x = c":                                "? . @1",
		"c = 1":                                "? . @1",
		"for c in x:\n  pass":                  "? . @1",
		"with open('x') as f:\n    c.A.b = f.read()\nc.A.d = 1":                   "? A.b @1\n= A.d 1 set @3",
		"try:\n    c.A.b = 1\nexcept E:\n    c.A.d = 2\nelse:\n  pass\nc.A.e = 3": "? A.b @1\n? A.d @1\n= A.e 3 set @7",
		"print(c.A.b)":             "? A.b @1",
		"print('c')":               "",
		"import os.path, sys as c": "? . @1",
		"if x: c.A.b = 1":          "? A.b @1",
		"c.A.b = (":                "? . @1",
		"c.A.b = )":                "? . @1",
		"":                         "",
	} {
		if got := render(src); got != want {
			t.Errorf("%q:\n got %q\nwant %q", src, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"c.A.b = [1, {'x': (2,)}]", "class A(B, C.D):\n\tpass", "@d\nasync def f():\n  c.A.b=1", "c.A.b.insert(0,", "x = '''", "c.A.b = 1e5 ** -2", "\\\n", "from . import (a as b,)", "c.A.b = {1: 2, **x}", "c.A.b|=1;c.A.b=2;c.A.b|={3}", strings.Repeat("(", 300), "os.environ['x']", span.Unknown("z")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { render(s) })
}
