package github

import (
	"context"
	"fmt"
	"strconv"
	"strings"
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

// next is the cursor of the page after, "" if there is none. One that leads nowhere would hide what is beyond.
func (p pageInfo) next(what string, now any) (string, error) {
	switch {
	case !p.HasNextPage:
		return "", nil
	case p.EndCursor == "" || p.EndCursor == now:
		return "", &Error{Kind: BadAnswer, What: what, Message: "the next page is the same again"}
	}
	return p.EndCursor, nil
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
	return c.restConversation(ctx, to, err)
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
		next, err := pr.Comments.PageInfo.next(what, vars["after"])
		if err != nil || next == "" {
			return out, err
		}
		vars["after"] = next
	}
	return nil, tooMany(what)
}

func tooMany(what string) *Error {
	return &Error{Kind: TooLarge, What: what, Message: fmt.Sprintf("there are more than %d", maxPages*100)}
}
