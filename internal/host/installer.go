package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// installer recognises the ways in which TLJH's installer is run (reference/tljh.md §14): bootstrap.py piped into
// Python, downloaded first, committed, given as <(curl …), or python -m tljh.installer.
func (i *interp) installer(s *step.Step) bool {
	rest := s.Argv[1:]
	for len(rest) > 0 {
		a := rest[0].String()
		if a == "-m" {
			if len(rest) > 1 && rest[1].String() == "tljh.installer" {
				i.install(s, rest[2:], "tljh.installer", "")
				return true
			}
			return false
		}
		if a == "-c" {
			return false
		}
		if a == "-" || !strings.HasPrefix(a, "-") {
			break
		}
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0].String() == "-" || rest[0].String() == "/dev/stdin" {
		from, unsure, ok := i.piped(s, rest)
		if !ok {
			return false
		}
		if len(rest) > 0 {
			rest = rest[1:]
		}
		i.install(s, rest, from, unsure)
		return true
	}
	file := rest[0].String()
	if inner, ok := strings.CutPrefix(file, "<("); ok {
		if !bootstrap(inner) {
			return false
		}
		i.install(s, rest[1:], origin(inner), "")
		return true
	}
	u := i.urls[where(s, file)]
	switch {
	case u != "" && bootstrap(u):
		i.install(s, rest[1:], origin(u), "")
	case base(file) == "bootstrap.py" && (u == "" || span.IsUnknown(u)):
		from := "(unknown)"
		if _, f, ok := i.open(s, file); ok && f != "" {
			from = "(repository)"
		}
		i.install(s, rest[1:], from, "")
	default:
		return false
	}
	return true
}

// piped looks at what is fed to "python3 -".
func (i *interp) piped(s *step.Step, rest []span.Text) (from, unsure string, ok bool) {
	fetch := false
	for n, w := range s.Upstream {
		u := w.String()
		fetch = fetch || n == 0 && (base(u) == "curl" || base(u) == "wget")
		if bootstrap(u) || base(u) == "bootstrap.py" || i.urls[where(s, u)] != "" && bootstrap(i.urls[where(s, u)]) {
			if strings.Contains(u, "://") || strings.Contains(u, "tljh.jupyter.org") {
				return origin(u), "", true
			}
			if _, f, found := i.open(s, u); found && f != "" {
				return "(repository)", "", true
			}
			return origin(i.urls[where(s, u)]), "", true
		}
		if n > 0 && fetch && span.IsUnknown(u) && hasFlags(rest) {
			return "(unknown)", "what is piped into Python here is not known: " + span.Reason(u), true
		}
	}
	return "", "", false
}

func hasFlags(rest []span.Text) bool {
	return pick(strs(rest), "--admin", "--plugin", "--user-requirements-txt-url", "--show-progress-page") != ""
}

// bootstrap says whether an address or path is TLJH's bootstrap script, or a fork's.
func bootstrap(s string) bool {
	return strings.Contains(s, "bootstrap.py") && (strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub"))
}

// origin names where an installer comes from.
func origin(u string) string {
	if strings.Contains(u, "tljh.jupyter.org") {
		return "tljh.jupyter.org"
	}
	for _, f := range strings.Fields(u) {
		if strings.Contains(f, "://") {
			return span.Show(strings.Trim(f, ")\"'"))
		}
	}
	return "(unknown)"
}

func (i *interp) install(s *step.Step, args []span.Text, from, unsure string) {
	i.here = i.here || !s.OtherHost
	i.terminal = false // a script that installs TLJH runs before there is a terminal of it
	o := tljh.Op{Kind: tljh.OpInstall, Name: from, Args: args, At: s.At, Maybe: unsure, Value: i.pipSpec}
	if len(s.Upstream) > 0 { // the whole pipeline: it begins where the script is fetched
		if up := s.Upstream[0].Span(); up.File == s.At.File && before(up.Start, s.At.Start) {
			o.At.Start = up.Start
		}
	}
	if v, ok := env(s, "TLJH_BOOTSTRAP_PIP_SPEC"); ok {
		o.Value = v
	}
	if i.carrier.EveryBoot {
		o.Why = "every boot"
	}
	o.Plugins = i.plugins(s, args)
	i.op(s, o)
	i.m.Installs++
	for k := 0; k < len(args); k++ {
		switch a := args[k].String(); {
		case a == "--user-requirements-txt-url" && k+1 < len(args):
			k++
			i.source(s, "requirements_url", args[k], nil)
		case strings.HasPrefix(a, "--user-requirements-txt-url="):
			i.source(s, "requirements_url", args[k].Slice(len("--user-requirements-txt-url="), args[k].Len()), nil)
		case a == "--plugin":
			for k+1 < len(args) && !strings.HasPrefix(args[k+1].String(), "-") {
				k++
				p := pinnedSpec(args[k].String())
				i.source(s, "plugin", args[k], &p)
			}
		}
	}
	for n := range o.Plugins {
		i.pluginActions(s, &o.Plugins[n])
	}
}

func before(a, b span.Pos) bool { return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column }

// source records one way in which packages get into the shared user environment.
func (i *interp) source(s *step.Step, kind string, target span.Text, pinned *bool) {
	at := target.Span()
	if at.IsZero() {
		at = s.At
	}
	n := doc.NewMap(doc.Set, at)
	n.Put("kind", doc.Of(kind, doc.Set, at))
	n.Put("target", textNode(target, at))
	if pinned == nil {
		n.Put("pinned", doc.UnknownOf("the file at this address is not in the repository", at))
	} else {
		n.Put("pinned", doc.Of(*pinned, doc.Derived, at))
	}
	if why := maybe(s); why != "" {
		i.unsureIn = append(i.unsureIn, "packages may or may not be installed: "+why)
		if i.m.Environment.At.IsZero() {
			i.m.Environment.At = at
		}
		return
	}
	i.m.Environment.Add(n)
}

func textNode(t span.Text, at span.Span) *doc.Node {
	if s := t.String(); span.IsUnknown(s) && strings.TrimSpace(span.Show(s)) == "…" {
		return doc.UnknownOf(span.Reason(s), at)
	}
	return doc.Of(span.Show(t.String()), doc.Set, at)
}
