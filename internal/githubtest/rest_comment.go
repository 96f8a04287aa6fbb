package githubtest

import (
	"net/http"
	"strconv"
	"time"
)

func listComments(c *call) (int, any) {
	since, _ := time.Parse(time.RFC3339, c.query("since"))
	var found []*comment
	for _, one := range c.pull().comments {
		if !one.updated.Before(since) {
			found = append(found, one)
		}
	}
	return http.StatusOK, jsonList(c, found, (*comment).json)
}

// text is the body of a request that creates or changes a comment.
func (c *call) text(resource string) string {
	var body struct{ Body string }
	c.decode(&body)
	checkBody(resource, body.Body)
	return body.Body
}

func createComment(c *call) (int, any) {
	p := c.pull()
	c.refuseLocked(p)
	made := p.addComment(c.viewer(), c.text("IssueComment"))
	c.header.Set("Location", made.json()["url"].(string))
	return http.StatusCreated, made.json()
}

func (c *call) viewer() *User {
	if c.token == nil {
		return nil
	}
	return c.user(c.token.Login)
}

// refuseLocked stops new comments in a locked conversation. People with write access may still write there; apps may not.
func (c *call) refuseLocked(p *Pull) {
	if p.locked && c.viewer().Bot() {
		panic(refuse(http.StatusForbidden, "Unable to create comment because issue is locked."))
	}
}

func (c *call) id() int64 {
	id, _ := strconv.ParseInt(c.path("id"), 10, 64)
	return id
}

func (c *call) issueComment() *comment {
	for _, p := range c.repo.pulls {
		for _, one := range p.comments {
			if one.id == c.id() {
				return one
			}
		}
	}
	panic(notFound())
}

func getComment(c *call) (int, any) { return http.StatusOK, c.issueComment().json() }

// updateComment needs no authorship: whoever may write to pull requests may change anybody's comment.
func updateComment(c *call) (int, any) {
	one := c.issueComment()
	one.edit(c.text("IssueComment"))
	return http.StatusOK, one.json()
}

func deleteComment(c *call) (int, any) {
	c.issueComment().delete()
	return http.StatusNoContent, nil
}
