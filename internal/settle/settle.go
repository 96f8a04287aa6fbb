// Package settle says what would decide an unknown: the smallest thing to commit. In go the paths of the facts that a rule misses, out
// comes a piece of infra.yaml, or commands for the script that sets the hub up. Every value that somebody has to know is a placeholder
// in angle brackets, which infra.yaml's reader refuses: committed unchanged, nothing of it counts.
package settle

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/hub"
)

// Step is something to commit. The zero Step is nothing.
type Step struct {
	File string // where to, relative to the checkout
	// Exists says that the file is there: the text is to be added to it.
	Exists bool

	machine  string   // the hub's machine in infra.yaml
	choice   []string // machines any of which may be the hub's
	covers   []string // ids of the machine and its volumes, for a backup
	list     string   // the list of which an entry that is there already is completed
	entry    string   // and its id
	attested bool     // the file says already who attests, and until when
	facts    map[string]bool
	commands []string
}

// Empty says that nothing is known that would help.
func (s *Step) Empty() bool { return s == nil || len(s.facts)+len(s.commands) == 0 }

// Of is what settles the facts at paths of a hub's document, of which a rule says message; nil where that is more than a few lines.
func Of(d *hub.Document, paths [][]any, message string) *Step {
	var all []*Step
	for _, p := range paths {
		s := one(d, p, message)
		if s.Empty() {
			return nil // half an answer leaves the question open
		}
		all = append(all, s)
	}
	if m := Merge(all); len(m) == 1 {
		return m[0]
	}
	return nil
}

// Merge puts steps for the same file together, in the order in which the files come.
func Merge(steps []*Step) []*Step {
	var out []*Step
	for _, s := range steps {
		if s.Empty() {
			continue
		}
		i := slices.IndexFunc(out, func(o *Step) bool { return o.File == s.File && o.machine == s.machine && o.entry == s.entry })
		if i < 0 {
			c := *s
			c.facts = map[string]bool{}
			for k := range s.facts {
				c.facts[k] = true
			}
			c.commands = slices.Clone(s.commands)
			out = append(out, &c)
			continue
		}
		for k := range s.facts {
			out[i].facts[k] = true
		}
		for _, c := range s.commands {
			if !slices.Contains(out[i].commands, c) {
				out[i].commands = append(out[i].commands, c)
			}
		}
	}
	return out
}

func one(d *hub.Document, p []any, message string) *Step {
	keys := words(p)
	switch {
	case len(keys) == 0:
		return nil
	case keys[0] == "config":
		return command(d, keys[1:])
	case keys[0] == "limits":
		return command(d, map[string][]string{"memory_bytes": {"limits", "memory"}, "cpu": {"limits", "cpu"}}[last(keys)])
	case keys[0] == "infra" && len(keys) > 1 && keys[1] == "instances":
		i, isIndex := index(p, 2)
		if !isIndex || !isHub(d, i) {
			return nil
		}
		return statement(d, append([]string{"instances"}, keys[2:]...), message)
	case keys[0] == "infra" && len(p) > 3:
		return completed(d, p)
	case keys[0] == "infra" && len(keys) > 1:
		return statement(d, keys[1:], message)
	case keys[0] == "hub" && len(keys) > 1 && keys[1] == "expected_users", keys[0] == "https" && last(keys) == "terminated_by":
		return statement(d, keys[max(0, len(keys)-2):], message)
	}
	return nil
}

// words are the keys of a path, without list indices.
func words(p []any) []string {
	var out []string
	for _, e := range p {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func last(keys []string) string { return keys[len(keys)-1] }

func index(p []any, at int) (int, bool) {
	if len(p) <= at {
		return 0, false
	}
	i, ok := p[at].(int)
	return i, ok
}

func isHub(d *hub.Document, i int) bool {
	n := d.Root.AtPath([]any{"infra", "instances", i, "is_hub"})
	return n != nil && n.Value == true
}

// statement is what an infra.yaml beside the hub has to state.
func statement(d *hub.Document, keys []string, message string) *Step {
	s := &Step{File: path.Join(d.Dir, "infra.yaml"), facts: map[string]bool{}}
	if f := d.Declared; f != "" {
		s.File, s.Exists = f, true
	}
	for _, a := range d.Root.Get("attestations").List() {
		if of, _ := a.Get("covers").Str(); of == "." {
			s.attested = true
		}
	}
	in := machine(d)
	s.machine, _ = in.Get("id").Str()
	if n := in.Get("declared"); n == nil || n.Value != true {
		s.machine, s.choice = d.Name, d.Machines
		if keys[0] != "expected_users" && keys[0] != "https" {
			s.facts["instances"] = true
			if why := in.Get("provider"); len(s.choice) > 0 && why != nil && strings.Contains(message, why.Why) {
				return s // which machine it is answers the rest
			}
		}
	}
	s.covers = []string{s.machine}
	for _, v := range in.Get("volumes").List() {
		if id, ok := v.Str(); ok {
			s.covers = append(s.covers, id)
		}
	}
	for _, f := range asked(keys) {
		if s.open(d, in, f) {
			s.facts[f] = true
		}
	}
	return s
}

// completed states what is missing of a volume, backup or the like that the repository holds.
func completed(d *hub.Document, p []any) *Step {
	keys := words(p)
	have := d.Root.AtPath(p[:3])
	id, ok := have.Get("id").Str()
	if !ok || len(keys) < 3 || stands(have.Get(keys[2])) {
		return nil
	}
	s := statement(d, keys[1:2], "")
	s.facts, s.list, s.entry, s.covers = map[string]bool{}, keys[1], id, nil
	if s.choice != nil {
		return nil
	}
	for _, f := range facts {
		if f.key == keys[1]+"[]."+keys[2] {
			s.facts[f.key], s.facts[keys[1]+"[].id"] = true, true
		}
	}
	if len(s.facts) > 0 && keys[1] == "backups" { // infra.yaml asks for it
		s.facts["backups[].covers"] = true
		for _, c := range have.Get("covers").List() {
			if id, ok := c.Str(); ok {
				s.covers = append(s.covers, id)
			}
		}
	}
	return s
}

// stands says whether a value was written or follows from what was.
func stands(n *doc.Node) bool { return n.Known() && n.State != doc.Default }

// machine is the hub's machine in the document.
func machine(d *hub.Document) *doc.Node {
	for _, in := range d.Root.Get("infra", "instances").List() {
		if is := in.Get("is_hub"); is != nil && is.Value == true {
			return in
		}
	}
	return nil
}

// open says whether stating a fact can settle anything: what the repository states already cannot be stated otherwise, and a list with
// entries that may or may not be there stays so.
func (s *Step) open(d *hub.Document, in *doc.Node, fact string) bool {
	keys := strings.Split(plain(fact), ".")
	n := d.Root.Get("infra", keys[0])
	if keys[0] == "instances" {
		n, keys = in, keys[1:]
		for _, k := range keys {
			if n = n.Get(k); n == nil || n.State == doc.Unknown && n.Kind == doc.Null {
				return true
			}
		}
	}
	switch {
	case n == nil || n.Kind == doc.Null:
		return true
	case n.Kind == doc.List:
		return !slices.ContainsFunc(n.Items, func(it *doc.Node) bool { return it.State == doc.Unknown })
	}
	return n.State == doc.Unknown || n.State == doc.Default
}

// Text is the step as it is to be committed.
func (s *Step) Text() string {
	if len(s.commands) > 0 {
		return strings.Join(s.commands, "\n") + "\nsudo tljh-config reload\n"
	}
	return s.yaml(func(f fact) string { return f.word })
}

// Example is Text with the placeholders filled in: what somebody might write.
func (s *Step) Example() string {
	if len(s.commands) > 0 {
		return s.Text()
	}
	return s.yaml(func(f fact) string { return f.example })
}

// quote writes a text as YAML.
func quote(text string) string {
	for _, c := range text {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.ContainsRune("_./-", c) || c >= '0' && c <= '9') {
			return fmt.Sprintf("%q", text)
		}
	}
	if text == "" || strings.Trim(text, "0123456789._-") == "" || slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "~"}, strings.ToLower(text)) {
		return fmt.Sprintf("%q", text)
	}
	return text
}
