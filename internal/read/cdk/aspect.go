package cdk

import (
	"regexp"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

var (
	visits = lazyregexp.New(`def visit\(\s*\w+\s*,\s*(\w+)`)
	sets   = `\.(?:(\w+)\s*=[^=]|add(?:_property)?_override\(\s*["'](?:Properties\.)?(\w+))`
)

// aspects collects the properties that the program's aspects set on what they visit. They are called when everything is
// declared, with everything; which of it they change is not followed.
func (a *app) aspects() {
	used := false
	for _, e := range a.calls {
		on := a.of(e.On)
		used = used || e.name == "add" && on != nil && on.kind == "Aspects.of"
	}
	if !used {
		return
	}
	a.changed = map[string]bool{}
	for _, file := range a.Order {
		src, err := a.files.Open(file)
		if err != nil {
			continue
		}
		for _, visit := range visits.FindAllStringSubmatch(src.Text, 20) {
			for _, m := range regexp.MustCompile(`\b`+visit[1]+sets).FindAllStringSubmatch(src.Text, 200) {
				a.changed[plain(m[1]+m[2])] = true
			}
		}
	}
}

// plain is a property's name however it is spelt: instance_type, InstanceType.
func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// aspected doubts the properties of m that an aspect may change.
func (m *made) aspected(p *eval.Val) {
	for _, k := range p.Keys {
		if m.a.changed[plain(k)] {
			p.Child[k] = eval.NotKnown("an aspect of the program may change it", p.Child[k].At)
		}
	}
}
