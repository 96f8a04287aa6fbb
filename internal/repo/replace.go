package repo

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// Replace writes other text into files of the checkout, each in one piece and with the file's mode: all of them, or as
// good as none. No link is followed, and a file that no longer holds what was read of it stays as it is.
func (t *Tree) Replace(texts map[string]string) (err error) {
	written := map[string]string{} // the new file beside each
	defer func() {
		for _, temp := range written {
			_ = t.root.Remove(temp)
		}
	}()
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names {
		if !t.Direct(name) {
			return fmt.Errorf("%s is not written: a link leads to it, or it is no file of the checkout", name)
		}
		temp := path.Join(path.Dir(name), "."+path.Base(name)+"."+strings.ToLower(rand.Text()[:8]))
		if err := t.beside(name, temp, texts[name], written); err != nil {
			return fmt.Errorf("%s could not be written: %w", name, reason(err))
		}
	}
	for _, name := range names {
		if err := t.root.Rename(written[name], name); err != nil {
			return fmt.Errorf("%s could not be written: %w", name, reason(err))
		}
		delete(written, name)
	}
	return nil
}

// beside writes text into temp, with the mode of the file name, after a look whether that is what it was.
func (t *Tree) beside(name, temp, text string, written map[string]string) error {
	old, _, err := t.openRegular(name)
	if err != nil {
		return err
	}
	defer old.Close()
	now, err := io.ReadAll(io.LimitReader(old, t.limits.FileBytes+1))
	if err != nil {
		return err
	}
	if src, err := t.Open(name); err != nil || !bytes.Equal(now, []byte(src.Text)) {
		return fmt.Errorf("it has changed since it was read; try again")
	}
	info, err := old.Stat()
	if err != nil {
		return err
	}
	f, err := t.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	written[name] = temp
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
