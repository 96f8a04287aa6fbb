package eval

import (
	"fmt"
	"sort"
	"strings"
)

// stale says why a plan was not made of the configuration c, which was evaluated with it: "" if nothing speaks against it.
// A plan that is older than a change would hide the change.
func (p *Plan) stale(c *Config) (why string, at Place) {
	declared := map[string]bool{}
	for _, r := range c.Resources {
		declared[r.Addr] = true
		if r.Data || r.Source != "" {
			continue
		}
		one := p.values[r.Addr]
		if one == nil {
			if r.Cond == "" {
				return fmt.Sprintf("it does not have %s, which the configuration declares", r.Addr), r.At
			}
			continue
		}
		for _, a := range attributes(r.block.Body) {
			if v := r.written(a.Name); !r.agrees(v, one.attr(a.Name)) {
				return fmt.Sprintf("of %s it knows another %s than the configuration", r.Addr, a.Name), r.Where(a.Name)
			}
		}
	}
	for _, one := range p.order {
		if !one.data && !declared[one.addr] && !c.hides(one.addr) {
			return fmt.Sprintf("it has %s, which the configuration does not declare", one.addr), p.place(one.at)
		}
	}
	return "", Place{}
}

// hides says whether an address may lie in something that was not evaluated.
func (c *Config) hides(addr string) bool {
	if len(c.Incomplete) == 0 {
		return false
	}
	for _, r := range c.Resources {
		if r.Source != "" && strings.HasPrefix(addr, r.Addr+".") {
			return true
		}
	}
	return c.broken
}

// agrees compares a known scalar of the configuration with the plan's. Providers rewrite much (JSON, long texts, names to
// links, upper case), so only what cannot be that counts.
func (r *Resource) agrees(v, p *Val) bool {
	if p == nil || p.Kind == Null || p.IsUnknown() || v.IsUnknown() || v.Sensitive || v.Base64 || v.Gzip {
		return true
	}
	if v.Kind != String && v.Kind != Number && v.Kind != Bool || p.Kind == List || p.Kind == Map {
		return true
	}
	a, _ := v.Str()
	b, _ := p.Str()
	if len(a) > 100 || strings.ContainsAny(a, "\n{") || digested.MatchString(b) {
		return true
	}
	if x, ok := v.Num(); ok {
		if y, ok := p.Num(); ok {
			return x == y
		}
	}
	norm := func(s string) string { return strings.ToLower(strings.ReplaceAll(strings.Trim(s, ". "), " ", "")) }
	a, b = norm(a), norm(b)
	return a == b || a != "" && (strings.HasSuffix(b, "/"+a) || strings.HasSuffix(a, "/"+b)) || a == ""
}

// overrides says which of the root module's variables the plan gives another value than the configuration, and whether
// one of the repository's files explains it.
func (p *Plan) overrides(m *Module) (why string, at Place) {
	names := make([]string, 0, len(p.variables))
	for n := range p.variables {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		b := m.dir.variables[n]
		if b == nil {
			return fmt.Sprintf("it sets variable %q, which the configuration does not declare", n), p.place(p.variables[n])
		}
		v, theirs := m.given(n, b), p.value(p.variables[n])
		if eq, known := equal(v, theirs, 0); !known || eq || v.IsNull() {
			continue
		}
		if !m.explained(n, theirs) {
			return fmt.Sprintf("it was made with another value of variable %q than the configuration has", n), p.place(p.variables[n])
		}
	}
	return "", Place{}
}
