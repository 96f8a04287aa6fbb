package settings

import (
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Inline is a waiver written as a comment beside what it accepts: "# tljh-policy: ignore=RULE until=2027-01-31 reason".
// It covers findings on its own line, on the line below when it stands alone, and below the key on its line.
type Inline struct {
	Rules  []string
	Until  time.Time
	Reason string
	Alone  bool      // nothing but the comment is on the line
	At     span.Span // from "tljh-policy:" to the end of the comment
	Bad    string    // not empty: what is wrong with it, so that it waives nothing
}

const marker = "tljh-policy:"

var ignorePattern = lazyregexp.New(`^ignore=(\S*)`)

// InlineWaivers finds the waivers in a file. It looks only behind comment signs of the file's format, outside quotes.
func InlineWaivers(src *span.Source) []Inline {
	var out []Inline
	for from := 0; ; {
		i := strings.Index(src.Text[from:], marker)
		if i < 0 {
			return out
		}
		pos := src.Pos(from + i)
		from += i + len(marker)
		line := src.Line(pos.Line)
		at := strings.Index(line, marker)
		if prefix := line[:at]; utf8.RuneCountInString(prefix)+1 == pos.Column && isComment(src.File, prefix) {
			out = append(out, parseInline(src.File, pos, line[at:], prefix))
		}
	}
}

func parseInline(file string, pos span.Pos, text, prefix string) Inline {
	for _, end := range []string{"-->", "*/", "#}", "--%>"} {
		text, _, _ = strings.Cut(text, end)
	}
	text = strings.TrimRight(text, " \t")
	end := span.Pos{Line: pos.Line, Column: pos.Column + utf8.RuneCountInString(text)}
	w := Inline{At: span.Span{File: file, Start: pos, End: end}, Alone: strings.Trim(prefix, " \t#/;<!-*{") == ""}
	rest := strings.TrimSpace(strings.TrimPrefix(text, marker))
	m := ignorePattern.FindStringSubmatch(rest)
	if m == nil {
		w.Bad = `it does not begin with "ignore=RULE"`
		return w
	}
	for _, id := range strings.Split(m[1], ",") {
		if id != "" {
			w.Rules = append(w.Rules, id)
		}
	}
	rest = strings.TrimSpace(rest[len(m[0]):])
	day, reason, _ := strings.Cut(rest, " ")
	w.Reason = strings.TrimSpace(reason)
	until, err := ParseDay(strings.TrimPrefix(day, "until="))
	switch {
	case len(w.Rules) == 0:
		w.Bad = "it names no rule"
	case !strings.HasPrefix(day, "until="):
		w.Bad = "it has no end; write until=2027-01-31 (a day) after the rule"
	case err != nil:
		w.Bad = "its end is not a day; write until=2027-01-31"
	case w.Reason == "":
		w.Bad = "it gives no reason; write it after the date"
	}
	w.Until = until
	return w
}

// isComment says whether prefix, the part of a line before the marker, ends in a comment sign that really opens a
// comment: outside quotes, and at the line's start or after white space.
func isComment(file, prefix string) bool {
	body := strings.TrimRight(prefix, " \t")
	for _, sign := range signs(file) {
		if !strings.HasSuffix(body, sign) {
			continue
		}
		before := strings.TrimSuffix(body, sign)
		if sign == "#" || sign == ";" || sign == "//" {
			before = strings.TrimRight(before, sign[:1]) // "##" and ";;" open a comment too
		}
		if strings.TrimSpace(before) == "" {
			return true
		}
		if last := before[len(before)-1]; (last == ' ' || last == '\t' || sign[0] == '<' || sign[0] == '{') && !inQuotes(before) {
			return true
		}
	}
	return false
}

// signs are the comment signs of a file's format, by its name.
func signs(file string) []string {
	switch strings.ToLower(path.Ext(file)) {
	case ".tf", ".tofu", ".hcl", ".tfvars", ".pkr":
		return []string{"#", "//", "/*"}
	case ".md", ".html", ".xml", ".htm":
		return []string{"<!--", "#"} // "#" for the commands in a code block
	case ".ini", ".cfg", ".conf", ".service", ".timer":
		return []string{"#", ";"}
	case ".bicep", ".ts", ".js", ".jsonc", ".go":
		return []string{"//", "/*"}
	case ".json":
		return []string{"//"} // Azure templates allow comments
	case ".j2", ".jinja", ".jinja2":
		return []string{"#", "{#", "//", ";"}
	}
	return []string{"#"}
}

// inQuotes says whether a quotation is open at the end of s, which is the start of a line. A quotation that began on an
// earlier line is not seen.
func inQuotes(s string) bool {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote == 0 && (c == '"' || c == '\'' || c == '`'):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote != 0
}
