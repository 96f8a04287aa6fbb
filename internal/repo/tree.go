// Package repo reads a checkout: safely, because it may be a stranger's, and fast, because some hold a whole /opt/tljh
// with its Python packages. Nothing outside the checkout's directory is ever opened.
package repo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Tree is a checkout. It implements step.Files and may be used by several goroutines.
type Tree struct {
	root   *os.Root
	limits Limits
	over   map[string]string // text that stands for what some files hold

	mu       sync.Mutex
	files    map[string]*file
	lists    map[string][]string
	total    int64
	problems []step.Problem

	once       sync.Once
	deadline   time.Time // of discovery
	candidates Candidates
}

var _ step.Files = (*Tree)(nil)

type file struct {
	once sync.Once
	src  *span.Source
	err  error
}

// Open opens the checkout at dir. The error says why it cannot be one; nothing is read yet.
func Open(dir string, l Limits) (*Tree, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s does not exist", dir)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s may not be read: permission denied", dir)
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file; give the directory of the checkout", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened: %w", dir, reason(err))
	}
	return &Tree{root: root, limits: l.withDefaults(), files: map[string]*file{}, lists: map[string][]string{}}, nil
}

// Close releases the directory. Files that are open already stay usable.
func (t *Tree) Close() error { return t.root.Close() }

// Problems are the bounds that were hit and what discovery could not read, in the order in which it happened.
func (t *Tree) Problems() []step.Problem {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]step.Problem(nil), t.problems...)
}

func (t *Tree) problem(name string, fatal bool, msg string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.problems = append(t.problems, step.Problem{At: span.Span{File: strings.ToValidUTF8(name, "�")}, Msg: msg, Fatal: fatal})
}

// Open returns the text of a file, read once. A bound that it hits is also among Problems.
func (t *Tree) Open(name string) (*span.Source, error) {
	name = path.Clean(name)
	t.mu.Lock()
	f := t.files[name]
	if f == nil {
		f = &file{}
		t.files[name] = f
	}
	t.mu.Unlock()
	f.once.Do(func() {
		var text []byte
		if text, f.err = t.read(name); f.err == nil {
			f.src = span.NewSource(name, string(text))
		}
	})
	return f.src, f.err
}

// read is the whole text of a file.
func (t *Tree) read(name string) ([]byte, error) {
	f, size, err := t.openRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > t.limits.FileBytes {
		return nil, t.tooLarge(name)
	}
	text, err := io.ReadAll(io.LimitReader(f, t.limits.FileBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", name, reason(err))
	case int64(len(text)) > t.limits.FileBytes:
		return nil, t.tooLarge(name)
	case binary(text):
		return nil, fmt.Errorf("%s is a binary file", name)
	case !utf8.Valid(text):
		return nil, fmt.Errorf("%s is not UTF-8 text (byte %d); save it as UTF-8", name, invalidAt(text)+1)
	}
	t.mu.Lock()
	t.total += int64(len(text))
	over := t.total > t.limits.TotalBytes
	t.mu.Unlock()
	if over {
		msg := fmt.Sprintf("%s: more than %s of text was read before it; it is left out", name, human(t.limits.TotalBytes))
		t.problem(name, true, msg)
		return nil, errors.New(msg)
	}
	return text, nil
}

func (t *Tree) tooLarge(name string) error {
	msg := fmt.Sprintf("%s is larger than %s, the most that is read of one file", name, human(t.limits.FileBytes))
	t.problem(name, true, msg)
	return errors.New(msg)
}

// openRegular opens a regular file beneath the root; links may lead to one, but not out of the checkout. Pipes and
// devices are told apart without waiting for them.
func (t *Tree) openRegular(name string) (*os.File, int64, error) {
	if strings.ContainsRune(name, 0) || path.IsAbs(name) || name == "." || name == ".." || strings.HasPrefix(name, "../") {
		return nil, 0, fmt.Errorf("%q is not a file of the checkout", name)
	}
	f, err := t.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, t.explain(name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("%s cannot be read: %w", name, reason(err))
	}
	return f, info.Size(), nil
}

func (t *Tree) explain(name string, err error) error {
	if info, e := t.root.Lstat(name); e == nil && info.Mode()&fs.ModeSymlink != 0 {
		if errors.Is(err, syscall.ELOOP) {
			return fmt.Errorf("%s is a link that leads to itself", name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is a link to a file that does not exist", name)
		}
		return fmt.Errorf("%s is a link that leads out of the checkout; what is outside is not read", name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s does not exist: %w", name, fs.ErrNotExist)
	}
	return fmt.Errorf("%s cannot be read: %w", name, reason(err))
}

// Exists says whether name is a regular file of the checkout, or a link to one.
func (t *Tree) Exists(name string) bool {
	info, err := t.root.Stat(path.Clean(name))
	return err == nil && info.Mode().IsRegular()
}

// List returns the names of the regular files in a directory, sorted; links to regular files of the checkout count.
func (t *Tree) List(dir string) []string {
	dir = path.Clean(dir)
	t.mu.Lock()
	names, ok := t.lists[dir]
	t.mu.Unlock()
	if ok {
		return names
	}
	f, err := t.root.OpenFile(dir, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err == nil {
		entries, _ := f.ReadDir(t.limits.Files)
		f.Close()
		for _, e := range entries {
			if utf8.ValidString(e.Name()) && (e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0 && t.Exists(path.Join(dir, e.Name()))) {
				names = append(names, e.Name())
			}
		}
		sort.Strings(names)
	}
	t.mu.Lock()
	t.lists[dir] = names
	t.mu.Unlock()
	return names
}

// binary says whether the beginning of a file is no text, as Git does.
func binary(head []byte) bool { return bytes.IndexByte(head[:min(len(head), 8000)], 0) >= 0 }

func invalidAt(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(text)
}

// reason is the error below those that repeat operation and path.
func reason(err error) error {
	var pe *fs.PathError
	for errors.As(err, &pe) {
		err = pe.Err
	}
	return err
}

func human(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
