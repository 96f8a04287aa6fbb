package terraform

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Declared is the model of what another format declares (eval.New): its machines with all that belongs to them, and what
// they run. words puts the names of Terraform's arguments, which reasons speak of, into the format's own; nil leaves them.
func Declared(files step.Files, c *eval.Config, words *strings.Replacer) Module {
	m := module(files, c)
	if words != nil {
		rename(m.Infra, words, map[*doc.Node]bool{})
	}
	return m
}

// rename puts the reasons below n into other words.
func rename(n *doc.Node, words *strings.Replacer, seen map[*doc.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	n.Why = words.Replace(n.Why)
	for _, it := range n.Items {
		rename(it, words, seen)
	}
	for _, k := range n.Keys {
		rename(n.Child[k], words, seen)
	}
}
