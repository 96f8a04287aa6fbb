package githubtest

import "fmt"

// Comment is a comment as a test looks at it. Those in threads have a Path.
type Comment struct {
	ID        int64
	Node      string
	Author    string
	Body      string
	Minimized string // OUTDATED, RESOLVED, …; "" if it is shown
	Edited    bool
	Path      string
	Line      int // 0 for a whole file, or when outdated
	StartLine int
	Side      string
	ReviewID  int64
	ReplyTo   int64
}

// Thread is a review thread as a test looks at it.
type Thread struct {
	Node     string
	Path     string
	Line     int // 0 for a whole file, or when outdated
	Outdated bool
	Resolved bool
	Comments []Comment
}

// Review is a review as a test looks at it.
type Review struct {
	ID        int64
	Node      string
	Author    string
	State     string
	Body      string
	Commit    string // that it was made for, even when GitHub shows another
	Minimized string
}

func (c *comment) show() Comment {
	shown := Comment{ID: c.id, Node: c.node(), Author: c.author.Login, Body: c.body, Minimized: c.minimized, Edited: c.updated != c.created, ReplyTo: c.replyTo}
	if c.thread == nil {
		return shown
	}
	now, _, current := c.thread.now()
	shown.Path, shown.ReviewID, shown.Side = now.path, c.review.id, now.side
	if current {
		shown.Line, shown.StartLine = now.line, now.startLine
	}
	return shown
}

// Comments returns the conversation's comments, oldest first.
func (p *Pull) Comments() (all []Comment) {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	for _, c := range p.comments {
		all = append(all, c.show())
	}
	return all
}

// Threads returns the review threads, oldest first; those of pending reviews too.
func (p *Pull) Threads() (all []Thread) {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	for _, t := range p.threads {
		now, _, current := t.now()
		shown := Thread{Node: nodeID("PRRT", t.id), Path: now.path, Outdated: !current, Resolved: t.resolved != nil}
		if current {
			shown.Line = now.line
		}
		for _, c := range t.comments {
			shown.Comments = append(shown.Comments, c.show())
		}
		all = append(all, shown)
	}
	return all
}

// Reviews returns the reviews, oldest first; pending ones too.
func (p *Pull) Reviews() (all []Review) {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	for _, v := range p.reviews {
		all = append(all, Review{v.id, nodeID("PRR", v.id), v.author.Login, v.state, v.body, v.commit, v.minimized})
	}
	return all
}

// Comment writes a comment as somebody and returns its id.
func (p *Pull) Comment(author, body string) int64 {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	return p.addComment(p.repo.server.user(author), body).id
}

// ReviewComment starts a thread as somebody on a line of the new side, and returns the comment's id. Line 0 is the whole file.
func (p *Pull) ReviewComment(author, path string, line int, body string) int64 {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	d := draft{Path: path, Line: line, Body: body}
	if line == 0 {
		d.SubjectType = "file"
	}
	at, problems := p.locate(d.anchor(), p.head)
	if len(problems) > 0 {
		panic(fmt.Sprintf("githubtest: %s:%d: %s", path, line, sentence(problems)))
	}
	return p.addReview(p.repo.server.user(author), "COMMENTED", "", p.head).addThread(d.anchor(), at, body).id
}

// Reply answers in the thread that a comment started, and returns the answer's id.
func (p *Pull) Reply(author string, to int64, body string) int64 {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	for _, t := range p.threads {
		if t.comments[0].id == to {
			user := p.repo.server.user(author)
			return t.reply(p.addReview(user, "COMMENTED", "", p.head), user, body).id
		}
	}
	panic(fmt.Sprintf("githubtest: no thread starts with comment %d", to))
}

// DeleteComment removes a comment, of the conversation or of a thread.
func (p *Pull) DeleteComment(id int64) {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	for _, c := range append(p.reviewComments(), p.comments...) {
		if c.id == id {
			c.delete()
		}
	}
}

// Minimize hides a comment as somebody would by hand; classifier "" shows it again.
func (p *Pull) Minimize(id int64, classifier string) {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	for _, c := range append(p.reviewComments(), p.comments...) {
		if c.id == id {
			c.minimized = classifier
		}
	}
}
