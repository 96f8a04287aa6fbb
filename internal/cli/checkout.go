package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tljh-policy/tljh-policy/internal/settings"
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
