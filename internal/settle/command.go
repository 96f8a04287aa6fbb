package settle

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
)

// settings are values that may be set as they stand: what a command sets is what the hub will have, so these need no placeholders but
// for names.
var settings = map[string]string{
	"auth.type":               "set auth.type oauthenticator.github.GitHubOAuthenticator",
	"https.enabled":           "set https.enabled true",
	"https.letsencrypt.email": "set https.letsencrypt.email YOU@YOUR-INSTITUTION",
	"limits.memory":           "set limits.memory 2G",
	"limits.cpu":              "set limits.cpu 2",
	"services.cull.enabled":   "set services.cull.enabled true",
	"services.cull.timeout":   "set services.cull.timeout 3600",
}

// command is the line of the script that sets the hub up which settles a setting. It does so only where that script alone sets things:
// after anything else that may run, nobody knows which comes last.
func command(d *hub.Document, keys []string) *Step {
	key := strings.Join(keys, ".")
	line, file := settings[key], d.Fallback.File
	if line == "" || !isScript(d, file) {
		return nil
	}
	for _, op := range d.Ops {
		if op.At.File != file {
			return nil
		}
	}
	if n := d.Root.Get(append([]string{"config"}, keys...)...); n != nil && n.State == doc.Set {
		return nil
	}
	return &Step{File: file, Exists: true, commands: []string{"sudo tljh-config " + line}}
}

// isScript says whether commands can be added to a file as they are.
func isScript(d *hub.Document, file string) bool {
	if file == "" || d.Source == nil {
		return false
	}
	src := d.Source(file)
	if src == nil {
		return false
	}
	first, _, _ := strings.Cut(src.Text, "\n")
	if strings.HasPrefix(first, "#!") {
		return strings.Contains(first, "sh") && !strings.Contains(first, "python")
	}
	return path.Ext(file) == ".sh" || path.Ext(file) == ".bash"
}
