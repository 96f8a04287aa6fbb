package arm

import (
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func read(m steptest.Files, file string) terraform.Module {
	return Read(m, span.NewSource(file, m[file]))
}

func TestTemplates(t *testing.T) { moduletest.Run(t, read) }

// A machine whose size is an expression: what becomes of every function.
func TestExpressions(t *testing.T) {
	for expr, want := range map[string]string{
		"x":                                  "set x",
		"[[x]":                               "set [x]",
		"['x']":                              "set x",
		"['it''s']":                          "set it's",
		"[parameters('known')]":              "default b main.json:1:",
		"[PARAMETERS('KNOWN')]":              "default b main.json:1:",
		"[parameters('open')]":               "unknown <nil> main.json:2:; parameter open has no defaultValue",
		"[parameters('secret')]":             "unknown <nil> main.json:2:; parameter secret is a secret",
		"[parameters('nobody')]":             "unknown <nil> main.json:2:; parameter nobody is not declared",
		"[variables('object').a[1]]":         "set two",
		"[variables('object')['a'][0]]":      "set one",
		"[variables('object').a[9]]":         "unknown",
		"[variables('circle')]":              "unknown <nil> ; it refers to itself",
		"[concat('a', parameters('known'))]": "set ab",
		"[concat('a', parameters('open'))]":  "unknown",
		"[format('{0}-{1}{{}}', 'a', 1)]":    "set a-1{}",
		"[toLower('ABC')]":                   "set abc",
		"[substring('abcdef', 1, 2)]":        "set bc",
		"[substring('abcdef', 9, 2)]":        "unknown",
		"[replace('a-b', '-', '.')]":         "set a.b",
		"[join(createArray('a', 'b'), ',')]": "set a,b",
		"[split('a,b', ',')[1]]":             "set b",
		"[if(equals(parameters('known'), 'B'), 'yes', 'no')]": "set no",
		"[if(equals(toLower('B'), 'b'), 'yes', 'no')]":        "set yes",
		"[if(parameters('open'), 'yes', 'no')]":               "unknown",
		"[if(and(true(), not(false())), 'y', 'n')]":           "set y",
		"[if(or(false(), parameters('open')), 'y', 'n')]":     "unknown",
		"[if(contains('abc', 'b'), 'y', 'n')]":                "set y",
		"[if(contains('abc', 'B'), 'y', 'n')]":                "set n",
		"[string(min(3, 2, 1))]":                              "set 1",
		"[string(max(createArray(1, 3)))]":                    "set 3",
		"[string(add(div(7, 2), mod(7, 4)))]":                 "set 6",
		"[div(1, 0)]":                                         "unknown",
		"[items(createObject('b', 'x', 'a', 'y'))[0].value]":  "set y",
		"[objectKeys(createObject('b', 1))[0]]":               "set b",
		"[take('abcd', 2)]":                                   "set ab",
		"[last(skip(createArray('a', 'b'), 1))]":              "set b",
		"[first(flatten(createArray(createArray('a'))))]":     "set a",
		"[string(indexOf('abc', 'B'))]":                       "set 1",
		"[union(createObject('a', createObject('b', 'x')), createObject('a', createObject('c', 'y'))).a.b]": "set x",
		"[string(length(union(createArray('a'), createArray('a'))))]":                                       "set 1",
		"[padLeft('7', 3, '0')]":                            "set 007",
		"[if(empty(''), 'y', 'n')]":                         "set y",
		"[if(greater(2, 1), 'y', 'n')]":                     "set y",
		"[coalesce(null(), 'x')]":                           "set x",
		"[string(add(1, mul(2, 3)))]":                       "set 7",
		"[first(range(3, 2))]":                              "set 3",
		"[string(length('abc'))]":                           "set 3",
		"[last(union(createArray('a'), createArray('b')))]": "set b",
		"[string(true())]":                                  "set True",
		"[createObject('a', 'x').a]":                        "set x",
		"[json('{\"a\": \"x\"}').a]":                        "set x",
		"[uniqueString(resourceGroup().id)]":                "unknown <nil> main.json:2:; made up by Azure",
		"[resourceGroup().location]":                        "unknown",
		"[reference('x').y]":                                "unknown",
		"[resourceId('A/b', 'c')]":                          "unknown <nil> main.json:2:; c (A/b) is not declared",
		"[own.function('x')]":                               "unknown <nil> main.json:2:; the function own.function is not evaluated",
		"[copyIndex()]":                                     "unknown",
		"['open]":                                           "unknown <nil> main.json:2:; the expression cannot be read",
		"[concat('a']":                                      "unknown <nil> main.json:2:; the expression cannot be read",
		"[concat('a' 'b')]":                                 "unknown <nil> main.json:2:; the expression cannot be read",
		"[1]":                                               "set 1",
		"[]":                                                "unknown",
	} {
		text := `{"parameters": {"known": {"type": "string", "defaultValue": "b"}, "open": {"type": "string"}, "secret": {"type": "secureString", "defaultValue": "b"}}, "variables": {"object": {"a": ["one", "two"]}, "circle": "[variables('circle')]"},
"resources": [{"type": "Microsoft.Compute/virtualMachines", "name": "hub", "properties": {"hardwareProfile": {"vmSize": "` + strings.ReplaceAll(expr, `"`, `\"`) + `"}}}]}`
		got := moduletest.Describe(read(steptest.Files{"main.json": text}, "main.json"))
		value, why := got["/instances/0/machine/type"], got["/instances/0/machine/type why"]
		w, reason, _ := strings.Cut(want, "; ")
		if !strings.HasPrefix(value, strings.TrimSpace(w)) || !strings.HasPrefix(why, reason) {
			t.Errorf("%s\n got %s; %s\nwant %s", expr, value, why, want)
		}
	}
}

// A text that cannot be read is a problem with its place, and nothing of it is taken for known.
func TestMalformed(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "main.json:1:1 not valid JSON: a value is missing",
		"{}":                        "main.json this template declares no resources",
		"{\"resources\": \"x\"}":    "main.json this template declares no resources",
		"{\"resources\": [}":        "main.json:1:16 not valid JSON",
		"{\"resources\": [] /* x":   "main.json:1:18 not valid JSON: this comment has no end",
		strings.Repeat("[", 100000): "main.json:1:",
	} {
		got := moduletest.Describe(read(steptest.Files{"main.json": text}, "main.json"))
		if !strings.HasPrefix(got["problem 0"], want) || !strings.HasPrefix(got["/complete"], "derived false") {
			t.Errorf("%.60q\n got %.200s, complete %s\nwant %s", text, got["problem 0"], got["/complete"], want)
		}
	}
}

// What stands in for a resource in a way that is not read may hold machines.
func TestIncomplete(t *testing.T) {
	for text, want := range map[string]string{
		`{"resources": ["x"]}`: "a resource cannot be read",
		`{"resources": [{}]}`:  "a resource has no type",
		`{"resources": [{"type": "Microsoft.Compute/virtualMachineScaleSets", "name": "x"}]}`:                           "makes machines, and is not evaluated",
		`{"resources": [{"type": "Microsoft.Compute/virtualMachines", "name": "x", "properties": "[variables('y')]"}]}`: "",
	} {
		got := moduletest.Describe(read(steptest.Files{"main.json": text}, "main.json"))
		if want == "" {
			if v := got["/instances/0/machine/type"]; !strings.HasPrefix(v, "unknown") {
				t.Errorf("%s: the size is %s", text, v)
			}
			continue
		}
		if !strings.Contains(got["/incomplete/0"], want) {
			t.Errorf("%s: %s", text, got["/incomplete/0"])
		}
	}
}

// Resources that lie too deeply inside others are not looked at, and the list says so.
func TestTooDeep(t *testing.T) {
	text := `{"type": "Microsoft.Compute/virtualMachines", "name": "hub", "properties": {}}`
	for range 30 {
		text = `{"type": "A/b", "name": "x", "resources": [` + text + `]}`
	}
	got := moduletest.Describe(read(steptest.Files{"main.json": `{"resources": [` + text + `]}`}, "main.json"))
	if !strings.HasPrefix(got["/complete"], "derived false") || !strings.Contains(got["/incomplete/0"], "nested too deeply") {
		t.Errorf("complete %s, %s", got["/complete"], got["/incomplete/0"])
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for _, text := range m {
			f.Add(text)
		}
	}
	f.Add(`{"variables": {"a": "[concat(variables('a'), '')]"}, "resources": [{"copy": {"count": 3}, "type": "A/b", "name": "[concat('a'"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		moduletest.Describe(read(steptest.Files{"main.json": text, "main.parameters.json": text}, "main.json"))
	})
}
