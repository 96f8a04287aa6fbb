package shell

import (
	"encoding/base64"
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// silent programs print nothing that anybody keeps.
var silent = map[string]bool{
	"mkdir": true, "cp": true, "mv": true, "rm": true, "chmod": true, "chown": true, "sleep": true, "touch": true, "ln": true,
	"true": true, "install": true,
}

// contentOf is what a builtin prints.
func (r *run) contentOf(cmd command, in *span.Text) span.Text {
	return span.Literal("", cmd.at.Slice(0, 0))
}

// produced is what a command prints; when that is not known, a text with an unknown token and false.
func (r *run) produced(cmd command, in *span.Text) (span.Text, bool) {
	name, args := base(cmd.argv[0].String()), cmd.argv[1:]
	nl := span.Plain("\n")
	switch name {
	case "echo":
		if in != nil && in != r.stdin && in.Len() > 0 && r.quiet == 0 {
			r.problem(cmd.at.Span(), "echo does not read its input: the text fed to it is written nowhere. Use cat", false)
		}
		return echo(args), true
	case "printf":
		if len(args) == 0 {
			return span.Text{}, true
		}
		return format(args), true
	case "cat":
		return r.cat(cmd, args, in)
	case "tee":
		if in != nil {
			return *in, true
		}
	case "seq":
		return r.seq(cmd, args)
	case "pwd":
		if r.cwd == "" {
			return span.Literal(Checkout+"\n", cmd.at), true
		}
		if r.cwd != "?" {
			return span.Literal(r.cwd+"\n", cmd.at), true
		}
	case "basename", "dirname", "realpath", "readlink":
		for len(args) > 0 && strings.HasPrefix(args[0].String(), "-") {
			args = args[1:]
		}
		if len(args) == 0 {
			break
		}
		a := args[0].String()
		if span.IsUnknown(a) && (name != "basename" || span.IsUnknown(base(a))) {
			return span.Literal(a, cmd.at), false
		}
		switch name {
		case "basename":
			a = base(strings.TrimRight(a, "/"))
			if len(args) > 1 {
				a = strings.TrimSuffix(a, args[1].String())
			}
		case "dirname":
			a = path.Dir(a)
		}
		return span.Concat(span.Literal(a, cmd.at), nl), true
	case "base64":
		if in != nil && len(args) > 0 && (args[0].String() == "-d" || args[0].String() == "--decode" || args[0].String() == "-D") {
			if b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(in.String()), "")); err == nil {
				return span.Literal(string(b), *in), true
			}
		}
	case "crontab": // "crontab -l" on a new machine: there is none yet
		if len(args) > 0 && args[0].String() == "-l" {
			return span.Text{}, true
		}
	case "grep", "egrep", "awk", "xargs":
		if t, ok := r.filter(cmd, name, args, in); ok {
			return t, true
		}
	case "sed":
		if t, ok := r.sed(cmd, args, in); ok {
			return t, true
		}
	case "envsubst":
		if in != nil && len(args) == 0 && !span.IsUnknown(in.String()) {
			return r.envsubst(*in), true
		}
	}
	if silent[name] {
		return span.Text{}, true
	}
	return span.Literal(span.Unknown("output of the command "+strconv.Quote(span.Show(name))), cmd.at), false
}

func (r *run) cat(cmd command, args []span.Text, in *span.Text) (span.Text, bool) {
	var parts []span.Text
	files := 0
	for _, a := range args {
		s := a.String()
		if strings.HasPrefix(s, "-") && s != "-" {
			continue
		}
		files++
		if s == "-" && in != nil {
			parts = append(parts, *in)
			continue
		}
		t, _, ok := r.find(s)
		if !ok {
			what := "the content of the file " + span.Show(s) + ", which is not in the repository"
			return span.Literal(span.Unknown(what), cmd.at), false
		}
		parts = append(parts, t)
	}
	if files == 0 {
		if in == nil {
			return span.Literal(span.Unknown("what is typed in"), cmd.at), false
		}
		return *in, true
	}
	return span.Concat(parts...), true
}
