package githubtest

import (
	"fmt"
	"net/http"
)

// draft is a review comment to be made, as REST writes it.
type draft struct {
	Path        string
	Body        string
	Line        int
	Side        string
	StartLine   int    `json:"start_line"`
	StartSide   string `json:"start_side"`
	SubjectType string `json:"subject_type"`
	CommitID    string `json:"commit_id"`
	InReplyTo   int64  `json:"in_reply_to"`
}

func (d draft) anchor() anchor {
	a := anchor{path: d.Path, side: d.Side, line: d.Line, startSide: d.StartSide, startLine: d.StartLine, file: d.SubjectType == "file"}
	if a.side == "" {
		a.side = "RIGHT"
	}
	if a.startSide == "" {
		a.startSide = a.side
	}
	return a
}

// has says whether a commit is one of the pull request's own.
func (p *Pull) has(commit string) bool {
	objects := p.repo.network.objects
	return objects.Ancestors(p.head)[commit] && !objects.Ancestors(p.mergeBase())[commit]
}

// locate finds an anchor in what the pull request changes up to a commit.
func (p *Pull) locate(a anchor, commit string) (place, []anchorProblem) {
	base := p.repo.network.objects.MergeBase(p.repo.branches[p.base], commit)
	return a.locate(find(p.repo.network.compare(base, commit), a.path))
}

func listReviewComments(c *call) (int, any) {
	return http.StatusOK, jsonList(c, c.pull().reviewComments(), (*comment).jsonReview)
}

// createReviewComment makes a single comment, which is a review of its own.
func createReviewComment(c *call) (int, any) {
	p := c.pull()
	c.refuseLocked(p)
	var in draft
	c.decode(&in)
	if in.InReplyTo != 0 {
		return c.reply(p, in.InReplyTo)
	}
	checkBody("PullRequestReviewComment", in.Body)
	if !p.has(in.CommitID) {
		return invalid("PullRequestReviewComment", "commit_id", "custom", "commit_id is not part of the pull request").parts()
	}
	at, problems := p.locate(in.anchor(), in.CommitID)
	if len(problems) > 0 {
		refused := &refusal{http.StatusUnprocessableEntity, "Validation Failed", nil}
		var entries []any
		for _, problem := range problems {
			entries = append(entries, problem.json())
		}
		refused.errors = entries
		return refused.parts()
	}
	made := p.addReview(c.viewer(), "COMMENTED", "", in.CommitID).addThread(in.anchor(), at, in.Body)
	return http.StatusCreated, made.jsonReview()
}

func (p anchorProblem) json() object {
	field := "pull_request_review_thread." + p.field
	if p.message == "" {
		return object{"resource": "PullRequestReviewComment", "code": "missing_field", "field": field}
	}
	return object{"resource": "PullRequestReviewComment", "code": "custom", "field": field, "message": field + " " + p.message}
}

func replyToReviewComment(c *call) (int, any) {
	p := c.pull()
	c.refuseLocked(p)
	return c.reply(p, c.id())
}

// reply answers a thread's first comment; answers to answers are not found, as GitHub documents.
func (c *call) reply(p *Pull, to int64) (int, any) {
	body := c.text("PullRequestReviewComment")
	for _, t := range p.threads {
		if t.comments[0].id == to {
			v := p.addReview(c.viewer(), "COMMENTED", "", p.head)
			made := t.reply(v, c.viewer(), body)
			c.header.Set("Location", fmt.Sprint(made.jsonReview()["url"]))
			return http.StatusCreated, made.jsonReview()
		}
	}
	return notFound().parts()
}

func (c *call) reviewComment() *comment {
	for _, p := range c.repo.pulls {
		for _, one := range p.reviewComments() {
			if one.id == c.id() {
				return one
			}
		}
	}
	panic(notFound())
}

func getReviewComment(c *call) (int, any) { return http.StatusOK, c.reviewComment().jsonReview() }

func updateReviewComment(c *call) (int, any) {
	one := c.reviewComment()
	one.edit(c.text("PullRequestReviewComment"))
	return http.StatusOK, one.jsonReview()
}

func deleteReviewComment(c *call) (int, any) {
	c.reviewComment().delete()
	return http.StatusNoContent, nil
}
