// Package userdata reads what a cloud hands to cloud-init at first boot, in all its wrappings: scripts, #cloud-config,
// MIME multipart, archives, gzip and base64. Source: reference/providers.md §5.
package userdata

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/cloudinit"
	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const (
	maxText  = 1 << 20
	maxDepth = 6
)

// Read recognises the format by the first line, as cloud-init does, and reads it. Formats: shell, cloud-config, multipart,
// archive, include, part-handler, boothook, unknown, ignored. It never fails.
func Read(text span.Text, o shell.Options) (format string, r shell.Result) {
	return read(text, o, 0)
}

func read(text span.Text, o shell.Options, depth int) (format string, r shell.Result) {
	if depth > maxDepth || text.Len() > maxText {
		return "ignored", problem(text, "this user data is too large or wrapped too often to be read", true)
	}
	s := text.String()
	if inner, ok := unwrap(text); ok {
		return read(inner, o, depth+1)
	}
	lead := len(s) - len(strings.TrimLeft(s, " \t\r\n\uFEFF"))
	first, _, _ := strings.Cut(s[lead:], "\n")
	low := strings.ToLower(strings.TrimSpace(first))
	switch {
	case strings.TrimSpace(s) == "":
		return "ignored", r
	case strings.HasPrefix(low, "#!"):
		return script(text, first, o)
	case strings.HasPrefix(low, "#cloud-config-archive"):
		return "archive", archive(text, o, depth)
	case strings.HasPrefix(low, "#cloud-config-jsonp"), strings.HasPrefix(low, "#part-handler"):
		return "part-handler", opaque(text, "user data in a format that is not read ("+strings.Fields(low)[0]+")")
	case strings.HasPrefix(low, "#cloud-config"):
		return "cloud-config", cloudinit.Read(text, o)
	case strings.HasPrefix(strings.ReplaceAll(low, " ", ""), "##template:jinja"):
		return jinja(text, o, lead+len(first))
	case strings.HasPrefix(low, "#cloud-boothook"):
		return "boothook", shell.Read(text, o)
	case strings.HasPrefix(low, "#include"):
		return "include", opaque(text, "user data is fetched from elsewhere (#include)")
	case strings.HasPrefix(low, "content-type:"), strings.HasPrefix(low, "mime-version:"), strings.HasPrefix(low, "from:"), strings.HasPrefix(low, "from "):
		return "multipart", multipart(text.Slice(lead, len(s)), o, depth)
	case span.IsUnknown(first) && strings.TrimSpace(span.Show(first)) == "…":
		return "unknown", opaque(text, "user data that is not known: "+span.Reason(first))
	}
	return "ignored", problem(text, "cloud-init does not recognise this user data: its first line must be #!, #cloud-config or the like. Nothing in it is run", false)
}

func script(text span.Text, first string, o shell.Options) (string, shell.Result) {
	for _, name := range []string{"python", "perl", "ruby", "node", "pwsh"} {
		if strings.Contains(first, name) {
			if s := text.String(); strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub") {
				return "script", opaque(text, "a script in "+name+" that is not read")
			}
			return "script", shell.Result{}
		}
	}
	if o.Args == nil {
		o.Args = []span.Text{} // cloud-init gives none
	}
	if o.Cwd == "" {
		o.Cwd = "/"
	}
	return "shell", shell.Read(text, o)
}

// jinja looks at the line after "## template: jinja" for the format.
func jinja(text span.Text, o shell.Options, end int) (string, shell.Result) {
	rest := strings.TrimLeft(text.String()[min(end, text.Len()):], " \t\r\n")
	if strings.HasPrefix(strings.ToLower(rest), "#cloud-config") {
		return "cloud-config", cloudinit.Read(text, o)
	}
	return "shell", cloudinit.Jinja(text, func(t span.Text) shell.Result { return shell.Read(t, o) })
}

// unwrap undoes gzip and base64 of the whole text; its contents then map to the whole.
func unwrap(text span.Text) (span.Text, bool) {
	s := text.String()
	if strings.HasPrefix(s, "\x1f\x8b") {
		z, err := gzip.NewReader(bytes.NewReader([]byte(s)))
		if err != nil {
			return text, false
		}
		b, err := io.ReadAll(io.LimitReader(z, maxText+1))
		return span.Literal(string(b), text), err == nil
	}
	compact := strings.Join(strings.Fields(s), "")
	if len(compact) < 16 || strings.ContainsAny(compact, "#:!\"'") {
		return text, false
	}
	b, err := base64.StdEncoding.DecodeString(compact)
	if err != nil {
		return text, false
	}
	d := strings.TrimLeft(string(b), " \t\r\n")
	if strings.HasPrefix(d, "#") || strings.HasPrefix(d, "\x1f\x8b") || strings.HasPrefix(strings.ToLower(d), "content-type:") || strings.HasPrefix(strings.ToLower(d), "mime-version:") {
		return span.Literal(string(b), text), true
	}
	return text, false
}

func problem(text span.Text, msg string, fatal bool) shell.Result {
	return shell.Result{Problems: []step.Problem{{At: firstLine(text).Span(), Msg: msg, Fatal: fatal}}}
}

func opaque(text span.Text, why string) shell.Result {
	at := firstLine(text)
	r := problem(text, why+"; what it does is not known", false)
	r.Steps = []step.Step{{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: at.Span()}}
	return r
}

func firstLine(text span.Text) span.Text {
	first, _, _ := strings.Cut(text.String(), "\n")
	return text.Slice(0, len(first))
}

// add appends what b does to a.
func add(a *shell.Result, b shell.Result) {
	a.Steps = append(a.Steps, b.Steps...)
	a.Uses = append(a.Uses, b.Uses...)
	a.Problems = append(a.Problems, b.Problems...)
}
