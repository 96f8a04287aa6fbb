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
		switch {
		case !settings(o) || o.Maybe != "":
		case i.remote[k] != i.remote[first]:
			o.Maybe = "it is done to another machine or container than the one on which TLJH is installed here"
		case k < first && new:
			o.Maybe = "TLJH is only installed afterwards, so on a new machine there is no tljh-config yet; move it below the installer"
		}
	}
}
