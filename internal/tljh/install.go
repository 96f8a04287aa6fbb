package tljh

import (
	"sort"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// install is one run of the installer: what its flags say (reference/tljh.md §14).
type install struct {
	op           *Op
	admins       []*doc.Node
	hasAdmins    bool // --admin was given with at least one name
	passwords    []span.Span
	plugins      []*doc.Node
	version      *span.Text
	reqs         *span.Text
	progress     *span.Text
	withPassword []string // administrators that were given one
	loose        string   // why it is not known which arguments there are; "" when it is
}

// flag names of the installer and the bootstrap script, and how many values they take: 0, 1, or -1 for any number.
var installerFlags = map[string]int{"--admin": -1, "--plugin": -1, "--version": 1, "--user-requirements-txt-url": 1, "--show-progress-page": 0, "--help": 0}

// readInstaller parses the installer's arguments as argparse does: long flags may be shortened, --flag=value works.
func (r *replay) readInstaller(op *Op) *install {
	in := &install{op: op}
	current, left := "", 0
	for _, arg := range op.Args {
		s := arg.String()
		if !strings.HasPrefix(s, "-") || s == "-" {
			if left == 0 {
				switch {
				case span.IsUnknown(s):
					in.loose = span.Reason(s)
				case s != "-": // "python3 - args" reads the script from standard input
					r.problem(arg.Span(), "the installer does not understand %q and stops", span.Show(s))
				}
				continue
			}
			r.installerValue(in, current, arg)
			if left > 0 {
				left--
			}
			continue
		}
		name, _, joined := strings.Cut(s, "=")
		current, left = r.installerFlag(arg, name)
		if current == "" {
			continue
		}
		if joined {
			r.installerValue(in, current, arg.Slice(len(name)+1, arg.Len()))
			left = 0
		}
		if current == "--show-progress-page" {
			in.progress = &arg
		}
	}
	return in
}

func (r *replay) installerFlag(arg span.Text, name string) (string, int) {
	if n, ok := installerFlags[name]; ok {
		return name, n
	}
	var found []string
	best, score := "", 4
	flags := make([]string, 0, len(installerFlags))
	for f := range installerFlags {
		flags = append(flags, f)
	}
	sort.Strings(flags)
	for _, f := range flags {
		if strings.HasPrefix(f, name) && len(name) > 2 {
			found = append(found, f)
		}
		if d := levenshtein.Distance(strings.ToLower(name), f, nil); d < score {
			best, score = f, d
		}
	}
	if len(found) == 1 {
		return found[0], installerFlags[found[0]]
	}
	hint := ""
	if best != "" {
		hint = "; did you mean " + best + "?"
	}
	r.problem(arg.Span(), "the installer has no flag %s%s It stops without installing anything", span.Show(name), hint)
	return "", -1
}

func (r *replay) installerValue(in *install, flag string, arg span.Text) {
	switch flag {
	case "--admin":
		in.hasAdmins = true
		name, password, has := strings.Cut(arg.String(), ":")
		n := textNode(arg.Slice(0, len(name)))
		in.admins = append(in.admins, n)
		if !has {
			return
		}
		in.withPassword = append(in.withPassword, name)
		at := arg.SpanOf(len(name)+1, arg.Len())
		in.passwords = append(in.passwords, at)
		if strings.Contains(password, ":") && !span.IsUnknown(password) {
			r.problem(n.At, "the password of --admin %s holds a second colon, at which the installer stops", span.Show(name))
		}
		if !placeholder(password) {
			r.secrets = append(r.secrets, secretNode("admin_password", "/tljh/installer/admins", at))
		}
	case "--plugin":
		in.plugins = append(in.plugins, textNode(arg))
		if in.op.plugin(arg.String()) != nil {
			return
		}
		r.problem(arg.Span(), "plugin %s may change the configuration; it is not read", span.Show(arg.String()))
	case "--version":
		in.version = &arg
	case "--user-requirements-txt-url":
		in.reqs = &arg
	}
}

// textNode is a string node of a text; unknown if it holds a token.
func textNode(t span.Text) *doc.Node {
	n := doc.Of(t.String(), doc.Set, t.Span())
	if span.IsUnknown(t.String()) {
		n.State, n.Why = doc.Unknown, span.Reason(t.String())
	}
	return n
}

// runInstaller installs or upgrades TLJH: config.yaml comes to exist, and users.admin is replaced by --admin's names.
func (r *replay) runInstaller(op *Op) {
	in := r.readInstaller(op)
	r.installs = append(r.installs, in)
	if r.install == nil || op.Maybe == "" {
		r.install = op
	}
	r.installed = true
	if in.version != nil {
		r.version = parseVersion(in.version.String())
		if span.IsUnknown(in.version.String()) {
			r.version = parseVersion("")
		}
	} else if op.Maybe == "" {
		r.version = parseVersion("")
	}
	for _, p := range r.addPlugins(op) { // before the administrators are set
		r.postInstall(p)
	}
	next := r.file
	if next.root == nil && next.broken == nil {
		next = configFile{root: doc.NewMap(doc.Set, op.At), whole: true}
	}
	next.raw = nil
	if in.hasAdmins && next.broken == nil {
		next.root = next.root.Copy()
		if !isDict(next.root) {
			if !isUnknown(next.root) {
				r.problem(op.At, "the installer fails: config.yaml is not a mapping")
			}
		} else {
			r.setAdmins(next.root, in)
		}
	} else if in.loose != "" && next.broken == nil && isDict(next.root) {
		next.root = next.root.Copy()
		r.setAdmins(next.root, in) // there may be an --admin among them
	}
	r.change(op, next)
}

// addPlugins adds the plugins of an operation, each once.
func (r *replay) addPlugins(op *Op) (added []*Plugin) {
	for i := range op.Plugins {
		p := op.Plugins[i]
		if p.Maybe == "" {
			p.Maybe = op.Maybe
		}
		for n, old := range r.plugins {
			if old.Module == p.Module {
				r.plugins = append(r.plugins[:n:n], r.plugins[n+1:]...)
				break
			}
		}
		r.plugins, added = append(r.plugins, &p), append(added, &p)
	}
	return added
}

// plugin is the plugin of an installation that is given as spec, nil if its code is not in the repository.
func (o *Op) plugin(spec string) *Plugin {
	for i := range o.Plugins {
		if o.Plugins[i].Spec == spec {
			return &o.Plugins[i]
		}
	}
	return nil
}

func (r *replay) setAdmins(root *doc.Node, in *install) {
	users := root.Child["users"]
	switch {
	case users == nil && isOpen(root), isUnknown(users):
		users = doc.NewMap(doc.Unknown, in.op.At).Because(root.Why)
	case users == nil:
		users = doc.NewMap(doc.Set, in.op.At)
	case !isDict(users):
		r.problem(in.op.At, "the installer fails: users in config.yaml is not a mapping")
		return
	}
	root.Put("users", users)
	if !in.hasAdmins {
		users.Put("admin", doc.UnknownOf(in.loose, in.op.At))
		return
	}
	users.Put("admin", doc.NewList(doc.Set, in.admins[0].At, in.admins...))
}
