package cloudformation

import (
	"sort"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// cfnInit is the command by which user data does what the resource's Metadata says.
var cfnInit = lazyregexp.New(`(?m)^[^#\n]*\bcfn-init\b[^\n]*(?:\n|\z)`)

// initialise puts what AWS::CloudFormation::Init says behind the command of the user data that does it, as the shell
// commands that it comes to: packages, then files, then commands by their names.
func (t *template) initialise(r *resource, p *eval.Val) {
	meta := r.node.Get("Metadata").Get("AWS::CloudFormation::Init")
	u := p.Attr("user_data")
	if meta == nil || u.IsNull() || u.Kind != eval.String {
		return
	}
	at := cfnInit.FindStringIndex(u.T.String())
	if at == nil {
		return
	}
	parts := []span.Text{u.T.Slice(0, at[1])}
	for _, n := range configs(meta, u.T.String()[at[0]:at[1]]) {
		parts = append(parts, t.config(n)...)
	}
	c := *u
	c.T = span.Concat(append(parts, u.T.Slice(at[1], u.T.Len()))...)
	if c.T.Len() <= maxText {
		p.Child["user_data"] = &c
	}
}

var setsOption = lazyregexp.New(`\s(?:-c|--configsets)[\s=]+(\S+)`)

// configs are the parts of the metadata that the command does, in order.
func configs(meta *markup.Node, command string) []*markup.Node {
	var out []*markup.Node
	sets := meta.Get("configSets")
	var add func(name string, depth int)
	add = func(name string, depth int) {
		if set := sets.Get(name); set != nil && depth < 5 && len(out) < 100 {
			for _, it := range append([]*markup.Node{set}, set.Items...) {
				switch {
				case it.Kind == markup.String && meta.Get(it.Str()) != nil:
					out = append(out, meta.Get(it.Str()))
				case it.Kind == markup.Map:
					add(it.Get("ConfigSet").Str(), depth+1)
				}
			}
		}
	}
	if m := setsOption.FindStringSubmatch(command); m != nil {
		for _, name := range strings.Split(m[1], ",") {
			add(name, 0)
		}
		return out
	}
	if add("default", 0); len(out) == 0 && meta.Get("config") != nil {
		out = append(out, meta.Get("config"))
	}
	return out
}

const heredoc = "CFN_INIT_FILE"

// config is one part of the metadata as shell commands.
func (t *template) config(n *markup.Node) (out []span.Text) {
	text := func(n *markup.Node) span.Text { return t.c.Module().InText(t.value(n, 1), n.At) }
	word := func(s string, like span.Text) span.Text { return span.Literal(s, like) }
	for _, m := range membersOf(n.Get("packages").Get("apt")) {
		out = append(out, word("apt-get install -y ", m.Key), m.Key, word("\n", m.Key))
	}
	for _, m := range membersOf(n.Get("files")) {
		c := m.Value.Get("content")
		if c == nil {
			if from := m.Value.Get("source"); from != nil {
				out = append(out, word("curl -o ", m.Key), m.Key, word(" ", m.Key), text(from), word("\n", m.Key))
			}
			continue
		}
		out = append(out, word("cat > ", m.Key), m.Key, word(" <<'"+heredoc+"'\n", m.Key), text(c), word("\n"+heredoc+"\n", m.Key))
	}
	commands := append([]markup.Member(nil), membersOf(n.Get("commands"))...)
	sort.SliceStable(commands, func(i, j int) bool { return commands[i].Key.String() < commands[j].Key.String() })
	for _, m := range commands {
		c := m.Value.Get("command")
		if c == nil {
			continue
		}
		if test := m.Value.Get("test"); test != nil {
			out = append(out, text(test), word(" && ", m.Key))
		}
		for _, e := range membersOf(m.Value.Get("env")) {
			out = append(out, e.Key, word("='", e.Key), text(e.Value), word("' ", e.Key))
		}
		if c.Kind == markup.List {
			for _, it := range c.Items {
				out = append(out, word("'", it.At), text(it), word("' ", it.At))
			}
		} else {
			out = append(out, text(c))
		}
		out = append(out, word("\n", m.Key))
	}
	return out
}
