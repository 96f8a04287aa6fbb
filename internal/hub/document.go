// Package hub holds the hub document: what one hub will really be, as rules see it, together with the place of
// every value. It is the public input contract of custom rules; its JSON Schema is in hub.schema.json.
package hub

import (
	"bytes"
	"encoding/json"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/tljh"
)

// SchemaVersion is the version of the document's contract.
const SchemaVersion = 1

// Document is one hub of a repository.
type Document struct {
	Name    string
	Dir     string   // relative to the checkout, "." for its root
	Sources []string // the files it was read from, sorted
	Root    *doc.Node
	// Declared is the infra.yaml that counts for it, "" for none.
	Declared string
	// Machines are the machines any of which may be the hub's, where the repository does not tell which one is.
	Machines []string
	// Ops are the operations that made its configuration, in the order in which they were replayed.
	Ops []tljh.Op
	// Fallback is the place to name when nothing nearer exists: what makes this a hub.
	Fallback span.Span
	// Source returns a file's text for showing the line of a finding; nil if it cannot be had.
	Source func(file string) *span.Source
}

// Plain is the document as rules get it: the tree plus the side map "facts".
func (d *Document) Plain() map[string]any {
	out := d.Root.Plain().(map[string]any)
	out["facts"] = d.facts()
	return out
}

func (d *Document) facts() map[string]any {
	facts := make(map[string]any, 256)
	for _, key := range d.Root.Keys {
		d.Root.Child[key].Facts("/"+doc.Escape(key), func(pointer string, f doc.Fact) {
			m := map[string]any{"state": string(f.State)}
			if f.Why != "" {
				m["why"] = span.Show(f.Why)
			}
			if f.At != nil {
				m["at"] = plainSpan(*f.At)
			}
			facts[pointer] = m
		})
	}
	return facts
}

func plainSpan(s span.Span) map[string]any {
	pos := func(p span.Pos) map[string]any { return map[string]any{"line": p.Line, "column": p.Column} }
	return map[string]any{"file": s.File, "start": pos(s.Start), "end": pos(s.End)}
}

// Locate is the place of the evidence at path: the value's own, or that of its nearest parent that has one.
func (d *Document) Locate(path []any) span.Span {
	at, depth := d.Root.Locate(path)
	if depth == 0 || at.IsZero() {
		return d.Fallback
	}
	return at
}

// Print writes documents as `tljh-policy inspect` does: {"schema_version":1,"hubs":[…]}, keys sorted, no HTML escapes.
func Print(docs []*Document) ([]byte, error) {
	hubs := make([]any, len(docs))
	for i, d := range docs {
		hubs[i] = d.Plain()
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(map[string]any{"schema_version": SchemaVersion, "hubs": hubs})
	return b.Bytes(), err
}
