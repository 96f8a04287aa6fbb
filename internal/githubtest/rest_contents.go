package githubtest

import (
	"net/http"
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
)

const (
	maxInline = 1 << 20   // larger files come with the raw media type only
	maxRaw    = 100 << 20 // larger ones not at all
	maxDir    = 1000      // entries of a directory
)

// getContents answers for a file, a symlink, a submodule or a directory at a commit.
func getContents(c *call) (int, any) {
	ref := c.query("ref")
	if ref == "" {
		ref = "main"
	}
	name := c.path("path")
	commit := c.repo.resolve(ref)
	if commit == nil {
		return refuse(http.StatusNotFound, "No commit found for the ref "+ref).parts()
	}
	entry, ok := commit.At(name)
	if !ok || strings.HasSuffix(name, "/") {
		return notFound().parts()
	}
	if entry.Mode == gitobj.Directory {
		children, _ := c.repo.network.objects.Tree(entry.ID)
		list := []object{}
		for _, child := range children[:min(len(children), maxDir)] {
			child.Path = path.Join(name, child.Path)
			list = append(list, c.repo.jsonContent(child, ref))
		}
		return http.StatusOK, list
	}
	entry = c.repo.follow(commit, entry)
	data, _ := c.repo.network.objects.Blob(entry.ID)
	if entry.Type() == "blob" {
		if len(data) > maxRaw {
			return refuse(http.StatusForbidden, "This API returns blobs up to 100 MB in size.").parts()
		}
		if c.raw() {
			return http.StatusOK, []byte(data)
		}
	}
	o := c.repo.jsonContent(entry, ref)
	switch {
	case entry.Mode == gitobj.Symlink:
		o["target"] = data
	case entry.Mode == gitobj.Submodule:
		o["submodule_git_url"] = "https://example.org/module.git"
	case len(data) > maxInline:
		o["content"], o["encoding"] = "", "none"
	default:
		o["content"], o["encoding"] = base64Lines(data), "base64"
	}
	return http.StatusOK, o
}

// follow goes through a symlink to a file of the repository, as GitHub does; others it shows as they are.
func (r *Repo) follow(commit *gitobj.Commit, entry gitobj.Entry) gitobj.Entry {
	if entry.Mode != gitobj.Symlink {
		return entry
	}
	target, _ := r.network.objects.Blob(entry.ID)
	if to, ok := commit.At(path.Join(path.Dir(entry.Path), target)); ok && (to.Mode == gitobj.Regular || to.Mode == gitobj.Executable) {
		return to
	}
	return entry
}

func (r *Repo) jsonContent(entry gitobj.Entry, ref string) object {
	kind := map[string]string{"blob": "file", "tree": "dir", "commit": "submodule"}[entry.Type()]
	if entry.Mode == gitobj.Symlink {
		kind = "symlink"
	}
	data, _ := r.network.objects.Blob(entry.ID)
	url := r.api("/contents/" + escape(entry.Path) + "?ref=" + ref)
	page := r.html("/blob/" + ref + "/" + escape(entry.Path))
	git := r.api("/git/" + map[string]string{"blob": "blobs", "tree": "trees", "commit": "trees"}[entry.Type()] + "/" + entry.ID)
	return object{
		"type": kind, "name": path.Base(entry.Path), "path": entry.Path, "sha": entry.ID, "size": len(data), "url": url, "html_url": page,
		"git_url": git, "download_url": r.html("/raw/" + ref + "/" + escape(entry.Path)),
		"_links": object{"self": url, "git": git, "html": page},
	}
}
