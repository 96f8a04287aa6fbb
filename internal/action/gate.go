package action

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"syscall"

	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/snapshot"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// gateChange is something that a pull request would change about the gate it is judged by.
type gateChange struct {
	text string    // what, in plain words, with what it means now
	at   span.Span // where in the pull request's tree; zero when the file is gone
}

// settingsChanges says what the head's settings would change about the base's; nil for no file.
func settingsChanges(base, head *settings.Settings, file string) []gateChange {
	var out []gateChange
	say := func(at span.Span, format string, args ...any) {
		if at.File == "" && head.Source != nil {
			at = head.Source.Span(0, 0)
		}
		out = append(out, gateChange{text: fmt.Sprintf(format, args...), at: at})
	}
	switch {
	case base.Source == nil && head.Source == nil:
		return nil
	case head.Source == nil:
		return []gateChange{{text: "deletes the settings, " + file}}
	case base.Source != nil && base.Source.Text == head.Source.Text:
		return nil
	case base.Source == nil:
		say(span.Span{}, "adds settings, %s", file)
	}
	if base.FailOn != head.FailOn {
		say(span.Span{}, "sets fail_on to %s (now %s)", head.FailOn, base.FailOn)
	}
	if base.Strict != head.Strict {
		say(span.Span{}, "sets strict to %v (now %v)", head.Strict, base.Strict)
	}
	if base.Runbooks != head.Runbooks {
		say(span.Span{}, "sets runbooks to %v (now %v)", head.Runbooks, base.Runbooks)
	}
	for _, r := range head.Rules {
		was := base.Rule(r.ID)
		if was == nil {
			was = &settings.Rule{}
		}
		if r.Off != "" && was.Off == "" {
			say(r.At, "switches off the rule %s: %s", r.ID, r.Off)
		}
		if r.Severity != was.Severity {
			say(r.At, "gives the rule %s the severity %s", r.ID, or(string(r.Severity), "it has by itself"))
		}
		if fmt.Sprint(values(r.Params)) != fmt.Sprint(values(was.Params)) {
			say(r.At, "changes the parameters of the rule %s", r.ID)
		}
	}
	for _, r := range base.Rules {
		if head.Rule(r.ID) == nil {
			say(span.Span{}, "no longer says anything about the rule %s", r.ID)
		}
	}
	had := map[string]bool{}
	for _, w := range base.Waivers {
		had[waiverKey(w)] = true
	}
	for _, w := range head.Waivers {
		if !had[waiverKey(w)] {
			say(w.At, "waives %s%s until %s: %s", w.Rule, onHub(w.Hub), w.Expires.Format("2006-01-02"), w.Reason)
		}
		delete(had, waiverKey(w))
	}
	if len(had) > 0 {
		say(span.Span{}, "takes back %d of the waivers", len(had))
	}
	if !sameHubs(base.Hubs, head.Hubs) {
		say(span.Span{}, "changes which hubs there are, or how many people use them")
	}
	if fmt.Sprint(names(base.Policies)) != fmt.Sprint(names(head.Policies)) {
		say(span.Span{}, "changes the directories of custom rules")
	}
	if len(out) == 0 {
		say(span.Span{}, "changes the settings, without effect on any rule")
	}
	return out
}

func values(ps []settings.Param) map[string]any {
	out := map[string]any{}
	for _, p := range ps {
		out[p.Name] = p.Value
	}
	return out
}

func waiverKey(w settings.Waiver) string {
	return strings.Join([]string{w.Rule, w.Hub, w.Path, w.Expires.Format("2006-01-02"), w.Reason, w.Owner}, "\x00")
}

func onHub(name string) string {
	if name == "" {
		return ""
	}
	return " on the hub " + name
}

func names(ps []settings.Path) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Name)
	}
	return out
}

func sameHubs(a, b []settings.Hub) bool {
	show := func(hubs []settings.Hub) (out []string) {
		for _, h := range hubs {
			out = append(out, fmt.Sprint(h.Name, h.Dir, h.Sources, users(h.ExpectedUsers.Active), users(h.ExpectedUsers.Total)))
		}
		sort.Strings(out)
		return out
	}
	return fmt.Sprint(show(a)) == fmt.Sprint(show(b))
}

func users(n *settings.Number) string {
	if n == nil {
		return "?"
	}
	return fmt.Sprint(n.Value)
}

// maxCompared bounds how many files of a directory are compared.
const maxCompared = 5000

// fileChanges compares the files below a directory of two trees, of which either may lack it; keep chooses by name.
func fileChanges(base, head, dir string, keep func(name string) bool) (added, changed, removed []string) {
	was, is := contents(base, dir, keep), contents(head, dir, keep)
	for name, id := range is {
		if old, ok := was[name]; !ok {
			added = append(added, name)
		} else if old != id {
			changed = append(changed, name)
		}
	}
	for name := range was {
		if _, ok := is[name]; !ok {
			removed = append(removed, name)
		}
	}
	for _, l := range [][]string{added, changed, removed} {
		sort.Strings(l)
	}
	return added, changed, removed
}

// contents are the files below a directory by object id; a link counts as what it says.
func contents(tree, dir string, keep func(string) bool) map[string]string {
	out := map[string]string{}
	root, err := os.OpenRoot(tree)
	if err != nil {
		return out
	}
	defer root.Close()
	_ = fs.WalkDir(root.FS(), path.Clean(filepath.ToSlash(dir)), func(name string, d fs.DirEntry, err error) error {
		if err != nil || len(out) >= maxCompared {
			return nil // what cannot be read is no file of the tree
		}
		if d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		if d.IsDir() || !keep(name) {
			return nil
		}
		if d.Type()&fs.ModeSymlink != 0 {
			to, _ := root.Readlink(name)
			out[name] = "-> " + to
		} else if text, err := readBounded(root, name); err == nil {
			out[name] = snapshot.BlobID(text)
		} else {
			out[name] = err.Error()
		}
		return nil
	})
	return out
}

// readBounded reads a regular file beneath root, up to the size of any that is looked at here.
func readBounded(root *os.Root, name string) ([]byte, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > snapshot.MaxFileBytes {
		return nil, fmt.Errorf("%s is no regular file of at most %d MiB", name, snapshot.MaxFileBytes>>20)
	}
	return io.ReadAll(io.LimitReader(f, snapshot.MaxFileBytes))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
