package python

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// render is what Read made of a file: one trait a line, then what it may do besides.
func render(res *Result) string {
	var out []string
	if res.Open != nil {
		out = append(out, "open")
	}
	for _, s := range res.Sections {
		if s.Open != nil {
			out = append(out, s.Name+".*")
		}
		for _, k := range s.Order {
			out = append(out, s.Name+"."+k+" "+form(s.Traits[k]))
		}
	}
	for _, l := range res.Later {
		out = append(out, "later "+l.Trait)
	}
	if res.Raises != nil {
		out = append(out, "raises")
	}
	if len(res.May) > 0 {
		out = append(out, fmt.Sprintf("may raise %d", len(res.May)))
	}
	return strings.Join(out, "; ")
}

func form(v *Value) string {
	list := func(vs []*Value) string {
		var out []string
		for _, x := range vs {
			out = append(out, form(x))
		}
		return strings.Join(out, ", ")
	}
	switch {
	case v == nil:
		return "unset"
	case v.Kind == Text:
		return "'" + span.Show(v.Text.String()) + "'"
	case v.Kind == List:
		return "[" + list(v.Items) + "]"
	case v.Kind == Tuple:
		return "(" + list(v.Items) + ")"
	case v.Kind == Set:
		return "{" + list(v.Items) + "}"
	case v.Kind == Dict:
		var out []string
		for i, k := range v.Keys {
			out = append(out, form(k)+": "+form(v.Items[i]))
		}
		return "{" + strings.Join(out, ", ") + "}"
	case v.Kind == Either:
		return "either(" + list(v.Items) + ")"
	case v.Kind == Lazy:
		s := "lazy"
		for _, p := range []struct {
			name string
			vs   []*Value
		}{{"+", v.Lazy.Extend}, {"^", v.Lazy.Prepend}} {
			if len(p.vs) > 0 {
				s += p.name + "[" + list(p.vs) + "]"
			}
		}
		for _, in := range v.Lazy.Inserts {
			s += fmt.Sprintf("@%d %s", in.I, form(in.V))
		}
		if v.Lazy.Update != nil {
			s += "|" + form(v.Lazy.Update)
		}
		return s
	case v.Kind == Unknown:
		return "?"
	}
	return v.Show()
}

var cases = []struct{ src, want string }{
	// literals
	{"c.A.b = 1", "A.b 1"},
	{"c.A.b = -1.5e3", "A.b -1500.0"},
	{"c.A.b = 0x10 + 0o7 + 0b1 + 1_000", "A.b 1024"},
	{"c.A.b = 'x' \"y\"", "A.b 'xy'"},
	{"c.A.b = r'\\d' + '\\n\\x41'", "A.b '\\d\nA'"},
	{"c.A.b = '''x\ny'''\nc.A.d = None", "A.b 'x\ny'; A.d None"},
	{"c.A.b = ['x', ('y',), {'k': {1, 2}}, True]", "A.b ['x', ('y'), {'k': {1, 2}}, True]"},
	{"c.A.b = ('x')", "A.b 'x'"},
	{"c.A.b = [\n  'x',  # why\n]\n", "A.b ['x']"},
	{"c.A.b = set()\nc.A.d = {}\nc.A.e = dict(a=1, b='x')\nc.A.f = list('ab')\nc.A.g = set(['x', 'x'])", "A.b {}; A.d {}; A.e {'a': 1, 'b': 'x'}; A.f ['a', 'b']; A.g {'x'}"},
	{"c.A.b = c.A.d = 1", "A.b 1; A.d 1"},
	{"c.A.b: int = 1", "A.b 1"},
	{"\ufeffc.A.b = 1\r\nc.A.d = 2\r\n", "A.b 1; A.d 2"},
	{"c.A.b = 1; c.A.d = 2", "A.b 1; A.d 2"},
	{"c.A.b = \\\n  1", "A.b 1"},
	{"ｃ.A.b = 1", "A.b 1"},
	// arithmetic and text
	{"c.A.b = 2 * 1024**3", "A.b 2147483648"},
	{"GB = 1024 ** 3\nc.A.b = int(1.5 * GB)", "A.b 1610612736"},
	{"c.A.b = 7 // 2 + -7 // 2 + 7 % 4 - (-7 % 4)", "A.b 1"},
	{"c.A.b = 1 << 31 | 1", "A.b 2147483649"},
	{"c.A.b = 10 ** 100", "A.b ?"},
	{"c.A.b = 1 / 0", "raises"},
	{"c.A.b = 3 / 2", "A.b 1.5"},
	{"n = 2\nc.A.b = f'{n}G'\nc.A.d = '%dG' % n\nc.A.e = '{}G'.format(n)\nc.A.f = '{m}G'.format(m=n)\nc.A.g = str(n) + 'G'\nc.A.h = '%s-%s' % ('x', n)", "A.b '2G'; A.d '2G'; A.e '2G'; A.f '2G'; A.g '2G'; A.h 'x-2'"},
	{"c.A.b = f'{1.5:.1f}|{3:03d}|{\"x\":>3}|{\"x\"!r}|{{}}|{1=}'", "A.b '1.5|003|  x|'x'|{}|1=1'"},
	{"c.A.b = '%(a)s/%5.1f%%' % {'a': 'x'} ", "A.b 'x/…%'"},
	{"c.A.b = f'{x}/y'\n", "A.b '…/y'; raises"},
	{"c.A.b = ','.join(['a', 'b']).upper().replace('A', 'z').split(',')", "A.b ['z', 'B']"},
	{"c.A.b = 'abc'[1:] + 'abc'[0] + 'x' * 3", "A.b 'bcaxxx'"},
	{"c.A.b = 'A,B'.lower().split(',')[-1].strip()", "A.b 'b'"},
	{"c.A.b = len('abc') + max(1, 2) + min([3, 4]) + sum([1, 2]) + abs(-1) + round(2.5)", "A.b 14"},
	{"c.A.b = f\"{d['k']}\"\nd = 1", "A.b '…'; may raise 1"},
	// variables
	{"a, (b, *d) = 1, (2, 3, 4)\nc.A.b = [a, b, d]", "A.b [1, 2, [3, 4]]"},
	{"a = b = 'x'\nc.A.b = a + b", "A.b 'xx'"},
	{"d = {'m': '2G'}\nc.A.b = d['m']\nc.A.e = d.get('n', '1G')", "A.b '2G'; A.e '1G'"},
	{"d = {}\nc.A.b = d['m']", "raises"},
	{"l = ['a']\nc.A.b = l\nl.append('b')", "A.b ['a', 'b']"},
	{"l = ['a']\nm = l + ['b']\nl += ['z']\nl.insert(0, 'y')\nl.remove('a')\nc.A.b = [l, m]", "A.b [['y', 'z'], ['a', 'b']]"},
	{"s = {'a'}\ns.add('b')\ns |= {'c'}\ns.discard('a')\nc.A.b = s", "A.b {'b', 'c'}"},
	{"d = {'a': 1}\nd.update(b=2)\nd['c'] = 3\ndel d['a']\nc.A.b = {**d, 'z': 4}", "A.b {'b': 2, 'c': 3, 'z': 4}"},
	{"if (n := 3) > 2:\n    c.A.b = n", "A.b 3"},
	{"x = 1\nx += 2\nx **= 2\nc.A.b = x", "A.b 9"},
	{"x = 1\ndel x\nc.A.b = x", "A.b ?; may raise 1"},
	// names of classes
	{"from nativeauthenticator import NativeAuthenticator as N\nc.A.b = N", "A.b nativeauthenticator.NativeAuthenticator"},
	{"import oauthenticator.github\nc.A.b = oauthenticator.github.GitHubOAuthenticator", "A.b oauthenticator.github.GitHubOAuthenticator"},
	{"import jupyterhub.auth as a\nclass X(a.DummyAuthenticator): pass\nc.A.b = X", "A.b X"},
	// the environment
	{"import os\nc.A.b = os.environ['X']", "A.b '…'; may raise 1"},
	{"import os\nc.A.b = os.environ.get('X', 'y') + '/z'", "A.b '…/z'"},
	{"import os\nc.A.b = os.getenv('X')", "A.b ?"},
	{"from os import environ as e, getenv\nc.A.b = [e['X'], getenv('Y', '1')]", "A.b ['…', '…']; may raise 1"},
	{"import os\nc.A.b = int(os.environ.get('N', '5'))", "A.b ?"},
	{"import os, nativeauthenticator\nc.A.b = [os.path.dirname(nativeauthenticator.__file__) + '/templates/']", "A.b ['…/templates/']"},
	{"import os, nativeauthenticator\nc.A.b = f'{os.path.dirname(nativeauthenticator.__file__)}/t'", "A.b '…/t'"},
	{"import os\nc.A.b = os.path.join('/srv', 'x', 'y.py')", "A.b '/srv/x/y.py'"},
	{"import sys\nc.A.b = [sys.executable, '-m']", "A.b ['/opt/tljh/hub/bin/python3', '-m']"},
	// the configuration object
	{"c = get_config()\nc.A.b = 1", "A.b 1"},
	{"h = c.JupyterHub\nh.a = 1\nh['b'] = 2\nsetattr(h, 'd', 3)", "JupyterHub.a 1; JupyterHub.b 2; JupyterHub.d 3"},
	{"cfg = c\ncfg.A.b = 1\nc['A']['d'] = 2\nc['A'].e = 3", "A.b 1; A.d 2; A.e 3"},
	{"c.A.b.append(1)\nc.A.b.extend([2])\nc.A.b.insert(0, 'x')\nc.A.b.prepend(['y'])", "A.b lazy+[1, 2]^['y']@0 'x'"},
	{"c.A.b.update({'x': 1})\nc.A.d.add('x')\nc.A.e.update({'x', 'y'})", "A.b lazy|{'x': 1}; A.d lazy|{'x'}; A.e lazy|{'x', 'y'}"},
	{"c.A.b.extend(x)", "A.b ?; raises"},
	{"c.A.b['k'] = 1", "A.b ?; raises"},
	{"c.A.b += [1]", "A.b ?; raises"},
	{"c.A.b |= {1}", "A.b ?; raises"},
	{"c.A.b = [1]\nc.A.b += [2]\nc.A.b.append(3)\nc.A.b[0] = 9", "A.b [9, 2, 3]"},
	{"c.A.b = {}\nc.A.b['k'] = 1\nc.A.b.update(z=2)", "A.b {'k': 1, 'z': 2}"},
	{"c.A.b = 1\ndel c.A.b", ""},
	{"c.A.b = 1\nc.A.clear()\nc.A.d = 2", "A.d 2"},
	{"c.A.b = 1\ndel c.A", ""},
	{"del c.A.b", "raises"},
	{"c.A.update({'b': 1, 'd': 2})", "A.b 1; A.d 2"},
	{"c.merge({'A': {'b': 1}})", "A.b 1"},
	{"c.A = x", "open; raises"},
	{"c.A = {'b': 1}", "raises"},
	{"c.a.b = 1", ""},
	{"x = c\nx.A.b = 1", "A.b 1"},
	{"c = 1\nc.A.b = 1", ""},
	{"configure(c)", "open; raises"},
	{"import jupyterhub\njupyterhub.configure(c)\nc.A.b = 1", "open; A.b 1"},
	{"import jupyterhub\nc.A.b = 1\njupyterhub.configure(c.A)", "A.*; A.b ?"},
	{"import jupyterhub\nd = jupyterhub.wrap(c)\nc.A.b = 1\nd.A.b = 2", "open; A.*; A.b ?"},
	{"import jupyterhub\nl = [c]\njupyterhub.f(l)", "open"},
	{"exec(open('x').read())", "open; may raise 1"},
	{"c.A.b = 1\nglobals()['c'].A.b = 2", "open; A.*; A.b ?"},
	{"load_subconfig('/srv/x.py')", "open"},
	{"from mine import *\nc.A.b = X", "open; A.b ?; may raise 1"},
	{"from os.path import *\nc.A.b = X", "A.b ?"},
	{"import os.path, sys as c", "open"},
	{"c.A.b = getattr(c.A, 'd')\n", "A.d lazy; A.b lazy"},
	{"print(c.A.b)", "A.b lazy"},
	{"print('c')", ""},
	// conditions
	{"if True:\n    c.A.b = 1\nelse:\n    c.A.b = 2", "A.b 1"},
	{"if 'x' in {'x': 1} and not []:\n    c.A.b = 1", "A.b 1"},
	{"if 1 < 2 < 3 and 'a' != 'b':\n    c.A.b = 1", "A.b 1"},
	{"import os\nif os.path.exists('/x'):\n    c.A.b = 1\nelse:\n    c.A.b = 2", "A.b either(1, 2)"},
	{"import os\nif os.path.exists('/x'):\n    c.A.b = 1", "A.b either(1, unset)"},
	{"import os\nc.A.b = 1\nif os.path.exists('/x'):\n    c.A.b = 1", "A.b 1"},
	{"import os\nif os.environ.get('X'):\n    m = '1G'\nelif os.environ.get('Y'):\n    m = '2G'\nelse:\n    m = '3G'\nc.A.b = m\nc.A.d = m + '!'", "A.b either('1G', '2G', '3G'); A.d either('1G!', '2G!', '3G!')"},
	{"import os\nc.A.b = 1 if os.path.exists('/x') else 2", "A.b either(1, 2)"},
	{"c.A.b = 1 if 2 else 3", "A.b 1"},
	{"import os\nl = [1]\nc.A.b = l\nif os.path.exists('/x'):\n    l.append(2)\nl.append(3)", "A.b either([1, 2, 3], [1, 3])"},
	{"import os\nif os.path.exists('/x'):\n    c.A.b.append(1)\nc.A.b.append(2)", "A.b either(lazy+[1, 2], lazy+[2])"},
	{"import os\nx = os.environ.get('X') or 'd'\nc.A.b = x", "A.b either(?, 'd')"},
	{"x = None\nif x is None:\n    c.A.b = 1", "A.b 1"},
	{"match 1:\n    case 1:\n        c.A.b = 1\n    case _:\n        c.A.b = 2", "A.b either(1, 2, unset)"},
	// exceptions
	{"try:\n    import nothing_there\n    c.A.b = 1\nexcept ImportError:\n    c.A.b = 2", "A.b either(1, 2)"},
	{"try:\n    c.A.b = 1\nexcept Exception:\n    c.A.d = 2\nelse:\n    c.A.e = 3\nfinally:\n    c.A.f = 4", "A.b 1; A.e 3; A.f 4"},
	{"try:\n    raise ValueError\nexcept ValueError:\n    c.A.b = 1", "A.b 1"},
	{"c.A.b = 1\nraise SystemExit\nc.A.b = 2", "A.b 1; raises"},
	{"import os\nif os.path.exists('/x'):\n    raise ValueError\nc.A.b = 1", "A.b 1; may raise 1"},
	{"assert False", "raises"},
	{"import sys\nsys.exit(1)", "raises"},
	{"with open('x') as f:\n    c.A.b = f.read()\nc.A.d = 1", "A.b ?; A.d 1; may raise 1"},
	{"with open('x', 'w') as f:\n    f.write('y')\nc.A.d = 1", "A.d 1"},
	{"try:\n    open('x')\nexcept OSError:\n    pass\nc.A.d = 1", "A.d 1"},
	// loops
	{"for x in ['a', 'b']:\n    c.A.b.append(x)", "A.b lazy+['a', 'b']"},
	{"l = []\nfor i, x in enumerate(['a', 'b']):\n    if x == 'a':\n        continue\n    l.append(f'{x}{i}')\nelse:\n    l.append('z')\nc.A.b = l", "A.b ['b1', 'z']"},
	{"for i in range(10):\n    if i == 3:\n        break\nc.A.b = i", "A.b 3"},
	{"d = {}\nfor k, v in {'a': 1}.items():\n    d[k.upper()] = v\nc.A.b = d", "A.b {'A': 1}"},
	{"from glob import glob\nc.A.d = 1\nfor f in sorted(glob('/x/*.py')):\n    c.A.b = f\n    c.A.d = 1", "A.d 1; A.b either(?, unset)"},
	{"from glob import glob\nl = []\nfor f in glob('/x'):\n    l.append(f)\nc.A.b = l\nm = 0\nfor f in glob('/x'):\n    m += 1\nc.A.d = m", "A.b either(?, []); A.d either(?, 0)"},
	{"from glob import glob\nfor f in glob('/x'):\n    c.A.b.append(1)", "A.b either(?, unset)"},
	{"from glob import glob\nfor f in glob('/x'):\n    load_subconfig(f)", "open"},
	{"n = 0\nwhile n < 3:\n    n += 1\nc.A.b = n", "A.b either(?, 0)"},
	{"while False:\n    c.A.b = 1", ""},
	{"c.A.b = [x * 2 for x in range(4) if x % 2]\nc.A.d = {k: v for k, v in [('a', 1)]}\nc.A.e = {x for x in 'ab'}\nc.A.f = dict((t, f'i:{t}') for t in ['x'])", "A.b [2, 6]; A.d {'a': 1}; A.e {'a', 'b'}; A.f {'x': 'i:x'}"},
	{"c.A.b = [x for x in y]", "A.b ?; raises"},
	{"for x in range(10**9):\n    c.A.b = x", "A.b either(?, unset)"},
	// functions
	{"def f(a, b='G'):\n    return f'{a}{b}'\nc.A.b = f(2)\nc.A.d = f(b='M', a=512)", "A.b '2G'; A.d '512M'"},
	{"def f():\n    c.A.b = 1\nf()", "A.b 1"},
	{"def f():\n    c.A.b = 1", ""},
	{"def f(cfg):\n    cfg.A.b = 1\nf(c)", "A.b 1"},
	{"def f(x):\n    if x > 1:\n        return 'big'\n    return 'small'\nc.A.b = [f(1), f(2)]", "A.b ['small', 'big']"},
	{"import os\ndef f():\n    if os.path.exists('/x'):\n        return 'a'\n    return 'b'\nc.A.b = f()", "A.b either('a', 'b')"},
	{"n = 1\ndef f():\n    global n\n    n = 2\nf()\nc.A.b = n", "A.b 2"},
	{"def f(n):\n    return f(n)\nc.A.b = f(1)", "A.b ?"},
	{"def f(*a, k=1, **kw):\n    return [a, k]\nc.A.b = f(1, 2)", "A.b [(1, 2), 1]"},
	{"def outer():\n    x = 'a'\n    def inner():\n        return x + 'b'\n    return inner()\nc.A.b = outer()", "A.b 'ab'"},
	{"f = lambda x: x + 1\nc.A.b = f(1)", "A.b 2"},
	{"c.A.b = lambda s: s", "A.b a lambda"},
	{"async def h(spawner):\n    spawner.x = 1\nc.A.b = h", "A.b h"},
	{"def h(spawner):\n    spawner.mem_limit = '1G'\nc.A.b = h", "A.b h; later mem_limit"},
	{"@x\ndef f():\n    c.A.b = 1", "A.b ?; may raise 0"},
	{"import jupyterhub\ndef f():\n    c.A.b = 1\njupyterhub.call(f)", "A.b ?"},
	{"def f(a): pass\nf()", "raises"},
	{"class X:\n    def __init__(self):\n        c.A.b = 1\nX()", "A.b ?"},
	{"class X:\n    y = 1\n    c.A.b = y", "A.b 1"},
	{"def g():\n    yield 1\n    c.A.b = 1\nfor x in g():\n    pass", "A.b ?"},
	// ways around the front door
	{"c.__getitem__('A').b = 1", "open"},
	{"c.__dict__['A'].b = 1", "open"},
	{"c.A.b = 1\nfor k, v in c.items():\n    v.b = 2", "open; A.*; A.b either(?, 1)"},
	{"c.A.__setitem__('b', 1)", "A.*"},
	{"(c.A if x else c.B).b = 1", "A.b ?; B.b ?; raises"},
	{"e = exec\ne('c.A.b = 1')", "open"},
	{"import builtins\nbuiltins.exec('c.A.b = 1')", "open"},
	{"import sys\nsys._getframe().f_globals['c'].A.b = 1", "open"},
	{"def f(): pass\nf.__globals__['c'].A.b = 1", "open"},
	{"import operator\nc.A.b = 1\noperator.setitem(c.A, 'b', 2)", "A.*; A.b ?"},
	{"import functools\nfunctools.partial(setattr, c.A)('b', 2)", "open; A.*"},
	{"from traitlets.config import Application\nApplication.instance().config.A.b = 1", "open"},
	{"from traitlets.config import get_config as g\ng().A.b = 1", "A.b 1"},
	{"from traitlets import Dict, List, Unicode\nclass A:\n    x = Dict(key_trait=Unicode(), value_trait=List(Unicode('a')), config=True)\nc.A.b = 1", "A.b 1"},
	{"from jupyterhub.auth import DummyAuthenticator as D\nD.allow_all = True", "DummyAuthenticator.*"},
	{"l = [c]\nl[0].A.b = 1\n{'k': c}['k'].A.d = 2\n(lambda: c)().A.e = 3", "A.b 1; A.d 2; A.e 3"},
	{"sorted([1], key=lambda x: setattr(c.A, 'b', 1))", "open"},
	{"from contextlib import suppress\nimport os\nwith suppress(KeyError):\n    c.A.b = os.environ['X'] + '1'\n    c.A.d = 1", "A.b either('…1', unset); A.d either(1, unset)"},
	{"if __name__ == '__main__':\n    c.A.b = 1", ""},
	// what is no Python
	// names that are nowhere, and settings that this file has not set
	{"import os\nif os.path.exists('/x'):\n    y\nc.A.b = 1", "A.b 1; may raise 1"},
	{"try:\n    y\nexcept NameError:\n    pass\nc.A.b = 1", "A.b 1"},
	{"import os\nc.A.b = os.cpu_count() or y", "A.b either(?, ?); may raise 1"},
	{"exec('y = 1')\nc.A.b = y", "open; A.b ?; may raise 1"},
	{"def f():\n    return y\nc.A.b = 1", "A.b 1"},
	{"def f():\n    return y\nc.A.b = f()", "A.b ?; raises"},
	{"c.A.b = 2\nprint(ZeroDivisionError, __doc__, help)", "A.b 2"},
	{"c.A.b = c.A.b + [1]", "A.b lazy; raises"},
	{"c.A.b = list(c.A.b)", "A.b lazy; raises"},
	{"c.A.b = len(c.A.b)", "A.b lazy; raises"},
	{"for x in c.A.b:\n    pass", "A.b lazy; raises"},
	{"c.A.b.clear()", "A.b lazy; raises"},
	{"c.A.b()", "A.b lazy; raises"},
	{"c.A()", "raises"},
	{"c.A.b.d.e = 1", "A.b lazy; raises"},
	{"c.a.b", "raises"},
	{"c.a = 1\nc.A.b = 1", "A.b 1"},
	{"c.A.B = 1", "raises"},
	{"c.A.pop('b')", "raises"},
	{"c.A.pop('b', None)\nc.A.d = 1", "A.d 1"},
	{"c.update({'A': {'b': 1}})", "A.b 1"},
	{"return\n", "raises"},
	{"c.A.b = '{{ x }}' +\n", "open; may raise 1"},
	{"c.A.b = (", "open; raises"},
	{"c.A.b = )", "open; raises"},
	{"  c.A.b = 1\n", "open; raises"},
	{"c.A.b = 1\nx y z\n", "open; A.*; A.b ?; raises"},
	{"c.A.b = '" + span.Unknown("v") + "/x'", "A.b '…/x'"},
	{"c.A.b = " + span.Unknown("v"), "A.b ?"},
	{span.Unknown("v") + "\nc.A.b = 1", "open; A.b 1"},
	{"c." + span.Unknown("v") + ".b = 1", "open"},
	{"c.A." + span.Unknown("v") + " = 1", "open"},
	{"{% if x %}\nc.A.b = " + span.Unknown("v") + "\n{% endif %}", "open; A.*; A.b ?"},
	{"", ""},
}

func TestRead(t *testing.T) {
	for _, c := range cases {
		want := strings.TrimSuffix(c.want, "; may raise 0")
		if got := render(Read(span.NewSource("s.py", c.src).Whole(), Options{})); got != want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, got, want)
		}
	}
}

func TestSpans(t *testing.T) {
	src := "m = '2G'\nc.A.b = m\nc.A.d = 'x' + \\\n  'y'\nc.A.e = ['é', {'k': 1}]\nimport os\nif os.path.exists('/x'):\n    c.A.f = 1\nelse:\n    c.A.f = 2\n"
	res := Read(span.NewSource("s.py", src).Whole(), Options{})
	a := res.Sections[0].Traits
	for _, c := range []struct{ got, want string }{
		{a["b"].At.String(), "s.py:1:5"},
		{a["b"].KeyAt.String(), "s.py:2:1"},
		{a["d"].At.String(), "s.py:3:9"},
		{a["d"].Text.SpanOf(1, 2).String(), "s.py:4:4"},
		{a["e"].Items[0].At.String(), "s.py:5:10"},
		{a["e"].Items[1].Items[0].At.String(), "s.py:5:21"},
		{a["e"].Items[1].Items[0].KeyAt.String(), "s.py:5:16"},
		{a["f"].Items[1].At.String(), "s.py:10:13"},
		{fmt.Sprint(a["f"].Why), "it depends on a condition that is not known, “os.path.exists('/x')” (s.py:7:4)"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestOtherFiles(t *testing.T) {
	files := map[string]string{"/etc/x/10.py": "c.A.b = 1\nc.A.l.append(2)\n", ".settings": "M = '2G'\ndef f(c):\n    c.A.d = M\n"}
	opts := Options{
		Path:   "/etc/x/jupyterhub_config.py",
		Load:   func(p string) (span.Text, bool) { s, ok := files[p]; return span.NewSource(p, s).Whole(), ok },
		Glob:   func(p string) ([]string, bool) { return []string{"/etc/x/10.py"}, p == "/etc/x/*.py" },
		Import: func(m string) (span.Text, bool) { s, ok := files[m]; return span.NewSource(m, s).Whole(), ok },
	}
	for src, want := range map[string]string{
		"load_subconfig('/etc/x/10.py')": "A.b 1; A.l lazy+[2]",
		"from glob import glob\nfor f in sorted(glob('/etc/x/*.py')):\n    load_subconfig(f)": "A.b 1; A.l lazy+[2]",
		"import os\nload_subconfig(os.path.join(os.path.dirname(__file__), '10.py'))":         "A.b 1; A.l lazy+[2]",
		"from .settings import M as m, f\nc.A.b = m\nf(c)":                                    "A.b '2G'; A.d '2G'",
		"from . import settings\nc.A.b = settings":                                            "A.b .settings",
	} {
		if got := render(Read(span.NewSource("s.py", src).Whole(), opts)); got != want {
			t.Errorf("%q:\n got %s\nwant %s", src, got, want)
		}
	}
}

func TestInvoke(t *testing.T) {
	base := func(class, trait string) (*Value, bool) {
		if class+trait == "Jservices" {
			return &Value{Kind: List, Items: []*Value{textOf(span.Plain("culler"))}}, true
		}
		return nil, true
	}
	src := "from tljh.hooks import hookimpl\nc.A.x = 1\n@hookimpl\ndef hook(c):\n    c.J.services += ['x']\n    c.J.services.append('y')\n    c.A.b = 1\n    c.A.l.append(2)\n\n@hookimpl(trylast=True)\ndef packages():\n    return ['a', 'b']\n"
	res, _, ok := Invoke(span.NewSource("p.py", src).Whole(), "hook", Options{Base: base}, nil)
	if got := render(res); !ok || got != "J.services ['culler', 'x', 'y']; A.b 1; A.l lazy+[2]" {
		t.Errorf("hook: %v %s", ok, got)
	}
	if _, v, ok := Invoke(span.NewSource("p.py", src).Whole(), "packages", Options{}, nil); !ok || form(v) != "['a', 'b']" {
		t.Errorf("packages: %v %s", ok, form(v))
	}
	config := &Value{Kind: Dict}
	_, _, ok = Invoke(span.NewSource("p.py", "def post(config):\n    config.setdefault('limits', {})['memory'] = '1G'\n").Whole(), "post", Options{}, map[string]*Value{"config": config})
	if got := form(config); !ok || got != "{'limits': {'memory': '1G'}}" {
		t.Errorf("post: %v %s", ok, got)
	}
	if _, _, ok := Invoke(span.NewSource("p.py", src).Whole(), "nothing", Options{}, nil); ok {
		t.Error("there is no such function")
	}
}

// hostile files must end, and soon: bounds, not clocks, see to that.
func TestBounds(t *testing.T) {
	for name, src := range map[string]string{
		"doubling":  "a = ['x']\n" + strings.Repeat("a = [a, a]\n", 60) + "c.A.b = a\nif a == a: c.A.d = 1\n",
		"text":      "a = 'x'\n" + strings.Repeat("a = a + a\n", 60) + "c.A.b = a\n",
		"repeat":    "c.A.b = 'x' * 10**12\nc.A.d = [1] * 10**9",
		"loops":     strings.Repeat("for x in range(1000):\n ", 1) + "for y in range(1000):\n  for z in range(1000): c.A.b = z\n",
		"branches":  "import os\n" + strings.Repeat("if os.path.exists('/x'): c.A.b.append(1)\n", 3000),
		"nested":    "import os\n" + nested("if os.path.exists('/x'):", 60) + "c.A.b = 1\n",
		"recursion": "def f(n):\n    f(n)\n    f(n)\nf(1)\n",
		"mutual":    "def f(): g()\ndef g(): f()\nf()\n",
		"itself":    "l = []\nl.append(l)\nl.append(l)\nc.A.b = l\nc.A.d = str(l)\nc.A.e = l == l\n",
		"dict":      "d = {}\n" + strings.Repeat("d.update({str(len(d)): d})\n", 500) + "c.A.b = d\n",
		"variables": many("x%d = [%d]\n", 5000) + "import os\n" + strings.Repeat("if os.path.exists('/x'): y = 1\n", 200),
		"exits":     "import os\ndef f():\n" + strings.Repeat("  if os.path.exists('/x'): return 1\n", 500) + "c.A.b = f()\n",
		"comp":      "c.A.b = [[x for y in range(1000)] for x in range(1000)]\n",
		"format":    "c.A.b = '%1000000000s' % 'x' + f'{1:1000000000}' + '{:>9999999}'.format('x')\n",
		"big":       many("c.A.t%d = {'a': %d, 'b': [1, 2, 3]}\n", 20000),
		"excepts":   strings.Repeat("try:\n  import x\n  c.A.b = 1\nexcept: c.A.b = 2\n", 500),
		"functions": many("def f%d(x): return x\nf%d(1)\n", 2000),
		"eithers":   "import os\nx = 1\n" + strings.Repeat("x = x + 1 if os.path.exists('/x') else x\n", 200) + "c.A.b = x\n",
	} {
		t.Run(name, func(t *testing.T) {
			res := Read(span.NewSource("s.py", src).Whole(), Options{})
			if len(res.Sections) == 0 && res.Open == nil && name != "variables" && name != "functions" && name != "recursion" && name != "mutual" {
				t.Error("nothing was understood")
			}
		})
	}
}

func many(format string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", strconv.Itoa(i)))
	}
	return b.String()
}

func nested(line string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + line + "\n")
	}
	return b.String() + strings.Repeat(" ", n)
}

func FuzzRead(f *testing.F) {
	for _, c := range cases {
		f.Add(c.src)
	}
	f.Fuzz(func(t *testing.T, s string) {
		render(Read(span.NewSource("f.py", s).Whole(), Options{}))
		Invoke(span.NewSource("f.py", s).Whole(), "f", Options{Base: func(string, string) (*Value, bool) { return nil, true }}, nil)
	})
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		src := "import os, sys\n" + strings.Repeat("c.JupyterHub.services.append({'name': 'cull-idle', 'command': [sys.executable, '-m', f'x {sys.path}'], 'admin': True})\n", n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				Read(span.NewSource("s.py", src).Whole(), Options{})
			}
		})
	}
}
