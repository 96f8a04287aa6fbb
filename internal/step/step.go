// Package step is what a carrier does, in order: the commands it runs and the files it writes. Every reader of something
// that runs on the hub (shell, cloud-init, Terraform provisioners, later Ansible, Makefiles, workflows…) yields steps;
// nothing after the readers knows which format they came from.
package step

import "github.com/tljh-policy/tljh-policy/internal/span"

// CronMark begins the comment before a line of a crontab that names it. NoCronJob is Argv[0] of a step that takes away the
// line that its second word names.
const (
	CronMark  = "#Ansible: "
	NoCronJob = "cron:no-job"
)

// Cond says that a step may not run, or may run with other values than those shown.
type Cond struct {
	Why string    // in plain words: `inside "if [ $AUTHTYPE = … ]", whose condition is not known`
	At  span.Span // the condition
	// Branch: this is a branch of a program, and all steps with this very Cond are done when it is taken.
	Branch bool
}

// Step is one action. Exactly one of Argv and Write is meant: Write when Dest is not empty.
type Step struct {
	// A command. Argv[0] is the program as written; prefixes that run another command (sudo, env, nohup, exec, ssh HOST,
	// docker exec …) are removed, and the words are evaluated. Unknown parts are span.Unknown tokens.
	Argv     []span.Text
	Env      []Assign    // NAME=value before the command (and "env NAME=value")
	Stdin    *span.Text  // heredoc, here-string or file fed to it, where known
	Upstream []span.Text // Argv of the command whose output is piped into it
	Dir      string      // working directory, when a known "cd" came first

	// A file written: by redirection, tee, cloud-init write_files, a Terraform file provisioner, cp of a repository's file…
	Dest    span.Text
	Content span.Text
	Append  bool
	Mode    string

	Cond *Cond // nil: it always runs
	// Kept: sudo was told to keep the environment (-E). TLJH's documentation has administrators install packages so, in the
	// hub's terminal, where sudo looks programs up in the shared environment first.
	Kept bool
	Loop bool // inside a loop that was not unrolled
	// Remote: it runs behind ssh, docker exec or the like, not on the machine that runs the carrier.
	Remote bool
	// OtherHost: it runs on another machine than the one that runs the carrier (ssh and the like), not only in a container.
	OtherHost bool
	At        span.Span // the whole command, its own words only (no heredoc)
}

// Assign is a variable assignment.
type Assign struct {
	Name  string
	Value span.Text
}

// IsWrite says whether s writes a file.
func (s *Step) IsWrite() bool { return s.Dest.Len() > 0 }

// Carrier is a unit that runs on a machine: a script with all it sources, one user-data, one file dropped in place.
type Carrier struct {
	File   string    // the file to name in messages; relative to the checkout
	Format string    // shell, cloud-init, config-yaml, terraform-provisioner …
	At     span.Span // its beginning
	Steps  []Step
	// Machine is the address of the instance whose user data or provisioner this is ("aws_instance.hub"), else "".
	Machine string
	// EveryBoot says that it runs at every boot, not only the first (Google's startup script).
	EveryBoot bool
	// Container says that it happens inside a container: what it says about a machine is not about the one that runs it.
	Container bool
	// Uses are the other files of the repository that it reads, runs or copies: they are no carriers of their own.
	Uses     []string
	Problems []Problem
}

// Problem is something that could not be read. It never stops the reading of anything else.
type Problem struct {
	At  span.Span // File is always set
	Msg string    // what happened and what to do
	// Fatal: a bound was hit or the file cannot be read at all, so that the verdict cannot be trusted (exit 3).
	Fatal bool
}
