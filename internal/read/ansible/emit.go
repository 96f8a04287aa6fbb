package ansible

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

func (r *run) tooMuch(n *yaml.Node) {
	if r.broke {
		return
	}
	r.broke = true
	at := r.doc.At(n)
	msg := "the playbook does more than can be followed"
	r.book.Problems = append(r.book.Problems, step.Problem{At: at, Msg: msg + "; split it", Fatal: true})
	r.play.Steps = append(r.play.Steps, opaqueStep(r.doc.Scalar(n), msg))
}

func opaqueStep(t span.Text, why string) step.Step {
	at := t.Slice(0, min(1, t.Len()))
	return step.Step{Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: t.Span()}
}

// opaque is a step that may do anything to TLJH's configuration.
func (r *run) opaque(t span.Text, why string) { r.emit(opaqueStep(t, why)) }

func mentionsHub(s string) bool {
	return strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub") || strings.Contains(s, "bootstrap.py")
}

func (r *run) opaqueIfHub(t span.Text, why string) {
	if mentionsHub(t.String()) {
		r.opaque(t, why)
	}
}

// emit adds a step of the play, under the conditions that hold where it stands.
func (r *run) emit(s step.Step) {
	if r.broke || r.play == nil {
		return
	}
	if s.Cond == nil {
		s.Cond = r.cond
	}
	if s.Cond == nil {
		s.Cond = r.early
	}
	s.Loop = s.Loop || r.loop
	if r.seen && !r.itemAt.IsZero() {
		s.At = r.itemAt
	}
	if s.IsWrite() {
		key := s.Dest.String()
		old, known := r.written[key]
		switch {
		case known && s.Append && old.Len()+s.Content.Len() < 1<<20:
			r.written[key] = span.Concat(old, s.Content)
		case !known || s.Cond == nil && !s.Append:
			r.written[key] = s.Content
		}
	}
	r.installs(slices.Concat(s.Upstream, s.Argv), s.Cond == nil)
	r.play.Steps = append(r.play.Steps, s)
	*r.fuel -= 4
}

// installs notes that a step installs TLJH.
func (r *run) installs(argv []span.Text, certain bool) {
	for _, a := range argv {
		if s := a.String(); strings.HasSuffix(s, "bootstrap.py") || s == "tljh.installer" {
			r.installed = true
			r.sureInstall = r.sureInstall || certain
		}
	}
}
