package assemble

import (
	"path"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/arm"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/repo"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// unreadable says whether a file, or one that it uses, cannot be read.
func (s *stack) unreadable() bool {
	return slices.ContainsFunc(s.modules, func(m terraform.Module) bool {
		return slices.ContainsFunc(m.Problems, func(p step.Problem) bool { return p.Fatal })
	})
}

// withoutModules leaves out files that Bicep uses as modules or imports: they are parts of that, which parts says.
func (l *loader) withoutModules(stacks []*stack) (kept []*stack, parts map[string][]*stack) {
	var files []string
	byFile, uses := map[string]*stack{}, map[string][]string{}
	for _, s := range stacks {
		if s.Kind == repo.BicepKind || s.Kind == repo.ARMKind {
			files = append(files, s.Path)
			byFile[s.Path], uses[s.Path] = s, s.modules[0].Uses
		}
	}
	tops := roots(files, uses)
	parts = map[string][]*stack{}
	for _, s := range stacks {
		if byFile[s.Path] != nil && !slices.Contains(tops, s.Path) {
			continue
		}
		kept = append(kept, s)
		if s.Kind != repo.BicepKind {
			continue
		}
		for _, f := range s.modules[0].Uses {
			if p := byFile[f]; p != nil && p != s {
				parts[s.Path] = append(parts[s.Path], p)
			}
		}
	}
	return kept, parts
}

// withoutCompiled leaves out what Bicep was compiled to, beside the Bicep itself: the two are one stack. The Bicep is what people
// write, so it is read, unless it declares its machines by modules that are not in the repository, which the compiler fetched.
func (l *loader) withoutCompiled(stacks []*stack) []*stack {
	left := map[*stack]bool{}
	for _, s := range stacks {
		if s.Kind != repo.ARMKind || !arm.Compiled(s.src) {
			continue
		}
		from := sourceOf(s, stacks)
		switch {
		case from == nil:
		case machines(s.modules[0]) && !machines(from.modules[0]) && incomplete(from.modules[0]) != "" && !from.unreadable():
			for _, o := range stacks {
				left[o] = left[o] || o == from || o.Kind == repo.BicepKind && slices.Contains(from.modules[0].Uses, o.Path)
			}
			l.problem(s.src.Span(0, 0), false, "%s is read instead of %s, which it was compiled from, because not all of that can be read (%s); compile it again after every change", s.Path, from.Path, incomplete(from.modules[0]))
		default:
			left[s] = true
			l.problem(s.src.Span(0, 0), false, "%s was compiled from %s, which is read instead; what differs in it is not seen, so compile it again or remove it", s.Path, from.Path)
		}
	}
	without := func(f repo.Unread) bool {
		return slices.ContainsFunc(stacks, func(s *stack) bool { return left[s] && s.Unread == f })
	}
	for s, is := range left {
		if is {
			l.covered[s.Path] = ""
		}
	}
	if len(left) > 0 {
		l.found.Stacks = slices.DeleteFunc(slices.Clone(l.found.Stacks), without)
		stacks = slices.DeleteFunc(slices.Clone(stacks), func(s *stack) bool { return left[s] })
	}
	return stacks
}

// sourceOf is the Bicep file that a template was compiled from: the one of its name, else the only one beside it that is no
// module, else the only one anywhere that declares the same machines.
func sourceOf(s *stack, stacks []*stack) *stack {
	modules := map[string]bool{}
	for _, o := range stacks {
		if o.Kind != repo.BicepKind {
			continue
		}
		for _, f := range o.modules[0].Uses {
			modules[f] = modules[f] || f != o.Path
		}
	}
	if modules[s.Path] {
		return nil // it is a part of what uses it
	}
	for i, like := range []func(o *stack) bool{
		func(o *stack) bool {
			return strings.TrimSuffix(o.Path, ".bicep") == strings.TrimSuffix(s.Path, ".json")
		},
		func(o *stack) bool { return path.Dir(o.Path) == path.Dir(s.Path) },
		func(o *stack) bool { return machines(s.modules[0]) && machineNames(o) == machineNames(s) },
	} {
		var found []*stack
		for _, o := range stacks {
			if o.Kind == repo.BicepKind && (i == 0 || !modules[o.Path]) && like(o) {
				found = append(found, o)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

// machineNames are what a stack calls its machines.
func machineNames(s *stack) string {
	var out []string
	for _, in := range s.modules[0].Infra.Get("instances").List() {
		id, _ := in.Get("id").Str()
		out = append(out, id)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
