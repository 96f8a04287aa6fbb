package shell

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// PasswordLogin is Argv[0] of a step that says that somebody logs in to the hub's machine over SSH with a password.
const PasswordLogin = "ssh:password-login"

// asksPassphrase says whether sshpass answers another question than that for a password.
func asksPassphrase(argv []span.Text) bool {
	for _, a := range argv[1:] {
		switch s := a.String(); {
		case s == "ssh":
			return false
		case strings.HasPrefix(s, "-P") && !strings.Contains(strings.ToLower(s), "assword"):
			return true
		}
	}
	return false
}

// password notes that a command for the hub is sent over SSH with a password: the machine accepts one.
func (r *run) password(cmd command, in *span.Text) {
	if !cmd.password || !cmd.host {
		return
	}
	hub := cmd.script != nil && mentionsHub(cmd.script[0].String()) || cmd.script == nil && in != nil && mentionsHub(in.String())
	if hub {
		r.emit(step.Step{Argv: []span.Text{span.Literal(PasswordLogin, cmd.at)}, At: cmd.at.Span(), Remote: true, OtherHost: true})
	}
}

// RemotePath is the path in HOST:PATH, as scp and rsync write it; false for a path of this machine.
func RemotePath(s string) (string, bool) {
	host, p, ok := strings.Cut(s, ":")
	if !ok || host == "" || strings.Contains(host, "/") || host == Checkout || strings.HasPrefix(p, "//") {
		return "", false
	}
	p = strings.TrimPrefix(p, ":") // rsync's daemon
	if p == "" || !rooted(p) {
		p = "~/" + p
	}
	return p, true
}

// transfer remembers what scp and rsync put on the other machine, for scripts that are run there next.
func (r *run) transfer(cmd command) {
	if name := base(cmd.argv[0].String()); name != "scp" && name != "rsync" || len(cmd.argv) < 3 {
		return
	}
	last := cmd.argv[len(cmd.argv)-1].String()
	to, ok := RemotePath(last)
	if !ok {
		return
	}
	for _, a := range cmd.argv[1 : len(cmd.argv)-1] {
		from := a.String()
		if from == "" || from[0] == '-' || span.IsUnknown(from) {
			continue
		}
		text, _, ok := r.find(from)
		if !ok {
			continue
		}
		dest := path.Clean(to)
		if strings.HasSuffix(last, ":") || strings.HasSuffix(to, "/") || dest == "/tmp" || dest == "~" || dest == "/root" {
			dest = path.Join(dest, path.Base(from))
		}
		r.written[dest] = text
	}
}
