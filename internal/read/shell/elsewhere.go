package shell

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// container is docker exec, docker compose exec, podman exec, lxc exec and multipass exec: words after the container's name.
func (r *run) container(cmd *command) bool {
	rest := cmd.argv[1:]
	composed := strings.HasSuffix(base(cmd.argv[0].String()), "-compose")
	if len(rest) > 1 && rest[0].String() == "compose" {
		rest, composed = rest[1:], true
	}
	for composed && len(rest) > 1 && strings.HasPrefix(rest[0].String(), "-") { // which project it is about
		takes := strings.Contains(" -f -p --file --project-name --project-directory --env-file --profile --ansi ", " "+rest[0].String()+" ")
		if rest = rest[1:]; takes {
			rest = rest[1:]
		}
	}
	if len(rest) < 2 || rest[0].String() != "exec" {
		return false
	}
	rest = rest[1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0].String(), "-") {
		takes := strings.Contains(" -e -u -w --env --user --workdir --env-file --cwd --index ", " "+rest[0].String()+" ")
		if rest = rest[1:]; takes && len(rest) > 0 {
			rest = rest[1:]
		}
	}
	if len(rest) > 1 && rest[1].String() == "--" {
		rest = append([]span.Text{rest[0]}, rest[2:]...)
	}
	if len(rest) < 2 {
		return false
	}
	cmd.argv, cmd.remote = rest[1:], true
	return true
}

// switchUser is su - USER -c TEXT; without -c it is a shell that reads its input.
func (r *run) switchUser(cmd *command) bool {
	cmd.elevated = true
	for i, a := range cmd.argv {
		if (a.String() == "-c" || a.String() == "--command") && i+1 < len(cmd.argv) {
			cmd.script = []span.Text{cmd.argv[i+1]}
			return true
		}
		if a.String() == "--" && i+1 < len(cmd.argv) {
			cmd.argv = cmd.argv[i+1:]
			return true
		}
	}
	cmd.argv = []span.Text{span.Literal("bash", cmd.argv[0])}
	return true
}

// cloudShell is gcloud compute ssh --command=TEXT, vagrant ssh -c TEXT, az vm run-command --scripts TEXT, doctl compute ssh
// --ssh-command TEXT.
func (r *run) cloudShell(cmd *command) {
	for i, a := range cmd.argv {
		s := a.String()
		if v, ok := strings.CutPrefix(s, "--command="); ok {
			cmd.script = []span.Text{a.Slice(a.Len()-len(v), a.Len())}
		} else if (s == "--command" || s == "-c" || s == "--scripts" || s == "--ssh-command") && i+1 < len(cmd.argv) {
			cmd.script = []span.Text{cmd.argv[i+1]}
		}
	}
	cmd.remote = cmd.script != nil
	cmd.host = cmd.remote
}

// unknownPrefix handles a first word that is not known ($SUDO, $REMOTE): when a program that matters follows, it is
// taken for a wrapper.
func (r *run) unknownPrefix(cmd *command) bool {
	if len(cmd.argv) < 2 {
		return false
	}
	next := cmd.argv[1].String()
	if strings.ContainsAny(next, " \n") && mentionsHub(next) {
		cmd.script, cmd.remote, cmd.host = []span.Text{cmd.argv[1]}, true, true
		return true
	}
	switch base(next) {
	case "tljh-config", "python3", "python", "pip", "pip3", "conda", "mamba", "apt", "apt-get", "curl", "wget", "bash", "sh",
		"tee", "cp", "mv", "install", "rm", "sed", "systemctl", "ufw", "iptables", "dpkg-reconfigure", "crontab", "mount":
		cmd.argv = cmd.argv[1:]
		return true
	}
	return false
}
