package runnertest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPairs(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Pair
		err        string
	}{
		{"plain", "a=b\n\nc=d=e", []Pair{{"a", "b"}, {"c", "d=e"}}, ""},
		{"heredoc", "a<<E\nx\n\ny\nE\nb=1\n", []Pair{{"a", "x\n\ny"}, {"b", "1"}}, ""},
		{"empty heredoc", "a<<E\nE\n", []Pair{{"a", ""}}, ""},
		{"one empty line", "a<<E\n\nE\n", []Pair{{"a", ""}}, ""},
		{"delimiter without new line", "a<<E\nx\nE", []Pair{{"a", "x"}}, ""},
		{"equals first", "a=b<<E\n", []Pair{{"a", "b<<E"}}, ""},
		{"heredoc first", "a<<b=c\nx\nb=c\n", []Pair{{"a", "x"}}, ""},
		{"carriage return stays", "a<<E\nx\r\nE\n", []Pair{{"a", "x\r"}}, ""},
		{"a delimiter must be a whole line", "a<<E\nE \nE\n", []Pair{{"a", "E "}}, ""},
		{"no delimiter", "x=1\na<<E\nb\n", []Pair{{"x", "1"}}, "matching delimiter"},
		{"cut off", "a<<E\nb", nil, "missing its new line"},
		{"nothing", "word\n", nil, "invalid format"},
		{"no name", "<<E\n", nil, "must not be empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Pairs(c.text)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		})
	}
}

func TestParse(t *testing.T) {
	none := map[string]string{}
	for _, c := range []struct {
		line string
		want *Command
	}{
		{"::error file=a.yml,line=3,endLine=4,title=x%2C%3Ay::one%0Atwo%25", &Command{
			Name: "error", Properties: map[string]string{"file": "a.yml", "line": "3", "endLine": "4", "title": "x,:y"}, Data: "one\ntwo%"}},
		{"  \t::NOTICE::n", &Command{Name: "NOTICE", Properties: none, Data: "n"}},
		{"::error FILE=a,=x,line=::m", &Command{Name: "error", Properties: map[string]string{"file": "a"}, Data: "m"}},
		{"x ::error::m", nil},
		{"::nonsense::m", nil},
		{"::error", nil},
		{"value: x ##[set-output name=skip;]true", &Command{Name: "set-output", Properties: map[string]string{"name": "skip"}, Data: "true", Legacy: true}},
		{"##[ error]x", nil},
		{"# [error]", nil},
		{"\u200b::error::m", nil},
		{"::nonsense::##[warning]w", &Command{Name: "warning", Properties: none, Data: "w", Legacy: true}},
		{"::error::##[set-output name=a]b", &Command{Name: "error", Properties: none, Data: "##[set-output name=a]b"}},
		{"##[x] ##[error]only the first counts", nil},
		{"::error::%250A", &Command{Name: "error", Properties: none, Data: "%0A"}},
	} {
		got, ok := parse(c.line, (&Log{}).known)
		if ok != (c.want != nil) {
			t.Errorf("%q: command %v", c.line, ok)
			continue
		}
		if ok {
			if diff := cmp.Diff(*c.want, got); diff != "" {
				t.Errorf("%q:\n%s", c.line, diff)
			}
		}
	}
}

func TestStopCommands(t *testing.T) {
	var l Log
	for _, line := range []string{"::stop-commands::w0rdw0rd", "::set-output name=a::b", "##[error]e", "::w0rdw0rd::", "::notice::n"} {
		l.Write(line)
	}
	if len(l.Outputs) != 0 || len(l.Annotations) != 1 || l.Annotations[0].Message != "n" || len(l.Errors) != 0 {
		t.Errorf("%+v", &l)
	}
	l.Write("::stop-commands::")
	l.Write("::stop-commands::error")
	l.Write("::set-env name=a::b")
	if len(l.Errors) != 3 {
		t.Errorf("errors %q", l.Errors)
	}
}

func TestAnnotationLimits(t *testing.T) {
	var l Log
	for range 12 {
		l.Write("::error file=/github/workspace/a/b.yml,line=5,endLine=3,col=1::m")
	}
	l.Write("::warning line=2,col=9,endColumn=3::" + strings.Repeat("ä", 5000))
	l.Write("::notice endLine=7::n")
	if len(l.Annotations) != 12 || l.Dropped["error"] != 2 {
		t.Fatalf("%d recorded, dropped %v", len(l.Annotations), l.Dropped)
	}
	if a := l.Annotations[0]; a.File != "a/b.yml" || a.Line != 0 || a.EndLine != 0 || a.Column != 0 {
		t.Errorf("%+v", a)
	}
	if a := l.Annotations[10]; !a.Truncated || len([]rune(a.Message)) != maxMessage || a.Column != 0 || a.Line != 2 {
		t.Errorf("line %d, column %d, %d letters", a.Line, a.Column, len([]rune(a.Message)))
	}
	if a := l.Annotations[11]; a.Line != 7 {
		t.Errorf("%+v", a)
	}
}

// A lone carriage return ends a line, too: text after it may be a command.
func TestEachLine(t *testing.T) {
	var got []string
	if err := eachLine(strings.NewReader("a\rb\r\nc\n\nd\r"), func(s string) { got = append(got, s) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "", "d"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDockerArgs(t *testing.T) {
	workspace := t.TempDir()
	j, err := NewJob(t.TempDir(), workspace, "pull_request", map[string]any{
		"number": 7, "repository": map[string]any{"full_name": "octo/hub"},
		"pull_request": map[string]any{"base": map[string]any{"ref": "main"}, "head": map[string]any{"ref": "topic"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := Action{Inputs: map[string]struct{ Default string }{"fail-on": {"error"}, "github-token": {"${{ github.token }}"}}}
	a.Runs.Args = []string{"action"}
	j.Env["CA"] = workspace + "/ca.pem"
	s, err := j.Step(a, map[string]string{"fail-on": "warning"})
	if err != nil {
		t.Fatal(err)
	}
	args, env := s.DockerArgs("image:tag")
	if tail := strings.Join(args[len(args)-4:], " "); !strings.HasSuffix(tail, workspace+":/github/workspace image:tag action") {
		t.Errorf("the line ends with %s", tail)
	}
	for _, want := range []string{
		"INPUT_FAIL-ON=warning", "INPUT_GITHUB-TOKEN=" + j.Token, "GITHUB_WORKSPACE=/github/workspace", "CA=/github/workspace/ca.pem",
		"HOME=/github/home", "RUNNER_TEMP=/github/runner_temp", "GITHUB_REF=refs/pull/7/merge", "GITHUB_BASE_REF=main",
		"GITHUB_EVENT_PATH=/github/workflow/event.json", "GITHUB_OUTPUT=/github/file_commands/set_output_00000001",
	} {
		found := false
		for _, e := range env {
			found = found || e == want
		}
		if !found {
			t.Errorf("%s is missing in %q", want, env)
		}
	}
}
