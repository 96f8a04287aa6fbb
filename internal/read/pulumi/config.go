package pulumi

import (
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// setting is a stack with what its file sets: one environment of several, usually.
type setting struct {
	file, name string
	values     *markup.Node
	lost       string // why it may set what is not seen in it
}

// StackFiles are the files of the stacks of the project whose Pulumi.yaml src is, sorted.
func StackFiles(files step.Files, src *span.Source) []string {
	project, _ := markup.YAML(src.Whole(), "the project")
	return stackFiles(files, path.Dir(src.File), project)
}

func stackFiles(files step.Files, dir string, project *markup.Node) (out []string) {
	for _, key := range []string{"config", "stackConfigDir"} {
		if n := project.Get(key); n.Str() != "" && n.Kind == markup.String {
			dir = path.Join(dir, n.Str())
			break
		}
	}
	for _, name := range files.List(dir) {
		if StackOf(name) != "" {
			out = append(out, path.Join(dir, name))
		}
	}
	return out
}

// stacks reads the files of the project's stacks, or only the chosen one.
func (p *runner) stacks(chosen string) {
	for _, file := range stackFiles(p.files, p.dir, p.project) {
		if chosen != "" && file != chosen {
			continue
		}
		s := setting{file: file, name: StackOf(file)}
		src, err := p.files.Open(file)
		if err != nil {
			s.lost = "given in " + file + ", which cannot be read"
			p.settings = append(p.settings, s)
			continue
		}
		n, bad := markup.YAML(src.Whole(), "the stack's configuration")
		switch {
		case bad != nil:
			s.lost = "given in " + file + ", which cannot be read"
			p.c.Problems = append(p.c.Problems, step.Problem{At: bad.At, Msg: bad.Msg + "; correct it, what the stack sets is not known"})
		case n.Get("environment") != nil:
			s.lost = "given by the environments that " + file + " names"
		}
		s.values = n.Get("config")
		p.settings = append(p.settings, s)
		p.c.Files = append(p.c.Files, file)
	}
}

// declared is what the project or the program says of a key of its configuration; nil if nothing.
func (p *runner) declared(key string) *markup.Member {
	project := p.project.Get("name").Str()
	for _, root := range []*markup.Node{p.root, p.project} {
		for _, part := range []string{"config", "configuration"} {
			for _, k := range []string{key, project + ":" + key} {
				if m := exact(root.Get(part), k); m != nil {
					return m
				}
			}
		}
	}
	return nil
}

// exact is the member called key, as it is written.
func exact(n *markup.Node, key string) *markup.Member {
	if m := n.Member(key); m != nil && m.Key.String() == key {
		return m
	}
	return nil
}

// config is the value of a key of the configuration: what the stacks agree on, else the default. nil: there is no such key.
func (p *runner) config(key string, at eval.Place) *eval.Val {
	decl := p.declared(key)
	if decl != nil {
		if name := decl.Value.Get("name").Str(); name != "" && decl.Value.Kind == markup.Map {
			key = name
		}
	}
	base, known := p.base(key, decl)
	type candidate struct {
		v     *eval.Val
		where string
	}
	var all []candidate
	for _, s := range p.settings {
		v := base
		if m := p.given(s, key); m != nil {
			v, known = p.plain(m, key), true
		} else if s.lost != "" && (decl != nil || known) {
			v = eval.NotKnown("the configuration "+key+" may be "+s.lost, at)
		}
		all = append(all, candidate{v, s.file})
	}
	if !known && decl == nil {
		return nil
	}
	v := base
	if len(all) > 0 {
		v = all[0].v
	}
	for _, c := range all[min(1, len(all)):] {
		if v == c.v || v != nil && c.v != nil && same(v, c.v) {
			continue
		}
		if v.IsUnknown() && c.v.IsUnknown() {
			continue
		}
		return eval.NotKnown(fmt.Sprintf("the configuration %s %s in %s and %s in %s; say which stack the hub is made with (its sources, in .tljh-policy.yaml), or state the value in an infra.yaml",
			key, shown(key, v), all[0].where, shown(key, c.v), c.where), at)
	}
	if v.IsNull() {
		return eval.NotKnown(fmt.Sprintf("the configuration %s has no value; give it one, or state the fact in an infra.yaml", key), at)
	}
	if on, _ := p.value(below(decl, "secret"), 1).Bool(); on && !v.IsUnknown() {
		c := *v
		c.Sensitive = true
		v = &c
	}
	return v
}

func same(a, b *eval.Val) bool {
	yes, known := eval.Equal(a, b)
	return yes && known
}

// base is what holds where no stack says anything, nil if nothing does.
func (p *runner) base(key string, decl *markup.Member) (*eval.Val, bool) {
	if decl == nil {
		return nil, false
	}
	n := decl.Value
	if n.Kind != markup.Map {
		return p.value(n, 1), true
	}
	if v := n.Get("value"); v != nil {
		return p.value(v, 1).Assume("what the project sets; a stack may set another value"), true
	}
	if v := n.Get("default"); v != nil {
		return p.value(v, 1).Assume("the default of the configuration " + key + "; a stack may set another value"), true
	}
	return nil, true
}

// given is what a stack's file says of a key.
func (p *runner) given(s setting, key string) *markup.Member {
	project := p.project.Get("name").Str()
	if m := exact(s.values, project+":"+key); m != nil {
		return m
	}
	return exact(s.values, key)
}

// plain is a value of a stack's file, in which nothing is interpolated.
func (p *runner) plain(m *markup.Member, key string) *eval.Val {
	if m.Value.Get("secure") != nil {
		return eval.NotKnown("the configuration "+key+" is a secret", eval.At(m.Key))
	}
	return p.literal(m.Value, 0)
}

var secretName = lazyregexp.New(`(?i)pass|secret|token|key|cred|cert`)

// shown is a value for a message, unless it may be a secret.
func shown(key string, v *eval.Val) string {
	switch s, ok := v.Str(); {
	case v.IsNull():
		return "has no value"
	case v.IsUnknown():
		return "is not known"
	case ok && len(s) < 60 && !secretName.MatchString(key):
		return "is " + strconv.Quote(s)
	}
	return "has one value"
}

// stack is the name of the stack, as far as it is known.
func (p *runner) stack(at eval.Place) *eval.Val {
	var names []string
	for _, s := range p.settings {
		names = append(names, s.name)
	}
	if len(names) == 1 {
		return eval.Text(names[0], at).Assume("the only stack whose configuration is committed")
	}
	if len(names) == 0 {
		return eval.NotKnown("the name of the stack is not known", at)
	}
	sort.Strings(names)
	return eval.NotKnown("the name of the stack is not known: "+strings.Join(names, ", ")+"; say which stack the hub is made with (its sources, in .tljh-policy.yaml)", at)
}

// below is what stands under a key of m's value, nil if m is.
func below(m *markup.Member, key string) *markup.Node {
	if m == nil {
		return nil
	}
	return m.Value.Get(key)
}
