package repo

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// text is what discovery reads of a file to tell what it is: all of it up to limit bytes; nil for a file that cannot
// be read or is no text. whole is false when there is more.
func (t *Tree) text(name string, limit int64) (head []byte, whole bool) {
	if text, ok := t.over[name]; ok {
		cut := min(int64(len(text)), limit)
		return []byte(text[:cut]), cut == int64(len(text))
	}
	f, size, err := t.openRegular(name)
	if err != nil {
		t.problem(name, true, err.Error())
		return nil, false
	}
	defer f.Close()
	head, err = io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		t.problem(name, true, fmt.Sprintf("%s cannot be read: %v", name, reason(err)))
		return nil, false
	}
	if binary(head) {
		return nil, false
	}
	return head, int64(len(head)) >= size
}

// mentions says whether text speaks of TLJH: "tljh" or "the-littlest-jupyterhub", in any case.
func mentions(text []byte) bool {
	around := func(i, before int, word string) bool {
		from := i - before
		return from >= 0 && from+len(word) <= len(text) && strings.EqualFold(string(text[from:from+len(word)]), word)
	}
	for i, c := range text {
		if (c == 'j' || c == 'J') && (around(i, 2, "tljh") || around(i, 13, "the-littlest-jupyterhub")) {
			return true
		}
	}
	return false
}

// IsUserData says whether text is user data that cloud-init takes apart itself.
func IsUserData(text string) bool { return isUserData([]byte(text)) }

// Mentions says whether text speaks of TLJH.
func Mentions(text string) bool { return mentions([]byte(text)) }

// firstLine is the first line, without a byte order mark.
func firstLine(text []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
	return strings.TrimRight(string(line), "\r \t")
}

var shebang = lazyregexp.New(`^#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:ba|da|k|z)?sh(?:\s|$)`)

func isShebang(line string) bool { return shebang.MatchString(line) }

var userData = lazyregexp.New(`(?i)^(?:#cloud-config|content-type:\s*multipart/|mime-version:|#include(?:-once)?\s*(?:(?:https?|file)://\S+\s*)?$)`)

// isUserData says whether text is user data that cloud-init takes apart itself: #cloud-config or an archive of them, also
// below a "## template: jinja" header, or MIME parts, or a list of addresses that it fetches them from.
func isUserData(text []byte) bool {
	line := firstLine(text)
	if strings.HasPrefix(strings.ReplaceAll(line, " ", ""), "##template:jinja") {
		_, rest, _ := bytes.Cut(text, []byte("\n"))
		line = firstLine(rest)
	}
	return userData.MatchString(line)
}

var templated = lazyregexp.New(`\{\{|\{%|\$\{|%\{`)

// knownKeys are TLJH's top-level keys with what may stand below them (reference/tljh.md §4); nil for scalars.
var knownKeys = map[string][]string{
	"users":            {"admin", "allowed", "banned", "extra_user_groups"},
	"auth":             {"type", "class"},
	"limits":           {"memory", "cpu"},
	"https":            {"enabled", "tls", "letsencrypt", "address", "port"},
	"http":             {"address", "port"},
	"services":         {"cull", "configurator"},
	"user_environment": {"default_app"},
	"traefik_api":      {"ip", "port", "username", "password"},
	"base_url":         nil,
}

var (
	topKey   = lazyregexp.New(`^["']?([A-Za-z_][\w.-]*)["']?\s*:(?:\s|$)`)
	childKey = lazyregexp.New(`^\s+["']?([A-Za-z_][\w.-]*)["']?\s*:(?:\s|$)`)
	inline   = lazyregexp.New(`[{,]\s*["']?([A-Za-z_][\w.-]*)["']?\s*:`)
	authType = lazyregexp.New(`(?m)^auth:[^\S\n]*\n(?:[ \t]*(?:#.*)?\n|[ \t]+.*\n)*?[ \t]+type:[ \t]*["']?[\w.]+authenticator`)
)

// tljhKeys counts the top-level keys of a YAML text that are TLJH's with children as TLJH has them, and those that are
// not. It looks at lines only, so that templates count as well.
func tljhKeys(text []byte) (known, foreign int) {
	current, shaped := "", false
	done := func() {
		if current != "" {
			if shaped {
				known++
			} else {
				foreign++
			}
		}
	}
	for line := range bytes.Lines(text) {
		if m := topKey.FindSubmatch(line); m != nil {
			done()
			current = string(m[1])
			children, ok := knownKeys[current]
			shaped = ok && children == nil
			if ok && children != nil {
				for _, c := range inline.FindAllSubmatch(line, 16) {
					shaped = shaped || isChild(current, string(c[1]))
				}
			}
			continue
		}
		if line[0] == '-' && !bytes.HasPrefix(line, []byte("---")) {
			return 0, 1 // a list: a playbook, perhaps
		}
		if !shaped && current != "" {
			if m := childKey.FindSubmatch(line); m != nil {
				shaped = isChild(current, string(m[1]))
			}
		}
	}
	done()
	return known, foreign
}

func isChild(key, child string) bool {
	for _, c := range knownKeys[key] {
		if c == child {
			return true
		}
	}
	return key == "auth" && strings.HasSuffix(child, "Authenticator")
}

// tljhConfig says whether a YAML file is TLJH's by what it says.
func tljhConfig(file string, text []byte) bool {
	known, foreign := tljhKeys(text)
	switch {
	case foreign > 0 || known == 0:
		return false
	case known >= 2 || mentions([]byte(file)) || mentions(text):
		return true
	}
	return authType.Match(bytes.ToLower(text))
}
