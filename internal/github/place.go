package github

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/diff"
)

// fresh is a finding that is to be posted, at lines that the diff shows.
type fresh struct {
	Inline
	body string
	sure bool // all its lines were added: no version of GitHub's diff can lack them
}

// place finds where a finding can stand; why says why nowhere. One comment at a wrong line makes GitHub refuse the whole review.
func (r *review) place(in Inline) (f fresh, why string) {
	if r.opts.Files == nil {
		return f, "the pull request's diff is not known"
	}
	file := r.opts.Files.Find(in.Path)
	if file == nil {
		if r.opts.Files.Incomplete != "" {
			return f, "the file is not in the list of changed files, which is incomplete: " + r.opts.Files.Incomplete
		}
		return f, "the pull request does not change the file"
	}
	hs, err := r.hunks(file)
	if err != nil {
		return f, err.Error()
	}
	in.EndLine = max(in.EndLine, in.StartLine)
	if !hs.Contains(in.StartLine, in.EndLine) {
		first, last, ok := hs.Clip(in.StartLine, in.EndLine)
		if !ok || in.Exact {
			return f, "the pull request does not show these lines"
		}
		in.StartLine, in.EndLine = first, last
	}
	if !r.opts.Context && !hs.Touches(in.StartLine, in.EndLine) {
		return f, "the pull request does not change these lines"
	}
	body, err := compose(r.marker(in.Key, stateOpen), in.Body)
	if err != nil {
		return f, err.Error()
	}
	if !fits(body) {
		return f, "its text is too long for a review comment"
	}
	return fresh{in, body, hs.Added(in.StartLine, in.EndLine)}, ""
}

func (r *review) marker(key, state string) Marker {
	return Marker{Kind: kindInline, Gate: r.gate, Key: key, State: state, SHA: r.to.HeadSHA}
}

// hunks parses a file's patch once.
func (r *review) hunks(f *File) (diff.Hunks, error) {
	if r.parsed == nil {
		r.parsed = map[string]parsed{}
	}
	p, ok := r.parsed[f.Path]
	if !ok {
		p.hunks, p.err = f.Hunks()
		r.parsed[f.Path] = p
	}
	return p.hunks, p.err
}

type parsed struct {
	hunks diff.Hunks
	err   error
}

// plain is the body of a review that the caller gave none.
func plain(n int) string {
	if n == 1 {
		return "One finding on the lines that this pull request changes."
	}
	return fmt.Sprintf("%d findings on the lines that this pull request changes.", n)
}
