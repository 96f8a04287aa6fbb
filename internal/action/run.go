package action

import (
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/sethvargo/go-githubactions"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/github"
	"github.com/tljh-policy/tljh-policy/internal/report"
)

// Host is the machine that the action runs on: a runner's container, or a test.
type Host struct {
	Getenv  func(name string) string
	Out     io.Writer // the job's log, in which lines can be workflow commands
	Version string    // the tool's own
	Now     time.Time
	Limit   time.Duration // for the verdict; what is written to GitHub afterwards has a budget of its own
	HTTP    *http.Client  // nil for the default
	Sleep   func(ctx context.Context, d time.Duration) error
}

// Run does the whole work of the action and returns the exit code, which is decided before anything is sent.
func Run(ctx context.Context, h Host) int {
	r := &runner{host: h, act: githubactions.New(githubactions.WithWriter(h.Out), githubactions.WithGetenv(h.Getenv))}
	v := r.verdict(ctx)
	defer r.clean(v)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	editing, done := context.WithTimeout(ctx, editTime)
	defer done()
	v.withEdits(editing)
	r.write(v)
	r.guard("comments", func() { r.answer(ctx, v) })
	return v.code
}

type runner struct {
	host    Host
	act     *githubactions.Action
	trigger trigger
	hosted  hosted
	decider *decider
}

// workspace is the directory that the job's steps work in.
func (r *runner) workspace() string {
	if w := r.host.Getenv("GITHUB_WORKSPACE"); w != "" {
		return w
	}
	wd, _ := os.Getwd()
	return wd
}

// verdict decides, whatever happens meanwhile: a panic or a limit that is hit is a verdict too.
func (r *runner) verdict(ctx context.Context) *verdict {
	made := make(chan *verdict, 1)
	err := check.Within(ctx, r.host.Limit, func(ctx context.Context) error {
		v := &verdict{code: report.ExitUnevaluated}
		if err := r.prepare(); err != nil {
			v.fail(err)
		} else if err := r.decider.decide(ctx, v); err != nil {
			v.fail(err)
		}
		made <- v
		return nil
	})
	select {
	case v := <-made:
		return v
	default:
		v := &verdict{code: report.ExitUnevaluated, why: "nothing was decided"}
		if err != nil {
			v.fail(err)
		}
		return v
	}
}

// prepare reads what triggered the run and gets ready to ask GitHub.
func (r *runner) prepare() error {
	var err error
	if r.trigger, err = readTrigger(r.host.Getenv); err != nil {
		return err
	}
	r.hosted = hosted{repo: github.Repo{Owner: r.trigger.owner, Name: r.trigger.repo}}
	r.hosted.client, r.hosted.why = github.New(github.Config{
		APIURL: r.host.Getenv("GITHUB_API_URL"), GraphQLURL: r.host.Getenv("GITHUB_GRAPHQL_URL"), ServerURL: r.host.Getenv("GITHUB_SERVER_URL"),
		Token: r.act.GetInput("github-token"), UserAgent: "tljh-policy/" + r.host.Version, HTTP: r.host.HTTP, Sleep: r.host.Sleep,
	})
	if r.hosted.why != nil {
		r.hosted.client = nil
	}
	r.decider = &decider{
		env: r.host.Getenv, input: r.act.GetInput, workspace: r.workspace(), trigger: r.trigger, hosted: r.hosted,
		now: r.host.Now, limit: r.host.Limit, version: r.host.Version, trees: trees{parents: temporary(r.host.Getenv)},
	}
	return nil
}

func (r *runner) clean(v *verdict) {
	for _, c := range v.close {
		c()
	}
	if r.decider != nil {
		r.decider.trees.remove()
	}
}
