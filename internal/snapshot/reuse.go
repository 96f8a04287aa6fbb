package snapshot

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// crafted are the errors that a tree alone can cause.
var crafted = []error{syscall.EEXIST, syscall.ENOTDIR, syscall.EISDIR, syscall.ELOOP, syscall.ENAMETOOLONG, syscall.EINVAL, syscall.EILSEQ, syscall.ENOENT}

// fromReuse writes the entries that dir holds with the same content, and returns the others. A checkout has nearly all
// files of the commit it is compared with, so little is left to ask for.
func (w *writer) fromReuse(ctx context.Context, dir string, entries []Entry) (missing []Entry, err error) {
	var have *os.Root
	if dir != "" {
		if have, err = os.OpenRoot(dir); err != nil {
			return nil, err
		}
		defer have.Close()
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		switch {
		case e.Mode == ModeSubmodule:
			if sound(e.Path) {
				err = tolerate(w.root.MkdirAll(e.Path, 0o755))
			}
		case e.Size > MaxFileBytes:
			err = w.hollow(e)
		default:
			text, ok := same(have, e)
			if !ok {
				missing = append(missing, e)
				continue
			}
			err = w.file(e, text)
		}
		if err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// same is the content of the entry's file in a checkout, if it is what the commit has.
func same(have *os.Root, e Entry) ([]byte, bool) {
	if have == nil || e.Mode == ModeLink || !sound(e.Path) {
		return nil, false
	}
	info, err := have.Lstat(e.Path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > MaxFileBytes || e.Size >= 0 && info.Size() != e.Size {
		return nil, false
	}
	f, err := have.OpenFile(e.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err != nil || BlobID(text) != e.OID {
		return nil, false
	}
	return text, true
}

// BlobID is the object id that Git gives to a file's content.
func BlobID(text []byte) string {
	h := sha1.New() // what Git names objects by; nothing rests on its strength here
	fmt.Fprintf(h, "blob %d\x00", len(text))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// Empty makes a directory for a snapshot below the first of parents that can be written to. The caller removes it.
func Empty(parents ...string) (string, error) {
	var last error = fs.ErrNotExist
	for _, p := range parents {
		if p == "" {
			continue
		}
		dir, err := os.MkdirTemp(p, "tljh-policy-")
		if err == nil {
			return dir, nil
		}
		last = err
	}
	return "", fmt.Errorf("no directory for temporary files: %w", last)
}
