package github

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-github/v60/github"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// PullRequest is what a run needs to know of one. Its texts are whatever people wrote: not safe to print.
type PullRequest struct {
	Repo     Repo
	Number   int
	Title    string
	Author   string // "" if the account was deleted
	State    string // open or closed
	Draft    bool
	Locked   bool
	URL      string
	HeadSHA  string
	HeadRef  string
	HeadRepo *HeadRepo // nil if the fork was deleted
	BaseSHA  string
	BaseRef  string
	MergeSHA string // the test merge, "" where there is none
	Files    int    // how many files it changes

}

// HeadRepo is the repository that a pull request comes from.
type HeadRepo struct {
	Repo Repo
	ID   int64
}

// FromFork says whether the pull request comes from another repository, deleted ones included.
func (p *PullRequest) FromFork() bool {
	return p.HeadRepo == nil || !strings.EqualFold(p.HeadRepo.Repo.String(), p.Repo.String())
}

// Target is the pull request at the commit it stood at when it was read.
func (p *PullRequest) Target() Target { return Target{p.Repo, p.Number, p.HeadSHA} }

// PullRequest reads one.
func (c *Client) PullRequest(ctx context.Context, repo Repo, number int) (*PullRequest, error) {
	if err := repo.check(); err != nil {
		return nil, err
	}
	var pr *github.PullRequest
	err := c.do(ctx, call{what: fmt.Sprintf("read pull request %d", number)}, func(ctx context.Context) (err error) {
		pr, _, err = c.rest.PullRequests.Get(ctx, repo.Owner, repo.Name, number)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &PullRequest{Repo: repo, Number: number, Title: pr.GetTitle(), Author: pr.GetUser().GetLogin(), State: pr.GetState(),
		Draft: pr.GetDraft(), Locked: pr.GetLocked(), URL: pr.GetHTMLURL(), HeadSHA: pr.GetHead().GetSHA(), HeadRef: pr.GetHead().GetRef(),
		BaseSHA: pr.GetBase().GetSHA(), BaseRef: pr.GetBase().GetRef(), MergeSHA: pr.GetMergeCommitSHA(), Files: pr.GetChangedFiles()}
	if r := pr.GetHead().GetRepo(); r != nil {
		head := Repo{r.GetOwner().GetLogin(), r.GetName()}
		if full, err := ParseRepo(r.GetFullName()); err == nil {
			head = full
		}
		out.HeadRepo = &HeadRepo{head, r.GetID()}
	}
	if !IsSHA(out.HeadSHA) || !IsSHA(out.BaseSHA) {
		return nil, &Error{Kind: BadAnswer, What: fmt.Sprintf("read pull request %d", number), Message: "the answer names no commits"}
	}
	return out, nil
}

var sha = lazyregexp.New(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// IsSHA says whether s is a whole object id, of SHA-1 or SHA-256.
func IsSHA(s string) bool { return sha.MatchString(s) }

// BranchTip is the commit that a branch points to.
func (c *Client) BranchTip(ctx context.Context, repo Repo, branch string) (string, error) {
	if err := repo.check(); err != nil {
		return "", err
	}
	branch = strings.TrimPrefix(branch, "refs/heads/")
	var ref *github.Reference
	err := c.do(ctx, call{what: fmt.Sprintf("find the tip of branch %q", branch)}, func(ctx context.Context) (err error) {
		ref, _, err = c.rest.Git.GetRef(ctx, repo.Owner, repo.Name, "heads/"+branch)
		return err
	})
	if err != nil {
		return "", err
	}
	if tip := ref.GetObject().GetSHA(); IsSHA(tip) {
		return tip, nil
	}
	return "", &Error{Kind: BadAnswer, What: fmt.Sprintf("find the tip of branch %q", branch), Message: "the answer names no commit"}
}

// Comparison is how two commits stand to each other.
type Comparison struct {
	MergeBase     string
	Status        string // ahead, behind, diverged or identical
	Ahead, Behind int
}

// Compare finds the merge base of two commits: what a pull request is to be compared with. The tip of the base branch would
// show other people's changes as this pull request's.
func (c *Client) Compare(ctx context.Context, repo Repo, base, head string) (*Comparison, error) {
	what := fmt.Sprintf("find the merge base of %.12s and %.12s", base, head)
	if err := repo.check(); err != nil {
		return nil, err
	}
	if !IsSHA(base) || !IsSHA(head) {
		return nil, &Error{Kind: Invalid, What: what, Message: "these are no commits' ids"}
	}
	var cmp *github.CommitsComparison
	err := c.do(ctx, call{what: what}, func(ctx context.Context) (err error) {
		cmp, _, err = c.rest.Repositories.CompareCommits(ctx, repo.Owner, repo.Name, base, head, &github.ListOptions{PerPage: 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &Comparison{MergeBase: cmp.GetMergeBaseCommit().GetSHA(), Status: cmp.GetStatus(), Ahead: cmp.GetAheadBy(), Behind: cmp.GetBehindBy()}
	if !IsSHA(out.MergeBase) {
		return nil, &Error{Kind: NotFound, What: what, Message: "they have no commit in common"}
	}
	return out, nil
}
