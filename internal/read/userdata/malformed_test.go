package userdata

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// What is malformed is a problem with its place, and what it may have done to the hub is a step that is not known.
func TestMalformed(t *testing.T) {
	zipped := zip("#!/bin/sh\ntljh-config set a b\n")
	for name, c := range map[string]struct {
		text   string
		format string
		opaque bool
	}{
		"half a gzip":          {zipped[:len(zipped)-12], "ignored", false},
		"no boundary":          {"Content-Type: multipart/mixed\n\n#!/bin/sh\ntljh-config set a b\n", "multipart", true},
		"no boundary, no hub":  {"Content-Type: multipart/mixed\n\n#!/bin/sh\necho\n", "multipart", false},
		"an open quote":        {"Content-Type: multipart/mixed; boundary=\"XX\"\n\n--XX\nContent-Type: text/x-shellscript\n\n#!/bin/sh\ntljh-config set 'a\n--XX--\n", "multipart", true},
		"archive of no list":   {"#cloud-config-archive\ntljh: 1\n", "archive", true},
		"archive and no YAML":  {"#cloud-config-archive\n- content: [tljh\n", "archive", true},
		"words":                {"tljh-config set a b\n", "ignored", false},
		"a handler of its own": {"#part-handler\nimport tljh\n", "part-handler", true},
	} {
		format, r := Read(span.NewSource("u", c.text).Whole(), shell.Options{})
		opaque := false
		for i := range r.Steps {
			_, is := shell.IsOpaque(&r.Steps[i])
			opaque = opaque || is
		}
		if format != c.format || opaque != c.opaque {
			t.Errorf("%s: %s, opaque %v, steps %+v", name, format, opaque, r.Steps)
		}
		if len(r.Problems) == 0 || r.Problems[0].At.File != "u" {
			t.Errorf("%s: problems %v", name, r.Problems)
		}
	}
}
