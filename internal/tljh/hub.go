// Package tljh models The Littlest JupyterHub: it replays the operations that a repository performs on a hub and says
// what hub that makes, bug for bug (reference/tljh.md). It knows nothing of the formats the operations came from.
package tljh

import (
	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Hub is what the operations make: the parts of the hub document that come from TLJH itself.
type Hub struct {
	TLJH          *doc.Node // version, pinned, installer
	Config        *doc.Node // TLJH's merged configuration
	Stages        *doc.Node // merge, hub, proxy, spawn
	JupyterHub    *doc.Node // effective traits by class
	Authenticator *doc.Node
	Limits        *doc.Node
	HTTPS         *doc.Node
	Services      *doc.Node
	Secrets       []*doc.Node // {kind, path}, each at the secret's place
	Problems      []step.Problem
}

// Run replays ops in order onto a machine on which nothing is installed yet. It never fails: what it cannot follow is
// unknown, and what is wrong is an error of one of the stages.
func Run(ops []Op) *Hub {
	r := newReplay()
	for i := range ops {
		r.apply(&ops[i])
	}
	h := &Hub{}
	s := r.evaluate()
	h.TLJH = r.tljhNode()
	h.Config, h.JupyterHub = s.config, s.traits.Copy() // a copy: the trees share nodes, and redact changes them
	h.Stages = s.stagesNode()
	h.Authenticator = s.authenticatorNode()
	h.Limits = s.limitsNode()
	h.HTTPS = s.httpsNode()
	h.Services = s.servicesNode()
	h.Secrets = append(r.secrets, redact(h.Config, h.JupyterHub)...)
	h.Problems = append(r.problems, s.problems...)
	return h
}

// firstPlace is the place of the first operation that has one.
func firstPlace(ops []*Op) span.Span {
	for _, o := range ops {
		if !o.At.IsZero() {
			return o.At
		}
	}
	return span.Span{}
}
