package github

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-github/v60/github"
)

// restConversation is for where GraphQL does not answer. It needs to know our login.
func (c *Client) restConversation(ctx context.Context, to Target, graph error) (*conversation, error) {
	const what = "list the comments of the pull request"
	me := c.viewer(ctx)
	if me == "" {
		return nil, unknownViewer(what, graph)
	}
	pr, err := c.PullRequest(ctx, to.Repo, to.Number)
	if err != nil {
		return nil, err
	}
	out := &conversation{head: pr.HeadSHA, locked: pr.Locked}
	opts := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100, Page: 1}}
	for range maxPages {
		var page []*github.IssueComment
		var resp *github.Response
		err := c.do(ctx, call{what: what}, func(ctx context.Context) (err error) {
			page, resp, err = c.rest.Issues.ListComments(ctx, to.Repo.Owner, to.Repo.Name, to.Number, opts)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, n := range page {
			if !strings.EqualFold(n.GetUser().GetLogin(), me) {
				continue
			}
			if m, text, ok := parseMarker(n.GetBody()); ok {
				out.ours = append(out.ours, comment{n.GetID(), n.GetNodeID(), n.GetHTMLURL(), false, false, m, text})
			}
		}
		if resp.NextPage <= opts.Page {
			return out, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, tooMany(what)
}

// unknownViewer is why nothing is written: without knowing who we are, another's comment could be taken for ours, or ours be
// posted again at every push. graph is why GraphQL did not tell.
func unknownViewer(what string, graph error) *Error {
	e := &Error{Kind: Unauthorized, What: what, Message: "who the token belongs to is not known, so that comments of ours cannot be told from others'",
		Hint: "GITHUB_GRAPHQL_URL must be reachable"}
	if g := asError(graph); g != nil {
		e.Kind, e.Status, e.Needs = g.Kind, g.Status, g.Needs
		e.Message = strings.TrimPrefix(fmt.Sprintf("%s; %s", g.Message, e.Message), "; ")
	}
	return e
}
