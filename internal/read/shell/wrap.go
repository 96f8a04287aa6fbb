package shell

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// wrapper is a program that runs the command in its arguments: which of its options take a value, and how many
// words come before the command.
type wrapper struct {
	valued string // options with a value, each as " -x "
	skip   int    // words before the command, after the options
	assign bool   // NAME=value may come before the command
	remote bool   // the command runs elsewhere, its words joined to a script
}

var wrappers = map[string]wrapper{
	"sudo": {valued: " -u -g -h -p -C -D -R -T -U --user --group --host --prompt --chdir ", assign: true},
	"doas": {valued: " -u -C "}, "env": {valued: " -u -C -S --unset --chdir ", assign: true},
	"nohup": {}, "exec": {valued: " -a "}, "command": {}, "builtin": {}, "time": {valued: " -f -o "},
	"nice": {valued: " -n "}, "ionice": {valued: " -c -n "}, "stdbuf": {valued: " -i -o -e "}, "setsid": {},
	"timeout": {valued: " -s -k --signal --kill-after ", skip: 1}, "chroot": {skip: 1}, "unbuffer": {}, "eatmydata": {},
	"flock": {valued: " -w -E ", skip: 1}, "systemd-run": {valued: " -p --unit -u --property -M --uid --gid "}, "watch": {valued: " -n "},
	"ssh":     {valued: " -i -p -l -o -F -J -L -R -D -b -c -E -m -O -Q -S -W -w -B -e -I ", skip: 1, remote: true},
	"sshpass": {valued: " -p -f -d -P "}, "xargs": {valued: " -n -I -L -P -d -a -s "},
}

// unwrap takes wrappers off the front of cmd, until the program itself is in front.
func (r *run) unwrap(cmd *command) {
	for hop := 0; hop < 12 && len(cmd.argv) > 0 && cmd.script == nil; hop++ {
		name := base(cmd.argv[0].String())
		switch {
		case name == "docker" || name == "docker-compose" || name == "podman" || name == "podman-compose" || name == "lxc" || name == "multipass":
			if !r.container(cmd) {
				return
			}
			continue
		case name == "su" || name == "runuser":
			if !r.switchUser(cmd) {
				return
			}
			continue
		case name == "gcloud" || name == "vagrant" || name == "az" || name == "doctl":
			r.cloudShell(cmd)
			return
		case name == "command" && len(cmd.argv) > 1 && strings.HasPrefix(cmd.argv[1].String(), "-"):
			return
		case span.IsUnknown(cmd.argv[0].String()):
			if !r.unknownPrefix(cmd) {
				return
			}
			continue
		}
		w, ok := wrappers[name]
		if !ok {
			return
		}
		if !r.strip(cmd, name, w) {
			return
		}
	}
}

// strip removes one wrapper; false when nothing follows it.
func (r *run) strip(cmd *command, name string, w wrapper) bool {
	rest, login, keep := cmd.argv[1:], false, false
	for len(rest) > 0 {
		a := rest[0].String()
		if w.assign {
			if k, _, ok := strings.Cut(a, "="); ok && isName(k) {
				cmd.env = append(cmd.env, step.Assign{Name: k, Value: rest[0].Slice(len(k)+1, rest[0].Len())})
				rest = rest[1:]
				continue
			}
		}
		if !strings.HasPrefix(a, "-") || a == "-" || span.IsUnknown(a) {
			break
		}
		rest = rest[1:]
		if a == "--" {
			break
		}
		if name == "sudo" {
			login = login || a == "-i" || a == "-s" || a == "--login" || a == "--shell"
			keep = keep || a == "--preserve-env" || strings.HasPrefix(a, "--preserve-env=") ||
				len(a) > 1 && a[1] != '-' && strings.Contains(a, "E")
		}
		takes := strings.Contains(w.valued, " "+a+" ")
		if name == "sudo" && len(a) > 2 && a[1] != '-' && strings.ContainsAny(a[len(a)-1:], "ughp") {
			takes = true // -Hu jovyan
		}
		if takes && len(rest) > 0 {
			rest = rest[1:]
		}
	}
	if name == "sudo" && !keep || name == "doas" {
		cmd.elevated = true
	}
	cmd.kept = cmd.kept || name == "sudo" && keep
	cmd.ownPath = cmd.ownPath || name == "sudo"
	if len(rest) <= w.skip {
		if login || w.remote {
			cmd.argv = []span.Text{span.Literal("bash", cmd.argv[0])}
			cmd.remote, cmd.host = cmd.remote || w.remote, cmd.host || w.remote
			return true
		}
		return false
	}
	rest = rest[w.skip:]
	cmd.remote = cmd.remote || name == "chroot" // another file system
	if name == "xargs" {
		rest = fromInput(cmd, rest)
	}
	if name == "sshpass" {
		cmd.password = !asksPassphrase(cmd.argv)
	}
	if w.remote {
		cmd.remote, cmd.host = true, true
		cmd.script = []span.Text{spaced(rest)}
		return true
	}
	cmd.argv = rest
	return true
}

// fromInput puts what xargs reads into the words of its command, where nobody knows it.
func fromInput(cmd *command, words []span.Text) []span.Text {
	cmd.loop = true
	mark := ""
	for k, a := range cmd.argv {
		if v, ok := strings.CutPrefix(a.String(), "-I"); ok && v != "" {
			mark = v
		} else if ok && k+1 < len(cmd.argv) {
			mark = cmd.argv[k+1].String()
		}
	}
	unknown := span.Unknown("it is read from the input of xargs")
	if mark == "" {
		return append(append([]span.Text(nil), words...), span.Literal(unknown, words[len(words)-1]))
	}
	out := make([]span.Text, len(words))
	for k, w := range words {
		if out[k] = w; strings.Contains(w.String(), mark) {
			out[k] = span.Literal(strings.Replace(w.String(), mark, unknown, 4), w)
		}
	}
	return out
}

// spaced joins words with blanks, as ssh does.
func spaced(words []span.Text) span.Text {
	parts := make([]span.Text, 0, 2*len(words))
	for i, w := range words {
		if i > 0 {
			parts = append(parts, span.Plain(" "))
		}
		parts = append(parts, w)
	}
	return span.Concat(parts...)
}
