package githubtest

import (
	"fmt"
	"time"
)

// PullSpec says what to open. Head is the branch to merge, Base the branch to merge into ("" is main), Author "" is octocat.
type PullSpec struct {
	Head     string
	HeadRepo *Repo // nil: the same repository
	Base     string
	Author   string
	Title    string
	Body     string
	Draft    bool
}

// Pull is a pull request.
type Pull struct {
	repo             *Repo
	number           int
	id               int64
	author           *User
	title, body      string
	base, headBranch string
	baseID, head     string // commits; baseID is the base's tip when the head last moved
	before           string // the head before its last move
	headRepo         *Repo
	draft, locked    bool
	closed           bool
	labels           []string
	created, updated time.Time
	comments         []*comment
	reviews          []*review
	threads          []*thread
}

// OpenPull opens a pull request.
func (r *Repo) OpenPull(spec PullSpec) *Pull {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	p := &Pull{repo: r, number: len(r.pulls) + 1, id: r.server.nextID(), title: spec.Title, body: spec.Body, base: spec.Base,
		headBranch: spec.Head, headRepo: spec.HeadRepo, draft: spec.Draft, created: r.server.tick()}
	if p.headRepo == nil {
		p.headRepo = r
	}
	if p.base == "" {
		p.base = "main"
	}
	if p.title == "" {
		p.title = "Change the hub"
	}
	author := spec.Author
	if author == "" {
		author = "octocat"
	}
	p.author = r.server.user(author)
	if r.branches[p.base] == "" || p.headRepo.branches[p.headBranch] == "" {
		panic(fmt.Sprintf("githubtest: no branch %s or %s", p.base, p.headBranch))
	}
	p.synchronize(p.headRepo.branches[p.headBranch])
	r.pulls = append(r.pulls, p)
	return p
}

// OpenPullWith commits the files to a new branch and opens a pull request from it.
func (r *Repo) OpenPullWith(files Files) *Pull {
	r.server.mu.Lock()
	branch := fmt.Sprintf("change-%d", len(r.pulls)+1)
	r.server.mu.Unlock()
	r.Commit(branch, files)
	return r.OpenPull(PullSpec{Head: branch})
}

// OpenPullChanging is OpenPullWith for files that lie on top of main's.
func (r *Repo) OpenPullChanging(change Files) *Pull {
	return r.OpenPullWith(r.files("main").Over(change))
}

// Change is Push for files that lie on top of what the branch holds.
func (p *Pull) Change(change Files) string { return p.headRepo.Change(p.headBranch, change) }

// Push puts a commit of exactly these files on the pull request's branch and returns its id.
func (p *Pull) Push(files Files) string { return p.headRepo.Commit(p.headBranch, files) }

// ForcePush replaces everything the pull request adds by one commit on the base branch's tip.
func (p *Pull) ForcePush(files Files) string {
	id := p.repo.CommitOn(files, p.repo.Branch(p.base))
	p.headRepo.SetBranch(p.headBranch, id)
	return id
}

func (p *Pull) synchronize(head string) {
	p.before, p.head, p.baseID, p.updated = p.head, head, p.repo.branches[p.base], p.repo.server.tick()
}

// Number is the pull request's number.
func (p *Pull) Number() int { return p.number }

// Head is the commit at the pull request's head.
func (p *Pull) Head() string { return p.locking(func() string { return p.head }) }

// Base is pull_request.base.sha: the base branch's tip when the head last moved.
func (p *Pull) Base() string { return p.locking(func() string { return p.baseID }) }

// MergeBase is the commit that the changes are counted from.
func (p *Pull) MergeBase() string { return p.locking(p.mergeBase) }

// Merge is the test merge commit, which a workflow on pull_request checks out; "" with a conflict.
func (p *Pull) Merge() string { return p.locking(p.mergeCommit) }

func (p *Pull) locking(get func() string) string {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	return get()
}

// Lock locks the conversation.
func (p *Pull) Lock() { p.set(func() { p.locked = true }) }

// Close closes the pull request unmerged.
func (p *Pull) Close() { p.set(func() { p.closed = true }) }

// Ready ends the draft state.
func (p *Pull) Ready() { p.set(func() { p.draft = false }) }

// Label adds a label.
func (p *Pull) Label(name string) { p.set(func() { p.labels = append(p.labels, name) }) }

func (p *Pull) set(change func()) {
	p.repo.server.mu.Lock()
	defer p.repo.server.mu.Unlock()
	change()
	p.updated = p.repo.server.tick()
}
