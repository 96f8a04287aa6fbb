package yaml12

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func parse(t *testing.T, s string) (*doc.Node, []Error) {
	t.Helper()
	return Parse(span.NewSource("config.yaml", s).Whole(), Options{})
}

// The answers are those of ruamel.yaml 0.17.21 in round-trip mode.
func TestValues(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"", `null`},
		{"# only a comment\n", `null`},
		{"{}", `{}`},
		{"a: no\nb: yes\nc: on\nd: off\ne: y\n", `{"a":"no","b":"yes","c":"on","d":"off","e":"y"}`},
		{"a: True\nb: FALSE\nc: tRUE\n", `{"a":true,"b":false,"c":"tRUE"}`},
		{"a:\nb: ~\nc: NULL\nd: None\ne: ''\n", `{"a":null,"b":null,"c":null,"d":"None","e":""}`},
		{"a: 010\nb: 0o10\nc: 0x1F\nd: 0b101\ne: 1_000\nf: +12\ng: 1__0\nh: 0o8\n", `{"a":10,"b":8,"c":31,"d":5,"e":1000,"f":12,"g":10,"h":"0o8"}`},
		{"a: 1e3\nb: .5\nc: 2.\nd: .5e3\ne: .5e+3\nf: 1:30\ng: 1.5G\n", `{"a":1000,"b":0.5,"c":2,"d":".5e3","e":500,"f":"1:30","g":"1.5G"}`},
		{"a: .inf\nb: -.inf\n", `{"a":{"$float":"inf"},"b":{"$float":"-inf"}}`},
		{"%YAML 1.1\n---\na: 010\nb: y\nc: on\nd: 1:30\ne: no\n", `{"a":8,"b":true,"c":true,"d":90,"e":false}`},
		{"%YAML 1.2\n---\na: no\n", `{"a":"no"}`},
		{"\uFEFFa: 1\r\nb: 2\r\n", `{"a":1,"b":2}`},
		{"a: 2024-01-01\n", `{"a":{"$date":"2024-01-01"}}`},
		{"a: !secret x\nb: !foo {c: d}\n", `{"a":{"$tagged":["Tag('!secret')","x"]},"b":{"c":"d"}}`},
		{"a: =\n", `{"a":{"$tagged":["Tag('tag:yaml.org,2002:value')","="]}}`},
		{"a: !!str 5\nb: !!int \"5\"\nc: !!bool yes\nd: ! 5\n", `{"a":"5","b":5,"c":true,"d":5}`},
		{"a: ! \"5\"\nb: ! x\nc: !\n", `{"a":5,"b":"x","c":null}`},
		{"1000: a\n1.5: b\n~: c\ntrue: d\n", `{"$key:int:1000":"a","$key:ScalarFloat:1.5":"b","$key:NoneType:None":"c","$key:bool:True":"d"}`},
		{"a: {{ x }}\n", `{"a":{"$key:CommentedKeyMap:ordereddict([('x', None)])":null}}`},
		{"a: ${x}\n", `{"a":"${x}"}`},
		{"b: &b {m: 2G, c: 9}\nl:\n  <<: *b\n  c: 1\n", `{"b":{"m":"2G","c":9},"l":{"c":1,"m":"2G"}}`},
		{"l:\n  <<: [{a: 1}, {a: 2, b: 3}]\n", `{"l":{"a":1,"b":3}}`},
		{"a: >\n  2G\nb: |-\n  x\n  y\n", `{"a":"2G\n","b":"x\ny"}`},
		{"a: 'x\ty'\nb: 1 #\ttab in a comment\nc: |\n  p\tq\n", `{"a":"x\ty","b":1,"c":"p\tq\n"}`},
		{"a: !!set {x, y}\nb: [!!set {z}]\n", `{"a":{"$object":"CommentedSet"},"b":[{"$object":"CommentedSet"}]}`},
		{"a: !!omap [x: 1, y: 2]\nb: !!omap []\nc: !!pairs [x: 1, x: 2]\n", `{"a":{"x":1,"y":2},"b":{},"c":[["x",1],["x",2]]}`},
		{"a: !!binary aGVsbG8=\nb: !!foo x\nc: !!foo [x]\nd: !!seq [x]\ne: !!map {x: y}\n", `{"a":{"$object":"bytes"},"b":{"$tagged":["Tag('!!foo')","x"]},"c":["x"],"d":["x"],"e":{"x":"y"}}`},
		{"a: !!float 1.5\nb: !!float 1e3\nc: !!float .inf\n", `{"a":1.5,"b":1000,"c":{"$float":"inf"}}`},
		{"a: 2024-01-01 10:00:00\nb: 2024-01-01T10:00:00Z\nc: 2024-01-01T00:30:00+01:00\nd: 2024-1-2t3:04:05.5\ne: 2024-01-01 10:00:00.1234567 -02:30\n", `{"a":{"$date":"2024-01-01T10:00:00"},"b":{"$date":"2024-01-01T10:00:00"},"c":{"$date":"2023-12-31T23:30:00"},"d":{"$date":"2024-01-02T03:04:05.500000"},"e":{"$date":"2024-01-01T12:30:00.123457"}}`},
		{"2024-01-02: x\n", `{"$key:date:datetime.date(2024, 1, 2)":"x"}`},
		{"a: \"b\\/c\"\nb: \"\\\\/\"\nc: '\\/'\nd: \\/\n", `{"a":"b/c","b":"\\/","c":"\\/","d":"\\/"}`},
		{"b: &b {m: 2G}\n<<: *b\nl:\n  <<: *b\n", `{"b":{"m":"2G"},"l":{"m":"2G"}}`},
		{"a: 99999999999999999999\n", `{"a":100000000000000000000}`},
	} {
		n, errs := parse(t, c.yaml)
		if len(errs) > 0 {
			t.Errorf("%q: %v", c.yaml, errs)
			continue
		}
		var got, want any
		b, err := json.Marshal(n.Plain())
		if err != nil {
			t.Fatal(err)
		}
		_ = json.Unmarshal(b, &got)
		_ = json.Unmarshal([]byte(c.want), &want)
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		if string(g) != string(w) {
			t.Errorf("%q:\n got %s\nwant %s", c.yaml, g, w)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ yaml, at, msg string }{
		{"a: 1\nb: 2\na: 3\n", "config.yaml:3:1", "twice"},
		{"{a: 1, a: 2}", "config.yaml:1:8", "twice"},
		{"0x1f: a\n010: b\n1_0: c\n", "config.yaml:3:1", "twice"},
		{"1: a\ntrue: b\n", "config.yaml:2:1", "twice"},
		{"a: 1\n---\nb: 1\n", "config.yaml:2:1", "second document"},
		{"a: 1\n---\n", "config.yaml:2:1", "second document"},
		{"limits:\n\tmemory: 2G\n", "config.yaml:2:1", "tab"},
		{"a:\tb\n", "config.yaml:1:3", "tab"},
		{"a: b\t# c\n", "config.yaml:1:5", "tab"},
		{"a: 2024-13-45\n", "config.yaml:1:4", "date"},
		{"a: !!int 'x'\n", "config.yaml:1:10", "!!int"},
		{"a: !!float 2\n", "config.yaml:1:12", "!!float"},
		{"a: !!set [x]\n", "config.yaml:1:10", "!!set"},
		{"a: !!seq x\n", "config.yaml:1:10", "!!seq"},
		{"a: !!str [x]\n", "config.yaml:1:10", "!!str"},
		{"a: !!omap {x: 1}\n", "config.yaml:1:11", "!!omap"},
		{"a: !!omap [x]\n", "config.yaml:1:12", "!!omap"},
		{"a: 2024-01-01 25:00:00\n", "config.yaml:1:4", "date"},
		{"<<: foo\n", "config.yaml:1:1", "merged"},
		{"a: b: c\n", "config.yaml:1:1", "mapping values"},
		{"a: *x\n", "config.yaml:1:4", "unknown anchor"},
		{"a: @x\n", "config.yaml:1:1", "cannot start"},
		{"a:\n  b: 1\n c: 2\n", "config.yaml:3:2", "did not find expected key"},
		{"a: [1,\n", "config.yaml:", ""},
		{"a: &x [*x]\n", "config.yaml:1:8", "contains it"},
	} {
		_, errs := parse(t, c.yaml)
		if len(errs) == 0 {
			t.Errorf("%q: no error", c.yaml)
			continue
		}
		if e := errs[0].Error(); !strings.HasPrefix(e, c.at) || !strings.Contains(e, c.msg) {
			t.Errorf("%q: %s", c.yaml, e)
		}
	}
}

// A small text that would be enormous once expanded is an error, and quickly so.
func TestAliasBomb(t *testing.T) {
	s := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'l'; c++ {
		p := string(c - 1)
		s += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+p+",", 8) + "*" + p + "]\n"
	}
	if _, errs := parse(t, s); len(errs) != 1 || !errs[0].Bound {
		t.Fatal(errs)
	}
	if _, errs := parse(t, strings.Repeat("[", 5000)); len(errs) != 1 {
		t.Fatal(errs)
	}
	if _, errs := parse(t, strings.Repeat("[", 5000)+strings.Repeat("]", 5000)); len(errs) != 1 {
		t.Fatal(errs)
	}
}

func TestSpans(t *testing.T) {
	src := "users:\n  admin:\n    - ann\n    - \"bé\\\"b\"\nlimits: {memory: 2G, cpu: 1.5}\nempty:\ntext: &a !!str |\n  one\n  two\nlast: long\n  text\n"
	n, errs := parse(t, src)
	if errs != nil {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		path []any
		want string
	}{
		{[]any{"users", "admin", 0}, "3:7-3:10"},
		{[]any{"users", "admin", 1}, "4:7-4:14"},
		{[]any{"users", "admin"}, "3:5-4:14"},
		{[]any{"limits", "memory"}, "5:18-5:20"},
		{[]any{"limits", "cpu"}, "5:27-5:30"},
		{[]any{"limits"}, "5:9-5:31"},
		{[]any{"empty"}, "6:1-6:7"},
		{[]any{"text"}, "7:16-9:6"},
		{[]any{"last"}, "10:7-11:7"},
		{nil, "1:1-11:7"},
	} {
		at := n.AtPath(c.path).At
		if got := show(at); got != c.want {
			t.Errorf("%v: %s, want %s", c.path, got, c.want)
		}
	}
	if k := n.Get("users", "admin").KeyAt; show(k) != "2:3-2:8" {
		t.Errorf("key: %s", show(k))
	}
}

func show(s span.Span) string {
	b, _ := json.Marshal([]int{s.Start.Line, s.Start.Column, s.End.Line, s.End.Column})
	var p []int
	_ = json.Unmarshal(b, &p)
	return itoa(p[0]) + ":" + itoa(p[1]) + "-" + itoa(p[2]) + ":" + itoa(p[3])
}

func itoa(i int) string { b, _ := json.Marshal(i); return string(b) }

func TestUnknown(t *testing.T) {
	u := span.Unknown("variable x has no value")
	n, errs := parse(t, "a: "+u+"\nb: x-"+u+"\nc: \""+u+"\"\n"+u+": 1\nd: [1, "+u+"]\n")
	if errs != nil {
		t.Fatal(errs)
	}
	for _, k := range []string{"a", "b", "c"} {
		if c := n.Get(k); c.State != doc.Unknown || c.Why != "variable x has no value" {
			t.Errorf("%s: %+v", k, c)
		}
	}
	if n.Get("a").Kind != doc.Null || n.Get("c").Kind != doc.String {
		t.Error("a plain token may be of any type, a quoted one is a string")
	}
	if n.State != doc.Unknown || n.Get("d").Items[1].State != doc.Unknown || n.Get("d").Items[0].State != doc.Set {
		t.Error("an unknown key makes its mapping unknown, an unknown item only itself")
	}
}

func TestTemplateLines(t *testing.T) {
	u := span.Unknown("a template")
	n, errs := parse(t, "base_url: /x\nusers:\n  admin:\n"+u+"\n    - ann\n"+u+"\nlimits:\n  memory: 2G\n")
	if errs != nil {
		t.Fatal(errs)
	}
	if n.State != doc.Unknown || n.Get("base_url").State != doc.Set || n.Get("users").State != doc.Unknown || n.Get("limits", "memory").State != doc.Set {
		t.Errorf("%+v", n.Plain())
	}
	n, errs = parse(t, u+"\na: 1\n"+u+"\na: 2\n"+u+"\n")
	if errs != nil || n.Get("a").State != doc.Unknown {
		t.Errorf("%v %+v", errs, n)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1\n", "? [a]\n: - b\n", "a: &x {b: *x}", "- |\n  x\n- >-\n y", "a: 'b''c'\n\"d\\\"\": e", "%YAML 1.1\n---\na: 0_\n", "\uFEFFa: \u2028b", "a: " + span.Unknown("y") + "\n" + span.Unknown("z"), "<<: [{a: 1}]", "a: -_\n", "!!binary =", "[[[[", "a: !<x> b", "\r\r\n:", "a: \"\\", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, errs := Parse(span.NewSource("f", s).Whole(), Options{MaxBytes: 1 << 12, MaxNodes: 1000})
		if n == nil && len(errs) == 0 {
			t.Fatal("neither a tree nor an error")
		}
		if _, err := json.Marshal(n.Plain()); err != nil {
			t.Fatal(err)
		}
	})
}
