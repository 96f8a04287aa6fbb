package cloudcli

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

// verb is a command that makes or changes something.
type verb struct {
	words   string
	typ     string // what it makes, as Terraform calls it; "" if it makes nothing
	named   bool   // the word behind it is the name
	declare func(s *script, m *made)
	fill    func(s *script, m *made)
	// machine: it makes one; lookup: it asks for one that there is.
	machine, lookup bool
}

// verbsOf are the verbs of a program.
func verbsOf(program string) []verb {
	switch program {
	case "aws":
		return amazon()
	case "gcloud":
		return google()
	case "az":
		return azure()
	case "doctl":
		return digitalocean()
	case "hcloud":
		return hetzner()
	case "linode-cli":
		return linode()
	case "openstack":
		return openstack()
	}
	return nil
}

// verbOf is the verb of a command: the one with the most words that it begins with.
func verbOf(c *call) (best verb, ok bool) {
	var said []string
	for _, w := range c.words[:min(len(c.words), 6)] {
		said = append(said, w.TextString())
	}
	if len(said) == 0 {
		return best, false
	}
	said[0] = said[0][strings.LastIndex(said[0], "/")+1:]
	line := strings.Join(said, " ") + " "
	for _, v := range verbsOf(said[0]) {
		if strings.HasPrefix(line, v.words+" ") && len(v.words) > len(best.words) {
			best, ok = v, true
		}
	}
	return best, ok
}

// give passes options on under Terraform's names: "option=argument".
func (m *made) give(s *script, pairs ...string) {
	if m.res == nil {
		return
	}
	for _, p := range pairs {
		opt, arg, ok := strings.Cut(p, "=")
		if !ok {
			arg = strings.ReplaceAll(opt, "-", "_")
		}
		if v := m.call.opt(opt); !v.IsNull() {
			m.res.Give(arg, s.val(v))
		}
	}
}

// giveAll passes options with several values on as lists.
func (m *made) giveAll(s *script, pairs ...string) {
	for _, p := range pairs {
		opt, arg, _ := strings.Cut(p, "=")
		if vs := m.call.all(opt); len(vs) > 0 && m.res != nil {
			m.res.Give(arg, s.vals(vs))
		}
	}
}

// word is the n-th word behind the verb; nil if there is none.
func (m *made) word(s *script, n int) *eval.Val {
	if r := m.call.rest(m.verb); n < len(r) {
		return s.val(r[n])
	}
	return nil
}
