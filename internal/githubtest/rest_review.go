package githubtest

import (
	"net/http"
	"strconv"
	"strings"
)

type reviewBody struct {
	CommitID string `json:"commit_id"`
	Body     string
	Event    string
	Comments []draft
	Message  string
}

var states = map[string]string{"": "PENDING", "COMMENT": "COMMENTED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "APPROVE": "APPROVED"}

func (p *Pull) visibleReviews(viewer *User) (reviews []*review) {
	for _, v := range p.reviews {
		if v.state != "PENDING" || v.author == viewer {
			reviews = append(reviews, v)
		}
	}
	return reviews
}

func listReviews(c *call) (int, any) {
	return http.StatusOK, jsonList(c, c.pull().visibleReviews(c.viewer()), (*review).json)
}

func (c *call) review() *review {
	id, _ := strconv.ParseInt(c.path("review"), 10, 64)
	for _, v := range c.pull().visibleReviews(c.viewer()) {
		if v.id == id {
			return v
		}
	}
	panic(notFound())
}

func getReview(c *call) (int, any) { return http.StatusOK, c.review().json() }

// createReview posts a review with its comments: all of them or, when one is wrong, none.
func createReview(c *call) (int, any) {
	p := c.pull()
	c.refuseLocked(p)
	var in reviewBody
	c.decode(&in)
	v, err := p.createReview(c.viewer(), in)
	if err != nil {
		return err.parts()
	}
	return http.StatusOK, v.json()
}

func (p *Pull) createReview(author *User, in reviewBody) (*review, *refusal) {
	if in.CommitID == "" {
		in.CommitID = p.head
	}
	if !p.has(in.CommitID) {
		return nil, unprocessable("commit_id is not part of the pull request")
	}
	if err := p.mayReview(author, in.Event, in.Body, len(in.Comments)); err != nil {
		return nil, err
	}
	var sentences []string
	anchors, places := make([]anchor, len(in.Comments)), make([]place, len(in.Comments))
	for i, d := range in.Comments {
		var problems []anchorProblem
		anchors[i] = d.anchor()
		if places[i], problems = p.locate(anchors[i], in.CommitID); len(problems) > 0 {
			sentences = append(sentences, sentence(problems))
		}
		if strings.TrimSpace(d.Body) == "" {
			sentences = append(sentences, "Body can't be blank")
		} else if tooLong(d.Body) {
			sentences = append(sentences, tooLongText)
		}
	}
	if len(sentences) > 0 {
		return nil, unprocessable(sentences...)
	}
	v := p.addReview(author, states[in.Event], in.Body, in.CommitID)
	for i, d := range in.Comments {
		v.addThread(anchors[i], places[i], d.Body)
	}
	return v, nil
}

// sentence joins complaints as GitHub does: "a, b, and c".
func sentence(problems []anchorProblem) string {
	var parts []string
	for _, p := range problems {
		parts = append(parts, p.sentence)
	}
	switch n := len(parts); n {
	case 1:
		return parts[0]
	case 2:
		return parts[0] + " and " + parts[1]
	default:
		return strings.Join(parts[:n-1], ", ") + ", and " + parts[n-1]
	}
}

// mayReview refuses what no comment's place can be blamed for.
func (p *Pull) mayReview(author *User, event, body string, comments int) *refusal {
	state, ok := states[event]
	switch own := author == p.author; {
	case !ok:
		return unprocessable("Variable $event of type PullRequestReviewEvent was provided invalid value")
	case tooLong(body):
		return unprocessable(tooLongText)
	case own && state == "CHANGES_REQUESTED":
		return unprocessable("Can not request changes on your own pull request")
	case own && state == "APPROVED":
		return unprocessable("Can not approve your own pull request")
	case state == "CHANGES_REQUESTED" && body == "", state == "COMMENTED" && body == "" && comments == 0:
		return unprocessable("Body can't be blank")
	}
	for _, v := range p.reviews {
		if v.state == "PENDING" && v.author == author {
			return unprocessable("User can only have one pending review per pull request")
		}
	}
	return nil
}
