package userdata

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func zip(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

const message = `Content-Type: multipart/mixed; boundary="XX"
MIME-Version: 1.0

--XX
Content-Type: text/x-shellscript

#!/bin/bash
second
--XX
Content-Type: text/cloud-config

#cloud-config
runcmd: [first]
--XX--
`

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		in, format string
		first      string // first word of the first step
		line       int
		problems   int
	}{
		"script":        {"#!/bin/bash\none\n", "shell", "one", 2, 0},
		"cloud-config":  {"#cloud-config\nruncmd:\n  - one\n", "cloud-config", "one", 3, 0},
		"jinja":         {"## template: jinja\n#cloud-config\nruncmd:\n  - one\n", "cloud-config", "one", 4, 0},
		"base64":        {base64.StdEncoding.EncodeToString([]byte("#!/bin/bash\none\n")), "shell", "one", 1, 0},
		"gzip":          {zip("#!/bin/sh\none\n"), "shell", "one", 1, 0},
		"gzip in b64":   {base64.StdEncoding.EncodeToString([]byte(zip("#!/bin/sh\none\n"))), "shell", "one", 1, 0},
		"multipart":     {message, "multipart", "first", 13, 0},
		"archive":       {"#cloud-config-archive\n- type: text/x-shellscript\n  content: \"#!/bin/sh\\none\"\n- \"#cloud-config\\nruncmd: [two]\"\n", "archive", "one", 1, 0},
		"include":       {"#include\nhttps://e.org/x\n", "include", "(unreadable)", 1, 1},
		"ignored":       {"apt-get install x\n", "ignored", "", 0, 1},
		"nothing":       {" \n", "ignored", "", 0, 0},
		"not known":     {span.Unknown("x"), "unknown", "(unreadable)", 1, 1},
		"python script": {"#!/usr/bin/python3\nimport tljh\n", "script", "(unreadable)", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			format, r := Read(span.NewSource("u", c.in).Whole(), shell.Options{})
			if format != c.format || len(r.Problems) != c.problems {
				t.Errorf("format %q, problems %v", format, r.Problems)
			}
			if c.first == "" {
				if len(r.Steps) > 0 {
					t.Errorf("steps %v", r.Steps)
				}
				return
			}
			if len(r.Steps) == 0 || r.Steps[0].Argv[0].String() != c.first || r.Steps[0].At.Start.Line != c.line {
				t.Errorf("steps %+v", r.Steps)
			}
		})
	}
}

func TestWrappedTooOften(t *testing.T) {
	s := "#!/bin/sh\none\n"
	for range 10 {
		s = zip(s)
	}
	if _, r := Read(span.NewSource("u", s).Whole(), shell.Options{}); len(r.Problems) != 1 || !r.Problems[0].Fatal {
		t.Errorf("problems %v", r.Problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(message)
	f.Add("#cloud-config-archive\n- a\n- {type: x, content: y}\n")
	f.Add("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nIyEvYmluL3NoCg==\n")
	f.Fuzz(func(t *testing.T, s string) { Read(span.NewSource("u", s).Whole(), shell.Options{}) })
}
