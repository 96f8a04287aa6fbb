package fix

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/yaml12"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// TestRandomConfigs makes changes to random files: whatever is edited, the rest of the file stays byte for byte, comments
// included, and reading it again shows the change and no other.
func TestRandomConfigs(t *testing.T) {
	edited := 0
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 1))
		files, main := randomHub(r)
		spec := randomChange(r)
		res := read(t, files)
		if len(res.Hubs) != 1 {
			continue
		}
		x := New(res, nil)
		todo, err := changes(set(t, spec))
		if err != nil {
			t.Fatal(err)
		}
		edits, err := x.changed(t, set(t, spec))
		if err != nil {
			continue
		}
		edited++
		for _, e := range edits {
			if e.File != main && e.File != "install.sh" {
				t.Errorf("seed %d: %s is edited", seed, e.File)
			}
		}
		after := map[string]string{}
		for name, text := range files {
			var mine []Edit
			for _, e := range edits {
				if e.File == name {
					mine = append(mine, e)
				}
			}
			if after[name], err = Apply(text, mine); err != nil {
				t.Fatal(err)
			}
			if a, b := comments(text), comments(after[name]); a != b {
				t.Errorf("seed %d, %s: the comments were\n%sand are\n%s", seed, spec, a, b)
			}
			if lost := len(split(text)) - kept(text, after[name]); lost > 1 {
				t.Errorf("seed %d, %s: %d lines of %s differ:\n%s\nwas\n%s", seed, spec, lost, name, after[name], text)
			}
		}
		before, now := res.Hubs[0].Root.Get("config").Plain(), read(t, after).Hubs[0].Root.Get("config").Plain()
		if want := plain(todo[0].do(before)); !reflect.DeepEqual(want, plain(now)) {
			t.Errorf("seed %d, %s: the configuration is\n%v, want\n%v", seed, spec, now, want)
		}
	}
	if edited < 60 {
		t.Errorf("only %d of the files could be edited", edited)
	}
}

func comments(text string) string {
	out := ""
	for line := range strings.Lines(text) {
		if i := strings.Index(line, "#"); i >= 0 {
			out += strings.TrimSpace(line[i:]) + "\n"
		}
	}
	return out
}

// kept is how many lines are in both texts, in order.
func kept(a, b string) int { return len(matches(split(a), split(b))) }

func randomChange(r *rand.Rand) string {
	all := []string{
		"limits.memory=2G", "limits.cpu=2", "https.port=8443", "services.cull.timeout=1200", "users.allowed+=dan", "users.admin+=eve",
		"services.cull.enabled=false", "user_environment.default_app=classic",
	}
	return all[r.IntN(len(all))]
}

// randomHub is a hub whose configuration is a script or a config.yaml, with the name of the file that configures it.
func randomHub(r *rand.Rand) (files map[string]string, main string) {
	install := installer + "\n"
	if r.IntN(2) == 0 {
		return map[string]string{"install.sh": randomScript(r, install)}, "install.sh"
	}
	return map[string]string{
		"install.sh":         install + "cp config/config.yaml /opt/tljh/config/config.yaml\n",
		"config/config.yaml": randomYAML(r),
	}, "config/config.yaml"
}

func randomScript(r *rand.Rand, install string) string {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	b := pick("#!/bin/bash\n", "#!/bin/sh\nset -eu # strict\n\n") + install
	prefix := pick("sudo tljh-config", "tljh-config", "sudo -E /usr/bin/tljh-config")
	for n := range 1 + r.IntN(5) {
		line := fmt.Sprintf("%s %s", prefix, pick(
			"set limits.memory 1G", "set limits.memory '1G'", "set limits.cpu 1", "set \"limits.cpu\" \"1\"", "add-item users.admin bob",
			"add-item users.allowed cem", "set services.cull.timeout 600", "set https.port 443", "set services.cull.enabled true",
		))
		switch r.IntN(5) {
		case 0:
			line += fmt.Sprintf(" # number %d", n)
		case 1:
			line = "true && \\\n  " + line
		case 2:
			line = strings.Replace(line, " set", " \\\n    set", 1)
		}
		b += pick("", "\n", "# what follows\n") + line + "\n"
	}
	b += pick("", prefix+" reload\n", "\necho done")
	if r.IntN(5) == 0 {
		b = strings.ReplaceAll(b, "\n", "\r\n")
	}
	return b
}

func randomYAML(r *rand.Rand) string {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	unit := pick("  ", "    ")
	b := pick("", "# the hub's own\n", "---\n")
	sections := []func() string{
		func() string {
			return pick("limits:\n"+unit+"memory: 1G"+pick("", "  # each", " ")+"\n"+unit+"cpu: 1\n", "limits: {memory: \"1G\"} # few\n", "limits:\n"+unit+"cpu: 1.5 # cores\n")
		},
		func() string {
			return pick("users:\n"+unit+"admin:\n"+unit+"- ann\n"+unit+"- \"bob\" # too\n", "users:\n"+unit+"admin: [ann]\n"+unit+"allowed: []\n", "users: {admin: [ann, bob]}\n")
		},
		func() string {
			return pick("services:\n"+unit+"cull:\n"+unit+unit+"timeout: 900 # s\n"+unit+unit+"enabled: true\n", "services:\n"+unit+"cull: {timeout: 900, every: 60}\n")
		},
		func() string { return pick("https:\n"+unit+"port: 443\n", "https:\n"+unit+"enabled: false # yet\n") },
		func() string { return "user_environment:\n" + unit + "default_app: jupyterlab\n" },
	}
	r.Shuffle(len(sections), func(i, j int) { sections[i], sections[j] = sections[j], sections[i] })
	for _, s := range sections[:1+r.IntN(len(sections))] {
		b += pick("", "\n", "# next\n") + s()
	}
	b += pick("", "\n", "# end\n")
	if r.IntN(5) == 0 {
		b = strings.ReplaceAll(b, "\n", "\r\n")
	}
	if r.IntN(5) == 0 {
		b = strings.TrimRight(b, "\r\n")
	}
	return b
}

// FuzzFix edits what nobody expects: it never panics, and every edit keeps what it does not mean.
func FuzzFix(f *testing.F) {
	for name, c := range cases {
		if c.file == "config/config.yaml" {
			f.Add(true, c.text, c.set)
		} else if c.file == "" {
			f.Add(false, installs(c.text), c.set)
		}
		_ = name
	}
	f.Fuzz(func(t *testing.T, yaml bool, text, spec string) {
		if len(text) > 4096 || len(spec) > 200 || strings.Contains(spec, "\n") || !strings.Contains(spec, "=") {
			return
		}
		files := map[string]string{"install.sh": text}
		if yaml {
			files = map[string]string{"install.sh": installer + "\ncp config/config.yaml /opt/tljh/config/config.yaml\n", "config/config.yaml": text}
		}
		res := read(t, files)
		todo, err := changes(set(t, spec))
		if err != nil || len(res.Hubs) != 1 {
			return
		}
		x := New(res, nil)
		edits, err := x.changed(t, set(t, spec))
		if err != nil {
			return
		}
		all, err := x.Texts(&Patch{Edits: edits})
		if err != nil {
			t.Fatal(err)
		}
		for file, text := range files {
			if _, ok := all[file]; !ok {
				all[file] = text
			}
		}
		want := res.Hubs[0].Root.Get("config").Plain()
		for _, c := range todo {
			want = c.do(want)
		}
		now := read(t, all).Hubs[0]
		defaults(want, res.Hubs[0].Root.Get("config"), now.Root.Get("config"), todo[0].key)
		if len(todo) == 1 && !reflect.DeepEqual(plain(want), plain(now.Root.Get("config").Plain())) {
			t.Errorf("%s\nbecame\n%s\nby %s", text, all, spec)
		}
	})
}

func TestScalarsReadBack(t *testing.T) {
	for _, v := range []string{"2G", "a b", "true", "no", "12", "1e3", "a: b", "a #b", "-", "ann@uni.edu", "hub.uni.edu", "nativeauthenticator.NativeAuthenticator", "~", "", "*x", "a,b", "it's", "x:"} {
		text, ok := yamlScalar(v)
		if !ok {
			t.Errorf("%q cannot be written", v)
			continue
		}
		for _, format := range []string{"k: %s # c\n", "k: [%s, x]\n", "k: {l: %s}\n"} {
			n, errs := yaml12.Parse(span.Plain(fmt.Sprintf(format, text)), yaml12.Options{})
			if len(errs) > 0 {
				t.Errorf("%q: %v", text, errs)
				continue
			}
			got := n.Get("k")
			for got.Value == nil && (len(got.Items) > 0 || len(got.Child) > 0) {
				if len(got.Items) > 0 {
					got = got.Items[0]
				} else {
					got = got.Get("l")
				}
			}
			if got.Value != v {
				t.Errorf("%q is written %s and read %v", v, text, got.Value)
			}
		}
	}
}

func TestForIsBoundedInTime(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e := rules(t)
	res := read(t, map[string]string{"install.sh": installer + "\n"})
	if _, err := New(res, e).For(ctx, res.Hubs[0].Name, "resource-limits", set(t, "limits.memory=1G")); err == nil || !strings.Contains(err.Error(), "no time left") {
		t.Errorf("got %v", err)
	}
}
