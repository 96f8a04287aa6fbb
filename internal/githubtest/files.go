package githubtest

import (
	"maps"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/githubtest/gitobj"
)

// Files is the whole content of a commit: path to text. Other kinds of entries are made by Symlink, Executable and Submodule.
type Files map[string]string

const kindMark = "\x00githubtest\x00"

// Symlink is the content of a symbolic link.
func Symlink(target string) string { return kindMark + gitobj.Symlink + target }

// Executable is the content of an executable file.
func Executable(text string) string { return kindMark + gitobj.Executable + text }

// Submodule is what stands for a submodule at a commit.
func Submodule(commit string) string { return kindMark + gitobj.Submodule + commit }

// Removed, as the content of a path, removes it where files are a change to others.
const Removed = kindMark + "removed"

// Over returns the files with a change on top.
func (f Files) Over(change Files) Files {
	all := maps.Clone(f)
	if all == nil {
		all = Files{}
	}
	for path, text := range change {
		if all[path] = text; text == Removed {
			delete(all, path)
		}
	}
	return all
}

func (f Files) git() map[string]gitobj.File {
	files := map[string]gitobj.File{}
	for path, text := range f {
		if text == Removed {
			continue
		}
		file := gitobj.File{Mode: gitobj.Regular, Data: text}
		if special, ok := strings.CutPrefix(text, kindMark); ok {
			file = gitobj.File{Mode: special[:6], Data: special[6:]}
		}
		files[path] = file
	}
	return files
}
