package tljh

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// command performs a tljh-config command on config.yaml (TLJH: tljh/config.py; reference/tljh.md §13). A command that fails
// leaves the file as it is and is reported.
func (r *replay) command(op *Op) configFile {
	name := [...]string{"set", "unset", "add-item", "remove-item"}[op.Kind]
	fail := func(err error) configFile {
		if op.Maybe != "" && (op.Kind == OpUnset || op.Kind == OpRemoveItem) {
			return r.file // it may never run, or only when there is something to remove
		}
		r.problem(op.At, "tljh-config %s %s fails and changes nothing: %s", name, span.Show(op.Path.String()), err)
		return r.file
	}
	if r.file.broken != nil {
		return fail(errors.New("config.yaml is not valid YAML"))
	}
	path := strings.Split(op.Path.String(), ".")
	root := copyAlong(r.file.root, path)
	if root == nil {
		root = doc.NewMap(doc.Set, span.Span{})
		if !r.installed {
			root.State, root.Why = doc.Unknown, notInstalled
		}
	}
	if root.State == doc.Unknown && !isDict(root) {
		return r.file
	}
	if !isDict(root) {
		if root.Kind == doc.Null {
			return fail(errors.New("config.yaml is empty"))
		}
		return fail(errors.New("config.yaml is not a mapping"))
	}
	if span.IsUnknown(op.Path.String()) {
		root.State, root.Why = doc.Unknown, "a setting is changed whose name is not known: "+span.Reason(op.Path.String())
		for _, k := range root.Keys {
			root.Child[k] = doc.UnknownOf(root.Why, op.At)
		}
		return configFile{root: root, whole: r.file.whole}
	}
	value := parseValue(op.Value, r.version)
	value.KeyAt = op.Path.Span()
	if value.At.IsZero() {
		value.At = op.At
	}
	var err error
	switch op.Kind {
	case OpSet:
		err = setItem(root, path, value, op)
	case OpAddItem:
		err = addItem(root, path, value, op)
	case OpRemoveItem:
		err = removeItem(root, path, value)
	default:
		err = unsetItem(root, path)
	}
	if err != nil {
		return fail(err)
	}
	next := configFile{root: root, whole: r.file.whole}
	if op.NoValidate {
		return next
	}
	if why := schemaRefuses(root, r.version); why != "" {
		// tljh-config validates the whole file; how strictly depends on the release.
		if r.version.exact && !r.version.main {
			r.problem(op.At, "tljh-config %s %s: this release of tljh-config refuses the change and keeps the old value: %s; correct it, or give --no-validate",
				name, op.Path.String(), why)
			return r.file
		}
		why = fmt.Sprintf("tljh-config may refuse this change and keep the old value, depending on its release: %s", why)
		r.problem(op.At, "tljh-config %s %s: %s", name, op.Path.String(), why)
		before := r.file.root
		if before == nil {
			before = doc.NewMap(doc.Set, span.Span{})
		}
		if domainsAsText(op, before, value) {
			why = textDomains
		}
		next.root = join(before, root, defaultConfig(r.version, doc.Default, ""), why)
	}
	return next
}

// textDomains is why a certificate never comes: a text was given where TLJH wants a list of domains.
const textDomains = "https.letsencrypt.domains is given as a text: older releases ask for a certificate for each of its letters, " +
	"newer ones refuse the command, so that there are no domains; use tljh-config add-item"

// domainsAsText: whatever the release does with such a command, there is no certificate, unless there were domains before.
func domainsAsText(op *Op, before, value *doc.Node) bool {
	had, known := truthy(item(item(item(before, "https"), "letsencrypt"), "domains"))
	return op.Kind == OpSet && op.Path.String() == "https.letsencrypt.domains" && value.Kind == doc.String && known && !had
}

// copyAlong copies the nodes on path and shares all others, so that a command's changes do not show in the tree before it
// and a script of many commands stays cheap.
func copyAlong(n *doc.Node, path []string) *doc.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Items = append([]*doc.Node(nil), n.Items...)
	if n.Child == nil {
		return &c
	}
	c.Keys = append([]string(nil), n.Keys...)
	c.Child = make(map[string]*doc.Node, len(n.Child)+1)
	for k, v := range n.Child {
		c.Child[k] = v
	}
	if len(path) > 0 && c.Child[path[0]] != nil {
		c.Child[path[0]] = copyAlong(c.Child[path[0]], path[1:])
	}
	return &c
}

// descend walks to the mapping that holds the last key of path, and replaces whatever is in the way by a mapping.
func descend(root *doc.Node, path []string, op *Op) (*doc.Node, error) {
	n := root
	for _, k := range path[:len(path)-1] {
		c := n.Child[k]
		if c == nil && isOpen(n) {
			c = doc.NewMap(doc.Unknown, op.At).Because(n.Why)
			n.Put(k, c)
		}
		if isUnknown(c) {
			m := doc.NewMap(doc.Unknown, op.At).Because(c.Why)
			m.KeyAt = c.KeyAt
			c = n.Put(k, m)
		}
		if !isDict(c) {
			m := doc.NewMap(doc.Set, op.At)
			m.KeyAt = op.Path.Span()
			c = n.Put(k, m)
		}
		n = c
	}
	return n, nil
}

func setItem(root *doc.Node, path []string, value *doc.Node, op *Op) error {
	m, err := descend(root, path, op)
	if err == nil {
		m.Put(path[len(path)-1], value)
	}
	return err
}

func addItem(root *doc.Node, path []string, value *doc.Node, op *Op) error {
	m, err := descend(root, path, op)
	if err != nil {
		return err
	}
	last := path[len(path)-1]
	c := m.Child[last]
	switch {
	case isUnknown(c) || (c == nil && isOpen(m)):
		why := m.Why
		if c != nil {
			why = c.Why
		}
		u := doc.UnknownOf(why, value.At)
		u.KeyAt = value.KeyAt
		m.Put(last, u)
		return nil
	case c != nil && c.Kind == doc.String:
		return errors.New("the setting holds text, to which nothing can be added (a string counts as a list there)")
	case c == nil || c.Kind != doc.List:
		c = doc.NewList(doc.Set, value.At)
		c.KeyAt = value.KeyAt
		m.Put(last, c)
	}
	c.Add(value)
	return nil
}

func removeItem(root *doc.Node, path []string, value *doc.Node) error {
	n := root
	for i, k := range path {
		c := item(n, k)
		if isUnknown(c) {
			return nil // it was unknown before, and stays so
		}
		if i < len(path)-1 {
			if !isDict(c) {
				return errors.New("there is no such setting")
			}
			n = c
			continue
		}
		if c == nil || c.Kind != doc.List {
			return errors.New("it is not a list")
		}
		for j, it := range c.Items {
			if it.State == doc.Unknown || value.State == doc.Unknown {
				u := doc.UnknownOf(firstOf(value.Why, it.Why), c.At)
				u.KeyAt = c.KeyAt
				n.Put(k, u)
				return nil
			}
			if pyEqual(it, value) {
				c.Items = append(c.Items[:j:j], c.Items[j+1:]...)
				return nil
			}
		}
		return errors.New("the list has no such item")
	}
	return nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// unsetItem deletes a key, and the parents that become empty by it.
func unsetItem(root *doc.Node, path []string) error {
	chain := []*doc.Node{root}
	for _, k := range path[:len(path)-1] {
		c := item(chain[len(chain)-1], k)
		if isUnknown(c) {
			return nil
		}
		if !isDict(c) {
			return errors.New("there is no such setting")
		}
		chain = append(chain, c)
	}
	m, last := chain[len(chain)-1], path[len(path)-1]
	if m.Child[last] == nil {
		if isOpen(m) {
			return nil
		}
		return errors.New("there is no such setting")
	}
	m.Delete(last)
	if isOpen(m) {
		return nil // the mapping may hold more than it shows, but not this any longer
	}
	for i := len(chain) - 1; i > 0 && len(chain[i].Child) == 0 && !isOpen(chain[i]); i-- {
		chain[i-1].Delete(path[i-1])
	}
	return nil
}
