package github

import (
	"context"

	"github.com/google/go-github/v60/github"
)

const viewerQuery = `query WhoAmI {
  viewer {
    login
  }
}
`

// viewer is the login of whoever the token belongs to, as REST writes it ("github-actions[bot]"), or "". GraphQL tells it
// for every sort of token, REST for people's only (reference/github.md §3.2). It is not guessed.
func (c *Client) viewer(ctx context.Context) string {
	if c.login != nil {
		return *c.login
	}
	c.login = new(string)
	if !c.token {
		return ""
	}
	var data struct{ Viewer struct{ Login string } }
	if c.query(ctx, "ask who the token belongs to", viewerQuery, nil, &data) == nil {
		*c.login = data.Viewer.Login
		return *c.login
	}
	var user *github.User
	err := c.do(ctx, call{what: "ask who the token belongs to"}, func(ctx context.Context) (err error) {
		user, _, err = c.rest.Users.Get(ctx, "")
		return err
	})
	if err == nil {
		*c.login = user.GetLogin()
	}
	return *c.login
}
