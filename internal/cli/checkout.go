package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// common are the flags of commands that read a checkout.
type common struct {
	settingsFile string
	hub          string
	now          string
	timeout      time.Duration
}

func (c *common) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.settingsFile, "settings", "", "settings `file` to use instead of "+settings.FileName+" in PATH")
	f.StringVar(&c.hub, "hub", "", "only the hub of this `name`")
	f.StringVar(&c.now, "now", "", "`date` to take for today when waivers and attestations end, such as 2027-01-31, so that a run can be repeated")
	f.DurationVar(&c.timeout, "timeout", time.Minute, "give up after this long (exit code 3)")
}

// today is the time of --now, or now.
func (c *common) today() (time.Time, error) {
	if c.now == "" {
		return time.Now().UTC(), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, c.now); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usage("--now %q is not a date such as 2027-01-31", c.now)
}

// checkout is the directory that the arguments name.
func checkout(args []string) (string, error) {
	dir := "."
	if len(args) > 0 {
		dir = args[0]
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", usage("there is no directory %q", dir)
	case err != nil:
		return "", usage("%v", err)
	case !info.IsDir():
		return "", usage("%q is a file; give the directory of the repository (%s)", dir, filepath.Dir(dir))
	}
	return dir, nil
}

// loadSettings reads the settings of a checkout, or the file that --settings names. A checkout without any is fine.
func loadSettings(dir, file string) (*settings.Settings, error) {
	name := file
	if file == "" {
		name = settings.FileName
	}
	text, err := readSettings(dir, file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && file == "":
		if misnamed := misnamedSettings(dir); misnamed != "" {
			return nil, usage("%s is not read: rename it to %s", misnamed, settings.FileName)
		}
		return settings.Default(), nil
	case err != nil:
		return nil, usage("the settings cannot be read: %v", err)
	}
	if rel, err := filepath.Rel(dir, name); file != "" && err == nil && filepath.IsLocal(rel) {
		name = rel // places in a report are relative to the checkout
	}
	s, err := settings.Parse(span.NewSource(filepath.ToSlash(name), text))
	if err != nil {
		return nil, usage("the settings have mistakes; nothing was evaluated\n%v", err)
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
		if info, err := root.Stat(settings.FileName); err != nil {
			return "", err
		} else if !info.Mode().IsRegular() {
			return "", usage("%s is not a regular file", settings.FileName)
		}
		if f, err = root.Open(settings.FileName); err != nil {
			return "", err
		}
	} else {
		if info, err := os.Stat(file); err != nil {
			return "", err
		} else if !info.Mode().IsRegular() {
			return "", usage("%s is not a regular file", file)
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
