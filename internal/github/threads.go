package github

import (
	"context"
	"strings"

	"github.com/google/go-github/v60/github"
)

// thread is a review thread that a comment of ours began.
type thread struct {
	id           string // "" by REST
	root         comment
	replies      int
	resolved     bool
	outdated     bool // the line it stands on is not in the diff any more
	canResolve   bool
	canUnresolve bool
}

// shown says whether people see the comment without unfolding it.
func (t *thread) shown() bool { return !t.resolved && !t.outdated && !t.root.minimized }

// threadList is the threads of a gate, oldest first.
type threadList struct {
	conversation
	threads []*thread
}

const threadsQuery = `query ReviewThreads($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      headRefOid
      locked
      reviewThreads(first: 100, after: $after) {
        nodes {
          id
          isResolved
          isOutdated
          viewerCanResolve
          viewerCanUnresolve
          comments(first: 1) {
            totalCount
            nodes {
              id
              fullDatabaseId
              url
              body
              isMinimized
              viewerDidAuthor
              viewerCanMinimize
            }
          }
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

// threads lists all pages of the review threads.
func (c *Client) threads(ctx context.Context, to Target, gate string) (*threadList, error) {
	list, err := c.graphThreads(ctx, to, gate)
	if err == nil || !useREST(err) {
		return list, err
	}
	return c.restThreads(ctx, to, gate)
}

func (c *Client) graphThreads(ctx context.Context, to Target, gate string) (*threadList, error) {
	const what = "list the review comments of the pull request"
	out := &threadList{conversation: conversation{graph: true}}
	vars := map[string]any{"owner": to.Repo.Owner, "repo": to.Repo.Name, "number": to.Number, "after": nil}
	for range maxPages {
		var data struct {
			Repository struct {
				PullRequest *struct {
					HeadRefOid    string
					Locked        bool
					ReviewThreads struct {
						Nodes    []graphThread
						PageInfo pageInfo
					}
				}
			}
		}
		if err := c.query(ctx, what, threadsQuery, vars, &data); err != nil {
			return nil, err
		}
		pr := data.Repository.PullRequest
		if pr == nil {
			return nil, &Error{Kind: NotFound, What: what, Message: "there is no such pull request", field: true}
		}
		out.head, out.locked = pr.HeadRefOid, pr.Locked
		for _, n := range pr.ReviewThreads.Nodes {
			if len(n.Comments.Nodes) == 0 || !n.Comments.Nodes[0].ViewerDidAuthor {
				continue
			}
			root := n.Comments.Nodes[0]
			out.add(gate, root.Body, &thread{id: n.ID, replies: n.Comments.TotalCount - 1, resolved: n.IsResolved, outdated: n.IsOutdated,
				canResolve: n.ViewerCanResolve, canUnresolve: n.ViewerCanUnresolve,
				root: comment{id: root.FullDatabaseID.int(), node: root.ID, url: root.URL, minimized: root.IsMinimized, canHide: root.ViewerCanMinimize}})
		}
		if !pr.ReviewThreads.PageInfo.HasNextPage {
			return out, nil
		}
		vars["after"] = pr.ReviewThreads.PageInfo.EndCursor
	}
	return nil, tooMany(what)
}

type graphThread struct {
	ID                                   string
	IsResolved, IsOutdated               bool
	ViewerCanResolve, ViewerCanUnresolve bool
	Comments                             struct {
		TotalCount int
		Nodes      []struct {
			ID, URL, Body                                   string
			FullDatabaseID                                  graphID
			IsMinimized, ViewerDidAuthor, ViewerCanMinimize bool
		}
	}
}

// add keeps a thread whose first comment carries the gate's marker.
func (l *threadList) add(gate, body string, t *thread) {
	m, text, ok := parseMarker(body)
	if ok && m.Kind == kindInline && m.Gate == gate && m.Key != "" {
		t.root.marker, t.root.text = m, text
		l.threads = append(l.threads, t)
	}
}

// restThreads makes threads of the review comments that REST lists. Whether one is resolved or minimised it does not say.
func (c *Client) restThreads(ctx context.Context, to Target, gate string) (*threadList, error) {
	const what = "list the review comments of the pull request"
	me := c.viewer(ctx)
	if me == "" {
		return nil, unknownViewer(what)
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
				out.add(gate, n.GetBody(), &thread{outdated: n.Line == nil, root: comment{id: n.GetID(), node: n.GetNodeID(), url: n.GetHTMLURL()}})
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
