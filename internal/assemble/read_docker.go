package assemble

import (
	"path"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/compose"
	"github.com/tljh-policy/tljh-policy/internal/read/dockerfile"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// readDocker makes units of the services of Compose files and of Dockerfiles that hold TLJH. A container's image and what is
// mounted over it are one unit; its machine is the one that runs the container.
func (l *loader) readDocker(carriers []repo.Unread) {
	base := map[string]string{} // of each directory the file that Compose reads unless told otherwise
	for _, f := range carriers {
		if f.Kind == repo.ComposeKind && (base[dirOf(f.Path)] == "" || plainCompose(f.Path)) {
			base[dirOf(f.Path)] = f.Path
		}
	}
	for _, f := range carriers {
		if f.Kind != repo.ComposeKind || l.used[f.Path] {
			continue
		}
		src := l.open(f.Path)
		if src == nil {
			l.broken[f.Path] = true
			continue
		}
		c := compose.Read(l.tree, src)
		if c.Broken != "" {
			l.broken[f.Path] = true
			l.problems = append(l.problems, c.Problems...)
			continue
		}
		l.cover(f.Path)
		problems := c.Problems
		for _, s := range c.Services {
			if base[dirOf(f.Path)] != f.Path {
				s.Steps = doubtful(s.Steps, f.Path+" is one of several Compose files, and nothing in the repository says whether it is used", c.At)
			}
			if l.container(f.Path, "compose", s.Steps, s.Uses, problems, s.At) {
				problems = nil
			}
		}
	}
	for _, f := range carriers {
		if f.Kind != repo.DockerfileKind || l.used[f.Path] {
			continue
		}
		src := l.open(f.Path)
		if src == nil {
			l.broken[f.Path] = true
			continue
		}
		img := dockerfile.Read(l.tree, src, dockerfile.Options{})
		l.cover(f.Path)
		l.container(f.Path, "dockerfile", img.Steps, img.Uses, img.Problems, img.At)
	}
}

// plainCompose says whether Compose reads a file without being told of it.
func plainCompose(file string) bool {
	stem, _, _ := strings.Cut(path.Base(file), ".")
	return strings.Count(path.Base(file), ".") == 1 && (stem == "compose" || stem == "docker-compose")
}

// container makes a unit of what a container holds and runs, if that has to do with TLJH.
func (l *loader) container(file, format string, steps []step.Step, uses []string, problems []step.Problem, at span.Span) bool {
	l.cover(file, steps...)
	u := l.look(file, step.Carrier{File: file, Format: format, Container: true, At: at, Steps: steps, Uses: uses, Problems: problems})
	if !u.relevant() || !l.speaks(u) {
		return false
	}
	l.use(append(uses, u.uses...))
	l.units = append(l.units, u)
	return true
}
