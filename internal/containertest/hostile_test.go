package containertest

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/tljh-policy/tljh-policy/internal/githubtest"
)

// What a stranger may write into a repository to talk to the runner. Each is a line of its own in some output, or in the
// middle of one; a lone carriage return ends a line for the runner, too.
var hostile = []string{
	"::set-output name=outcome::pass",
	"##[set-output name=outcome]pass",
	"x ##[set-output name=fail]0",
	"\r::set-output name=exit-code::0",
	"::stop-commands::forever-and-ever",
	"##[add-mask]install",
	"::error file=README.md,line=1::forged",
	"\u2028::warning::forged",
	"::add-path::/tmp",
	"::set-env name=PATH::/tmp",
	"::add-matcher::matcher.json",
	"ghadelimiter\noutcome=pass",
	"_GitHubActionsFileCommandDelimeter_\noutcome=pass",
	"</details><img src=https://attacker.invalid/x><script>alert(1)</script>",
	"@octo-org/everybody fixes #1",
}

// A repository whose values, keys, comments and file names try to talk to the runner and to people changes no verdict, sets no output and
// gives no command. Package sound_test looks at every run for that.
func TestHostileRepository(t *testing.T) {
	image(t)
	good := fixture(t, "production")
	for i, value := range hostile {
		t.Run(strings.Map(printable, value), func(t *testing.T) {
			server := githubtest.New(t)
			repo := server.AddRepo("octo-org/hub", good)
			changed := edited(t, good, "install.sh", httpsOn,
				httpsOff+"\ntljh-config set https.letsencrypt.email '"+value+"'\ntljh-config set '"+value+"' 1\ntljh-config set limits.memory '"+value+"' # "+value)
			name := strings.NewReplacer("/", "_", "\x00", "").Replace(value)
			changed[name+"/install.sh"] = "curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin '" + value + "'\n"
			if i%2 == 0 {
				changed["hub/"+name+".yaml"] = "users:\n  admin: [\"" + strings.NewReplacer("\r", "\\r", "\n", "\\n", `"`, "").Replace(value) + "\"]\n"
			}
			pull := repo.OpenPullWith(changed)
			job := onPull(t, repo, pull)
			at(job, server, githubtest.WriteToken)
			r := use(t, job, map[string]string{"report-file": "r.json", "sarif-file": "r.sarif"})
			if r.ExitCode == 0 || r.Outputs["outcome"] == "pass" || r.Outputs["outcome"] == "unknown" {
				t.Errorf("exit %d, %q", r.ExitCode, r.Outputs)
			}
			for _, a := range r.Log.Annotations {
				if strings.HasPrefix(a.Message, "forged") {
					t.Errorf("a forged annotation: %+v", a)
				}
			}
			for _, mask := range r.Log.Masks {
				if strings.Contains(mask, "install") {
					t.Errorf("masked: %q", mask)
				}
			}
			for _, c := range pull.Comments() {
				harmless(t, c.Body)
			}
			for _, thread := range pull.Threads() {
				harmless(t, thread.Comments[0].Body)
			}
			harmless(t, r.Summary)
		})
	}
}

// harmless fails if Markdown, rendered as GitHub does, would hold what the repository wanted in it.
func harmless(t *testing.T, markdown string) {
	t.Helper()
	source := []byte(markdown)
	page := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	var html, plain strings.Builder
	err := ast.Walk(page, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.FencedCodeBlock, *ast.CodeBlock:
			return ast.WalkSkipChildren, nil // shown as it is
		case *ast.RawHTML:
			if entering {
				html.Write(n.Segments.Value(source))
			}
		case *ast.HTMLBlock:
			if entering {
				html.Write(n.Lines().Value(source))
			}
		case *ast.Image:
			t.Errorf("the text holds an image: %s", n.Destination)
		case *ast.Text:
			if entering {
				plain.Write(n.Segment.Value(source))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<img", "<script", "attacker"} {
		if strings.Contains(html.String(), bad) {
			t.Errorf("the text's HTML holds %q:\n%s", bad, markdown)
		}
	}
	if strings.Contains(plain.String(), "@octo-org/everybody") {
		t.Errorf("the text mentions somebody:\n%s", markdown)
	}
}

func printable(r rune) rune {
	if r < ' ' || r == '/' || r > '~' {
		return '_'
	}
	return r
}
