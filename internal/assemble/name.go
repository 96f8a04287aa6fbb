package assemble

import (
	"fmt"
	"path"
	"sort"
	"strings"
)

// kindOfDir are directories that say what kind of files they hold, not whose: a hub is not called after them.
var kindOfDir = map[string]bool{"ansible": true, "bin": true, "cloud-init": true, "cloud_init": true, "defaults": true, "files": true,
	"group_vars": true, "handlers": true, "host_vars": true, "iac": true, "infra": true, "infrastructure": true, "playbooks": true,
	"roles": true, "scripts": true, "tasks": true, "templates": true, "terraform": true, "tf": true, "tofu": true, "user-data": true,
	"user_data": true, "vars": true, ".github": true, "workflows": true}

// title is what a hub in dir is called: its directory's name, "hub" for the root.
func title(dir string) string {
	for dir != "." && kindOfDir[path.Base(dir)] {
		dir = path.Dir(dir)
	}
	if dir == "." {
		return "hub"
	}
	return path.Base(dir)
}

// name gives every group without a name one that is stable and unique.
func name(groups []*group) {
	taken := map[string]int{}
	for _, g := range groups {
		if g.setting != nil {
			taken[g.name]++
		}
	}
	sort.SliceStable(groups, func(i, j int) bool { return groups[i].key() < groups[j].key() })
	dirs, titles := map[string]int{}, map[string]int{}
	for _, g := range groups {
		if g.setting == nil {
			if dirs[g.dir]++; dirs[g.dir] == 1 {
				titles[title(g.dir)]++
			}
		}
	}
	for _, g := range groups {
		if g.setting != nil {
			continue
		}
		n := title(g.dir)
		if titles[n] > 1 && g.dir != "." {
			n = path.Base(g.dir)
		}
		if dirs[g.dir] > 1 {
			n += "-" + strings.TrimPrefix(g.stem(), n+"-")
		}
		g.name = n
		for i := 2; taken[g.name] > 0; i++ {
			g.name = fmt.Sprintf("%s-%d", n, i)
		}
		taken[g.name]++
	}
}

func (g *group) key() string { return g.dir + "\x00" + g.main().file + "\x00" + g.machine }

// usual are names of a resource that say nothing: the module around it is what people call the machine.
var usual = map[string]bool{"this": true, "main": true, "default": true, "instance": true, "server": true, "vm": true, "droplet": true}

// machineName is the telling part of an address: hub-0 for aws_instance.hub[0], hub-bio for
// module.hub["bio"].aws_instance.this.
func machineName(address string) string {
	var parts []string
	quoted := false
	for _, p := range strings.FieldsFunc(address, func(c rune) bool {
		if c == '"' {
			quoted = !quoted
		}
		return c == '.' && !quoted
	}) {
		parts = append(parts, strings.NewReplacer("[", "-", "]", "", "\"", "").Replace(p))
	}
	last := parts[len(parts)-1]
	var modules []string
	for k := 0; k+1 < len(parts) && parts[k] == "module"; k += 2 {
		modules = append(modules, parts[k+1])
	}
	if len(modules) == 0 || !usual[last] {
		modules = append(modules, last)
	}
	return strings.Join(modules, "-")
}

// stem tells apart hubs of one directory: the machine's name, else the main file's.
func (g *group) stem() string {
	if g.machine != "" {
		return machineName(g.machine)
	}
	b := path.Base(g.main().file)
	return strings.TrimSuffix(b, path.Ext(b))
}
