package github

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-github/v60/github"
)

// maxPages bounds every list of comments: 100 a page.
const maxPages = 100

// conversation is the comments of a pull request that we wrote, oldest first, and what decides whether to write more.
type conversation struct {
	head   string // where the pull request stands now
	locked bool
	ours   []comment
	graph  bool // told by GraphQL
}

// comment is one of ours.
type comment struct {
	id        int64
	node      string
	url       string
	minimized bool
	canHide   bool
	marker    Marker
	text      string
}

const commentsQuery = `query IssueComments($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      headRefOid
      locked
      comments(first: 100, after: $after) {
        nodes {
          id
          fullDatabaseId
          url
          body
          isMinimized
          viewerDidAuthor
          viewerCanMinimize
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
}
`

type pageInfo struct {
	EndCursor   string
	HasNextPage bool
}

// graphID is a BigInt, which GraphQL writes as a string.
type graphID string

func (g *graphID) UnmarshalJSON(b []byte) error {
	*g = graphID(strings.Trim(string(b), `"`))
	return nil
}

func (g graphID) int() int64 {
	n, _ := strconv.ParseInt(string(g), 10, 64)
	return n
}

// conversation reads all pages: a comment of ours may stand on any. Who wrote a comment is GitHub's word, never a guess.
func (c *Client) conversation(ctx context.Context, to Target) (*conversation, error) {
	conv, err := c.graphConversation(ctx, to)
	if err == nil || !useREST(err) && c.token {
		return conv, err
	}
	return c.restConversation(ctx, to)
}

func (c *Client) graphConversation(ctx context.Context, to Target) (*conversation, error) {
	const what = "list the comments of the pull request"
	out := &conversation{graph: true}
	vars := map[string]any{"owner": to.Repo.Owner, "repo": to.Repo.Name, "number": to.Number, "after": nil}
	for range maxPages {
		var data struct {
			Repository struct {
				PullRequest *struct {
					HeadRefOid string
					Locked     bool
					Comments   struct {
						Nodes []struct {
							ID                string
							FullDatabaseID    graphID
							URL, Body         string
							IsMinimized       bool
							ViewerDidAuthor   bool
							ViewerCanMinimize bool
						}
						PageInfo pageInfo
					}
				}
			}
		}
		if err := c.query(ctx, what, commentsQuery, vars, &data); err != nil {
			return nil, err
		}
		pr := data.Repository.PullRequest
		if pr == nil {
			return nil, &Error{Kind: NotFound, What: what, Message: "there is no such pull request", field: true}
		}
		out.head, out.locked = pr.HeadRefOid, pr.Locked
		for _, n := range pr.Comments.Nodes {
			if !n.ViewerDidAuthor {
				continue
			}
			if m, text, ok := parseMarker(n.Body); ok {
				out.ours = append(out.ours, comment{n.FullDatabaseID.int(), n.ID, n.URL, n.IsMinimized, n.ViewerCanMinimize, m, text})
			}
		}
		if !pr.Comments.PageInfo.HasNextPage {
			return out, nil
		}
		vars["after"] = pr.Comments.PageInfo.EndCursor
	}
	return nil, tooMany(what)
}

func tooMany(what string) *Error {
	return &Error{Kind: TooLarge, What: what, Message: fmt.Sprintf("there are more than %d", maxPages*100)}
}

// restConversation is for where GraphQL does not answer. It needs to know our login.
func (c *Client) restConversation(ctx context.Context, to Target) (*conversation, error) {
	const what = "list the comments of the pull request"
	me := c.viewer(ctx)
	if me == "" {
		return nil, unknownViewer(what)
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
// posted again at every push.
func unknownViewer(what string) *Error {
	return &Error{Kind: Unauthorized, What: what, Message: "GitHub does not say who the token belongs to, so that comments of ours cannot be told from others'",
		Hint: "let GITHUB_GRAPHQL_URL be reached"}
}
