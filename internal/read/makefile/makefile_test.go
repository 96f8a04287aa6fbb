package makefile

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func parsed(files steptest.Files, text string) *Makefile {
	if files == nil {
		files = steptest.Files{}
	}
	files["Makefile"] = text
	src, _ := files.Open("Makefile")
	return Read(files, src)
}

func show(s step.Step) string {
	var words []string
	for _, a := range s.Argv {
		words = append(words, span.Show(a.String()))
	}
	line := strings.Join(words, " ")
	if s.IsWrite() {
		line = "write " + s.Dest.String() + " " + s.Content.String()
	}
	if s.Cond != nil {
		line = "? " + line
	}
	at := fmt.Sprintf("%d:%d", s.At.Start.Line, s.At.Start.Column)
	if s.At.File != "Makefile" {
		at = path.Base(s.At.File) + ":" + at
	}
	return at + " " + line
}

func made(m *Makefile, goal string) []string {
	if goal == "" {
		goal = m.Default
	}
	var out []string
	for _, t := range m.Order(goal) {
		for _, s := range m.Steps(t, nil) {
			out = append(out, show(s))
		}
	}
	return out
}

func TestRecipes(t *testing.T) {
	for name, c := range map[string]struct {
		files      steptest.Files
		text, goal string
		want       []string
	}{
		"variables":                   {nil, "A = $(B)G\nB := 1\nC ?= x\nD += y\nD += z\nall:\n\t@run $(A) ${B} $C $(D) $$HOME $(E)\n", "", []string{"7:3 run 1G 1 x y z ~ …"}},
		"at once or when it is used":  {nil, "A := $(X)\nB = $(X)\nX = 2\nall:\n\trun $(B)\n\trun $(A)\n", "", []string{"5:2 run 2", "6:2 run …"}},
		"prerequisites come first":    {nil, "all: b c\n\trun all\nc: b\n\trun c\nb: ; run b\n", "", []string{"5:6 run b", "4:2 run c", "2:2 run all"}},
		"a circle":                    {nil, "a: b\n\trun a\nb: a\n\trun b\n", "", []string{"4:2 run b", "2:2 run a"}},
		"prefixes and continuations":  {nil, "a:\n\t-@run x \\\n\t  y\n", "", []string{"2:4 run x y"}},
		"each line is its own shell":  {nil, "a:\n\tcd /opt; show $(CURDIR)\n\trun\n", "", []string{"2:11 show (checkout)", "3:2 run"}},
		"one shell":                   {nil, ".ONESHELL:\na:\n\tX=1\n\trun $$X\n", "", []string{"4:2 run 1"}},
		"automatic variables":         {nil, "a: b c\n\trun $@ $< $^\n", "", []string{"2:2 run a b b c"}},
		"variables of a target":       {nil, "X = 1\nb: X = 2\na: ; run $(X)\nb: ; run $(X)\n", "b", []string{"4:6 run 2"}},
		"conditions":                  {nil, "ifeq ($(A),b)\nX = 1\nelse\nX = 2\nendif\na:\n\trun $(X)\nifdef Y\n\trun y\nendif\n", "", []string{"7:2 run …", "9:2 ? run y"}},
		"functions":                   {nil, "a:\n\trun $(strip  x  y ) $(subst a,b,aca) $(shell date) $(addprefix x,1 2)\n", "", []string{"2:2 run x y bcb … x1 x2"}},
		"eval":                        {nil, "X = 1\na:\n\t$(eval X=$$(shell date))\n\trun $(X)\n", "", []string{"4:2 run …"}},
		"several lines":               {nil, "define S\nrun 1\nrun 2\nendef\na:\n\t$(S)\n", "", []string{"2:1 run 1", "3:1 run 2"}},
		"comments and phony targets":  {nil, ".PHONY: a\n# x\nX = 1 # one\na: b # c\n\trun $(X)\n", "", []string{"5:2 run 1"}},
		"another default":             {nil, ".DEFAULT_GOAL := b\na: ; run a\nb: ; run b\n", "", []string{"3:6 run b"}},
		"exported variables":          {nil, "export X = 1\na: ; sh -c 'run $$X'\n", "", []string{"2:13 run 1"}},
		"patterns are not made":       {nil, "%.x:\n\trun\na:\n\trun a\n", "", []string{"4:2 run a"}},
		"a file that is included":     {steptest.Files{"v.mk": "X = 3\ninclude Makefile\n"}, "include v.mk\n-include gone.mk\na: ; run $(X)\n", "", []string{"3:6 run 3"}},
		"another make":                {steptest.Files{"sub/Makefile": "all: ; run sub $(X)\nb: ; run b\n"}, "a:\n\t$(MAKE) -C sub X=1\n\tcd sub && make b\n", "", []string{"Makefile:1:8 run sub 1", "Makefile:2:6 run b"}},
		"a script of the repository":  {steptest.Files{"set.sh": "tljh-config set a.b $1\n"}, "a:\n\tbash set.sh c\n", "", []string{"set.sh:1:1 tljh-config set a.b c"}},
		"a make that calls itself":    {nil, "a:\n\trun\n\tmake a\n", "", []string{"2:2 run", "2:2 run", "2:2 run", "2:2 run", "2:2 run", "3:2 make a"}},
		"a file that a recipe writes": {nil, "a:\n\techo 'x: $(Y)' > f\nY = 1\n", "", []string{"2:2 write f x: 1\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := made(parsed(c.files, c.text), c.goal)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	if d := cmp.Diff([]string{"a", "c"}, parsed(nil, "a: b\nb:\nc: b\n").Goals()); d != "" {
		t.Error(d)
	}
}

// What is malformed is a problem with its place, and what it may have held is not lost.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ text, at, want string }{
		"no tab":         {"a:\n    tljh-config set a.b c\n", "Makefile:2:1", "2:5 ? tljh-config set a.b c"},
		"a line of text": {"hello\na: ; run\n", "Makefile:1:1", "2:6 run"},
		"no such file":   {"include x.mk\na: ; run $(X)\n", "Makefile:1:1", "2:6 run …"},
		"an open call":   {"a: ; run $(X\n", "", "1:6 run …"},
		"no endef":       {"a: ; run\ndefine X\ny\n", "", "1:6 run"},
		"a lone endif":   {"endif\na: ; run\n", "", "2:6 run"},
		"itself":         {"X = $(X)\na: ; run $(X)\n", "", "2:6 run …"},
		"nothing":        {"", "", ""},
	} {
		m := parsed(nil, c.text)
		var got []string
		for _, t := range m.Targets {
			for _, s := range m.Steps(t, nil) {
				got = append(got, show(s))
			}
		}
		if len(m.Problems) > 0 != (c.at != "") || c.at != "" && m.Problems[0].At.String() != c.at {
			t.Errorf("%s: %+v, want a problem at %q", name, m.Problems, c.at)
		}
		if d := strings.Join(got, ","); d != c.want {
			t.Errorf("%s: %q, want %q", name, d, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("A := $(B) $${C}\nifeq ($(A),1)\ninclude x.mk\nendif\na b: c | d ; run $@ \\\n x\n\t@$(MAKE) -C . $(A)\n", "define X\n$(X)\nendef\nexport A\nc::\n\tcat <<E > /opt/tljh/config/config.yaml\n")
	f.Add(".RECIPEPREFIX = >\nx: X += $(call f,$(X))\n>run $(X) ${Y:.a=.b}\n-include Makefile\n%: y\n", "$(eval a: b)\n")
	f.Fuzz(func(t *testing.T, text, more string) {
		files := steptest.Files{"x.mk": more}
		m := parsed(files, text)
		for _, g := range m.Goals() {
			for _, tg := range m.Order(g) {
				for _, s := range m.Steps(tg, nil) {
					if _, ok := files[s.At.File]; !ok && s.At.File != "" {
						t.Fatalf("place in %q", s.At.File)
					}
				}
			}
		}
	})
}
