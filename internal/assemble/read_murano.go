package assemble

import (
	"fmt"

	"github.com/tljh-policy/tljh-policy/internal/read/murano"
	"github.com/tljh-policy/tljh-policy/internal/repo"
)

// readMurano makes units of Murano packages that have to do with a hub.
func (l *loader) readMurano(scripts []repo.Script) {
	done := map[string]bool{}
	for _, s := range scripts {
		if dir, ok := murano.Dir(s.Path); ok && !done[dir] {
			done[dir] = true
			l.murano(dir)
		}
	}
}

func (l *loader) murano(dir string) {
	all, uses := murano.Read(l.tree, dir)
	if len(all) == 0 {
		return
	}
	u := l.look(all[0].File, all...)
	if u.dir = dir; !u.relevant() || !l.speaks(u) {
		return
	}
	l.use(append(uses, u.uses...))
	l.units = append(l.units, u)
	if l.unseen == "" {
		l.unseen = fmt.Sprintf("the hub's machine is the one that the Murano package in %s makes, and what it is like is chosen when that is deployed; state it in an infra.yaml", dir)
	}
}
