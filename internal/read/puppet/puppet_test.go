package puppet

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// read applies manifests/site.pp, and shows each step with its place.
func read(files steptest.Files, text string) ([]string, Result) {
	if files == nil {
		files = steptest.Files{}
	}
	files["manifests/site.pp"] = text
	src, _ := files.Open("manifests/site.pp")
	res := Read(files, []*span.Source{src}, Options{Facts: map[string]span.Text{"vagrant": span.Plain("1")}})
	var out []string
	for _, s := range res.Steps {
		var words []string
		for _, a := range s.Argv {
			words = append(words, span.Show(a.String()))
		}
		line := strings.Join(words, " ")
		if s.IsWrite() {
			line = "write " + span.Show(s.Dest.String()) + " " + span.Show(s.Content.String())
		}
		if why, ok := shell.IsOpaque(&s); ok {
			line = "opaque: " + why
		}
		if s.Cond != nil {
			line = "? " + line
		}
		at := fmt.Sprintf("%d:%d", s.At.Start.Line, s.At.Start.Column)
		if s.At.File != "manifests/site.pp" {
			at = path.Base(s.At.File) + ":" + at
		}
		out = append(out, at+" "+line)
	}
	return out, res
}

func TestX(t *testing.T) {
	got, res := read(nil, "exec { 'x': command => 'run a', unless => 'test -d /opt/tljh', path => ['/bin'] }\nexec{'run b': onlyif => 'which foo', creates => '/x'}\nexec{'run c': unless => 'pip show x'}\nexec {'run d': command => ['run', 'it\\'s', \"${foo}\"], unless => ['a','b'], cwd => '/srv', environment => ['A=1']}\nexec{'run e': onlyif=>'true'}\nexec{'run f': unless=>'test -f /etc/x'}\nexec{'run g': unless => 'dpkg -l foo | grep foo'}\n")
	fmt.Println(strings.Join(got, "\n"), cmp.Diff(nil, res.Problems))
}
