package github

import (
	"context"
	"strings"

	"github.com/google/go-github/v60/github"
)

// restThreads makes threads of the review comments that REST lists. Whether one is resolved or minimised it does not say.
func (c *Client) restThreads(ctx context.Context, to Target, gate string, graph error) (*threadList, error) {
	const what = "list the review comments of the pull request"
	me := c.viewer(ctx)
	if me == "" {
		return nil, unknownViewer(what, graph)
	}
	pr, err := c.PullRequest(ctx, to.Repo, to.Number)
	if err != nil {
		return nil, err
	}
	out := &threadList{conversation: conversation{head: pr.HeadSHA, locked: pr.Locked}}
	replies := map[int64]int{}
	opts := &github.PullRequestListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100, Page: 1}}
	for range maxPages {
		var page []*github.PullRequestComment
		var resp *github.Response
		err := c.do(ctx, call{what: what}, func(ctx context.Context) (err error) {
			page, resp, err = c.rest.PullRequests.ListComments(ctx, to.Repo.Owner, to.Repo.Name, to.Number, opts)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, n := range page {
			if n.InReplyTo != nil {
				replies[*n.InReplyTo]++
			} else if strings.EqualFold(n.GetUser().GetLogin(), me) {
				out.add(gate, n.GetBody(), &thread{start: first(n.GetStartLine(), n.GetLine()), line: n.GetLine(), outdated: n.Line == nil, root: comment{id: n.GetID(), node: n.GetNodeID(), url: n.GetHTMLURL()}})
			}
		}
		if resp.NextPage <= opts.Page {
			for _, t := range out.threads {
				t.replies = replies[t.root.id]
			}
			return out, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, tooMany(what)
}
