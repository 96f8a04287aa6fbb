package host

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

var verbs = map[string]struct {
	kind tljh.OpKind
	args int
}{
	"set": {tljh.OpSet, 2}, "unset": {tljh.OpUnset, 1}, "add-item": {tljh.OpAddItem, 2}, "remove-item": {tljh.OpRemoveItem, 2},
}

// tljhConfig replays a tljh-config command (reference/tljh.md §13). unsure says why it may be none.
func (i *interp) tljhConfig(s *step.Step, unsure string) {
	words := s.Argv[1:]
	var rest []span.Text
	noValidate := false
	for k := 0; k < len(words); k++ {
		w := words[k].String()
		switch {
		case w == "--config-path" && k+1 < len(words):
			if k++; words[k].String() != configFile {
				return // some other file than the hub's
			}
		case strings.HasPrefix(w, "--config-path="):
			if strings.TrimPrefix(w, "--config-path=") != configFile {
				return
			}
		case w == "--validate", w == "--no-validate":
			noValidate = w == "--no-validate"
		case w == "-h" || w == "--help":
		default:
			rest = append(rest, words[k])
		}
	}
	if len(rest) == 0 {
		return
	}
	verb := rest[0].String()
	v, ok := verbs[verb]
	if !ok {
		if span.IsUnknown(verb) {
			i.opaque(s, "a tljh-config command whose words are not known: "+span.Reason(verb))
		} else if verb == "reload" {
			if len(rest) > 1 && (rest[1].String() == "proxy" || span.IsUnknown(rest[1].String())) {
				i.reloads = append(i.reloads, len(i.m.Ops))
			}
		} else if verb != "show" {
			i.problem(s.At, "tljh-config has no command \""+span.Show(verb)+"\"; it does nothing here")
		}
		return
	}
	args := rest[1:]
	if len(args) == 1 && v.args == 2 && credential(args[0].String()) {
		// An empty variable: secrets are often blanked before scripts are committed.
		args = append(args, span.Literal(span.Unknown("its value is blank in the repository, as secrets should be"), s.Argv[0]))
	}
	if len(args) != v.args {
		if len(args) < v.args {
			i.problem(s.At, "this tljh-config command lacks an argument (a variable may be empty here); it changes nothing")
		} else {
			i.problem(s.At, "this tljh-config command has more arguments than tljh-config takes; it changes nothing. Quote the value")
		}
		for _, a := range rest {
			if span.IsUnknown(a.String()) {
				i.opaque(s, "a tljh-config command whose words are not known: "+span.Reason(a.String()))
				break
			}
		}
		return
	}
	o := tljh.Op{Kind: v.kind, Path: args[0], Maybe: unsure, NoValidate: noValidate}
	if v.args == 2 {
		o.Value = args[1]
	}
	i.op(s, o)
}

func credential(p string) bool {
	p = strings.ToLower(p[strings.LastIndexByte(p, '.')+1:])
	for _, w := range []string{"client_id", "secret", "password", "token", "api_key"} {
		if strings.Contains(p, w) {
			return true
		}
	}
	return false
}
