package runnertest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// Action is what the runner needs of an action.yml.
type Action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Image, Entrypoint string
		Args              []string
	}
}

// ReadAction reads an action.yml.
func ReadAction(path string) (Action, error) {
	var a Action
	data, err := os.ReadFile(path)
	if err != nil {
		return a, err
	}
	return a, yaml.Unmarshal(data, &a)
}

// Step is one step that uses an action.
type Step struct {
	job    *Job
	action Action
	with   map[string]string
	suffix string // of this step's file command files
}

// Step prepares a step: the runner makes new, empty files for its commands.
func (j *Job) Step(a Action, with map[string]string) (*Step, error) {
	j.steps++
	s := &Step{job: j, action: a, with: with, suffix: fmt.Sprintf("%08d", j.steps)}
	for _, prefix := range filePrefixes {
		if err := os.WriteFile(s.file(prefix), nil, 0o644); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// filePrefixes are the file commands and the names of their files.
var filePrefixes = map[string]string{
	"output": "set_output_", "env": "set_env_", "path": "add_path_", "state": "save_state_", "step_summary": "step_summary_",
}

func (s *Step) file(prefix string) string {
	return filepath.Join(s.job.Temp, "_runner_file_commands", prefix+s.suffix)
}

// variables is the step's whole environment as it stands on the host: with the host's paths.
func (s *Step) variables() map[string]string {
	env := maps.Clone(s.job.Env)
	for id, input := range s.action.Inputs {
		env[inputName(id)] = strings.ReplaceAll(input.Default, "${{ github.token }}", s.job.Token)
	}
	for id, value := range s.with {
		env[inputName(id)] = value
	}
	env["HOME"] = filepath.Join(s.job.Temp, "_github_home")
	for key, value := range s.job.context() {
		env["GITHUB_"+strings.ToUpper(key)] = value
	}
	for key, prefix := range filePrefixes {
		env["GITHUB_"+strings.ToUpper(key)] = s.file(prefix)
	}
	maps.Copy(env, map[string]string{
		"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_NAME": "runner", "RUNNER_ENVIRONMENT": "github-hosted",
		"RUNNER_TEMP": s.job.Temp, "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache", "RUNNER_WORKSPACE": filepath.Dir(s.job.Workspace),
		"ACTIONS_RUNTIME_URL": "https://pipelines.invalid/", "ACTIONS_RUNTIME_TOKEN": "exampleRuntimeToken",
		"ACTIONS_CACHE_URL": "https://cache.invalid/", "ACTIONS_RESULTS_URL": "https://results.invalid/",
	})
	return env
}

// inputName is what an input's variable is called: dashes stay.
func inputName(id string) string { return "INPUT_" + strings.ToUpper(strings.ReplaceAll(id, " ", "_")) }

// translate rewrites a host path to the container's, as the runner does with the value of every variable: the mapping that
// was added last is tried first, and only whole values are looked at.
func (j *Job) translate(value string) string {
	for _, m := range j.mounts() {
		if value == m.host {
			return m.container
		}
		if rest, ok := strings.CutPrefix(value, m.host+"/"); ok {
			return m.container + "/" + rest
		}
	}
	return value
}

type mount struct{ host, container string }

// mounts lists what is mounted, in the order in which paths are translated.
func (j *Job) mounts() []mount {
	return []mount{
		{j.Workspace, containerWorkspace},
		{filepath.Join(j.Temp, "_runner_file_commands"), containerCommands},
		{filepath.Join(j.Temp, "_github_workflow"), containerWorkflow},
		{filepath.Join(j.Temp, "_github_home"), containerHome},
		{j.Temp, containerTemp},
	}
}
