package python

import (
	"sort"
	"strings"
	"sync"

	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// installed are modules that the hub's environment of TLJH has: Python's own that configurations use, and TLJH's
// requirements (TLJH: tljh/requirements-hub-env.txt, setup.py).
var installed = once(`__future__ abc argparse ast asyncio builtins base64 binascii bisect calendar codecs collections concurrent configparser contextlib copy csv ctypes dataclasses datetime decimal enum errno fnmatch fractions functools
		gc getpass glob grp gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword locale logging math mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint pwd queue random re
		resource secrets select shlex shutil signal site socket sqlite3 ssl stat statistics string struct subprocess sys syslog tarfile tempfile textwrap threading time timeit token tokenize tomllib traceback types typing unicodedata
		urllib uuid venv warnings weakref xml zipfile zoneinfo
		tljh jupyterhub traitlets tornado jinja2 sqlalchemy ruamel requests jupyterhub_idle_culler jupyterhub_traefik_proxy systemdspawner
		oauthenticator nativeauthenticator firstuseauthenticator ldapauthenticator tmpauthenticator ldap3 bcrypt pluggy jsonschema backoff toml filelock escapism certipy alembic prometheus_client dateutil`)

var builtins = once(`abs all any bool bytes callable chr dict dir divmod enumerate filter float format frozenset getattr hasattr hash hex id input int isinstance issubclass iter len list map max min next
	object open ord pow print range repr reversed round set setattr delattr slice sorted str sum super tuple type zip property staticmethod classmethod bytearray memoryview complex bin oct ascii
	Exception BaseException ValueError KeyError TypeError ImportError ModuleNotFoundError AttributeError FileNotFoundError OSError IOError RuntimeError NotImplementedError IndexError NameError PermissionError StopIteration
	AssertionError SystemExit KeyboardInterrupt LookupError UnicodeDecodeError Warning DeprecationWarning UserWarning TimeoutError ConnectionError NotImplemented Ellipsis __builtins__ __debug__ quit exit
	get_config load_subconfig exec eval globals locals vars __import__ compile
	ArithmeticError BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionRefusedError
	ConnectionResetError EOFError EncodingWarning EnvironmentError ExceptionGroup FileExistsError FloatingPointError FutureWarning GeneratorExit ImportWarning
	IndentationError InterruptedError IsADirectoryError MemoryError NotADirectoryError OverflowError PendingDeprecationWarning ProcessLookupError RecursionError
	ReferenceError ResourceWarning RuntimeWarning StopAsyncIteration SyntaxError SyntaxWarning SystemError TabError UnboundLocalError UnicodeEncodeError
	UnicodeError UnicodeTranslateError UnicodeWarning ZeroDivisionError __build_class__ __doc__ __loader__ __package__ __spec__ aiter anext breakpoint copyright
	credits help license`)

// once is the set of the words of a list, made when it is first asked for.
func once(list string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		for _, w := range strings.Fields(list) {
			m[w] = true
		}
		return m
	})
}

func sortedNames(m map[string]*Value) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (e *evaluator) imports(s *syntax.Import) {
	for _, a := range s.Names {
		e.module(a.Name, e.at(s))
		if e.opts.Outside != nil {
			e.imported(a.Name)
		}
		name, full := a.As, a.Name
		if name == "" {
			name, _, _ = strings.Cut(a.Name, ".")
			full = name
		}
		e.bindName(name, &Value{Kind: Ref, Name: full, At: e.at(&a)})
	}
}

// bindName sets a name that is imported; it may be the configuration's.
func (e *evaluator) bindName(name string, v *Value) {
	if old := e.lookup(name); old != nil && old.Kind == Config {
		v = &Value{Kind: Unknown, Why: "it is imported", At: v.At, Tainted: true}
		e.open(name+" stops being the configuration", v.At)
	}
	e.set(name, v)
}

func (e *evaluator) importFrom(s *syntax.ImportFrom) {
	dots := strings.Repeat(".", s.Level)
	full := e.absolute(dots + s.Module)
	at := e.at(s)
	local := e.imported(full)
	if local == nil && s.Level == 0 {
		e.module(s.Module, at)
	}
	for _, a := range s.Names {
		if a.Name == "*" {
			e.importStar(full, local, at)
			continue
		}
		name := a.As
		if name == "" {
			name = a.Name
		}
		if local != nil {
			if v := local.vars[a.Name]; v != nil {
				e.bindName(name, v)
				continue
			}
		}
		dot := "."
		if strings.HasSuffix(full, ".") {
			dot = ""
		}
		v := &Value{Kind: Ref, Name: full + dot + a.Name, At: e.at(&a)}
		if m := e.member(&Value{Kind: Ref, Name: full}, a.Name, &a); m.Kind != Ref && m.Kind != Unknown {
			v = m
		}
		e.bindName(name, v)
	}
}

func (e *evaluator) importStar(full string, local *scope, at span.Span) {
	if local != nil {
		for _, k := range sortedNames(local.vars) {
			if !strings.HasPrefix(k, "_") && k != "c" {
				e.bindName(k, local.vars[k])
			}
		}
		return
	}
	e.st.globals.loose = "it may come from the module " + full + ", all of whose names are imported"
	root, _, _ := strings.Cut(full, ".")
	if !installed()[root] {
		e.open("everything is imported from "+full+", which may replace any name", at)
	}
}

func (e *evaluator) module(dotted string, at span.Span) {
	if root, _, _ := strings.Cut(dotted, "."); !installed()[root] && !span.IsUnknown(dotted) && !e.opts.Requires &&
		(e.opts.Has == nil || !e.opts.Has(root, e.res.SystemPath)) {
		e.may(at, "it imports "+dotted+", which TLJH does not install; without it the hub does not start")
	}
}

// imported evaluates a module of the repository; nil if it is none. Its own effects on the configuration are none: it is
// given no c.
func (e *evaluator) imported(name string) *scope {
	if e.opts.Import == nil || len(e.loading) > 8 {
		return nil
	}
	if e.opts.Outside != nil {
		if m := e.st.objects.vars[moduleKey+name]; m != nil && m.Kind != Either {
			return m.scope
		} else if m != nil && e.settled(m) != nil {
			return e.settled(m).scope
		}
	}
	for _, l := range e.loading {
		if l == name {
			return nil
		}
	}
	text, ok := e.opts.Import(name)
	if !ok {
		return nil
	}
	sub := &evaluator{text: text, src: text.String(), opts: e.opts, res: &Result{}, steps: e.steps / 2, copies: e.copies / 2, loading: append(e.loading, name), st: newState()}
	sub.opts.Base, sub.opts.Path = nil, ""
	m := syntax.Parse(sub.src)
	sub.tokens = m.Tokens
	if e.opts.Outside != nil {
		sub.partOf(e, name)
	}
	sub.run(m.Body)
	e.steps -= e.steps/2 - max(sub.steps, 0)
	if e.opts.Outside != nil {
		e.after(sub, m, name)
	}
	e.res.May = append(e.res.May, sub.res.May...)
	if r := sub.res.Raises; r != nil {
		e.may(r.At, r.Why)
	}
	e.res.Classes = append(e.res.Classes, sub.res.Classes...)
	e.res.Later = append(e.res.Later, sub.res.Later...)
	if len(m.Errors) > 0 {
		sub.st.globals.loose = "the module " + name + " could not be read"
	}
	return sub.st.globals
}
