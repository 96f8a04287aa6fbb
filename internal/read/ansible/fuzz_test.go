package ansible

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// FuzzRead reads a playbook with a role, variables, an inventory and a template of a stranger.
func FuzzRead(f *testing.F) {
	f.Add("- hosts: hub\n  vars_files: [v.yml, [gone.yml, v.yml]]\n  roles: [r, {role: r, x: 1, when: x > 1}]\n  tasks:\n  - template: {src: t.j2, dest: /opt/tljh/config/config.yaml}\n",
		"- shell: tljh-config set limits.memory {{ mem | default('1G') }}\n  with_dict: {a: b}\n  notify: h\n- include_tasks: main.yml\n- set_fact: {y: \"{{ x ~ 'z' }}\"}\n",
		"mem: \"{{ size }}G\"\nsize: 4\n", "[hub]\na x=1\n[all:vars]\ny = True\n[web:children]\nhub\n", "{% for a in [1, 2] if a %}{{ a }}{% endfor %}{% if x %}y{% elif z %}{% else %}n{% endif %}{% raw %}{{ }}{% endraw %}")
	f.Add("- import_playbook: site.yml\n- hosts: [all, '!x']\n  tasks:\n  - block: [{command: 'a \"b\" c'}]\n    rescue: [{shell: >\n    x}]\n  - local_action: {module: shell, cmd: x}\n  - apt: name={{ item }} state=latest\n    loop: [a, 'b']\n",
		"- meta: flush_handlers\n- debug: msg={{ 1 if x is defined else 2 }}\n  loop_control: {loop_var: i}\n- copy:\n    content: !unsafe '{{ x }}'\n    dest: /a\n",
		"a: &a [*b]\nb: !vault x\n", "all: {hosts: {a: {x: 1}}, children: {b: {hosts: {a: }}}}", "{{ a.b[0][1:2] | map(attribute='x') | join(',') }}{{ x['y'] ~ -1 ** 2 // 3 }}{# c #}{%- set q = 1 -%}{{ q }}")
	f.Fuzz(func(t *testing.T, site, role, vars, hosts, template string) {
		files := steptest.Files{"site.yml": site, "roles/r/tasks/main.yml": role, "roles/r/handlers/main.yml": role, "v.yml": vars, "group_vars/hub.yml": vars,
			"hosts": hosts, "inventory.yml": hosts, "templates/t.j2": template}
		res := Read(files, []string{"group_vars/hub.yml", "inventory.yml", "roles/r/handlers/main.yml", "roles/r/tasks/main.yml", "site.yml", "v.yml"}, Options{})
		for _, b := range res.Playbooks {
			for _, p := range b.Plays {
				for _, s := range p.Steps {
					if _, ok := files[s.At.File]; !ok && s.At.File != "" {
						t.Fatalf("place in %q", s.At.File)
					}
				}
				if len(p.Steps) > maxFuel {
					t.Fatalf("%d steps", len(p.Steps))
				}
			}
		}
	})
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{{ a | default('b', true) }}", "{% for k, v in d.items() %}{{ k }}={{ loop.index }}{% endfor %}", "{{ 'a' 'b' in ['c'] and not x or y }}",
		"{{ [1, 2, 3][-1:] }}", "{{ {'a': (1, 2)} | to_json }}", "{{ \"%s\" % x }}{{ '\\n' }}", "{%- if a -%}{% endif %}}}", "{{ lookup('env', 'X') | ternary(1, 2) }}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		src := span.NewSource("t", s)
		out := testEval(nil).render(src.Whole())
		if out.Len() > 1<<24 {
			t.Fatalf("%d bytes", out.Len())
		}
	})
}

// testEval is an evaluation with nothing but the given variables.
func testEval(vars map[string]value) *eval {
	fuel := maxFuel
	ev := &eval{files: steptest.Files{}, lib: &library{files: steptest.Files{}, used: map[string]bool{}, done: map[string]bool{}}, fuel: &fuel}
	ev.push(byPlay, vars)
	return ev
}
