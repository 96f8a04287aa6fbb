package containertest

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
	"github.com/tljh-policy/tljh-policy/internal/runnertest"
)

const (
	httpsOn  = "tljh-config set https.enabled true"
	httpsOff = "tljh-config set https.enabled false"
)

// broken is a pull request that switches HTTPS off in a good hub.
func broken(t *testing.T, server *githubtest.Server) (*githubtest.Repo, *githubtest.Pull) {
	t.Helper()
	good := fixture(t, "production")
	repo := server.AddRepo("octo-org/hub", good)
	return repo, repo.OpenPullWith(edited(t, good, "install.sh", httpsOn, httpsOff))
}

// onPull is the job of a pull request.
func onPull(t *testing.T, repo *githubtest.Repo, pull *githubtest.Pull) *runnertest.Job {
	t.Helper()
	return checkedOut(t, repo, pull.Merge(), "pull_request", pull.Event("synchronize"))
}

// verdict fails if the step did not end as said.
func verdict(t *testing.T, r runnertest.Result, code int, outcome string) {
	t.Helper()
	if r.ExitCode != code || r.Outputs["outcome"] != outcome {
		t.Errorf("exit %d with outcome %q, want %d with %q; log:\n%s", r.ExitCode, r.Outputs["outcome"], code, outcome, strings.Join(r.Log.Lines, "\n"))
	}
}

func TestPullRequestThatBreaksTheHub(t *testing.T) {
	image(t)
	server := githubtest.New(t)
	repo, pull := broken(t, server)
	job := onPull(t, repo, pull)
	at(job, server, githubtest.WriteToken)
	r := use(t, job, nil)
	verdict(t, r, 1, "fail")
	if r.Outputs["new"] == "0" || r.Outputs["fail"] == "0" {
		t.Errorf("outputs %q", r.Outputs)
	}
	https := annotated(r, "install.sh", "https")
	if https == nil || https.Level != "error" || https.Line == 0 {
		t.Errorf("no annotation of the line that switches HTTPS off: %+v", r.Log.Annotations)
	}
	comments := pull.Comments()
	if len(comments) != 1 || comments[0].Author != githubtest.ActionsBot || !strings.Contains(r.Outputs["comment-url"], "/pull/") {
		t.Errorf("comments %+v, comment-url %q", comments, r.Outputs["comment-url"])
	}
	if threads := pull.Threads(); len(threads) == 0 || threads[0].Path != "install.sh" {
		t.Errorf("threads %+v", threads)
	}
	// The same commit again: nothing new is said.
	writes := len(comments) + len(pull.Threads())
	verdict(t, use(t, job, nil), 1, "fail")
	if now := len(pull.Comments()) + len(pull.Threads()); now != writes {
		t.Errorf("%d comments became %d", writes, now)
	}
}

// annotated finds an annotation of a file about something.
func annotated(r runnertest.Result, file, about string) *runnertest.Annotation {
	for i, a := range r.Log.Annotations {
		if a.File == file && strings.Contains(strings.ToLower(a.Title+" "+a.Message), about) {
			return &r.Log.Annotations[i]
		}
	}
	return nil
}

// The verdict is the same whatever the token may do, and whether or not GitHub can be reached.
func TestVerdictWithoutGitHub(t *testing.T) {
	image(t)
	for _, c := range []struct {
		name  string
		start func(*githubtest.Server, *runnertest.Job)
	}{
		{"read-only token, as for forks", func(s *githubtest.Server, j *runnertest.Job) { at(j, s, githubtest.ReadToken) }},
		{"an unknown token", func(s *githubtest.Server, j *runnertest.Job) { at(j, s, "ghs_unknown") }},
		{"no token", func(s *githubtest.Server, j *runnertest.Job) { at(j, s, "") }},
		{"nobody listens", nowhere(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := githubtest.New(t)
			repo, pull := broken(t, server)
			job := onPull(t, repo, pull)
			c.start(server, job)
			r := use(t, job, nil)
			verdict(t, r, 1, "fail")
			if r.Outputs["new"] != "1" || len(pull.Comments()) != 0 || r.Outputs["comment-url"] != "" {
				t.Errorf("outputs %q, comments %+v", r.Outputs, pull.Comments())
			}
			if annotated(r, "install.sh", "https") == nil {
				t.Errorf("annotations %+v", r.Log.Annotations)
			}
		})
	}
}

// nowhere points a job at a GitHub that does not answer.
func nowhere(t *testing.T) func(*githubtest.Server, *runnertest.Job) {
	return func(s *githubtest.Server, j *runnertest.Job) {
		at(j, s, githubtest.WriteToken)
		closed := "http://" + closedPort(t)
		j.GitHub["api_url"], j.GitHub["graphql_url"] = closed, closed+"/graphql"
	}
}

// Whose settings count cannot be known without the base: then nothing is green, neither a good change nor a bad one.
func TestNoBaseIsNotGreen(t *testing.T) {
	image(t)
	for _, to := range []string{httpsOn, httpsOff} {
		server := githubtest.New(t)
		good := fixture(t, "production")
		repo := server.AddRepo("octo-org/hub", good)
		pull := repo.OpenPullWith(edited(t, good, "install.sh", httpsOn, to+" # here"))
		job := checkedOutWith(t, repo, 1, pull.Merge(), "pull_request", pull.Event("opened"))
		nowhere(t)(server, job)
		if r := use(t, job, nil); r.ExitCode == 0 || r.Outputs["outcome"] == "pass" || r.Outputs["outcome"] == "unknown" {
			t.Errorf("%s: exit %d, %q", to, r.ExitCode, r.Outputs)
		}
	}
}

// closedPort is an address on loopback at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestGoodPullRequest(t *testing.T) {
	image(t)
	server := githubtest.New(t)
	good := fixture(t, "production")
	repo := server.AddRepo("octo-org/hub", good)
	pull := repo.OpenPullWith(edited(t, good, "install.sh", "# Runs once", "# It runs once"))
	job := onPull(t, repo, pull)
	at(job, server, githubtest.WriteToken)
	r := use(t, job, map[string]string{"strict": "true"})
	verdict(t, r, 0, "pass")
	if len(pull.Threads()) != 0 || len(r.Log.Annotations) != 0 {
		t.Errorf("threads %+v, annotations %+v", pull.Threads(), r.Log.Annotations)
	}
}

// A pull request that switches the rule off for itself does not turn itself green, unless the workflow wants that.
func TestPullRequestCannotWeakenItsGate(t *testing.T) {
	image(t)
	for base, code := range map[string]int{"base": 1, "head": 0} {
		t.Run(base, func(t *testing.T) {
			server := githubtest.New(t)
			good := fixture(t, "production")
			repo := server.AddRepo("octo-org/hub", good)
			changed := edited(t, good, "install.sh", httpsOn, httpsOff)
			changed[".tljh-policy.yaml"] = strings.TrimRight(changed[".tljh-policy.yaml"], "\n") + "\nrules:\n" + rulesOff
			pull := repo.OpenPullWith(changed)
			job := onPull(t, repo, pull)
			at(job, server, githubtest.WriteToken)
			r := use(t, job, map[string]string{"base": base, "comment": "none"})
			if r.ExitCode != code {
				t.Errorf("exit %d, want %d: %q\n%s", r.ExitCode, code, r.Outputs, strings.Join(r.Log.Lines, "\n"))
			}
		})
	}
}

const rulesOff = "  https: {off: \"not in this pull request\"}\n"

// Events without a pull request: the verdict alone.
func TestOtherEvents(t *testing.T) {
	image(t)
	good := fixture(t, "production")
	bad := edited(t, good, "install.sh", httpsOn, httpsOff)
	for _, event := range []string{"merge_group", "push", "schedule", "workflow_dispatch"} {
		for code, files := range map[int]githubtest.Files{0: good, 1: bad} {
			t.Run(event+map[int]string{0: " passes", 1: " fails"}[code], func(t *testing.T) {
				server := githubtest.New(t)
				repo := server.AddRepo("octo-org/hub", good)
				before := repo.Branch("main")
				commit := repo.Commit("topic", files)
				var payload []byte
				switch event {
				case "merge_group":
					payload = repo.MergeGroupEvent(commit)
				case "push":
					payload = repo.PushEvent("topic", before)
				default:
					payload = []byte(`{"schedule": "0 6 * * 1", "repository": {"full_name": "octo-org/hub"}}`)
				}
				job := checkedOut(t, repo, commit, event, payload)
				at(job, server, githubtest.WriteToken)
				r := use(t, job, nil)
				verdict(t, r, code, map[int]string{0: "pass", 1: "fail"}[code])
				if r.Outputs["comment-url"] != "" || server.Count(githubtest.On("POST /repos/**")) > 0 {
					t.Errorf("something was written: %q", r.Outputs)
				}
			})
		}
	}
}

// Reports go where they were asked for and belong to the workspace's owner, so that the next checkout can remove them.
func TestReports(t *testing.T) {
	image(t)
	server := githubtest.New(t)
	repo, pull := broken(t, server)
	job := onPull(t, repo, pull)
	at(job, server, githubtest.ReadToken)
	r := use(t, job, map[string]string{"sarif-file": "out/policy.sarif", "report-file": "out/policy.json", "fail-on": "never"})
	if r.Outputs["sarif"] != "out/policy.sarif" || r.Outputs["report"] != "out/policy.json" {
		t.Errorf("outputs %q", r.Outputs)
	}
	for name, key := range map[string]string{"out/policy.sarif": "runs", "out/policy.json": "results"} {
		path := filepath.Join(job.Workspace, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var value map[string]any
		if err := json.Unmarshal(text, &value); err != nil || value[key] == nil {
			t.Errorf("%s holds no %s (%v)", name, key, err)
		}
		for _, p := range []string{path, filepath.Dir(path)} {
			info, err := os.Stat(p)
			if err != nil {
				t.Fatal(err)
			}
			if owner := info.Sys().(*syscall.Stat_t).Uid; os.Getuid() == 0 && owner != runnerUser {
				t.Errorf("%s belongs to %d", p, owner)
			}
		}
	}
}

// Mistakes and what cannot be evaluated are never green and say which they are.
func TestMistakes(t *testing.T) {
	image(t)
	for _, c := range []struct {
		name string
		with map[string]string
		code int
	}{
		{"an unknown word", map[string]string{"fail-on": "eror"}, 2},
		{"a path that is not there", map[string]string{"path": "nowhere"}, 2},
		{"a path outside", map[string]string{"path": "../.."}, 2},
		{"settings that are not there", map[string]string{"settings": "none.yaml"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := githubtest.New(t)
			repo, pull := broken(t, server)
			job := onPull(t, repo, pull)
			at(job, server, githubtest.WriteToken)
			r := use(t, job, c.with)
			verdict(t, r, c.code, "error")
		})
	}
	t.Run("no hub", func(t *testing.T) {
		server := githubtest.New(t)
		repo := server.AddRepo("octo-org/hub", githubtest.Files{"README.md": "nothing here"})
		pull := repo.OpenPullWith(githubtest.Files{"README.md": "still nothing here"})
		job := onPull(t, repo, pull)
		at(job, server, githubtest.WriteToken)
		verdict(t, use(t, job, nil), 3, "error")
	})
}
