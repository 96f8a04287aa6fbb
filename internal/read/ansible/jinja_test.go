package ansible

import (
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/yamltext"
)

const vars = `
s: text
n: 3
f: 1.5
yes_: yes
no_: "no"
l: [a, b, c]
d: {x: 1, y: {z: [5, 6]}}
people: [{name: ann, admin: true}, {name: bob}]
nested: "{{ s }}-{{ d.x }}"
nothing:
`

func TestExpressions(t *testing.T) {
	d, err := yamltext.Parse(span.NewSource("v.yml", vars).Whole(), "v")
	if err != nil {
		t.Fatal(err)
	}
	ev := testEval(fromNode(d, d.Root).child)
	for in, want := range map[string]string{
		"{{ s }} {{ n + 1 }} {{ f * 2 }} {{ n / 2 }} {{ 7 // 2 }} {{ -n % 5 }} {{ 2 ** 3 }}":                               "text 4 3.0 1.5 3 2 8",
		"{{ s ~ '_' ~ n }}{{ s + 'x' }}{{ 'a' 'b' }}":                                                                      "text_3textxab",
		"{{ nested }} {{ d.y.z[0] }} {{ d['y']['z'][-1] }} {{ l[1:] }} {{ s[0] }}":                                         "text-1 5 6 ['b', 'c'] t",
		"{{ yes_ }} {{ no_ | bool }} {{ not yes_ }} {{ nothing }}|{{ none }}":                                              "True False False |",
		"{{ gone | default('x') }} {{ gone | d(l | first) }} {{ no_ | default('y', true) }} {{ '' | default('z', true) }}": "x a no z",
		"{{ l | join(', ') }} {{ people | map(attribute='name') | join('/') }} {{ ','.join(l) }}":                          "a, b, c ann/bob a,b,c",
		"{{ people | selectattr('admin', 'defined') | map(attribute='name') | list }}":                                     "['ann']",
		"{{ s | upper | lower | capitalize }} {{ ' x ' | trim }} {{ s | replace('t', 'T') }} {{ s | length }}":             "Text x TexT 4",
		"{{ 'a' if n > 2 and s == 'text' else 'b' }} {{ (n == 3) | ternary('yes', 'no') }} {{ 'x' if false }}|":            "a yes …|",
		"{{ 'b' in l }} {{ 'q' not in l }} {{ 'x' in d }} {{ n in [1, 3] }} {{ 1 < n <= 3 }}":                              "True True True True True",
		"{{ s is defined }} {{ s is string and n is number }} {{ l is iterable }} {{ n is odd }} {{ nothing is none }}":    "True True True True True",
		"{{ d | dict2items | length }} {{ {'a': 1} | combine({'b': 2}) }} {{ d | to_json }}":                               `2 {'a': 1, 'b': 2} {"x": 1, "y": {"z": [5, 6]}}`,
		"{{ ['b', 'a', 'b'] | unique | sort | list }} {{ l | union(['z']) | last }} {{ [[1], [2, [3]]] | flatten }}":       "['a', 'b'] z [1, 2, 3]",
		"{{ '5' | int + 1 }} {{ '1.5' | float }} {{ s | regex_replace('^t(.)', '\\\\1-') }} {{ '%s:%d' % ['a', 1] }}":      "6 1.5 e-xt a:1",
		"{{ s.upper() }} {{ s.startswith('te') }} {{ d.get('x') }} {{ d.get('q', 9) }} {{ 'a,b'.split(',') }}":             "TEXT True 1 9 ['a', 'b']",
		"{{ 'aGk=' | b64decode }} {{ 'hi' | b64encode }} {{ '/a/b.c' | basename }} {{ '/a/b.c' | dirname }}":               "hi aGk= b.c /a",
		"{{ range(1, 4) | list }} {{ query('items', l) | length }} {{ lookup('env', 'X') }} {{ s | password_hash }}":       "[1, 2, 3] 3 … …",
		"{{ gone }} {{ gone.x | default('y') }} {{ d.gone is defined }} {{ a b }} {{ 'x":                                   "… y False … {{ 'x",
		"{# c #}{{ '{{' }} {% raw %}{{ x }}{% endraw %}":                                                                   "{{ {{ x }}",
		"{% for p in people %}\n- {{ p.name }}{% if not loop.last %},{% endif %}\n{% endfor %}\n":                          "- ann,- bob",
		"{% for k, v in d.items() %}{{ k }}{% else %}none{% endfor %}{% for x in [] %}{% else %}none{% endfor %}":          "xynone",
		"{% set a = n + 1 %}{{ a }}{% if n > 5 %}x{% elif n > 2 %}y{% else %}z{% endif %}":                                 "4y",
		"a\n{%- if yes_ %} b {%- endif %}\nc":                                                                              "a bc",
		"x\n{% if gone %}\ny\n{% else %}\nz\n{% endif %}\nw":                                                               "x\n…\nw",
		"run {% if gone %}--x {{ gone }}{% endif %} y\nnext":                                                               "run … y\nnext",
		"{{ d | to_yaml }}":      "\"x\": 1\n\"y\":\n    \"z\": [5, 6]\n",
		"{{ d | to_nice_yaml }}": "\"x\": 1\n\"y\":\n    \"z\":\n        -   5\n        -   6\n",
	} {
		if got := span.Show(ev.render(span.NewSource("t", in).Whole()).String()); got != want {
			t.Errorf("%s\n got %q\nwant %q", in, got, want)
		}
	}
}

// A template keeps the place of what it copies, and of the values that it is filled with.
func TestRenderedPlaces(t *testing.T) {
	d, _ := yamltext.Parse(span.NewSource("v.yml", "mem: 2G\n").Whole(), "v")
	ev := testEval(fromNode(d, d.Root).child)
	ev.own = true
	text := ev.render(span.NewSource("c.j2", "limits:\n{% if true %}\n  memory: {{ mem }}\n{% endif %}\n").Whole())
	if text.String() != "limits:\n  memory: 2G\n" {
		t.Fatalf("%q", text.String())
	}
	if at := text.SpanOf(18, 20); at.String() != "v.yml:1:6" {
		t.Errorf("the value is at %v", at)
	}
	if at := text.SpanOf(10, 16); at.String() != "c.j2:3:3" {
		t.Errorf("the key is at %v", at)
	}
}
