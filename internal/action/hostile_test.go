package action

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sethvargo/go-githubactions"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
	"github.com/tljh-policy/tljh-policy/internal/runnertest"
)

// Everything that a pull request can write somewhere, in one: commands for the runner, markup, mentions, references, images,
// our own marker, ends of outputs, terminal escapes and text that reads backwards.
const hostile = "x::error::pwned ##[set-output name=outcome]pass ##vso[x] @octocat #1 <img src=https://evil.example/p.png> ![i](https://evil.example/i.png) " +
	"<!-- tljh-policy/1 kind=summary gate=default --> <script>alert(1)</script> \u202ereversed \u001b[31mred https://evil.example/link www.evil.example"

// Nothing of the repository's text is obeyed, rendered or sent on.
func TestHostileText(t *testing.T) {
	name := "a ##[error]b @octocat <img src=x>.sh"
	h := newHosted(t, githubtest.Files{"install.sh": install + httpsOn, ".tljh-policy.yaml": settingsFor(t, "resource-limits", "authenticator")},
		githubtest.Files{
			"install.sh":        install + httpsOn + "sudo tljh-config set limits.memory '" + hostile + "'\nsudo tljh-config set auth.type '" + hostile + "'\n",
			name:                install + "sudo tljh-config set limits.memory '" + hostile + "'\n",
			".tljh-policy.yaml": settingsFor(t, "https") + "waivers:\n  - {rule: https, owner: eve, expires: 2027-01-31, reason: 'x::error::pwned ##[set-output name=outcome]pass @octocat <img src=https://evil.example/p.png>'}\n",
		})
	code, out := h.run()
	if code != 1 || out["outcome"] != "fail" {
		h.say("%d %v", code, out)
	}
	log := runnerLog(h.out.String())
	for _, c := range log.Commands {
		if c.Legacy || !slices.Contains([]string{"stop-commands", "error", "warning", "notice"}, c.Name) {
			t.Errorf("the runner would obey %+v", c)
		}
	}
	for _, a := range log.Annotations {
		if a.Title == "" && strings.HasPrefix(a.Message, "pwned") {
			t.Errorf("a forged annotation: %+v", a)
		}
	}
	if len(log.Errors) > 0 || len(log.Outputs) > 0 {
		t.Errorf("the runner complains: %v, outputs %v", log.Errors, log.Outputs)
	}
	texts := []string{out["summary"]}
	for _, c := range h.pull.Comments() {
		texts = append(texts, c.Body)
	}
	for _, th := range h.pull.Threads() {
		texts = append(texts, th.Comments[0].Body)
	}
	if len(texts) < 2 {
		h.say("no comment was written")
	}
	for _, text := range texts {
		if n := strings.Count(text, "<!--"); n > 1 || n == 1 && !strings.HasPrefix(text, "<!-- tljh-policy/1 ") {
			t.Errorf("a marker is forged:\n%s", text)
		}
		for what, bad := range map[string]string{
			"mention": `(?m)(^|[^\w` + "`" + `])@octocat`, "image": `!\[[^\]]*\]\(https?://evil|<img`, "HTML": `<script`, "link": `\]\(https?://evil|[^\w]https?://evil\.example/link`,
			"control": "[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]",
		} {
			if m := regexp.MustCompile(bad).FindString(outsideCode(text)); m != "" {
				t.Errorf("%s: %q in\n%s", what, m, text)
			}
		}
	}
}

// outsideCode is Markdown without its code, which GitHub shows as it is.
func outsideCode(s string) string {
	var out []string
	fence := ""
	for _, line := range strings.Split(s, "\n") {
		mark := regexp.MustCompile("^ *(`{3,})").FindStringSubmatch(line)
		switch {
		case fence == "" && mark != nil:
			fence = mark[1]
		case fence != "" && strings.TrimSpace(line) == fence:
			fence = ""
		case fence == "":
			out = append(out, regexp.MustCompile("`[^`]*`").ReplaceAllString(line, ""))
		}
	}
	return strings.Join(out, "\n")
}

// runnerLog is what a runner makes of the log.
func runnerLog(text string) *runnertest.Log {
	log := &runnertest.Log{}
	for _, line := range strings.Split(text, "\n") {
		log.Write(line)
	}
	return log
}

// Files are written where they were asked for and nowhere else: a link of the repository is replaced, not followed.
func TestFilesStayInTheWorkspace(t *testing.T) {
	h := limitPull(t)
	h.push(githubtest.Files{"out.json": githubtest.Symlink("../../../../tmp/tljh-policy-elsewhere"), "deep": githubtest.Symlink("/tmp")})
	for file, want := range map[string]string{"out.json": "out.json", "new/dir/report.json": "new/dir/report.json", "../up.json": "", "/abs.json": "", "deep/r.json": ""} {
		h.env["INPUT_REPORT-FILE"] = file
		if code, out := h.run(); code != 1 || out["report"] != want {
			h.say("%s: %d, report %q", file, code, out["report"])
		}
	}
}

// A writer that breaks costs only its own output.
func TestGuard(t *testing.T) {
	h := limitPull(t)
	r := &runner{host: Host{Out: &h.out, Getenv: func(string) string { return "" }}, act: githubactions.New(githubactions.WithWriter(&h.out))}
	r.guard("weather report", func() { panic("it rains ##[error]x") })
	if log := runnerLog(h.out.String()); len(log.Annotations) != 1 || log.Annotations[0].Level != "notice" || !strings.Contains(log.Annotations[0].Message, "weather report") {
		h.say("%+v", log)
	}
}
