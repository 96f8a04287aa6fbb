package runnertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Where the runner mounts a job's directories in an action's container.
const (
	containerWorkspace = "/github/workspace"
	containerTemp      = "/github/runner_temp"
	containerHome      = "/github/home"
	containerWorkflow  = "/github/workflow"
	containerCommands  = "/github/file_commands"
)

// Job is the part of the runner's machine that the steps of one job share.
type Job struct {
	Workspace string // the checkout; the directory must exist
	Temp      string // RUNNER_TEMP
	Network   string // of the job's container, empty for docker's default

	Event   string         // the event's name
	Payload map[string]any // what event.json holds
	GitHub  map[string]string
	Env     map[string]string // `env:` of workflow, job and step
	Token   string            // what ${{ github.token }} is

	steps int
}

// NewJob lays out the directories of a job below dir, with the checkout at workspace.
func NewJob(dir, workspace, event string, payload map[string]any) (*Job, error) {
	j := &Job{
		Workspace: workspace, Temp: filepath.Join(dir, "_temp"), Event: event, Payload: payload,
		Token: "ghs_exampleTokenOfTheTests", GitHub: map[string]string{}, Env: map[string]string{},
	}
	for _, sub := range []string{"_github_home", "_github_workflow", "_runner_file_commands"} {
		if err := os.MkdirAll(filepath.Join(j.Temp, sub), 0o755); err != nil {
			return nil, err
		}
	}
	data, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	return j, os.WriteFile(j.eventPath(), data, 0o644)
}

func (j *Job) eventPath() string { return filepath.Join(j.Temp, "_github_workflow", "event.json") }

// context is the allow-list of the github context (GitHubContext.cs) with what GitHub-hosted runners have in it, for an event.
// There is no token in it.
func (j *Job) context() map[string]string {
	repository := lookup(j.Payload, "repository", "full_name")
	owner, _, _ := strings.Cut(repository, "/")
	c := map[string]string{
		"action": "__tljh-policy_tljh-policy", "action_ref": "v1", "action_repository": "tljh-policy/tljh-policy",
		"actor": lookup(j.Payload, "sender", "login"), "actor_id": "1", "api_url": "https://api.github.com",
		"base_ref": "", "event_name": j.Event, "event_path": j.eventPath(), "graphql_url": "https://api.github.com/graphql",
		"head_ref": "", "job": "policy", "ref": "", "ref_name": "", "ref_protected": "false", "ref_type": "branch",
		"repository": repository, "repository_id": "1", "repository_owner": owner, "repository_owner_id": "1",
		"retention_days": "90", "run_attempt": "1", "run_id": "1", "run_number": "1", "server_url": "https://github.com",
		"sha": "", "triggering_actor": lookup(j.Payload, "sender", "login"), "workflow": "policy",
		"workflow_ref": "", "workflow_sha": "", "workspace": j.Workspace,
	}
	switch j.Event {
	case "pull_request":
		number := lookup(j.Payload, "number")
		c["ref"], c["ref_name"] = "refs/pull/"+number+"/merge", number+"/merge"
		c["base_ref"], c["head_ref"] = lookup(j.Payload, "pull_request", "base", "ref"), lookup(j.Payload, "pull_request", "head", "ref")
	case "merge_group":
		c["ref"], c["sha"] = lookup(j.Payload, "merge_group", "head_ref"), lookup(j.Payload, "merge_group", "head_sha")
		c["ref_name"] = strings.TrimPrefix(c["ref"], "refs/heads/")
	case "push":
		c["ref"], c["sha"] = lookup(j.Payload, "ref"), lookup(j.Payload, "after")
		c["ref_name"] = strings.TrimPrefix(c["ref"], "refs/heads/")
	}
	for key, value := range j.GitHub {
		c[key] = value
	}
	c["workflow_ref"] = repository + "/.github/workflows/policy.yml@" + c["ref"]
	c["workflow_sha"] = c["sha"]
	return c
}

// lookup gives a value of the payload as text.
func lookup(value any, path ...string) string {
	for _, key := range path {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
