package python

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// constants are names of modules whose value TLJH fixes (TLJH: tljh/config.py; the prefix is the default one).
var constants = map[string]string{
	"tljh.config.INSTALL_PREFIX": "/opt/tljh", "tljh.config.HUB_ENV_PREFIX": "/opt/tljh/hub", "tljh.config.USER_ENV_PREFIX": "/opt/tljh/user",
	"tljh.config.STATE_DIR": "/opt/tljh/state", "tljh.config.CONFIG_DIR": "/opt/tljh/config", "tljh.config.CONFIG_FILE": "/opt/tljh/config/config.yaml",
	"os.sep": "/", "os.linesep": "\n", "os.pathsep": ":", "os.name": "posix", "sys.platform": "linux", "sys.executable": "/opt/tljh/hub/bin/python3",
}

// renamed are names that modules pass on under another name.
var renamed = map[string]string{"os.path.curdir": ".", "posixpath": "os.path"}

// member is a name of a module or class that is imported.
func (e *evaluator) member(base *Value, name string, x syntax.Node) *Value {
	full := base.Name + "." + name
	if e.opts.Outside != nil {
		if v := e.submodule(base.Name, name); v != nil {
			return e.placed(v, x)
		}
	}
	if insides[name] {
		e.open("code gets at the variables of the program, "+e.quote(x), e.at(x))
		return &Value{Kind: Unknown, Why: "it is a part of the running program", At: e.at(x), Tainted: true}
	}
	if base.Name == "builtins" {
		return &Value{Kind: Ref, Name: name, At: e.at(x)}
	}
	if strings.HasSuffix(base.Name, ".") {
		full = base.Name + name
	}
	if s, ok := constants[full]; ok {
		return &Value{Kind: Text, Text: span.Literal(s, e.slice(x)), At: e.at(x)}
	}
	if name == "__file__" {
		return e.unknownText("where the module "+base.Name+" is installed is not known", e.slice(x))
	}
	if r := renamed[full]; r != "" {
		full = r
	}
	return &Value{Kind: Ref, Name: full, At: e.at(x)}
}

// environ is a variable of the hub's environment, with the default that is used without it.
func (e *evaluator) environ(name string, other *Value, x syntax.Node) *Value {
	if v := e.st.globals.vars[environment+name]; v != nil && v.Kind != Either {
		return v
	}
	why := "it comes from the environment variable " + name + " of the hub's service"
	if other != nil && other.Kind != None && !secretName(name) {
		why += "; without it, it is " + other.Show()
	}
	if other != nil && other.Kind != Text && other.Kind != None && other.Kind != Unknown {
		return e.unknown(x, "%s", why)
	}
	if other != nil && (other.Kind == None || other.Kind == Unknown) {
		return e.unknown(x, "%s", why) // text, or none
	}
	return e.unknownText(why, e.slice(x))
}

// secretName says whether a variable of that name may hold a secret, which no message tells.
func secretName(name string) bool {
	name = strings.ToUpper(name)
	for _, w := range []string{"SECRET", "PASS", "TOKEN", "KEY", "PWD", "CRED", "AUTH"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// callRef calls something imported or built in.
func (e *evaluator) callRef(f *Value, a *arguments, x *syntax.Call) *Value {
	if e.raised != nil {
		return f
	}
	if f.Kind != Ref {
		return e.opaqueCall(f, a, x)
	}
	at := e.at(x)
	arg := a.get(0, "")
	name, isText := arg.Str()
	if e.opts.Outside != nil && e.opts.Outside.Answer != nil {
		if v := e.opts.Outside.Answer(&Call{Name: f.Name, Args: a.list, Named: a.named, Loose: a.loose, At: at}); v != nil {
			return v
		}
	}
	switch f.Name {
	case "get_config":
		if len(a.list) == 0 {
			return e.config(at)
		}
	case "traitlets.config.get_config":
		return e.config(at)
	case "load_subconfig":
		return e.load(arg, x)
	case "exec", "eval", "compile", "globals", "locals", "vars", "__import__", "runpy.run_path", "importlib.reload", "importlib.import_module", "execfile":
		e.open("code that is not read may change everything, "+e.quote(x), at)
		return &Value{Kind: Unknown, Why: "it is worked out by code that is not read", At: at, Tainted: true}
	case "os.environ.get", "os.getenv", "os.environ.pop", "os.environ.setdefault":
		if isText {
			other := firstValue(a.get(1, "default"), &Value{Kind: None})
			return e.environ(name, other, x)
		}
		return e.unknownText("it comes from the environment of the hub's service", e.slice(x))
	case "os.environ.update", "os.environ.copy", "os.environ.items":
		return e.unknown(x, "it is the environment of the hub's service")
	case "os.path.join":
		return e.joinPath(a, x)
	case "os.path.dirname", "os.path.basename", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser":
		if isText && strings.HasPrefix(name, "/") && !strings.HasSuffix(f.Name, "user") {
			switch f.Name {
			case "os.path.dirname":
				name = path.Dir(name)
			case "os.path.basename":
				name = path.Base(name)
			default:
				name = path.Clean(name)
			}
			return textOf(span.Literal(name, arg.Text))
		}
		return e.unknownText(firstOf(reasonOf(arg), "it is a path on the machine"), e.slice(x))
	case "pathlib.Path", "pathlib.PosixPath":
		if len(a.list) == 1 && len(a.named) == 0 {
			return e.openFile(arg, &Value{Kind: None}, x)
		}
	case "glob.glob", "glob.iglob":
		return e.glob(arg, x)
	case "tljh.configurer.apply_config":
		return e.applyConfig(a, x)
	case "tljh.configurer.load_config", "tljh.configurer.load_secrets", "tljh.utils.get_plugin_manager":
		return &Value{Kind: Ref, Name: f.Name + "()", At: at}
	case "tljh.utils.get_plugin_manager().hook.tljh_custom_jupyterhub_config":
		return &Value{Kind: None, At: at} // plugins are known to whoever called us
	case "sys.path.append", "sys.path.insert":
		for _, v := range a.all() {
			if dir, ok := v.Str(); ok && systemPackages.MatchString(dir) {
				e.res.SystemPath = true
			}
		}
		return &Value{Kind: None, At: at}
	case "sys.exit", "exit", "quit":
		e.raised = &Issue{"the file ends the program", at}
		return f
	case "copy.copy", "copy.deepcopy":
		if arg != nil {
			left := bound
			return (&copier{map[*Value]*Value{}, map[*scope]*scope{}, &left}).value(arg)
		}
	}
	if v := e.builtin(f.Name, a, x); v != nil {
		return v
	}
	if v := e.pure(f, a, x); v != nil {
		return v
	}
	if e.opts.Outside != nil {
		return e.outside(&Call{Name: f.Name}, a, x)
	}
	v := e.opaqueCall(f, a, x)
	v.Tainted = v.Tainted || strings.HasPrefix(f.Name, "traitlets.") && !traitTypes()[f.Name] || strings.HasPrefix(f.Name, "jupyterhub.app") // the application knows its configuration
	return v
}

// traitTypes are classes by which a class says what its traits hold; they know nothing of the application.
var traitTypes = once(`traitlets.Any traitlets.Bool traitlets.CBool traitlets.Bytes traitlets.Callable traitlets.Dict traitlets.Enum traitlets.Float traitlets.CFloat
	traitlets.Instance traitlets.Int traitlets.CInt traitlets.Integer traitlets.List traitlets.Set traitlets.Tuple traitlets.Type traitlets.Unicode traitlets.CUnicode traitlets.Union`)

// systemPackages is where the system's Python has its packages.
var systemPackages = lazyregexp.New(`^/usr/(?:local/)?lib/python3[\d.]*/(?:dist|site)-packages/?$`)

// insides are names by which code gets at the variables of the running program.
var insides = map[string]bool{"f_globals": true, "f_locals": true, "f_back": true, "__globals__": true, "__dict__": true, "__closure__": true, "__builtins__": true,
	"_getframe": true, "currentframe": true, "get_objects": true, "get_referrers": true, "__subclasses__": true}

func reasonOf(v *Value) string {
	if v == nil {
		return ""
	}
	return v.Reason()
}

// readers are modules and functions that change nothing they are given.
var readers = once(`os os.path json logging re time datetime socket subprocess shutil pwd grp platform secrets uuid hashlib base64 shlex string math pathlib urllib ipaddress getpass tempfile textwrap`)

// pure is a call of code that changes nothing it is given; nil if it is none such.
func (e *evaluator) pure(f *Value, a *arguments, x *syntax.Call) *Value {
	i := strings.LastIndexByte(f.Name, '.')
	if i < 0 || !readers()[f.Name[:i]] {
		return nil
	}
	for _, v := range a.all() {
		if v.Kind == Function || reaches(v) {
			return nil
		}
	}
	e.calls++
	switch f.Name {
	case "os.getcwd", "socket.gethostname", "socket.getfqdn", "platform.node", "secrets.token_hex", "secrets.token_urlsafe", "getpass.getuser", "os.uname", "subprocess.getoutput", "json.dumps", "shlex.quote", "textwrap.dedent":
		return e.unknownText("it is worked out by code that is not followed, "+e.quote(x), e.slice(x))
	}
	return e.unknown(x, "it is worked out by code that is not followed, %s", e.quote(x))
}

// joinPath is os.path.join.
func (e *evaluator) joinPath(a *arguments, x syntax.Node) *Value {
	if a.loose || len(a.list) == 0 {
		return e.unknownText("it is a path on the machine", e.slice(x))
	}
	var parts []span.Text
	for i, v := range a.list {
		t := e.asText(v, x).Text
		s := t.String()
		if strings.HasPrefix(s, "/") {
			parts = nil
		} else if i > 0 && len(parts) > 0 && !strings.HasSuffix(parts[len(parts)-1].String(), "/") {
			parts = append(parts, span.Literal("/", e.slice(x)))
		}
		parts = append(parts, t)
	}
	return &Value{Kind: Text, Text: span.Concat(parts...), At: e.at(x)}
}

// glob lists files of configuration where that is known.
func (e *evaluator) glob(pattern *Value, x syntax.Node) *Value {
	if s, ok := pattern.Str(); ok && e.opts.Glob != nil {
		if paths, known := e.opts.Glob(s); known {
			l := &Value{Kind: List, At: e.at(x)}
			for _, p := range paths {
				l.Items = append(l.Items, textOf(span.Literal(p, e.slice(x))))
			}
			return l
		}
	}
	return e.unknown(x, "which files there are on the machine is not known")
}

// load is load_subconfig: the file is run with a configuration of its own, which is merged into this one.
func (e *evaluator) load(file *Value, x syntax.Node) *Value {
	at := e.at(x)
	none := &Value{Kind: None, At: at}
	name, ok := file.Str()
	if ok && e.opts.Load != nil && len(e.loading) < 8 {
		if text, known := e.opts.Load(name); known {
			for _, l := range e.loading {
				if l == name {
					return none
				}
			}
			opts := e.opts
			opts.Base, opts.Path = nil, name
			sub := newEvaluator(text, opts)
			sub.loading = append(e.loading, name)
			sub.steps, sub.copies = e.steps/2, e.copies/2
			sub.file(syntax.Parse(text.String()))
			res := sub.finish()
			e.steps -= e.steps/2 - max(sub.steps, 0)
			e.merge(res, at)
			return none
		}
	}
	if file != nil {
		e.res.Uses = append(e.res.Uses, e.asText(file, x).Text)
	}
	e.open("another file of configuration is loaded, which is not read", at)
	return none
}

// merge adds what another file sets, as traitlets' Config.merge does.
func (e *evaluator) merge(res *Result, at span.Span) {
	if res.Open != nil {
		e.open(res.Open.Why, res.Open.At)
	}
	for _, s := range res.Sections {
		own := e.st.conf.section(s.Name, s.At)
		if s.Open != nil {
			e.openSection(own, s.Open.Why, s.Open.At)
		}
		for _, k := range s.Order {
			v := s.Traits[k]
			if v.Kind == Lazy {
				before := e.trait(s.Name, k, at)
				if before.Kind != Lazy || !before.Lazy.Empty() {
					e.spoil(before, "another file adds to it", at)
				} else {
					before.Lazy = v.Lazy
				}
				continue
			}
			own.put(k, v)
		}
	}
	e.res.Classes = append(e.res.Classes, res.Classes...)
	e.res.Later = append(e.res.Later, res.Later...)
	e.res.May = append(e.res.May, res.May...)
	e.res.Problems = append(e.res.Problems, res.Problems...)
	if res.Raises != nil && e.raised == nil {
		e.raised = res.Raises
	}
}

// applyConfig is TLJH's own apply_config, which a whole jupyterhub_config.py may call: what TLJH sets is there from here
// on, and what the file set of it before is gone.
func (e *evaluator) applyConfig(a *arguments, x syntax.Node) *Value {
	if c := a.get(1, "c"); c == nil || c.Kind != Config {
		return nil
	}
	e.st.conf.applied = true
	for _, s := range e.st.conf.sections {
		for _, k := range append([]string(nil), s.Order...) {
			if applied()[s.Name+"."+k] {
				s.remove(k)
			}
		}
	}
	return &Value{Kind: None, At: e.at(x)}
}

// applied are the traits that apply_config sets always (TLJH: tljh/configurer.py).
var applied = once(`JupyterHub.authenticator_class JupyterHub.base_url JupyterHub.services Authenticator.allowed_users Authenticator.blocked_users Authenticator.admin_users
	Spawner.mem_limit Spawner.cpu_limit UserCreatingSpawner.user_groups TraefikProxy.traefik_api_username TraefikProxy.traefik_api_password TraefikProxy.traefik_entrypoint`)
