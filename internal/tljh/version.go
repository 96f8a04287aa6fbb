package tljh

import (
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// version is what --version says about TLJH's behaviour. The zero version is the newest release.
type version struct {
	text  string
	major int  // 0 when a branch or commit, which is taken for the newest code
	exact bool // X.Y.Z: one release, now and later
	none  bool // nobody asked for a version
	main  bool // newer than release 2.0.0: a branch or a commit
}

var release = lazyregexp.New(`^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:a|b|rc|\.dev)\d*)?$`)
var commit = lazyregexp.New(`^[0-9a-f]{7,40}$`)

// parseVersion reads the value of the bootstrap script's --version (reference/tljh.md §14).
func parseVersion(s string) version {
	if s == "" || s == "latest" {
		return version{text: s, none: true, major: 2}
	}
	m := release.FindStringSubmatch(s)
	if m == nil || (m[2] == "" && len(m[1]) > 3) {
		return version{text: s, major: 2, main: true, exact: commit.MatchString(s)}
	}
	major, _ := strconv.Atoi(m[1])
	v := version{text: s, major: major, exact: m[2] != "" && m[3] != ""}
	v.main = newer(m, 2, 0, 0)
	return v
}

func newer(m []string, than ...int) bool {
	for i, t := range than {
		n, _ := strconv.Atoi(m[i+1])
		if n != t {
			return n > t
		}
	}
	return false
}

// old says whether JupyterHub 4 or older runs: TLJH 1.x and 0.x (reference/tljh.md §2).
func (v version) old() bool { return v.major < 2 }

// zero says whether this is TLJH 0.x, whose defaults differ.
func (v version) zero() bool {
	return v.major == 0 && strings.HasPrefix(strings.TrimPrefix(v.text, "v"), "0")
}
