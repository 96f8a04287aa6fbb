package check

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Settings reads the settings of a checkout, or the file given, which messages call as ("" for its path). A checkout without any is fine.
func Settings(dir, file, as string) (*settings.Settings, error) {
	name := file
	if file == "" {
		name = settings.FileName
	}
	text, err := readSettings(dir, file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && file == "":
		if misnamed := misnamedSettings(dir); misnamed != "" {
			return nil, Usage("%s is not read: rename it to %s", misnamed, settings.FileName)
		}
		return settings.Default(), nil
	case err != nil:
		return nil, Usage("the settings cannot be read: %v", err)
	}
	if as != "" {
		name = as
	} else if rel, err := filepath.Rel(dir, name); file != "" && err == nil && filepath.IsLocal(rel) {
		name = rel // places in a report are relative to the checkout
	}
	s, err := settings.Parse(span.NewSource(filepath.ToSlash(name), text))
	if err != nil {
		return nil, Usage("the settings have mistakes; nothing was evaluated\n%v", err)
	}
	return s, nil
}

// readSettings opens the checkout's file beneath the checkout only, the caller's own file anywhere.
func readSettings(dir, file string) (string, error) {
	var f *os.File
	if file == "" {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return "", err
		}
		defer root.Close()
		info, err := root.Stat(settings.FileName)
		if _, there := root.Lstat(settings.FileName); err != nil && there == nil {
			return "", Usage("%s is a link to something that is not there or not in the repository", settings.FileName)
		}
		if err != nil {
			return "", err
		} else if !info.Mode().IsRegular() {
			return "", Usage("%s is not a regular file", settings.FileName)
		}
		if f, err = root.Open(settings.FileName); err != nil {
			return "", err
		}
	} else {
		if info, err := os.Stat(file); err != nil {
			return "", err
		} else if !info.Mode().IsRegular() {
			return "", Usage("%s is not a regular file", file)
		}
		var err error
		if f, err = os.Open(file); err != nil {
			return "", err
		}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, settings.MaxBytes+1)) // Parse says that it is too large
	return string(text), err
}

// misnamedSettings is a file that somebody meant to be the settings.
func misnamedSettings(dir string) string {
	for _, name := range []string{".tljh-policy.yml", "tljh-policy.yaml", "tljh-policy.yml"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return name
		}
	}
	return ""
}
