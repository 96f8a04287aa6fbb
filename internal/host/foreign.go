package host

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// hubWords are the words of an address that say that what lies there is made for a hub.
var hubWords = lazyregexp.New(`(?i)tljh|jupyter|littlest|(?:^|[^a-z])hub(?:[^a-z]|$)`)

// clone remembers where a repository of somebody's is put.
func (i *interp) clone(s *step.Step, args []string) {
	if len(args) < 2 || args[0] != "clone" {
		return
	}
	var words []string
	for n := 1; n < len(args); n++ {
		switch a := args[n]; {
		case a == "-b" || a == "--branch" || a == "--depth" || a == "-c" || a == "-o" || a == "--config" || a == "--origin":
			n++
		case !strings.HasPrefix(a, "-"):
			words = append(words, a)
		}
	}
	switch len(words) {
	case 1:
		i.clones[where(s, strings.TrimSuffix(base(strings.TrimSuffix(words[0], "/")), ".git"))] = words[0]
	case 2:
		i.clones[where(s, words[1])] = words[0]
	}
}

// foreign looks at a program that lies in a repository of somebody's, which is put on the machine before: made for a hub, it
// may set anything.
func (i *interp) foreign(s *step.Step, name string, args []string) {
	if len(i.clones) == 0 {
		return
	}
	prog := s.Argv[0].String()
	if (name == "bash" || name == "sh" || strings.HasPrefix(name, "python")) && len(args) > 0 {
		prog = args[0]
	}
	if !strings.Contains(prog, "/") && prog == s.Argv[0].String() || span.IsUnknown(prog) {
		return
	}
	p := where(s, prog)
	for dir, url := range i.clones {
		inside, ok := strings.CutPrefix(p, dir+"/")
		if ok && hubWords.MatchString(url) && (i.files == nil || !i.files.Exists(inside)) {
			i.opaque(s, "a program of another repository is run here ("+path.Base(p)+"), which may change TLJH's configuration")
			return
		}
	}
}

// settings says whether an operation changes what the hub is set to.
func settings(o *tljh.Op) bool { return o.Kind <= tljh.OpRemoveItem }

// place checks the commands of one carrier against its step that installs TLJH: on a new machine there is no tljh-config before
// it, and what is done to another machine does nothing for this one.
func (i *interp) place(from int) {
	first := -1
	for k := from; k < len(i.m.Ops); k++ {
		if o := &i.m.Ops[k]; o.Kind == tljh.OpInstall && o.Maybe == "" {
			first = k
			break
		}
	}
	if first < 0 {
		return
	}
	new := !slices.ContainsFunc(i.m.Ops[:from], func(o tljh.Op) bool { return o.Kind == tljh.OpInstall })
	for k := from; k < len(i.m.Ops); k++ {
		o := &i.m.Ops[k]
		if o.Kind == tljh.OpInstall {
			i.stale = slices.DeleteFunc(i.stale, func(n int) bool { return n >= from })
		} else if k > first && onHTTPS(o) && !slices.ContainsFunc(i.reloads, func(n int) bool { return n > k }) {
			i.stale = append(i.stale, k)
		}
		switch {
		case !settings(o) || o.Maybe != "":
		case i.remote[k] != i.remote[first]:
			o.Maybe = "it is done to another machine or container than the one on which TLJH is installed here"
		case k < first && new:
			o.Maybe = "TLJH is only installed afterwards, so on a new machine there is no tljh-config yet; move it below the installer"
		}
	}
}

// onHTTPS says whether an operation surely changes what TLJH's proxy is to do.
func onHTTPS(o *tljh.Op) bool {
	return o.Maybe == "" && (settings(o) && strings.HasPrefix(o.Path.String(), "https") ||
		o.Kind == tljh.OpConfigFile && strings.Contains(o.Content.String(), "https:"))
}

// staleProxy says that the settings of HTTPS are not in force: they were changed after TLJH was installed, and only "reload
// proxy" makes its proxy read them (reference/tljh.md §11). A reload in another carrier may come afterwards.
func (i *interp) staleProxy() {
	if !i.noProxy.IsZero() && len(i.m.Ops) > 0 {
		i.m.Ops = append(i.m.Ops, tljh.Op{Kind: tljh.OpStale, At: i.noProxy, Why: "TLJH's proxy (the service traefik) is switched off"})
		return
	}
	if len(i.stale) == 0 {
		return
	}
	last := i.stale[len(i.stale)-1]
	for _, n := range i.reloads {
		if n > last || n <= i.carrierOf(last) {
			return
		}
	}
	for _, o := range i.m.Ops[last:] {
		if o.Kind == tljh.OpInstall || o.Kind == tljh.OpOpaque {
			return
		}
	}
	at := i.m.Ops[last].At
	i.m.Ops = append(i.m.Ops, tljh.Op{Kind: tljh.OpStale, At: at,
		Why: "it is set here, but TLJH's proxy only reads it when told to, and nothing does so afterwards; add: sudo tljh-config reload proxy"})
}

// carrierOf is the number of operations before those of the carrier that holds operation k.
func (i *interp) carrierOf(k int) int {
	start := 0
	for _, n := range i.starts {
		if n <= k {
			start = n
		}
	}
	return start
}
