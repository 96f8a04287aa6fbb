package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// unknownProgram judges a command whose program is not known.
func (i *interp) unknownProgram(s *step.Step) {
	if len(s.Argv) >= 3 && len(s.Argv) <= 4 {
		switch s.Argv[1].String() {
		case "set", "unset", "add-item", "remove-item":
			i.tljhConfig(s, "the name of the command is not known ("+span.Reason(s.Argv[0].String())+")")
			return
		}
	}
	text := strings.Join(strs(s.Argv[1:]), " ")
	// The output of a program alone, as in $(aws ecr get-login), is no way to configure a hub.
	whole := len(s.Argv) == 1 && strings.TrimSpace(span.Show(s.Argv[0].String())) == "…" &&
		!strings.HasPrefix(span.Reason(s.Argv[0].String()), "output of")
	if whole || strings.Contains(text, "tljh") {
		i.opaque(s, "a command that is not known: "+span.Reason(s.Argv[0].String()))
	}
}

// readers are programs that change no file whose name they are given (curl and wget are looked at by download).
const readers = " cat ls chmod chown chgrp mkdir test [ grep egrep touch stat diff head tail less more echo printf cd du df file md5sum sha256sum setfacl getfacl tree wc cut awk curl wget "

// restores are words of an archive that may well hold a hub's settings.
var restores = lazyregexp.New(`(?i)backup|restore|config|tljh|jupyter|(?:^|[^a-z])hub(?:[^a-z]|$)`)

// touches says that a program that is not understood is given TLJH's configuration to work on.
func (i *interp) touches(s *step.Step, name string, args []string) {
	if (name == "at" || name == "batch") && later.MatchString(i.given(s, nil)) {
		i.opaque(s, "a job changes TLJH's configuration later")
	}
	if strings.Contains(readers, " "+name+" ") || name == "find" && pick(args, "-exec", "-delete", "-execdir", "-ok") == "" {
		return
	}
	if i.runsCode(s, name, args) {
		i.opaque(s, "a program is run here that changes TLJH's configuration; what it does is not worked out")
		return
	}
	for n, a := range args {
		p := where(s, strings.TrimPrefix(a, "--directory="))
		t := classify(p)
		into := n > 0 && (args[n-1] == "-C" || args[n-1] == "-d")
		unpack := into && (p == root || p == "/opt" ||
			p == "/" && len(i.m.Ops) > 0 && restores.MatchString(strings.Join(append(args, strs(s.Upstream)...), " ")))
		if t.kind != elsewhere && t.kind != dead && t.kind != start || unpack || p == configDir {
			i.opaque(s, "the program "+span.Show(name)+" may change TLJH's configuration here in ways that cannot be followed")
			return
		}
	}
}

// runsCode says whether a program in another language that names TLJH's configuration is run.
func (i *interp) runsCode(s *step.Step, name string, args []string) bool {
	known := false
	for _, lang := range []string{"python", "perl", "ruby", "node", "php", "yq", "jq", "ansible"} {
		known = known || strings.HasPrefix(name, lang)
	}
	if !known {
		return false
	}
	names := func(t string) bool { return strings.Contains(t, configDir) || strings.Contains(t, "tljh-config") }
	if s.Stdin != nil && names(s.Stdin.String()) {
		return true
	}
	for _, a := range args {
		if names(a) {
			return true
		}
		if strings.HasSuffix(a, ".py") || strings.HasSuffix(a, ".pl") || strings.HasSuffix(a, ".rb") {
			if t, _, ok := i.open(s, a); ok {
				return names(t.String())
			}
		}
	}
	return false
}
