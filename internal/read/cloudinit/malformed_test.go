package cloudinit

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// What is malformed is a problem with its place; where it may set up the hub, a step says that it is not known.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct {
		text, at string
		steps    string
	}{
		"a list":            {"#cloud-config\n- tljh\n", "u.yaml:1:1", ""},
		"runcmd is a map":   {"#cloud-config\nruncmd:\n  a: tljh-config\n", "u.yaml:3:3", ""},
		"files are a text":  {"#cloud-config\nwrite_files: x\n", "u.yaml:2:14", ""},
		"no such alias":     {"#cloud-config\nruncmd: *tljh\n", "u.yaml:1:1", "1:1 [(unreadable)] [the cloud-config cannot be read: not valid YAML: unknown anchor 'tljh' referenced]\n"},
		"broken base64":     {"#cloud-config\nwrite_files:\n- path: /opt/tljh/config/config.yaml\n  encoding: b64\n  content: '***'\n", "u.yaml:5:13", "3:9 > /opt/tljh/config/config.yaml \"…\"\n"},
		"base64 and no zip": {"#cloud-config\nwrite_files:\n- path: /a\n  encoding: gz+b64\n  content: YWJj\n", "u.yaml:5:12", "3:9 > /a \"…\"\n"},
		"unknown encoding":  {"#cloud-config\nwrite_files:\n- path: /a\n  encoding: rot13\n  content: abc\n", "", "3:9 > /a \"abc\"\n"},
	} {
		r := Read(span.NewSource("u.yaml", c.text).Whole(), shell.Options{})
		at := ""
		if len(r.Problems) > 0 {
			at = r.Problems[0].At.String()
		}
		if got := show(r.Steps); at != c.at || got != c.steps {
			t.Errorf("%s: problems %v, steps\n%s", name, r.Problems, got)
		}
	}
}
