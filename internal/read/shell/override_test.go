package shell

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// What a file that is sourced and not there may set anew is not taken for what it was before; paths stay what they are.
func TestMissingFileMaySetAnew(t *testing.T) {
	const script = "X=2G\nDIR=/opt/x\n. ./missing.env\ntljh-config set limits.memory \"$X\"\nshow $DIR\nX=3G\nshow $X\n"
	r := Read(span.NewSource("install.sh", script).Whole(), Options{})
	var said []string
	for _, s := range r.Steps {
		var words []string
		for _, a := range s.Argv {
			words = append(words, span.Show(a.String()))
		}
		said = append(said, strings.Join(words, " "))
	}
	if got := strings.Join(said, "; "); !strings.Contains(got, "limits.memory …") || !strings.Contains(got, "show /opt/x; show 3G") {
		t.Errorf("%s", got)
	}
}
