package github

import "context"

// thread is a review thread that a comment of ours began.
type thread struct {
	id           string // "" by REST
	root         comment
	start, line  int // where GitHub shows it now; 0 if outdated
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
          startLine
          line
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
	return c.restThreads(ctx, to, gate, err)
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
			out.add(gate, root.Body, &thread{id: n.ID, start: first(n.StartLine, n.Line), line: n.Line, replies: n.Comments.TotalCount - 1, resolved: n.IsResolved, outdated: n.IsOutdated,
				canResolve: n.ViewerCanResolve, canUnresolve: n.ViewerCanUnresolve,
				root: comment{id: root.FullDatabaseID.int(), node: root.ID, url: root.URL, minimized: root.IsMinimized, canHide: root.ViewerCanMinimize}})
		}
		next, err := pr.ReviewThreads.PageInfo.next(what, vars["after"])
		if err != nil || next == "" {
			return out, err
		}
		vars["after"] = next
	}
	return nil, tooMany(what)
}

type graphThread struct {
	ID                                   string
	IsResolved, IsOutdated               bool
	StartLine, Line                      int // null, and so 0, where there is none
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

// first is the first line of a thread: a comment on one line has no start.
func first(start, line int) int {
	if start == 0 {
		return line
	}
	return start
}

// add keeps a thread whose first comment carries the gate's marker.
func (l *threadList) add(gate, body string, t *thread) {
	m, text, ok := parseMarker(body)
	if ok && m.Kind == kindInline && m.Gate == gate && m.Key != "" {
		t.root.marker, t.root.text = m, text
		l.threads = append(l.threads, t)
	}
}
