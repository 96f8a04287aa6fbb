// Package cloudinit reads #cloud-config: what cloud-init makes of it at first boot, as steps in the order in which
// cloud-init's modules run. Settings that are no commands become pseudo commands ("cloud-init:ssh_pwauth") that package
// host understands. Source: reference/providers.md §5.
package cloudinit

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

// Read reads one #cloud-config document. It never fails: what cannot be read is a Problem.
func Read(text span.Text, o shell.Options) shell.Result {
	if jinja(text.String()) {
		return Jinja(text, func(t span.Text) shell.Result { return plain(t, o) })
	}
	return plain(text, o)
}

// plain reads a cloud-config in which nothing is filled in any more.
func plain(text span.Text, o shell.Options) shell.Result {
	r := &reader{o: o, written: map[string]span.Text{}}
	for k, v := range o.Written {
		r.written[k] = v
	}
	s := text.String()
	d, err := yamltext.Parse(text, "the cloud-config")
	if err != nil {
		r.problem(err.At, err.Msg, false)
		if mentionsHub(s) {
			r.opaque(text, "the cloud-config cannot be read: "+err.Msg)
		}
		return r.res
	}
	tree := d.Root
	if tree == nil {
		return r.res
	}
	if tree.Kind != yaml.MappingNode {
		r.problem(text.PosOf(0), "a cloud-config must be a mapping of keys; cloud-init ignores this one", false)
		return r.res
	}
	r.t = d
	r.config(tree)
	return r.res
}

type reader struct {
	o       shell.Options
	t       *yamltext.Doc
	res     shell.Result
	written map[string]span.Text
}

func mentionsHub(s string) bool {
	return strings.Contains(s, "tljh") || strings.Contains(s, "jupyterhub")
}

func (r *reader) problem(at span.Span, msg string, fatal bool) {
	if len(r.res.Problems) < 100 {
		r.res.Problems = append(r.res.Problems, step.Problem{At: at, Msg: msg, Fatal: fatal})
	}
}

func (r *reader) opaque(text span.Text, why string) {
	at := text.Slice(0, min(1, text.Len()))
	r.res.Steps = append(r.res.Steps, step.Step{
		Argv: []span.Text{span.Literal(shell.OpaqueCommand, at), span.Literal(why, at)}, At: text.PosOf(0)})
}

// config yields the steps in cloud-init's order: bootcmd, files, disks, users, packages, deferred files, runcmd.
func (r *reader) config(tree *yaml.Node) {
	top := map[string]*yaml.Node{}
	for k := 0; k+1 < len(tree.Content); k += 2 {
		key := strings.ReplaceAll(tree.Content[k].Value, "-", "_")
		if key == "<<" {
			continue
		}
		if span.IsUnknown(key) {
			r.problem(r.t.Scalar(tree.Content[k]).Span(), "part of the cloud-config is not known: "+span.Reason(key), false)
			continue
		}
		top[key] = tree.Content[k+1] // a repeated key: the last one wins, as in PyYAML
	}
	for old, key := range map[string]string{"apt_upgrade": "package_upgrade", "apt_update": "package_update"} {
		if n, ok := top[old]; ok && top[key] == nil {
			top[key] = n
		}
	}
	r.setting(top, "disable_ec2_metadata")
	r.commands("bootcmd", top["bootcmd"])
	r.disks(top)
	r.files(top["write_files"], false)
	r.users(top)
	r.packages(top)
	r.apt(top) // cloud-init writes 94cloud-init-config first, and what a package brings (20auto-upgrades) does not overrule it
	r.files(top["write_files"], true)
	r.commands("runcmd", top["runcmd"])
}

// setting passes a scalar key on as a pseudo command.
func (r *reader) setting(top map[string]*yaml.Node, key string) {
	n := yamltext.Resolve(top[key])
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return
	}
	r.pseudo(key, r.t.Scalar(n))
}

func (r *reader) pseudo(key string, args ...span.Text) {
	at := span.Span{}
	if len(args) > 0 {
		at = args[0].Span()
	}
	argv := append([]span.Text{span.Plain("cloud-init:" + key)}, args...)
	if len(args) > 0 {
		argv[0] = span.Literal("cloud-init:"+key, args[0])
		for n, a := range argv[1:] {
			if n == 0 {
				argv[1] = span.Literal(truth(a.String()), a)
			}
		}
	}
	r.res.Steps = append(r.res.Steps, step.Step{Argv: argv, At: at})
}

// truth spells YAML 1.1's booleans, which cloud-init reads, in one way.
func truth(s string) string {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "y":
		return "true"
	case "false", "no", "off", "n":
		return "false"
	}
	return s
}

// commands is runcmd and bootcmd: all items make one script, run by sh; a list is quoted word for word.
func (r *reader) commands(key string, n *yaml.Node) {
	n = yamltext.Resolve(n)
	if n == nil || n.Tag == "!!null" {
		return
	}
	if n.Kind == yaml.ScalarNode && span.IsUnknown(n.Value) {
		r.opaque(r.t.Scalar(n), key+" is not known: "+span.Reason(n.Value))
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.problem(r.t.At(n), key+" must be a list of commands; cloud-init ignores it", false)
		return
	}
	var script []span.Text
	for _, item := range n.Content {
		switch item = yamltext.Resolve(item); item.Kind {
		case yaml.ScalarNode:
			if item.Tag == "!!null" {
				continue
			}
			script = append(script, r.t.Scalar(item), span.Plain("\n"))
		case yaml.SequenceNode:
			for k, w := range item.Content {
				if w = yamltext.Resolve(w); w.Kind != yaml.ScalarNode {
					r.problem(r.t.At(w), "a command of "+key+" must be a list of words", false)
					continue
				}
				if k > 0 {
					script = append(script, span.Plain(" "))
				}
				script = append(script, quote(r.t.Scalar(w))...)
			}
			script = append(script, span.Plain("\n"))
		default:
			r.problem(r.t.At(item), "a command of "+key+" must be a text or a list of words; a colon makes it a mapping. Put quotes around it", false)
			if mentionsHub(r.t.Scalar(item).String()) {
				r.opaque(r.t.Scalar(item), "a command of "+key+" that is not valid")
			}
		}
	}
	o := r.o
	o.Written, o.Cwd, o.Args = r.written, "/", []span.Text{}
	res := shell.Read(span.Concat(script...), o)
	r.res.Steps = append(r.res.Steps, res.Steps...)
	r.res.Problems = append(r.res.Problems, res.Problems...)
	r.res.Uses = append(r.res.Uses, res.Uses...)
}

// quote is a word in single quotes, its text keeping its place.
func quote(t span.Text) []span.Text {
	s := t.String()
	out := []span.Text{span.Plain("'")}
	from := 0
	for k := 0; k < len(s); k++ {
		if s[k] == '\'' {
			out = append(out, t.Slice(from, k), span.Literal(`'\''`, t.Slice(k, k+1)))
			from = k + 1
		}
	}
	return append(out, t.Slice(from, len(s)), span.Plain("'"))
}
