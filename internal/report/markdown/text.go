// Package markdown makes text from a repository safe to put into GitHub Flavored Markdown: one function for each place
// that text can stand in. Whatever the text says, it mentions nobody, refers to no issue or commit, links nowhere, holds no HTML and
// loads no image, and cannot end the element around it (reference/github.md §4). Rules' texts count as the repository's: a
// custom rule is part of it.
package markdown

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/report/sanitize"
)

// MaxValue is how many characters of a value, such as a name, are ever shown; MaxProse of a message or description. Every
// function takes how many to show this time.
const (
	MaxValue = 200
	MaxProse = 1200
)

// breaker keeps two characters apart for GitHub while people see nothing.
const breaker = "\u200b"

// Value is a name or another short text of the repository, for a paragraph, a list or a table's cell.
func Value(s string, most int) string { return inline(shorten(s, min(most, MaxValue)), false) }

// Prose is a message or a description, as one line. File names, settings and addresses in it are shown as code.
func Prose(s string, most int) string {
	return inline(strings.Join(strings.Fields(shorten(s, min(most, MaxProse))), " "), true)
}

// HTML is Value for the text inside an HTML element, such as a summary, where Markdown means nothing.
func HTML(s string, most int) string {
	s = unlinked(shorten(s, min(most, MaxValue)))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(s)
}

// Code is a short text as a code span; Cell is the same in a table, where "|" ends a cell even inside code.
func Code(s string, most int) string { return code(shorten(s, min(most, MaxValue))) }

func Cell(s string, most int) string { return strings.ReplaceAll(Code(s, most), "|", `\|`) }

func code(s string) string {
	s = strings.ReplaceAll(s, "<!--", "<!"+breaker+"--") // no comment, no forged marker
	if strings.TrimSpace(s) == "" {
		return "` `"
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func longestRun(s string, c byte) (longest int) {
	run := 0
	for i := 0; i < len(s); i++ {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// shorten makes s one harmless line of at most n characters and an ellipsis.
func shorten(s string, n int) string {
	s = s[:min(len(s), 8*n)] // far beyond what will be shown
	return cut(sanitize.Line(s), n)
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

// codeLike are words of a sentence that people may want to copy: addresses, file names, settings, hexadecimal ids.
// GitHub makes no links of any kind inside code.
var codeLike = sync.OnceValue(func() *regexp.Regexp {
	const (
		address = `(?:https?|ftp)://[^\s"'<>()|` + "`" + `]*[^\s"'<>()|.,;:!?` + "`" + `]`
		path    = `~?/[A-Za-z0-9_][\w./+-]*\w`
		dotted  = `\.?[A-Za-z]\w*(?:[./_-]\w+)*(?:[._]\w+)(?:\[\d+\])?(?:[./_-]\w+)*`
		hex     = `[0-9A-Fa-f]{7,64}`
	)
	return regexp.MustCompile(`^(?:` + address + `|` + path + `|` + dotted + `|` + hex + `)$`)
})

// trimmed are characters around a word that are not part of it.
const trimmed = `"'(),;:!?.…“”‘’`

// inline escapes a line of text: words that people may want to copy become code, and so do commands, the rest is escaped.
func inline(s string, commands bool) string {
	words := strings.Split(s, " ")
	var out []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		if n := command(words[i:]); commands && n > 1 {
			last := words[i+n-1]
			end := strings.TrimRight(last, ".,;")
			out = append(out, code(strings.Join(append(words[i:i+n-1:i+n-1], end), " "))+escape(last[len(end):]))
			i += n - 1
			continue
		}
		core := strings.TrimRight(strings.TrimLeft(w, `"'(`), trimmed)
		if len(core) > 4 && strings.ContainsAny(core, "._/0123456789") && codeLike().MatchString(core) {
			at := strings.Index(w, core)
			out = append(out, escape(w[:at])+code(core)+escape(w[at+len(core):]))
			continue
		}
		out = append(out, escape(w))
	}
	return leading(strings.TrimSpace(strings.Join(out, " ")))
}

// command is how many words a command takes at the beginning of a text: up to the end of its sentence. 0 when there is none.
func command(words []string) int {
	if words[0] != "sudo" && words[0] != "tljh-config" {
		return 0
	}
	for i, w := range words {
		if w == "" || strings.HasSuffix(w, ".") || strings.HasSuffix(w, ",") || strings.HasSuffix(w, ";") {
			return i + 1
		}
	}
	return len(words)
}
