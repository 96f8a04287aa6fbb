package assemble

import (
	"path"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/host"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// unit is what is run or put on one machine as a whole: a script with all it calls, a machine's user data and
// provisioners, a committed configuration. Grouping decides which units make a hub.
type unit struct {
	file     string // what to call it
	dir      string
	carriers []step.Carrier
	uses     []string // files that its commands copy or install from
	install  bool     // contains the step that installs TLJH
	config   bool     // touches TLJH's configuration
	whole    bool     // is a whole config.yaml
	packages bool     // puts packages into the shared user environment
	alone    bool     // is a whole jupyterhub_config.py, which TLJH does not load beside its own
	opaque   bool     // does things to TLJH's configuration that cannot be followed
	unread   string   // its format, when that has no reader
	hosts    []string // of a playbook: the pattern it is for, hosts and groups
	separate bool     // is run by itself: what installs TLJH does not run it
	module   *module
	machine  string // address of the instance it belongs to, "" if none is known
	at       span.Span
}

// relevant says whether the unit says anything about a hub.
func (u *unit) relevant() bool { return u.install || u.config || u.whole || u.opaque || u.packages }

// newUnit looks at what carriers do to TLJH; the files that they copy are no units of their own.
func (l *loader) newUnit(file string, carriers ...step.Carrier) *unit {
	u := l.look(file, carriers...)
	l.use(u.uses)
	return u
}

// look makes a unit of carriers that may not count in the end.
func (l *loader) look(file string, carriers ...step.Carrier) *unit {
	carriers, manifests := l.applied(carriers)
	u := &unit{file: file, dir: dirOf(file), carriers: carriers}
	m := host.Interpret(carriers, l.tree)
	u.uses = append(m.Uses, manifests...)
	u.packages = len(m.Environment.List()) > 0 || m.Environment.State == doc.Unknown
	for _, op := range m.Ops {
		switch op.Kind {
		case tljh.OpPackage:
			continue // by itself it sets nothing
		case tljh.OpInstall:
			if !u.install {
				u.at = op.At
			}
			u.install = true
		case tljh.OpOpaque:
			u.opaque = true
		case tljh.OpStale: // it only says what others do not do
			continue
		case tljh.OpStart: // of some JupyterHub's
			u.config = u.config || repo.Mentions(op.Content.String()) || repo.Mentions(op.Name)
		default:
			u.config = true
		}
		if u.at.IsZero() {
			u.at = op.At
		}
	}
	if items := m.Environment.List(); u.at.IsZero() && len(items) > 0 {
		u.at = items[0].At
	} else if u.at.IsZero() && u.packages {
		u.at = m.Environment.At
	}
	return u
}

// speaks says whether any file of the unit names TLJH. A machine on which something happens that cannot be followed is
// no hub for that alone.
func (l *loader) speaks(u *unit) bool {
	if u.install || u.config || u.whole {
		return true
	}
	files := append([]string{u.file}, u.uses...)
	for _, c := range u.carriers {
		files = append(append(files, c.File), c.Uses...)
	}
	if u.module != nil {
		files = append(files, u.module.uses...)
		for _, in := range u.module.infra.Get("inputs").List() {
			if p, ok := in.Get("path").Str(); ok {
				files = append(files, p)
			}
		}
	}
	for _, f := range files {
		if src, err := l.tree.Open(f); err != nil || repo.Mentions(src.Text) {
			return true
		}
	}
	return false
}

func dirOf(file string) string { return path.Dir(file) }

// related says whether one directory is the other, or lies below it.
func related(a, b string) bool { return within(a, b) || within(b, a) }

// within says whether dir is base or lies below it.
func within(dir, base string) bool {
	return base == "." || dir == base || len(dir) > len(base) && dir[:len(base)] == base && dir[len(base)] == '/'
}

// common is the number of leading directories that a and b share.
func common(a, b string) int {
	if a == "." || b == "." {
		return 0
	}
	n := 0
	for i := 0; ; i++ {
		endA, endB := i == len(a), i == len(b)
		if (endA || a[i] == '/') && (endB || b[i] == '/') {
			n++
		}
		if endA || endB || a[i] != b[i] {
			return n
		}
	}
}
