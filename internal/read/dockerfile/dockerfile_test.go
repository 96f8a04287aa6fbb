package dockerfile

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func show(s step.Step) string {
	var words []string
	for _, a := range s.Argv {
		words = append(words, span.Show(a.String()))
	}
	line := strings.Join(words, " ")
	if s.IsWrite() {
		line = "write " + s.Dest.String() + " " + strings.TrimSpace(span.Show(s.Content.String()))
	}
	if why, ok := shell.IsOpaque(&s); ok {
		line = "opaque: " + why
	}
	at := fmt.Sprintf("%d:%d", s.At.Start.Line, s.At.Start.Column)
	if path.Base(s.At.File) != "Dockerfile" {
		at = path.Base(s.At.File) + ":" + at
	}
	return at + " " + line
}

func read(files steptest.Files, text string, o Options) (out []string, img Image) {
	if files == nil {
		files = steptest.Files{}
	}
	files["img/Dockerfile"] = text
	src, _ := files.Open("img/Dockerfile")
	img = Read(files, src, o)
	for _, s := range img.Steps {
		out = append(out, show(s))
	}
	return out, img
}

func TestInstructions(t *testing.T) {
	for name, c := range map[string]struct {
		files steptest.Files
		text  string
		o     Options
		want  []string
	}{
		"shell form":              {nil, "FROM x\nENV A=1 B='2 3'\nARG C=4\nARG D\nENV E old form\nRUN run $A \"$B\" ${C} $D \\\n  # a comment\n\n  \"$E\" && more\n", Options{}, []string{"6:5 run 1 2 3 4 … old form", "9:11 more"}},
		"a list of words":         {nil, "FROM x\nRUN [\"run\", \"a b\", \"it's\"]\n", Options{}, []string{"2:7 run a b it's"}},
		"here-documents":          {nil, "FROM x\nRUN <<EOF\nrun a\nrun b\nEOF\nRUN cat <<'E' > /f\ntext\nE\nCOPY <<E /opt/g\nmore\nE\nRUN run\n", Options{}, []string{"3:1 run a", "4:1 run b", "6:5 write /f text", "9:10 write /opt/g more", "12:5 run"}},
		"files":                   {steptest.Files{"img/c.yaml": "a: 1", "img/d/x.py": "x", "img/s.sh": "run s\n"}, "FROM x\nWORKDIR /srv/hub\nCOPY --chown=1:1 c.yaml /opt/tljh/config/config.yaml\nADD c.yaml d/*.py ./\nCOPY d /opt/d\nCOPY s.sh /usr/local/bin/\nRUN /usr/local/bin/s.sh\n", Options{}, []string{"3:25 write /opt/tljh/config/config.yaml a: 1", "4:19 write /srv/hub/c.yaml a: 1", "4:19 write /srv/hub/x.py x", "5:8 write /opt/d/x.py x", "6:11 write /usr/local/bin/s.sh run s", "s.sh:1:1 run s"}},
		"another context":         {steptest.Files{"c.yaml": "a: 1"}, "FROM x\nCOPY c.yaml /opt/tljh/config/\n", Options{Context: "."}, []string{"2:13 write /opt/tljh/config/c.yaml a: 1"}},
		"files that are not here": {nil, "FROM x\nCOPY gone /opt/tljh/config/config.yaml\nCOPY gone /srv/\nCOPY --from=y /a /opt/tljh/config\nADD https://x.org/c /opt/tljh/config/config.yaml\n", Options{}, []string{"2:11 write /opt/tljh/config/config.yaml …", "4:18 opaque: files are copied into TLJH's directory from another image or stage", "5:21 write /opt/tljh/config/config.yaml …"}},
		"stages":                  {nil, "ARG V=1\nFROM x AS a\nENV E=e\nRUN run a\nFROM y AS b\nRUN run b\nFROM a\nARG V\nRUN run c $E $V\n", Options{}, []string{"4:5 run a", "9:5 run c e 1"}},
		"a stage":                 {nil, "FROM x AS a\nRUN run a\nFROM y\nRUN run b\n", Options{Target: "a"}, []string{"2:5 run a"}},
		"build arguments":         {nil, "FROM x\nARG A=1\nRUN run $A\n", Options{Args: map[string]span.Text{"A": span.Plain("2")}}, []string{"3:5 run 2"}},
		"ONBUILD and flags":       {nil, "FROM --platform=a x\nONBUILD RUN run a\nRUN --mount=type=cache,target=/x run b\n", Options{}, []string{"3:34 run b"}},
		"what it runs":            {steptest.Files{"img/start.sh": "run $1\nexec \"$@\"\n"}, "FROM x\nCOPY start.sh /start.sh\nENTRYPOINT [\"/start.sh\"]\nCMD [\"run2\", \"b\"]\n", Options{}, []string{"2:15 write /start.sh run $1\nexec \"$@\"", "start.sh:1:1 run run2", "start.sh:2:1 run2 b"}},
		"another command":         {nil, "FROM x\nCMD run a\n", Options{Command: []span.Text{span.Plain("run"), span.Plain("b")}}, []string{"0:0 run b"}},
		"another escape":          {nil, "# escape=`\nFROM x\nRUN run `\n  a\n", Options{}, []string{"3:5 run a"}},
		"an image of TLJH":        {nil, "FROM org/tljh:1\nRUN run\n", Options{}, []string{"1:6 opaque: the image org/tljh:1 is not in this repository", "2:5 run"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, img := read(c.files, c.text, c.o)
			for k := range got {
				got[k] = strings.Replace(got[k], ".:0:0", "0:0", 1)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n%+v", d, img.Problems)
			}
		})
	}
}

// What is malformed is a problem with its place, and what it may have held is not lost.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct {
		text, at string
		lost     bool
	}{
		"nothing":               {"", "img/Dockerfile:1:1", false},
		"no FROM":               {"RUN tljh-config set a.b c\n", "img/Dockerfile:1:1", true},
		"no such instruction":   {"FROM x\nRUNN tljh-config set a.b c\n", "img/Dockerfile:2:1", true},
		"COPY without a place":  {"FROM x\nCOPY a\n", "img/Dockerfile:2:1", false},
		"an open here-document": {"FROM x\nRUN <<E\nrun\n", "", false},
		"an open list":          {"FROM x\nRUN [\"a\"\n", "", false},
		"an open quote":         {"FROM x\nRUN tljh-config set 'a\n", "img/Dockerfile:2:21", true},
	} {
		got, img := read(nil, c.text, Options{})
		if c.at != "" && (len(img.Problems) == 0 || img.Problems[0].At.String() != c.at) {
			t.Errorf("%s: %+v, want a problem at %s", name, img.Problems, c.at)
		}
		if lost := strings.Contains(strings.Join(got, ";"), "opaque"); lost != c.lost {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("# escape=`\nARG A\nFROM $A AS b\nRUN <<E cat\nx\nE\nCOPY <<A <<B /x/\na\nA\nb\nB\nFROM b\nADD [\"a\", \"b\"]\nENV a b\nCMD x\n", "run\n")
	f.Add("FROM x\nCOPY * ./\nRUN [\"a\\n\"]\nWORKDIR $A/../..\nENTRYPOINT []\nRUN --x", "\\\n")
	f.Fuzz(func(t *testing.T, text, script string) {
		files := steptest.Files{"img/s.sh": script}
		_, img := read(files, text, Options{})
		for _, s := range img.Steps {
			if _, ok := files[s.At.File]; !ok && s.At.File != "" {
				t.Fatalf("place in %q", s.At.File)
			}
		}
	})
}
