package github

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

// The marker is how a later run knows a comment of ours: a hidden HTML comment that is the body's whole first line,
//
//	<!-- tljh-policy/1 kind=summary gate=KEY sha=SHA hash=HASH -->
//
// It counts only there, and only in a comment that GitHub says we wrote: text that a comment quotes from the repository cannot
// be one, and nobody else's comment is ever taken for ours (reference/github.md §3.2).
const (
	markerTool    = "tljh-policy"
	markerVersion = 1
)

// Marker is what is remembered in a comment.
type Marker struct {
	Kind  string // summary, inline or review
	Gate  string // which of several gates on one repository: the comment-id input
	Key   string // of an inline comment: the finding, by its content
	State string // of an inline comment: open or fixed
	SHA   string // the commit that was evaluated
	Hash  string // of the text below the marker, as it was sent
}

const (
	kindSummary = "summary"
	kindInline  = "inline"
	kindReview  = "review"

	stateOpen  = "open"
	stateFixed = "fixed"
)

// compose puts the marker above text. The text may hold no other hidden comment.
func compose(m Marker, text string) (string, error) {
	if strings.Contains(text, "<!--") {
		return "", fmt.Errorf("the text holds an HTML comment (<!--), which only the marker may be")
	}
	text = valid(text)
	m.Hash = textHash(text)
	return m.line() + "\n" + text, nil
}

func (m Marker) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- %s/%d", markerTool, markerVersion)
	for _, f := range m.fields() {
		if *f.value != "" {
			fmt.Fprintf(&b, " %s=%s", f.name, quote(*f.value))
		}
	}
	b.WriteString(" -->")
	return b.String()
}

type markerField struct {
	name  string
	value *string
}

func (m *Marker) fields() []markerField {
	return []markerField{{"kind", &m.Kind}, {"gate", &m.Gate}, {"key", &m.Key}, {"state", &m.State}, {"sha", &m.SHA}, {"hash", &m.Hash}}
}

var markerLine = lazyregexp.New(`^<!-- tljh-policy/1((?: [a-z]+=[A-Za-z0-9_.%]+)*) -->$`)

// parseMarker reads the marker of a body and the text below it. ok is false if the first line is none of this version.
func parseMarker(body string) (m Marker, text string, ok bool) {
	first, text, _ := strings.Cut(body, "\n")
	found := markerLine.FindStringSubmatch(strings.TrimSuffix(first, "\r"))
	if found == nil {
		return Marker{}, "", false
	}
	for _, pair := range strings.Fields(found[1]) {
		name, value, _ := strings.Cut(pair, "=")
		for _, f := range m.fields() {
			if f.name == name {
				*f.value = unquote(value)
			}
		}
	}
	return m, text, m.Kind != ""
}

// unchanged says whether the text below a marker is still the one that was sent.
func (m Marker) unchanged(text string) bool { return m.Hash == textHash(text) }

// valid is text as GitHub will give it back: JSON cannot carry bytes that are no UTF-8.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// textHash ignores what GitHub or its editor may change by themselves: line ends and blanks around the text.
func textHash(text string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(strings.ReplaceAll(valid(text), "\r\n", "\n"))))
	return hex.EncodeToString(sum[:10])
}

// quote writes any bytes with characters that can end neither a field nor an HTML comment.
func quote(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func unquote(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if raw, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.Write(raw)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
