package tljh

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yaml12"
)

// configFile is the state of /opt/tljh/config/config.yaml.
type configFile struct {
	root   *doc.Node // nil when there is no file, or it is broken
	broken *yaml12.Error
	raw    *span.Text // its text, while nobody has rewritten it
	whole  bool       // the repository wrote all of it
}

// snippet is one file of jupyterhub_config.d.
type snippet struct {
	name  string
	text  span.Text
	maybe string      // why it may not be there, or not like this
	other []span.Text // what it may hold instead
	part  bool        // it was added to a file that is not known
}

// replay is the machine while operations are performed on it.
type replay struct {
	ops       []*Op
	file      configFile
	snippets  map[string]*snippet
	starts    map[string]*snippet // whole configurations, by path
	traefik   map[string]*snippet
	installs  []*install
	plugins   []*Plugin
	modules   map[string]bool // modules that packages bring which are installed for the hub; false for those of the system's Python
	installed bool
	install   *Op
	opaque    []*Op
	stale     *Op
	version   version
	secrets   []*doc.Node
	problems  []step.Problem
}

func newReplay() *replay {
	return &replay{snippets: map[string]*snippet{}, traefik: map[string]*snippet{}, starts: map[string]*snippet{}, modules: map[string]bool{}, version: parseVersion("")}
}

func (r *replay) problem(at span.Span, format string, args ...any) {
	r.problems = append(r.problems, step.Problem{At: at, Msg: fmt.Sprintf(format, args...)})
}

// apply performs one operation. What an uncertain operation touches becomes the join of both outcomes.
func (r *replay) apply(op *Op) {
	r.ops = append(r.ops, op)
	switch op.Kind {
	case OpInstall:
		r.runInstaller(op)
	case OpPlugin:
		r.addPlugins(op)
	case OpPackage:
		r.addPackage(op)
	case OpStart:
		r.writeSnippet(r.starts, op)
	case OpSnippet:
		r.writeSnippet(r.snippets, op)
	case OpTraefik:
		r.writeSnippet(r.traefik, op)
	case OpStale:
		r.stale = op
	case OpOpaque:
		r.opaque = append(r.opaque, op)
		r.file = configFile{root: doc.NewMap(doc.Unknown, op.At).Because(op.Why)}
	case OpConfigFile:
		r.change(op, r.writeConfig(op))
	default:
		r.change(op, r.command(op))
	}
}

// change takes next for the file, or what both the file before and next agree on if op may not happen.
func (r *replay) change(op *Op, next configFile) {
	if op.Maybe == "" {
		r.file = next
		return
	}
	before := r.file
	if before.broken != nil || next.broken != nil {
		if before.broken != nil && next.broken != nil {
			return
		}
		r.file = configFile{root: doc.NewMap(doc.Unknown, op.At).Because(op.Maybe), whole: before.whole}
		return
	}
	a, b := before.root, next.root
	if a == nil {
		a = doc.NewMap(doc.Set, op.At)
	}
	r.file = configFile{root: join(a, b, defaultConfig(r.version, doc.Default, ""), op.Maybe), whole: before.whole && next.whole}
}

// writeConfig writes or appends to config.yaml.
func (r *replay) writeConfig(op *Op) configFile {
	text := op.Content
	if op.Append && r.file.raw != nil {
		text = span.Concat(*r.file.raw, op.Content)
	}
	whole := !op.Append || r.file.whole || (r.file.root == nil && r.installed)
	n, errs := yaml12.Parse(text, yaml12.Options{})
	if len(errs) > 0 {
		return r.badConfig(op, text, errs[0], whole)
	}
	if !op.Append || r.file.raw != nil || r.file.broken != nil {
		return configFile{root: n, raw: &text, whole: whole}
	}
	base := r.file.root
	if base == nil {
		return configFile{root: n, raw: &text, whole: whole}
	}
	if n.Kind == doc.Null && n.State != doc.Unknown {
		return r.file // nothing but blank lines was added
	}
	if !isDict(base) || !isDict(n) || (len(base.Keys) == 0 && !isOpen(base)) {
		e := yaml12.Error{At: n.At, Msg: "text is appended to a config.yaml that holds {} or no mapping at all; the result is no YAML"}
		return configFile{broken: &e, whole: whole}
	}
	out := base.Copy()
	for _, k := range n.Keys {
		if out.Child[k] != nil {
			e := yaml12.Error{At: n.Child[k].KeyAt, Msg: "the key " + k + " is already in config.yaml, and appending writes it twice; TLJH refuses the whole file"}
			return configFile{broken: &e, whole: whole}
		}
		out.Put(k, n.Child[k])
	}
	if isOpen(n) {
		out.State, out.Why = n.State, n.Why
	}
	return configFile{root: out, whole: whole}
}

// badConfig is a config.yaml that TLJH cannot load, unless only a template keeps it from being YAML.
func (r *replay) badConfig(op *Op, text span.Text, e yaml12.Error, whole bool) configFile {
	why := ""
	s := text.String()
	switch {
	case e.Bound:
		why = "config.yaml could not be read: " + e.Msg
		r.problems = append(r.problems, step.Problem{At: e.At, Msg: why, Fatal: true})
	case span.IsUnknown(s), strings.Contains(s, "{%"), strings.Contains(s, "{{"), strings.Contains(s, "%{"), strings.Contains(s, "<%"):
		why = "config.yaml is a template that is no YAML before it is filled in"
		r.problem(e.At, "%s: %s; commit the finished file to have it checked", why, e.Msg)
	default:
		return configFile{broken: &e, whole: whole}
	}
	return configFile{root: doc.NewMap(doc.Unknown, op.At).Because(why), whole: whole}
}

func (r *replay) writeSnippet(files map[string]*snippet, op *Op) {
	old := files[op.Name]
	s := &snippet{name: op.Name, text: op.Content, maybe: op.Maybe}
	if op.Append && old != nil {
		s.text = span.Concat(old.text, op.Content)
		if s.maybe == "" {
			s.maybe = old.maybe
		}
		s.other = old.other
		s.part = old.part
	} else if op.Append {
		s.part = true
	} else if op.Maybe != "" && old != nil {
		s.other = append([]span.Text{old.text}, old.other...)
	}
	files[op.Name] = s
}
