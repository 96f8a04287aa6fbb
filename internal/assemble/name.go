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
			n += "-" + g.stem()
		}
		g.name = n
		for i := 2; taken[g.name] > 0; i++ {
			g.name = fmt.Sprintf("%s-%d", n, i)
		}
		taken[g.name]++
	}
}

func (g *group) key() string { return g.dir + "\x00" + g.main().file + "\x00" + g.machine }

// stem tells apart hubs of one directory: the machine's name, else the main file's.
func (g *group) stem() string {
	if g.machine != "" {
		return strings.NewReplacer("[", "-", "]", "", "\"", "").Replace(g.machine[strings.LastIndex(g.machine, ".")+1:])
	}
	b := path.Base(g.main().file)
	return strings.TrimSuffix(b, path.Ext(b))
}
