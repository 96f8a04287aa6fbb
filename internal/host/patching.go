package host

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// patching is how the machine is kept up to date. Several switches stand in a row, and one that is off keeps updates from
// being installed: the package, systemd's timers, and the settings below APT::Periodic. What switches one of them on
// again says nothing of the others. Source: /usr/lib/apt/apt.systemd.daily, apt.conf(5), unattended-upgrades' README.
type patching struct {
	shown    []*doc.Node // "unattended" and "first_boot_only", in order
	off      []switchedOff
	conf     map[string]map[string]aptValue // settings by file and name
	declined *step.Step                     // debconf was told not to switch updates on when the package is set up
}

type switchedOff struct {
	name string
	node *doc.Node
}

// aptValue is a setting of apt, in the file that makes it.
type aptValue struct {
	s     step.Step
	value string
}

const (
	thePackage  = "package"
	stopped     = "stopped" // until the next start of the machine, or of what was stopped
	debconfFile = "/etc/apt/apt.conf.d/20auto-upgrades"
)

func (p *patching) show(s *step.Step, kind, target string) {
	for _, n := range p.shown {
		if k, _ := n.Get("kind").Str(); k == kind && n.State != doc.Unknown {
			return
		}
	}
	p.shown = append(p.shown, entry(s, s.At, "kind", kind, "target", target))
}

// switchOn says that s switches updates on, and puts right what switched off the same.
func (p *patching) switchOn(s *step.Step, name, target string) {
	p.show(s, "unattended", target)
	why := maybe(s)
	p.off = slices.DeleteFunc(p.off, func(o switchedOff) bool {
		same := o.name == name || o.name == stopped
		if same && why != "" {
			o.node.State, o.node.Why = doc.Unknown, why
		}
		return same && why == ""
	})
}

func (p *patching) switchOff(s *step.Step, name, target string) {
	for _, o := range p.off {
		if o.name == name && o.node.State != doc.Unknown {
			return
		}
	}
	p.off = append(p.off, switchedOff{name, entry(s, s.At, "kind", "removed", "target", target)})
}

// install is the package being set up: it switches updates on, unless debconf was told otherwise.
func (p *patching) install(s *step.Step) {
	if p.declined != nil {
		p.switchOff(p.declined, "debconf", "apt")
	}
	p.switchOn(s, thePackage, "apt")
}

var (
	aptSetting = lazyregexp.New(`^(?:APT::Periodic::)?(Unattended-Upgrade|Enable|Update-Package-Lists)\s+"?([^";]*)"?`)
	aptOrigins = lazyregexp.New(`(?s)Unattended-Upgrade::(?:Allowed-Origins|Origins-Pattern)\s*\{([^}]*)\}`)
	debconfOff = lazyregexp.New(`unattended-upgrades/enable_auto_updates\s+boolean\s+(true|false)`)
)

// aptConf reads what a file of /etc/apt says of updates.
func (i *interp) aptConf(s *step.Step, file string, t span.Text, anew bool) {
	p := &i.guest.patching
	if p.conf == nil {
		p.conf = map[string]map[string]aptValue{}
	}
	if anew && maybe(s) == "" || p.conf[file] == nil {
		p.conf[file] = map[string]aptValue{}
	}
	lines(t, func(line string, at span.Span) {
		m := aptSetting.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(line, "//") {
			return
		}
		one := *s
		one.At = at
		if span.IsUnknown(m[2]) && one.Cond == nil {
			one.Cond = &step.Cond{Why: span.Reason(m[2]), At: at}
		}
		if old, ok := p.conf[file][m[1]]; ok && maybe(&one) != "" && off(old.value) == off(m[2]) {
			return
		}
		p.conf[file][m[1]] = aptValue{one, m[2]}
		if m[1] == "Unattended-Upgrade" && !off(m[2]) {
			p.switchOn(&one, debconfFile, "apt")
		}
	})
	if path.Base(file) == "50unattended-upgrades" && anew {
		some, none := false, false
		for _, m := range aptOrigins.FindAllStringSubmatch(withoutComments(t), 10) {
			some = some || strings.Contains(m[1], `"`) || span.IsUnknown(m[1])
			none = true
		}
		if none && !some {
			p.switchOff(s, "origins", "apt")
		} else if some {
			p.switchOn(s, "origins", "apt")
		}
	}
}

func off(value string) bool { return value == "0" || value == "" }

func withoutComments(t span.Text) string {
	var b strings.Builder
	lines(t, func(line string, _ span.Span) {
		if !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
	})
	return b.String()
}

// removed is rm of a file of /etc/apt: without the one that debconf makes, apt's default is to do nothing.
func (p *patching) removed(s *step.Step, file string) {
	if maybe(s) == "" {
		delete(p.conf, file)
	}
	if file == debconfFile && len(p.shown) > 0 {
		p.switchOff(s, debconfFile, "apt")
	}
}

// changed is a file of /etc/apt that is edited in ways that are not followed.
func (p *patching) changed(s *step.Step, file string) {
	if path.Base(file) == "50unattended-upgrades" { // people choose there what is installed besides security updates
		return
	}
	one := *s
	one.Cond = &step.Cond{Why: "the settings of automatic updates are edited here in ways that cannot be followed", At: s.At}
	p.switchOff(&one, "edited", "apt")
}

// debconf reads answers that are given before a package is set up.
func (p *patching) debconf(s *step.Step, answers string) {
	if m := debconfOff.FindStringSubmatch(answers); m != nil {
		p.declined = nil
		if m[1] == "false" {
			p.declined = s
		} else if maybe(s) == "" {
			p.off = slices.DeleteFunc(p.off, func(o switchedOff) bool { return o.name == "debconf" })
		}
	}
}

// node is what holds in the end. Of a setting that several files make, apt takes the last: files of apt.conf.d by name, then apt.conf.
func (p *patching) node() []*doc.Node {
	files := make([]string, 0, len(p.conf))
	for f := range p.conf {
		if ext := path.Ext(f); ext == "" || ext == ".conf" { // apt reads no others
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b string) int {
		if main := strings.Compare(path.Dir(b), path.Dir(a)); main != 0 {
			return main
		}
		return strings.Compare(a, b)
	})
	offs := slices.Clone(p.off)
	for _, key := range []string{"Enable", "Update-Package-Lists", "Unattended-Upgrade"} {
		var last aptValue
		for _, f := range files {
			v, ok := p.conf[f][key]
			if ok && !(maybe(&v.s) != "" && off(v.value) == off(last.value) && last.value != "") {
				last = v
			}
		}
		if off(last.value) && last.value != "" || span.IsUnknown(last.value) {
			offs = append(offs, switchedOff{key, entry(&last.s, last.s.At, "kind", "removed", "target", "apt")})
		}
	}
	certain := slices.ContainsFunc(offs, func(o switchedOff) bool { return o.node.State != doc.Unknown })
	var out []*doc.Node
	for _, n := range p.shown {
		if k, _ := n.Get("kind").Str(); !certain || k != "unattended" {
			out = append(out, n)
		}
	}
	for _, o := range offs {
		out = append(out, o.node)
	}
	return out
}
