package github

import (
	"context"
	"fmt"

	"github.com/google/go-github/v60/github"
)

// PullOfHead finds the number of the open pull request whose head is a commit of a branch of somebody's repository. The event
// workflow_run names no pull request for forks, and what the first workflow hands over is not to be trusted: owner, branch,
// commit and repository id are the event's own, and all of them must fit (reference/github.md §2.1).
func (c *Client) PullOfHead(ctx context.Context, repo Repo, owner, branch, sha string, repoID int64) (int, error) {
	what := fmt.Sprintf("find the pull request of commit %.12s", sha)
	if err := repo.check(); err != nil {
		return 0, err
	}
	if owner == "" || branch == "" || !IsSHA(sha) || repoID == 0 {
		return 0, &Error{Kind: Invalid, What: what, Message: "the event names no head"}
	}
	opts := &github.PullRequestListOptions{State: "open", Head: owner + ":" + branch, ListOptions: github.ListOptions{PerPage: 100, Page: 1}}
	found := 0
	for range maxPages {
		var page []*github.PullRequest
		var resp *github.Response
		err := c.do(ctx, call{what: what}, func(ctx context.Context) (err error) {
			page, resp, err = c.rest.PullRequests.List(ctx, repo.Owner, repo.Name, opts)
			return err
		})
		if err != nil {
			return 0, err
		}
		for _, pr := range page {
			if pr.GetHead().GetSHA() == sha && pr.GetHead().GetRepo().GetID() == repoID {
				if found != 0 { // which of their bases' gates it should pass, nobody can say
					return 0, &Error{Kind: Conflict, What: what, Message: fmt.Sprintf("pull requests %d and %d are both open with this head", pr.GetNumber(), found)}
				}
				found = pr.GetNumber()
			}
		}
		if resp.NextPage <= opts.Page || len(page) == 0 {
			break
		}
		opts.Page = resp.NextPage
	}
	if found == 0 {
		return 0, &Error{Kind: NotFound, What: what, Message: "no open pull request has this head; it was closed, or has moved on"}
	}
	return found, nil
}
