package github

import (
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// Repo names a repository.
type Repo struct{ Owner, Name string }

func (r Repo) String() string { return r.Owner + "/" + r.Name }

var repoName = lazyregexp.New(`^[A-Za-z0-9_.-]+$`)

// ParseRepo reads GITHUB_REPOSITORY's OWNER/NAME.
func ParseRepo(s string) (Repo, error) {
	owner, name, ok := strings.Cut(s, "/")
	r := Repo{owner, name}
	if !ok || r.check() != nil {
		return Repo{}, &Error{Kind: Invalid, What: "name the repository", Message: fmt.Sprintf("%.200q is no OWNER/NAME", s)}
	}
	return r, nil
}

// check keeps anything out of a request's path that is no name.
func (r Repo) check() error {
	for _, s := range []string{r.Owner, r.Name} {
		if !repoName.MatchString(s) || s == "." || s == ".." {
			return &Error{Kind: Invalid, What: "name the repository", Message: fmt.Sprintf("%.200q is no OWNER/NAME", r.String())}
		}
	}
	return nil
}

// Target is what is written to: a pull request at the commit that was evaluated.
type Target struct {
	Repo    Repo
	Number  int
	HeadSHA string
}
