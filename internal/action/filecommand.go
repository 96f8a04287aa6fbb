package action

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
)

// value is one output of the step.
type value struct{ name, text string }

// writeOutputs appends outputs to the file that the runner reads them from (GITHUB_OUTPUT). The delimiter is new for
// every value and in none of them, so that no value can add another output (reference/github.md §1.5): go-githubactions
// uses the same one always.
func writeOutputs(file string, values []value) error {
	var b strings.Builder
	for _, v := range values {
		end := "tljh_policy_" + rand.Text()
		text := strings.ReplaceAll(v.text, "\r", "")
		if strings.Contains(text, end) || strings.ContainsAny(v.name, "=<\n\r") {
			return errors.New("an output cannot be written safely") // cannot happen; never guess
		}
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", v.name, end, text, end)
	}
	return appendTo(file, b.String())
}

// maxSummary is how much a step may write to its summary; over it, GitHub drops all of it (reference/github.md §1.5).
const maxSummary = 1_000_000

// writeSummary appends to the job's summary, within the limit.
func writeSummary(file, text string) error {
	if info, err := os.Stat(file); err == nil && info.Size()+int64(len(text)) > maxSummary {
		return fmt.Errorf("it would be longer than %d bytes", maxSummary)
	}
	return appendTo(file, text+"\n")
}

func appendTo(file, text string) error {
	if file == "" {
		return nil // outside of a runner
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
