package github

import (
	"context"
	"fmt"

	"github.com/google/go-github/v60/github"

	"github.com/tljh-policy/tljh-policy/internal/diff"
)

// MaxFiles is how many files of a pull request GitHub lists.
const MaxFiles = 3000

// File is one that a pull request changes.
type File struct {
	Path     string
	Previous string // its old path, if it was renamed or copied
	Status   string // added, removed, modified, renamed, copied, changed or unchanged
	SHA      string // of the new blob
	Patch    string // "" where GitHub shows none: binary, too large, renamed only
}

// Files are the files that a pull request changes.
type Files struct {
	List       []File
	Incomplete string // why the list may lack files; "" if it is whole
	paths      map[string]int
}

// Find is the file with a path of the head, nil if the pull request does not change it.
func (f *Files) Find(path string) *File {
	if f.paths == nil {
		f.paths = make(map[string]int, len(f.List))
		for i, file := range f.List {
			f.paths[file.Path] = i
		}
	}
	if i, ok := f.paths[path]; ok {
		return &f.List[i]
	}
	return nil
}

// Hunks is where comments may stand in the file. The error says why they may not stand anywhere.
func (f *File) Hunks() (diff.Hunks, error) {
	switch {
	case f.Status == "removed":
		return nil, fmt.Errorf("the file was removed")
	case f.Patch == "" && f.Status == "renamed":
		return nil, fmt.Errorf("the file was only renamed")
	case f.Patch == "":
		return nil, fmt.Errorf("GitHub shows no diff of the file: it is too large or binary")
	}
	hs, err := diff.Parse(f.Patch)
	if err != nil {
		return nil, fmt.Errorf("GitHub's diff of the file cannot be read: %w", err)
	}
	return hs, nil
}

// PullFiles lists the files that a pull request changes, page by page. The diff itself is not asked for: GitHub refuses it
// over 300 files (reference/github.md §2.4). What was read before an error is returned with it.
func (c *Client) PullFiles(ctx context.Context, repo Repo, number int) (*Files, error) {
	if err := repo.check(); err != nil {
		return nil, err
	}
	out := &Files{}
	opts := &github.ListOptions{PerPage: 100, Page: 1}
	for {
		var page []*github.CommitFile
		var resp *github.Response
		err := c.do(ctx, call{what: fmt.Sprintf("list the files of pull request %d", number)}, func(ctx context.Context) (err error) {
			page, resp, err = c.rest.PullRequests.ListFiles(ctx, repo.Owner, repo.Name, number, opts)
			return err
		})
		if err != nil {
			out.Incomplete = err.Error()
			return out, err
		}
		for _, f := range page {
			out.List = append(out.List, File{f.GetFilename(), f.GetPreviousFilename(), f.GetStatus(), f.GetSHA(), f.GetPatch()})
		}
		if len(out.List) >= MaxFiles {
			out.Incomplete = fmt.Sprintf("GitHub lists only the first %d changed files", MaxFiles)
			return out, nil
		}
		if resp.NextPage <= opts.Page || len(page) == 0 {
			return out, nil
		}
		opts.Page = resp.NextPage
	}
}
