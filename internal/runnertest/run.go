package runnertest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

// Result is what the runner knows after a step.
type Result struct {
	ExitCode int
	Outputs  map[string]string // those of GITHUB_OUTPUT, over those set on standard output
	Env      []Pair
	State    []Pair
	Path     []string
	Summary  string // as the runner would upload it: empty when it is too large
	Log      *Log
}

// Failed says whether the step fails: by its exit code or by a command the runner could not carry out.
func (r Result) Failed() bool { return r.ExitCode != 0 || len(r.Log.Errors) > 0 }

// maxSummary is the size over which the runner drops a summary whole.
const maxSummary = 1024 * 1024

// DockerArgs is the runner's command line: `docker run …`. Values travel in the environment of the docker command, which is
// the second result.
func (s *Step) DockerArgs(image string) (args, env []string) {
	variables := s.variables()
	args = []string{"run", "--name", "tljhpolicytest_" + s.suffix + "_" + fmt.Sprint(os.Getpid()), "--label", "tljh-policy-test", "--workdir", containerWorkspace, "--rm"}
	for _, key := range slices.Sorted(maps.Keys(variables)) {
		args = append(args, "-e", key)
		env = append(env, key+"="+s.job.translate(variables[key]))
	}
	args = append(args, "-e", "GITHUB_ACTIONS=true")
	if _, set := variables["CI"]; !set {
		args = append(args, "-e", "CI=true")
	}
	if s.action.Runs.Entrypoint != "" {
		args = append(args, "--entrypoint", s.action.Runs.Entrypoint)
	}
	if s.job.Network != "" {
		args = append(args, "--network", s.job.Network)
	}
	args = append(args, "-v", "/var/run/docker.sock:/var/run/docker.sock")
	mounts := s.job.mounts()
	slices.Reverse(mounts)
	for _, m := range mounts {
		args = append(args, "-v", m.host+":"+m.container)
	}
	args = append(args, image)
	return append(args, s.action.Runs.Args...), env
}

// Run starts the image as the runner does and reads what it leaves.
func (s *Step) Run(ctx context.Context, image string) (Result, error) {
	args, env := s.DockerArgs(image)
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Env = append(os.Environ(), env...)
	return s.run(cmd)
}

func (s *Step) run(cmd *exec.Cmd) (Result, error) {
	log := &Log{}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return Result{}, err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return Result{}, err
	}
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	var both sync.WaitGroup
	var failures [2]error
	both.Go(func() { failures[0] = eachLine(stdout, log.Write) })
	both.Go(func() { failures[1] = eachLine(stderr, log.Write) })
	both.Wait()
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Result{}, err
	}
	if err := errors.Join(failures[:]...); err != nil {
		return Result{}, err
	}
	return s.finish(log, cmd.ProcessState.ExitCode())
}

// finish reads the step's files as the runner does after the process has ended.
func (s *Step) finish(log *Log, code int) (Result, error) {
	r := Result{ExitCode: code, Log: log, Outputs: map[string]string{}}
	maps.Copy(r.Outputs, log.Outputs)
	text := map[string]string{}
	for key, prefix := range filePrefixes {
		data, err := os.ReadFile(s.file(prefix))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return r, err
		}
		text[key] = string(data)
	}
	outputs := r.pairs("output", text)
	for _, p := range outputs {
		r.Outputs[p.Key] = p.Value
	}
	r.Env, r.State = r.pairs("env", text), r.pairs("state", text)
	r.Path = strings.FieldsFunc(text["path"], func(c rune) bool { return c == '\n' || c == '\r' })
	if len(text["step_summary"]) > maxSummary {
		log.Errors = append(log.Errors, fmt.Sprintf("the step summary of %d bytes is too large and dropped", len(text["step_summary"])))
	} else {
		r.Summary = text["step_summary"]
	}
	return r, nil
}

// pairs reads a file command; what the runner cannot read fails the step, and what came before it counts.
func (r *Result) pairs(name string, text map[string]string) []Pair {
	pairs, err := Pairs(text[name])
	if err != nil {
		r.Log.Errors = append(r.Log.Errors, fmt.Sprintf("unable to process file command %q: %v", name, err))
	}
	return pairs
}
