package githubtest

import (
	"fmt"
	"maps"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
)

// Repo is a repository. A fork shares its objects with the repository it comes from, as on GitHub.
type Repo struct {
	server   *Server
	owner    *User
	name     string
	id       int64
	private  bool
	archived bool
	deleted  bool
	parent   *Repo
	network  *network
	branches map[string]string // name → commit
	pulls    []*Pull
	// TreeLimit is how many entries a recursive listing returns before it is truncated; GitHub's is 100,000.
	TreeLimit int
}

// network is what a repository and its forks share.
type network struct {
	objects *gitobj.Store
	changes map[[2]string][]*gitobj.Change
}

// AddRepo makes a repository "owner/name" with the files on branch main.
func (s *Server) AddRepo(fullName string, files Files) *Repo {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner, name, ok := strings.Cut(fullName, "/")
	if !ok || s.repo(fullName) != nil {
		panic(fmt.Sprintf("githubtest: %q is no new owner/name", fullName))
	}
	r := &Repo{server: s, owner: s.user(owner), name: name, id: s.nextID(), branches: map[string]string{}, TreeLimit: 100_000,
		network: &network{gitobj.New(), map[[2]string][]*gitobj.Change{}}}
	s.add(r)
	r.branches["main"] = r.commit("Set up the hub", files).ID
	return r
}

func (s *state) add(r *Repo) {
	s.repos[strings.ToLower(r.FullName())] = r
	s.order = append(s.order, r)
}

// Fork makes a fork that belongs to another account, or returns the one there is.
func (r *Repo) Fork(owner string) *Repo {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if fork := r.server.repo(owner + "/" + r.name); fork != nil {
		return fork
	}
	fork := &Repo{server: r.server, owner: r.server.user(owner), name: r.name, id: r.server.nextID(), parent: r, network: r.network,
		branches: maps.Clone(r.branches), TreeLimit: r.TreeLimit}
	r.server.add(fork)
	return fork
}

// Rename gives a repository another name; the API points from the old one to the new one.
func (r *Repo) Rename(name string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	old := strings.ToLower(r.FullName())
	delete(r.server.repos, old)
	r.name = name
	r.server.repos[strings.ToLower(r.FullName())] = r
	r.server.moved[old] = r
}

// Delete removes a repository. Pull requests from it stay, without head.repo.
func (r *Repo) Delete() {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.deleted = true
	delete(r.server.repos, strings.ToLower(r.FullName()))
}

// SetPrivate hides the repository from anonymous requests and makes every read need its permission.
func (r *Repo) SetPrivate() {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.private = true
}

// FullName is "owner/name".
func (r *Repo) FullName() string { return r.owner.Login + "/" + r.name }

// Commit puts a commit of exactly these files on a branch and returns its id. A new branch starts at main.
func (r *Repo) Commit(branch string, files Files) string {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	parent, ok := r.branches[branch]
	if !ok {
		parent = r.branches["main"]
	}
	id := r.commit("Change "+branch, files, parent).ID
	r.move(branch, id)
	return id
}

// Change is Commit for files that lie on top of what the branch (a new one: main) holds.
func (r *Repo) Change(branch string, change Files) string {
	return r.Commit(branch, r.files(branch).Over(change))
}

func (r *Repo) files(branch string) Files {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	id, ok := r.branches[branch]
	if !ok {
		id = r.branches["main"]
	}
	files := Files{}
	for path, entry := range r.network.objects.Lookup(id).Files() {
		text, _ := r.network.objects.Blob(entry.ID)
		switch {
		case entry.Mode == gitobj.Submodule:
			text = Submodule(entry.ID)
		case entry.Mode != gitobj.Regular:
			text = kindMark + entry.Mode + text
		}
		files[path] = text
	}
	return files
}

// CommitOn makes a commit with these parents on no branch and returns its id.
func (r *Repo) CommitOn(files Files, parents ...string) string {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	return r.commit("Change", files, parents...).ID
}

// SetBranch points a branch, new or old, at a commit: a push or a force-push.
func (r *Repo) SetBranch(branch, commit string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.move(branch, commit)
}

// Branch returns the commit a branch points at, or "".
func (r *Repo) Branch(branch string) string {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	return r.branches[branch]
}

func (r *Repo) commit(message string, files Files, parents ...string) *gitobj.Commit {
	return r.network.objects.Commit(files.git(), gitobj.Commit{
		Parents: parents, Name: "Octo Cat", Email: "octocat@example.org", When: r.server.tick(), Message: message + "\n",
	})
}

// move points a branch at a commit; pull requests from it follow.
func (r *Repo) move(branch, commit string) {
	if r.network.objects.Lookup(commit) == nil {
		panic("githubtest: no commit " + commit)
	}
	r.branches[branch] = commit
	for _, repo := range r.server.repos {
		for _, p := range repo.pulls {
			if p.headRepo == r && p.headBranch == branch && !p.closed {
				p.synchronize(commit)
			}
		}
	}
}

// changes compares two commits; the answer is kept.
func (n *network) compare(base, head string) []*gitobj.Change {
	key := [2]string{base, head}
	if _, ok := n.changes[key]; !ok {
		n.changes[key] = n.objects.Changes(n.objects.Lookup(base), n.objects.Lookup(head))
	}
	return n.changes[key]
}
