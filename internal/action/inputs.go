package action

import (
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/check"
	"github.com/tljh-policy/tljh-policy/internal/settings"
)

// The values of the input "comment".
const (
	commentSummary = "summary"
	commentReview  = "review"
	commentBoth    = "both"
	commentNone    = "none"
)

// inputs are what the workflow's step asks for, as action.yml declares them.
type inputs struct {
	path        string   // directory to check, relative to the workspace
	settings    string   // settings file, relative to the workspace; "" for the one in path
	policies    []string // directories with custom rules, relative to the workspace
	failOn      settings.Level
	strict      bool
	comment     string
	annotations bool
	sarifFile   string
	reportFile  string
	ownGate     bool // "base: head": settings, waivers and rules are those of the pull request itself
	token       string
	commentID   string // tells several gates on one pull request apart
}

// gateInputs are the inputs that decide about green: a pull request must not change them for itself.
var gateInputs = []string{"path", "settings", "policies", "fail-on", "strict", "base"}

// readInputs reads and checks the inputs; get is GetInput of go-githubactions. Every mistake is a usage error.
func readInputs(get func(name string) string) (inputs, error) {
	in := inputs{
		path: or(get("path"), "."), settings: get("settings"), policies: list(get("policies")), failOn: settings.Level(get("fail-on")),
		comment: or(get("comment"), commentBoth), sarifFile: get("sarif-file"), reportFile: get("report-file"),
		token: get("github-token"), commentID: get("comment-id"),
	}
	var err error
	if in.strict, err = boolean("strict", get("strict"), false); err != nil {
		return in, err
	}
	if in.annotations, err = boolean("annotations", get("annotations"), true); err != nil {
		return in, err
	}
	for _, c := range []struct {
		name, value string
		words       []string
	}{
		{"fail-on", string(in.failOn), []string{"", "error", "warning", "info", "never"}},
		{"comment", in.comment, []string{commentSummary, commentReview, commentBoth, commentNone}},
		{"base", or(get("base"), "base"), []string{"base", "head"}},
	} {
		if !slices.Contains(c.words, c.value) {
			return in, check.Usage("input %s: %q is not one of %s%s", c.name, c.value, strings.Join(c.words, ", "), settings.DidYouMean(c.value, c.words))
		}
	}
	in.ownGate = get("base") == "head"
	if len(in.commentID) > 64 || strings.Trim(in.commentID, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
		return in, check.Usage("input comment-id: use up to 64 letters, digits, \"-\", \"_\" and \".\"")
	}
	return in, nil
}

// list is an input of several values, one a line or with commas between them.
func list(s string) []string {
	var out []string
	for _, x := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ',' }) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// boolean reads the spellings of YAML 1.2, as actions/toolkit does.
func boolean(name, s string, unset bool) (bool, error) {
	switch s {
	case "":
		return unset, nil
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	}
	return false, check.Usage("input %s: %q is neither true nor false", name, s)
}

func or(s, unset string) string {
	if s == "" {
		return unset
	}
	return s
}
