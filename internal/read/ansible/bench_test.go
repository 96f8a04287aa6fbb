package ansible

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// listed is a checkout whose directories are listed once, as repo.Tree does it.
type listed struct {
	steptest.Files
	lists map[string][]string
}

func (l listed) List(dir string) []string {
	names, ok := l.lists[dir]
	if !ok {
		names = l.Files.List(dir)
		l.lists[dir] = names
	}
	return names
}

// BenchmarkRead shows that time and memory grow with the number of files: run it with -benchmem.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{250, 500, 1000} {
		files := steptest.Files{}
		for i := 0; i < n/5; i++ {
			r := fmt.Sprintf("roles/r%d/", i)
			files[r+"tasks/main.yml"] = "- apt: {name: '{{ names }}'}\n- template: {src: t.j2, dest: '/etc/x{{ size }}'}\n- command: tljh-config set limits.memory {{ size }}G\n  when: size > 1\n"
			files[r+"defaults/main.yml"] = "names: [a, b]\nsize: 2\n"
			files[r+"templates/t.j2"] = "{% for n in names %}\n{{ n }}\n{% endfor %}\n"
			files[r+"handlers/main.yml"] = "- name: x\n  command: y\n"
			files[fmt.Sprintf("p%d.yml", i)] = fmt.Sprintf("- hosts: all\n  roles: [r%d]\n", i)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			var found []string
			for _, f := range sortedKeys(files) {
				if strings.HasSuffix(f, ".yml") {
					found = append(found, f)
				}
			}
			all := listed{files, map[string][]string{}}
			for b.Loop() {
				Read(all, found, Options{})
			}
		})
	}
}
