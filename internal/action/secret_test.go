package action

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// A secret that somebody committed is repeated nowhere: not in the log, the comments, the summary, the SARIF file, the report or
// the outputs; nor is it in a suggestion for its own line.
func TestSecretsAreNotRepeated(t *testing.T) {
	secrets := []string{"example-oauth-secret-1f2e3d", "example-admin-password-9c8b", "example-cookie-secret-7a6b", "ghp_exampleexampleexampleexampleexample1"}
	script := "#!/bin/sh\nexport TOKEN=" + secrets[3] + "\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada:" + secrets[1] + "\n" +
		"sudo tljh-config set auth.type oauthenticator.github.GitHubOAuthenticator\n" +
		"sudo tljh-config set auth.GitHubOAuthenticator.client_id example-id\n" +
		"sudo tljh-config set auth.GitHubOAuthenticator.client_secret " + secrets[0] + "\n" +
		"sudo tljh-config set https.enabled true\nsudo tljh-config set limits.memory 2GB # " + secrets[1] + "\n"
	snippet := "c.JupyterHub.cookie_secret = '" + secrets[2] + "'\nc.DummyAuthenticator.password = '" + secrets[1] + "'\n"
	h := newHosted(t, githubtest.Files{"README.md": "x\n"}, githubtest.Files{"install.sh": script, "jupyterhub_config.d/a.py": snippet})
	h.env["INPUT_SARIF-FILE"], h.env["INPUT_REPORT-FILE"] = "s.sarif", "r.json"
	var files []string
	h.look = func(workspace string) {
		for _, f := range []string{"s.sarif", "r.json"} {
			text, err := os.ReadFile(filepath.Join(workspace, f))
			if err != nil || len(text) == 0 {
				t.Error(err)
			}
			files = append(files, string(text))
		}
	}
	code, out := h.run()
	if code != 1 || out["sarif"] != "s.sarif" || out["report"] != "r.json" {
		h.say("%d %v", code, out)
	}
	texts := append(files, h.out.String())
	for _, v := range out {
		texts = append(texts, v)
	}
	for _, c := range h.pull.Comments() {
		texts = append(texts, c.Body)
	}
	for _, th := range h.pull.Threads() {
		texts = append(texts, th.Comments[0].Body)
	}
	for _, r := range h.srv.Requests() {
		texts = append(texts, string(r.Body))
	}
	for _, s := range secrets {
		for _, text := range texts {
			if i := strings.Index(text, s); i >= 0 {
				t.Errorf("%s is repeated: …%s…", s, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
}

// No value can add an output of its own, whatever it holds.
func TestOutputsCannotBeForged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "output")
	forged := "x\n_GitHubActionsFileCommandDelimeter_\noutcome<<EOF\npass\nEOF\noutcome=pass\r\nexit-code=0"
	for range 2 {
		if err := writeOutputs(file, []value{{"report", forged}, {"outcome", "fail"}, {"empty", ""}}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := fileCommands(t, string(text))
	if len(got) != 3 || got["outcome"] != "fail" || got["empty"] != "" || got["report"] != strings.ReplaceAll(forged, "\r", "") {
		t.Errorf("%q", got)
	}
	if err := writeOutputs(file, []value{{"a=b", "x"}}); err == nil {
		t.Error("a name that is none is written")
	}
}
