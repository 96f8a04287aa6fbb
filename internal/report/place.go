package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// fingerprint names a finding so that it is recognised in the next version of the repository. It rests on what the
// finding is about (see about), never on line numbers or words; n tells apart findings that are about the same.
func fingerprint(rule, hubName, about string, same map[string]int) string {
	key := strings.Join([]string{rule, hubName, about}, "\x00")
	n := same[key]
	same[key]++
	if n > 0 {
		key += fmt.Sprintf("\x00%d", n)
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// place is a span for a report: nil for none, and never a line 0.
func place(s span.Span) *span.Span {
	if s.IsZero() {
		return nil
	}
	if s.Start.Line < 1 {
		s.Start = span.Pos{Line: 1, Column: 1}
	}
	if s.End.Line < s.Start.Line || s.End.Line == s.Start.Line && s.End.Column < s.Start.Column {
		s.End = s.Start
	}
	return &s
}

func jsonPointer(path []any) string {
	var b strings.Builder
	for _, e := range path {
		b.WriteByte('/')
		b.WriteString(doc.Escape(fmt.Sprint(e)))
	}
	return b.String()
}
