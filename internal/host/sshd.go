package host

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

const (
	sshdMain   = "/etc/ssh/sshd_config"
	sshdParts  = "/etc/ssh/sshd_config.d"
	sshdByInit = sshdParts + "/50-cloud-init.conf" // where cloud-init writes ssh_pwauth
)

var sshdLine = lazyregexp.New(`(?i)^\s*PasswordAuthentication[\s=]+"?(yes|no)\b`)

// sshd is PasswordAuthentication in each file of sshd's that says something of it, and in the blocks of some users.
type sshd struct {
	files map[string]*doc.Node
	some  map[string]*doc.Node // "yes" in a Match block: it holds for somebody, whatever holds for the rest
	seen  *doc.Node            // somebody logs in with a password
}

func (d *sshd) set(file string, n *doc.Node) {
	if d.files == nil {
		d.files, d.some = map[string]*doc.Node{}, map[string]*doc.Node{}
	}
	d.files[file] = n
}

// removed is rm of a file of sshd's.
func (d *sshd) removed(s *step.Step, file string) {
	if why := maybe(s); why != "" && d.files[file] != nil {
		d.files[file] = doc.UnknownOf("the file that sets it may be removed again: "+why, s.At)
		return
	}
	delete(d.files, file)
	delete(d.some, file)
}

// node is the value in force: sshd takes the first, from the parts by name, then the main file. nil: nobody sets one.
func (d *sshd) node() *doc.Node {
	var files []string
	for f := range d.files {
		if f == sshdMain || strings.HasSuffix(f, ".conf") && path.Dir(f) == sshdParts { // sshd reads no other parts
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b string) int {
		if a == sshdMain || b == sshdMain {
			return strings.Compare(path.Dir(b), path.Dir(a))
		}
		return strings.Compare(a, b)
	})
	var first *doc.Node
	for _, f := range files {
		if n := d.some[f]; n != nil {
			return n
		}
		if n := d.files[f]; first == nil {
			first = n
		} else if first.State == doc.Unknown && n.Known() && n.Value == true {
			return n
		}
	}
	if d.seen != nil && (first == nil || first.State == doc.Unknown && d.seen.State != doc.Unknown) {
		return d.seen
	}
	return first
}

// sshd reads PasswordAuthentication from a file of sshd's, or from what sed puts into it.
func (i *interp) sshd(s *step.Step, file string, t span.Text, anew bool) {
	d := &i.guest.sshd
	if anew && maybe(s) == "" {
		d.removed(s, file)
	}
	start, block, done := 0, false, d.files[file] != nil && s.IsWrite()
	for _, line := range strings.SplitAfter(t.String(), "\n") {
		from := start + len(line) - len(strings.TrimLeft(line, "\\1^#? \t"))
		start += len(line)
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue // a comment; in a sed command, the sign stands further in
		}
		block = block || strings.HasPrefix(strings.ToLower(strings.TrimSpace(line)), "match ")
		m := sshdLine.FindStringSubmatchIndex(t.String()[from:start])
		if m == nil {
			continue
		}
		value := t.Slice(from+m[2], from+m[3])
		yes := strings.EqualFold(value.String(), "yes")
		switch {
		case block && yes:
			d.set(file, d.files[file])
			d.some[file] = settle(d.some[file], s, true, value.Span())
		case block || done && maybe(s) == "" && d.files[file].State != doc.Unknown: // the first one counts
		default:
			d.set(file, settle(d.files[file], s, yes, value.Span()))
			done = true
		}
	}
}

func (i *interp) authorizedKeys(s *step.Step) {
	n := 0
	lines(s.Content, func(line string, _ span.Span) {
		if strings.Contains(line, "ssh-") || strings.Contains(line, "ecdsa-") || span.IsUnknown(line) {
			n++
		}
	})
	if n > 0 {
		i.guest.addKeys(s, n)
	}
}
