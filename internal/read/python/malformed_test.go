package python

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// malformed are files that Python refuses, each with the place where it does, after a first line that sets c.A.b.
var malformed = map[string]string{
	"c.A.d = (1, 2\n":                        "f.py:2:",
	"c.A.d = 1)\n":                           "f.py:2:10",
	"c.A.d = [1, 2)\n":                       "f.py:2:14",
	"c.A.d = 'x\n":                           "f.py:2:9",
	"c.A.d = '''x\n":                         "f.py:2:9",
	"c.A.d = f'{x'\n":                        "f.py:2:",
	"c.A.d = = 1\n":                          "f.py:2:9",
	"c.A.d =\n":                              "f.py:2:8",
	"c.A. = 1\n":                             "f.py:2:6",
	"if c.A.d\n    c.A.e = 1\n":              "f.py:2:9",
	"if True:\nc.A.e = 1\n":                  "f.py:3:1",
	"  c.A.e = 1\n":                          "f.py:2:",
	"if True:\n    c.A.d = 1\n  c.A.e = 1\n": "f.py:4:",
	"if True:\n\tc.A.d = 1\n        c.A.e = 1\n": "f.py:4:",
	"def f(a, a=, b):\n    pass\n":               "f.py:2:12",
	"class X(:\n    pass\n":                      "f.py:2:8",
	"for x in :\n    pass\n":                     "f.py:2:10",
	"else:\n    pass\n":                          "f.py:2:1",
	"try:\n    pass\nc.A.e = 1\n":                "f.py:2:1",
	"print 'x'\n":                                "f.py:2:7",
	"f(a=1, 2)\n":                                "f.py:2:",
	"1 = c.A.d\n":                                "f.py:2:1",
	"c.A.d = 0777\n":                             "f.py:2:13",
	"c.A.d = 1 if x\n":                           "f.py:2:",
	"c.A.d = {'a': 1, 'b'}\n":                    "f.py:2:",
	"import\n":                                   "f.py:2:7",
	"from . import\n":                            "f.py:2:14",
	"c.A.d = a b\n":                              "f.py:2:11",
	"c.A.d = $x\n":                               "f.py:2:9",
	"c.A.d = x?\n":                               "f.py:2:10",
	"\\ \n":                                      "f.py:2:",
	"x = \x00\n":                                 "f.py:2:5",
	"<<<<<<< HEAD\nc.A.d = 1\n=======\n":         "f.py:2:1",
	"c.A.d = " + strings.Repeat("(", 500) + "\n": "f.py:2:",
	"c.A.d = " + strings.Repeat("-", 100_000) + "1\n": "f.py:2:",
	strings.Repeat("if x:\n ", 1) + "\n":              "f.py:",
	"@\ndef f(): pass\n":                              "f.py:2:2",
	"lambda x: = 1\n":                                 "f.py:2:11",
	"with open('x' as f:\n    pass\n":                 "f.py:2:",
	"return = 1\n":                                    "f.py:2:8",
}

// A file that cannot be read is a problem with its place; nothing that it might set is known, what it sets before included.
func TestMalformed(t *testing.T) {
	for text, want := range malformed {
		res := Read(span.NewSource("f.py", "c.A.b = 1\n"+text).Whole(), Options{})
		switch {
		case len(res.Problems) == 0:
			t.Errorf("%.60q: no problem", text)
			continue
		case !strings.HasPrefix(res.Problems[0].At.String()+" ", want) || !strings.HasPrefix(res.Problems[0].Msg, "this is no Python: "):
			t.Errorf("%.60q\n got %s %s\nwant %s", text, res.Problems[0].At, res.Problems[0].Msg, want)
		}
		if res.Open == nil || res.Raises == nil && !templated(text) {
			t.Errorf("%.60q: open %v, raises %v", text, res.Open, res.Raises)
		}
		for _, s := range res.Sections {
			for k, v := range s.Traits {
				if v.Kind != Unknown {
					t.Errorf("%.60q: %s.%s is %s", text, s.Name, k, form(v))
				}
			}
		}
		if res, _, ok := Invoke(span.NewSource("f.py", "def f(c):\n    c.A.b = 1\n"+text).Whole(), "f", Options{}, nil); ok && res.Open == nil {
			t.Errorf("%.60q: a function of it sets something for certain", text)
		}
	}
}

// A program that Python refuses is a problem, and nothing that it calls is certain to be called (Options.Outside).
func TestMalformedProgram(t *testing.T) {
	for text := range malformed {
		var calls []*Call
		res := Read(span.NewSource("f.py", "import k\nk.f(1)\n"+text).Whole(), Options{Calls: func(c *Call) { calls = append(calls, c) }, Outside: &Outside{}})
		if len(res.Problems) == 0 || res.Open == nil {
			t.Errorf("%.60q: problems %v, open %v", text, res.Problems, res.Open)
		}
	}
}
