package bicep

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/read/terraform"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/moduletest"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func read(m steptest.Files, file string) terraform.Module {
	return Read(m, span.NewSource(file, m[file]), "")
}

func TestFiles(t *testing.T) { moduletest.Run(t, read) }

// A machine whose size is an expression: what becomes of everything that the language knows.
func TestExpressions(t *testing.T) {
	for expr, want := range map[string]string{
		`'x'`:                                "set x main.bicep:",
		`'it\'s \\ \u{41}'`:                  `set it's \ A`,
		`'\${x}'`:                            "set ${x}",
		`'a${known}c'`:                       "default abc",
		`'a${open}c'`:                        "unknown",
		`'${1}-${true}'`:                     "set 1-True",
		"'''\nx'''":                          "set x",
		"'''a'b''''":                         "set a'b'",
		"'''${known}'''":                     "set ${known}",
		"$'''${known}x'''":                   "default bx",
		"$$'''${known}$${known}'''":          "default ${known}b",
		`known`:                              "default b",
		`open`:                               "unknown <nil> main.bicep:; parameter open has no default",
		`secret`:                             "unknown <nil> ; parameter secret is a secret",
		`nobody`:                             "unknown <nil> main.bicep:; nobody is not declared",
		`circle`:                             "unknown <nil> ; it refers to itself",
		`object.a[1]`:                        "set two",
		`object['a'][0]`:                     "set one",
		`object.a[^1]`:                       "set two",
		`object.a[9]`:                        "unknown",
		`object.x`:                           "unknown <nil> main.bicep:; there is no x here",
		`object.?x ?? 'y'`:                   "set y",
		`object.a[?9] ?? 'y'`:                "set y",
		`object!.a![0]!`:                     "set one",
		`open ?? 'y'`:                        "unknown",
		`null ?? 'y'`:                        "set y",
		`known == 'b' ? 'y' : 'n'`:           "set y",
		`known == 'B' ? 'y' : 'n'`:           "set n",
		`known =~ 'B' ? 'y' : 'n'`:           "set y",
		`known !~ 'B' ? 'y' : 'n'`:           "set n",
		`known != 'b' ? 'y' : 'n'`:           "set n",
		`open == 'b' ? 'y' : 'n'`:            "unknown",
		`open == 'b' ? 'y' : 'y'`:            "set y",
		`1 == '1' ? 'y' : 'n'`:               "set n",
		`null == null ? 'y' : 'n'`:           "set y",
		"known == 'b'\n ? 'y'\n : 'n'":       "set y",
		`!(1 + 2 * 3 == 7) ? 'n' : 'y'`:      "set y",
		`1 < 2 && 2 >= 2 ? 'y' : 'n'`:        "set y",
		`false && open ? 'y' : 'n'`:          "set n",
		`true || open ? 'y' : 'n'`:           "set y",
		`open || open ? 'y' : 'n'`:           "unknown",
		`'a' < 'b' ? 'y' : 'n'`:              "unknown",
		`string(7 / 2 + 7 % 4 - -1)`:         "set 7",
		`toUpper('x')`:                       "set X",
		`sys.toUpper('x')`:                   "set X",
		`concat('a', known)`:                 "set ab",
		`format('{0}-{1}', 'a', 1)`:          "set a-1",
		`join(['a', 'b'], ',')`:              "set a,b",
		"join([\n'a'\n'b'\n], ',')":          "set a,b",
		`join([...object.a, 'c'], '')`:       "set onetwoc",
		`{...object, b: 'x'}.b`:              "set x",
		`{...open, b: 'x'}.b`:                "unknown",
		`{'${known}': 'x'}.b`:                "set x",
		`join(map([1, 2], x => '${x}'), '')`: "set 12",
		`join(map([1, 2], (x, i) => '${x}${i}'), '')`:      "set 1021",
		`first(filter(['a', 'b'], x => x == 'b'))`:         "set b",
		`toObject(['a'], x => x, x => 'v${x}').a`:          "set va",
		`mapValues({ a: 'x' }, x => '${x}${x}').a`:         "set xx",
		`string(reduce([1, 2, 3], 0, (a, x) => a + x))`:    "set 6",
		`first(sort(['b', 'a'], (x, y) => x < y))`:         "unknown <nil> main.bicep:; a list that is not known: the function sort is not evaluated",
		`join([for x in ['a', 'b']: '${x}!'], '')`:         "set a!b!",
		`join([for (x, i) in ['a', 'b']: '${x}${i}'], '')`: "set a0b1",
		`items({ k: 'v' })[0].value`:                       "set v",
		`any('x')`:                                         "set x",
		`nameof(known)`:                                    "set known",
		`twice('ab')`:                                      "set abab",
		`forever('a')`:                                     "unknown",
		`loadTextContent('size.txt')`:                      "set Standard_B2s size.txt:1:1",
		`loadTextContent('../size.txt')`:                   "unknown <nil> main.bicep:; ../size.txt lies outside this repository",
		`loadTextContent('none.txt')`:                      "unknown <nil> main.bicep:; none.txt is not in this repository",
		`loadTextContent(open)`:                            "unknown",
		`loadJsonContent('size.json').size`:                "set x size.json:1:11",
		`loadJsonContent('size.txt').size`:                 "unknown",
		`loadYamlContent('size.yaml').a[0]`:                "set x size.yaml:2:5",
		`uniqueString(resourceGroup().id)`:                 "unknown <nil> main.bicep:; made up by Azure",
		`resourceGroup().location`:                         "unknown",
		`environment().suffixes.storage`:                   "unknown",
		`reference('x').y`:                                 "unknown",
		`resourceId('A/b', 'c')`:                           "unknown <nil> main.bicep:; c (A/b) is not declared",
		`other.listKeys().keys[0].value`:                   "unknown <nil> main.bicep:; a secret that is looked up (listKeys)",
		`other.name`:                                       "set other",
		`other.type`:                                       "set A/b",
		`other.properties.x`:                               "set y",
		`other.properties.made`:                            "unknown <nil> main.bicep:; known only when the template is deployed (other.properties.made)",
		`other::inner.name`:                                "set inner",
		`other::inner.properties.z`:                        "set z",
		`there.properties.x`:                               "unknown <nil> main.bicep:; looked up when the template is deployed (there is declared elsewhere)",
		`off.name`:                                         "unknown",
		`off.?name ?? 'z'`:                                 "set z",
		`each[1].name`:                                     "set e1",
		`unknownFunction('x')`:                             "unknown <nil> main.bicep:; the function unknownFunction is not evaluated",
		`x => 'y'`:                                         "unknown",
	} {
		text := `param known string = 'b'
param open string
@secure()
param secret string = 'b'
var object = { a: ['one', 'two'] }
var circle = circle
func twice(s string) string => '${s}${s}'
func forever(s string) string => forever('${s}${s}')
resource other 'A/b@1' = {
  name: 'other'
  properties: { x: 'y' }
  resource inner 'c' = { name: 'inner', properties: { z: 'z' } }
}
resource there 'A/b@1' existing = { name: 'there' }
resource off 'A/b@1' = if (false) { name: 'off' }
resource each 'A/b@1' = [for i in range(0, 2): { name: 'e${i}' }]
resource vm 'Microsoft.Compute/virtualMachines@2023-03-01' = { name: 'hub', properties: { hardwareProfile: { vmSize: ` + expr + `
} } }
`
		files := steptest.Files{"main.bicep": text, "size.txt": "Standard_B2s", "size.json": `{"size": "x"}`, "size.yaml": "a:\n  - x\n"}
		got := moduletest.Describe(read(files, "main.bicep"))
		value, why := got["/instances/0/machine/type"], got["/instances/0/machine/type why"]
		w, reason, _ := strings.Cut(want, "; ")
		if !strings.HasPrefix(value, strings.TrimSpace(w)) || !strings.HasPrefix(why, reason) || got["problem 0"] != "" {
			t.Errorf("%s\n got %s; %s %s\nwant %s", expr, value, why, got["problem 0"], want)
		}
	}
}

// A text that is not Bicep is a problem with its place, and nothing of it is taken for known.
func TestMalformed(t *testing.T) {
	for text, want := range map[string]string{
		"hello":                                "main.bicep:1:1 not valid Bicep: this is no declaration",
		"param":                                "main.bicep:1:6 not valid Bicep: the name of what is declared is missing",
		"var x = 'a":                           "main.bicep:1:9 not valid Bicep: this text has no end",
		"var x = 'a\n'":                        "main.bicep:1:9 not valid Bicep: this text has no end on its line",
		"var x = '''a":                         "main.bicep:1:9 not valid Bicep: this text has no end",
		"var x = 'a${'":                        "main.bicep:1:13 not valid Bicep: this text has no end",
		"var x = 'a${b'":                       "main.bicep:1:14 not valid Bicep: \"}\" is missing here",
		"var x = '\\q'":                        "main.bicep:1:10 not valid Bicep: this escape",
		"var x = 1 /* b":                       "main.bicep:1:11 not valid Bicep: this comment has no end",
		"var x = [1 2]":                        "main.bicep:1:12 not valid Bicep: a comma or a new line is missing here",
		"var x = {a 1}":                        "main.bicep:1:12 not valid Bicep: \":\" is missing here",
		"var x = {":                            "main.bicep:1:10 not valid Bicep: the name of a property is missing here",
		"var x = (1, 2)":                       "main.bicep:1:9 not valid Bicep: there are several expressions",
		"var x = 1 2":                          "main.bicep:1:11 not valid Bicep: a declaration ends here",
		"var x = ~":                            "main.bicep:1:9 not valid Bicep: this character means nothing",
		"var x = 1\n\nresource x = {}":         "main.bicep:3:12 not valid Bicep: a text is missing here",
		"resource x 'a/b' = if true {}":        "main.bicep:1:23 not valid Bicep: \"(\" is missing",
		"var x = [for x on y: z]":              "main.bicep:1:16 not valid Bicep: \"in\" is missing",
		"param x {":                            "main.bicep:1:10 not valid Bicep: this type has no end",
		"import {a} of 'b'":                    "main.bicep:1:12 not valid Bicep: \"from\" is missing",
		"var x = " + strings.Repeat("[", 10e4): "main.bicep:1:",
		"var x = " + strings.Repeat("-", 10e4): "main.bicep:1:",
		"var x = '" + strings.Repeat("${'", 5000): "main.bicep:1:",
	} {
		got := moduletest.Describe(read(steptest.Files{"main.bicep": text}, "main.bicep"))
		if !strings.HasPrefix(got["problem 0"], want) || !strings.HasSuffix(got["problem 0"], "fatal=true") || !strings.HasPrefix(got["/complete"], "derived false") {
			t.Errorf("%.60q\n got %.200s, complete %s\nwant %s", text, got["problem 0"], got["/complete"], want)
		}
	}
}

// What is declared in a way that is not read may hold machines.
func TestIncomplete(t *testing.T) {
	for text, want := range map[string]string{
		"resource x '${y}' = { name: 'x' }": "a resource has no type that is known",
		"resource x 'A/b@1' = y":            "what x is made of cannot be read",
		"resource x 'Microsoft.Compute/virtualMachineScaleSets@1' = { name: 'x' }": "Microsoft.Compute/virtualMachineScaleSets makes machines, and is not evaluated",
		"resource x 'Microsoft.Resources/deployments@1' = { name: 'x' }":           "a linked or nested template is not evaluated",
		"resource x 'Microsoft.Compute/virtualMachines@1' = { ...y\n name: 'x' }":  "what x is made of is not known: y is not declared",
		"module m 'ts:1/rg/spec:v1' = { name: 'm' }":                               "the module m is not evaluated: ts:1/rg/spec:v1 is not in this repository",
		"module m './nested.json' = { name: 'm' }":                                 "the module m is not evaluated: nested.json declares no resources",
		"module m './broken.bicep' = { name: 'm' }":                                "the module m is not evaluated: broken.bicep cannot be read",
		"resource x 'A/b@1' = { name: 'x' }\nresource x 'A/b@1' = { name: 'x' }":   "x is declared twice",
		"module a './a.bicep' = { name: 'a' }":                                     "the module a is not evaluated: it uses itself",
		"resource x 'A/b@1' = [for i in range(0, 900): { name: 'x${i}' }]":         "",
		"var a = [for i in range(0, 1000): [for j in range(0, 1000): i]]\nresource x 'Microsoft.Compute/virtualMachines@1' = { name: 'x', tags: { a: length(a) } }": "this Bicep file takes too long to evaluate",
	} {
		files := steptest.Files{"main.bicep": text, "broken.bicep": "x", "nested.json": "{}", "a.bicep": "module a './a.bicep' = { name: 'a' }"}
		got := moduletest.Describe(read(files, "main.bicep"))
		if want != "" && !strings.Contains(got["/incomplete/0"], want) {
			t.Errorf("%s\n got %s\nwant %s", text, got["/incomplete/0"], want)
		}
	}
}

// What doubles again and again comes to an end.
func TestGrowing(t *testing.T) {
	for _, step := range []string{"[...V, ...V]", "'${V}${V}'", "{ a: V, b: V }", "[V, V]", "union({ a: V }, { a: V, b: V })", "union(V, V, ['x'])",
		"concat(V, V)", "format('{0}{0}', V)", "[string(V), string(V)]", "[for x in range(0, 2): V]", "{ ...V, '${string(V)}': V }"} {
		for _, first := range []string{"['x']", "open"} {
			text := "param open string\nvar v0 = " + first + "\n"
			for i := range 60 {
				text += fmt.Sprintf("var v%d = %s\n", i+1, strings.ReplaceAll(step, "V", fmt.Sprintf("v%d", i)))
			}
			text += "resource vm 'Microsoft.Compute/virtualMachines@1' = { name: 'x', tags: { a: v60, b: '${v60}', c: v59 == v60, d: string(v60) }\nproperties: v60 }\n"
			got := moduletest.Describe(read(steptest.Files{"main.bicep": text}, "main.bicep"))
			if got["problem 0"] != "" {
				t.Errorf("%s of %s: %s", step, first, got["problem 0"])
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range moduletest.Files(f) {
		m, _ := moduletest.Archive(f, file)
		for _, text := range m {
			f.Add(text)
		}
	}
	f.Add("var a = '${a}'\nresource x 'Microsoft.Compute/virtualMachines@1' = [for i in range(0, 3): if (a) { name: x[i].name, parent: x[0] }]\nmodule m 'main.bicep' = { params: { ...m.outputs } }")
	f.Add("param x 'a' | {\n b: c? } = $$'''$${x}'''''\n@sys.secure()\nparam y resource 'a/b'?\nusing 'main.bicep'\nfunc f(a b[]) c => f(a)\n#disable-next-line x\nvar z = f(f)!.?a[?^1]::b ?? x => [for (a, b) in z: ...b]")
	f.Fuzz(func(t *testing.T, text string) {
		moduletest.Describe(read(steptest.Files{"main.bicep": text, "main.bicepparam": text, "main.parameters.json": text, "cloud-init.yaml": text}, "main.bicep"))
	})
}
