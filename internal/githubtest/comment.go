package githubtest

import (
	"encoding/base64"
	"fmt"
	"time"
)

// comment is an issue comment (thread nil) or a review comment.
type comment struct {
	id               int64
	pull             *Pull
	author           *User
	body             string
	created, updated time.Time
	minimized        string // the reason, as in ReportedContentClassifiers; "" if it is not
	thread           *thread
	review           *review
	replyTo          int64
}

// review groups comments. A pending one is its author's alone.
type review struct {
	id        int64
	pull      *Pull
	author    *User
	body      string
	state     string // PENDING, COMMENTED, CHANGES_REQUESTED, APPROVED, DISMISSED
	commit    string
	created   time.Time
	submitted time.Time
	minimized string
}

// thread is a place in the diff and what was said about it.
type thread struct {
	id         int64
	pull       *Pull
	anchor     anchor
	base, head string // the merge base and head it was written for
	place      place
	resolved   *User
	comments   []*comment
}

func (c *comment) node() string {
	if c.thread != nil {
		return nodeID("PRRC", c.id)
	}
	return nodeID("IC", c.id)
}

func nodeID(kind string, id int64) string {
	return kind + "_" + base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprint("n:", id)))
}

// visible returns the comments of a thread that a viewer sees: those of pending reviews only to their author.
func (t *thread) visible(viewer *User) (comments []*comment) {
	for _, c := range t.comments {
		if c.review == nil || c.review.state != "PENDING" || c.author == viewer {
			comments = append(comments, c)
		}
	}
	return comments
}

// reviewComments returns a pull request's review comments by id; REST lists no pending ones.
func (p *Pull) reviewComments() (comments []*comment) {
	for _, t := range p.threads {
		comments = append(comments, t.visible(nil)...)
	}
	sortByID(comments)
	return comments
}

func (p *Pull) newComment(author *User, body string) *comment {
	now := p.repo.server.tick()
	return &comment{id: p.repo.server.nextID(), pull: p, author: author, body: body, created: now, updated: now}
}

func (p *Pull) addComment(author *User, body string) *comment {
	c := p.newComment(author, body)
	p.comments = append(p.comments, c)
	return c
}

func (c *comment) edit(body string) {
	c.body, c.updated = body, c.pull.repo.server.tick()
}

// delete removes a comment; a thread without comments goes with its last.
func (c *comment) delete() {
	c.pull.comments = without(c.pull.comments, c)
	for _, t := range c.pull.threads {
		if t.comments = without(t.comments, c); len(t.comments) == 0 {
			c.pull.threads = without(c.pull.threads, t)
		}
	}
}

func (p *Pull) addReview(author *User, state, body, commit string) *review {
	now := p.repo.server.tick()
	v := &review{id: p.repo.server.nextID(), pull: p, author: author, body: body, state: state, commit: commit, created: now}
	if state != "PENDING" {
		v.submitted = now
	}
	p.reviews = append(p.reviews, v)
	return v
}

// shownCommit is the commit that GitHub shows for a review: the present head once its own was force-pushed away.
func (v *review) shownCommit() string {
	if v.pull.has(v.commit) {
		return v.commit
	}
	return v.pull.head
}

// addThread starts a thread within a review. The anchor has been checked.
func (v *review) addThread(a anchor, at place, body string) *comment {
	p := v.pull
	t := &thread{id: p.repo.server.nextID(), pull: p, anchor: a, place: at, head: v.commit,
		base: p.repo.network.objects.MergeBase(p.repo.branches[p.base], v.commit)}
	c := p.newComment(v.author, body)
	c.thread, c.review = t, v
	t.comments = []*comment{c}
	p.threads = append(p.threads, t)
	return c
}

func (t *thread) reply(v *review, author *User, body string) *comment {
	c := t.pull.newComment(author, body)
	c.thread, c.review, c.replyTo = t, v, t.comments[0].id
	t.comments = append(t.comments, c)
	return c
}
