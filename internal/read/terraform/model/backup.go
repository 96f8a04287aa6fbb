package model

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Backup is one schedule of copies. Nil nodes are unset.
type Backup struct {
	ID, Kind                        string // kind: native, snapshot_schedule, backup_service, script
	At                              span.Span
	Covers                          []*doc.Node
	EveryHours, KeepCount, KeepDays *doc.Node
	Survives, Offsite, Enabled      *doc.Node
	Cond                            string
}

// AddBackup registers b.
func (m *Infra) AddBackup(b Backup) {
	n := doc.NewMap(doc.Set, b.At)
	put := func(key string, c *doc.Node) {
		if c == nil {
			c = doc.UnsetAt(b.At)
		}
		n.Put(key, c)
	}
	put("id", Set(b.ID, b.At))
	put("kind", doc.Of(b.Kind, doc.Derived, b.At))
	if m.covers += len(b.Covers); m.covers > maxEntries {
		b.Covers = []*doc.Node{doc.UnknownOf("there are too many backups to list what they cover", b.At)}
	}
	put("covers", List(b.At, b.Covers...))
	put("every_hours", b.EveryHours)
	put("keep_count", b.KeepCount)
	put("keep_days", b.KeepDays)
	put("survives_instance_delete", b.Survives)
	put("offsite", b.Offsite)
	if b.Enabled == nil {
		b.Enabled = doc.Of(true, doc.Default, b.At)
	}
	put("enabled", Doubt(b.Enabled, b.Cond))
	m.Backups = append(m.Backups, n)
}

// Cover is an entry of covers.
func Cover(id string, at span.Span) *doc.Node { return doc.Of(id, doc.Derived, at) }

// CoverAll is the entries for a machine's boot disk and all its data volumes.
func (i *Instance) CoverAll(at span.Span) []*doc.Node {
	out := []*doc.Node{Cover(i.ID, at)}
	for _, v := range i.Data {
		out = append(out, Cover(v.ID, at))
	}
	return out
}
