package shell

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// show prints steps one a line: place, words or file, condition.
func show(steps []step.Step) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "%d:%d-%d:%d", s.At.Start.Line, s.At.Start.Column, s.At.End.Line, s.At.End.Column)
		if s.IsWrite() {
			op := ">"
			if s.Append {
				op = ">>"
			}
			fmt.Fprintf(&b, " %s %s %q", op, span.Show(s.Dest.String()), span.Show(s.Content.String()))
		}
		for _, a := range s.Argv {
			text := a.String()
			if span.IsUnknown(text) {
				text = span.Show(text) + "<" + span.Reason(text) + ">"
			}
			fmt.Fprintf(&b, " [%s]", text)
		}
		if s.Cond != nil {
			b.WriteString(" ?")
		}
		if s.Loop {
			b.WriteString(" loop")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func readArchive(t *testing.T, text string) Result {
	t.Helper()
	a := txtar.Parse([]byte(text))
	files := steptest.Files{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	main := a.Files[0].Name
	src, _ := files.Open(main)
	dir := path.Dir(main)
	if dir == "." {
		dir = ""
	}
	return Read(src.Whole(), Options{Files: files, Dir: dir})
}

func TestSteps(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"words": {`
-- a.sh --
M=4G
sudo -E /opt/tljh/hub/bin/tljh-config set limits.memory "$M" 2>&1 | sed s/x/y/
tljh-config set limits.cpu ${CPU:-2} # tljh-config set auth.type x
tljh-config set https.letsencrypt.email 'a'"@"$'b\x2ec'
tljh-config set x ${NOT} ; tljh-config set y $1
`, `2:1-2:61 [/opt/tljh/hub/bin/tljh-config] [set] [limits.memory] [4G]
2:69-2:79 [sed] [s/x/y/]
3:1-3:37 [tljh-config] [set] [limits.cpu] [2]
4:1-4:56 [tljh-config] [set] [https.letsencrypt.email] [a@b.c]
5:1-5:25 [tljh-config] [set] [x] […<variable $NOT is not set in the script>]
5:28-5:48 [tljh-config] [set] [y] […<argument $1 of the script is not known>]
`},
		"expansions": {`
-- a.sh --
A=Path/To/File.tar.gz; B= ; L=(x "y z"); declare -A M=([k]=v)
show ${A,,} ${A^^} ${A%.*} ${A%%.*} ${A#*/} ${A##*/} ${A/To/At} ${A:0:4} ${#A}
show ${B:-d} ${B-d} "${B:+s}" ${A:+s} "${L[@]}" ${#L[@]} ${L[1]} ${M[k]}
show $((2 + 3 * 4)) {a,b}{1..2} {01..03} ~/x $HOME/y
show $(basename $A .gz) $(hostname -I) $(cat <<X
heredoc
X
)
`, `2:1-2:79 [show] [path/to/file.tar.gz] [PATH/TO/FILE.TAR.GZ] [Path/To/File.tar] [Path/To/File] [To/File.tar.gz] [File.tar.gz] [Path/At/File.tar.gz] [Path] [19]
3:1-3:73 [show] [d] [] [s] [x] [y z] [2] [y] [z] [v]
4:1-4:53 [show] [14] [a1] [a2] [b1] [b2] [01] [02] [03] [~/x] [~/y]
5:1-8:2 [show] [File.tar] […<output of the command "hostname">] [heredoc]
`},
		"branches": {`
-- a.sh --
X=no
if [ "$X" = yes ]; then a; else b; fi
if [ "$Y" = yes ]; then c; V=1; else d; V=2; fi
case $X in n*) e;; *) f;; esac
[ -f /x ] && g
h && i
j || k
[[ $X == n? ]] && l
show $V
if [ ! -f settings ]; then exit 1; fi
m
if [ "$Y" = stop ]; then exit 0; fi
n
`, `2:33-2:34 [b]
3:25-3:26 [c] ?
3:38-3:39 [d] ?
4:16-4:17 [e]
5:14-5:15 [g] ?
6:1-6:2 [h]
6:6-6:7 [i]
7:1-7:2 [j]
7:6-7:7 [k] ?
8:19-8:20 [l]
9:1-9:8 [show] […<$V is "1" or "2", by the condition on line 3 (variable $Y is not set in the script)>]
11:1-11:2 [m]
13:1-13:2 [n] ?
`},
		"what all ways do": {`
-- a.sh --
if [ "$E" = prod ]; then
  tljh-config set limits.memory 2G
  tljh-config set limits.cpu 2
  only-prod
else
  first
  tljh-config set limits.cpu 2
  tljh-config set limits.memory 1G
fi
case $E in a) tljh-config set auth.FirstUseAuthenticator.x hunter-two-two;; *) tljh-config set auth.FirstUseAuthenticator.x hunter-three;; esac
if [ "$E" = prod ]; then same; elif [ "$F" ]; then same; fi
`, `2:3-2:35 [tljh-config] [set] [limits.memory] […<it is "2G" or "1G", by the condition on line 1 (variable $E is not set in the script)>]
3:3-3:31 [tljh-config] [set] [limits.cpu] [2]
4:3-4:12 [only-prod] ?
6:3-6:8 [first] ?
10:15-10:74 [tljh-config] [set] [auth.FirstUseAuthenticator.x] […<it depends on the condition on line 10 (variable $E is not set in the script)>]
11:26-11:30 [same] ?
11:52-11:56 [same] ?
`},
		"loops": {`
-- a.sh --
for u in ann bob; do add $u; done
for ((i=0; i<2; i++)); do n $i; done
for f in $FILES; do x $f; done
while read -r a b; do r $a $b; done < users.txt
while read z; do q $z; done < <(cut -f1 list)
while true; do w; break; done
-- users.txt --
cy  one
di two
`, `1:22-1:28 [add] [ann]
1:22-1:28 [add] [bob]
2:27-2:31 [n] [0]
2:27-2:31 [n] [1]
3:21-3:25 [x] […<variable $FILES is not set in the script>] loop
4:23-4:30 [r] [cy] [one]
4:23-4:30 [r] [di] [two]
5:18-5:22 [q] […<$z changes in a loop>] ? loop
6:16-6:17 [w] ? loop
`},
		"functions and files": {`
-- deploy/run.sh --
cfg() { local k=$1; tljh-config set "$k" "$2"; }
never() { tljh-config set auth.type x; }
. "$(dirname "$0")/env.sh"
cfg limits.memory $MEM
bash sub.sh one
. ./secret.env
show ${TOKEN:-none} $OTHER
-- deploy/env.sh --
MEM=2G
-- deploy/sub.sh --
show $1 $MEM
-- deploy/secret.env.example --
TOKEN=x
`, `1:21-1:46 [tljh-config] [set] [limits.memory] [2G]
1:1-1:13 [show] [one] […<variable $MEM is not set in the script>]
7:1-7:27 [show] […<variable $TOKEN may be set in deploy/secret.env, which is not in the repository>] […<variable $OTHER may be set in deploy/secret.env, which is not in the repository>]
`},
		"writes": {`
-- a.sh --
D=/opt/tljh/config
cat > $D/config.yaml <<EOF
limits: ${M:-x}
  \$y
EOF
cat <<'EOF' | sudo tee -a /a >/dev/null
$raw
EOF
if true; then
	cat <<-EOF >> /b
		one
		two
	EOF
fi
printf '%s=%d\n' a 1 b 2 > /c
echo -n hi > /d; echo x > /e <<Q
lost
Q
curl -s https://e.org/f > /f
{ echo 1; echo 2; } > /g
sudo bash -c "echo $D > /h"
cat <<< "z" > /i
`, "2:1-2:21 > /opt/tljh/config/config.yaml \"limits: x\\n  $y\\n\"\n" +
			"6:1-6:4 [cat]\n6:15-6:29 >> /a \"$raw\\n\"\n" +
			"10:2-10:18 >> /b \"one\\ntwo\\n\"\n" +
			"15:1-15:30 > /c \"a=1\\nb=2\\n\"\n" +
			"16:1-16:16 > /d \"hi\"\n16:18-16:29 > /e \"x\\n\"\n" +
			"19:1-19:29 > /f \"…\" [curl] [-s] [https://e.org/f]\n" +
			"20:21-20:25 > /g \"1\\n2\\n\"\n" +
			"21:15-21:27 > /h \"/opt/tljh/config\\n\"\n" +
			"22:1-22:17 > /i \"z\\n\"\n"},
		"wrappers": {`
-- a.sh --
sudo -H -u root env A=b nohup one &
ssh -i key root@host 'tljh-config set a "b c"'
ssh host <<EOF
two $X
EOF
docker exec -it hub tljh-config set c d
sudo su - <<'EOF'
three
EOF
eval "four $((1+1))"
$SUDO apt-get install x
$REMOTE "tljh-config set e f"
timeout 5 nice -n 3 five
yes | ufw enable
docker-compose -f hub.yml exec -T hub tljh-config set g h
docker compose exec hub sh -c 'tljh-config set i j'
docker-compose up -d
`, `1:1-1:34 [one]
2:23-2:46 [tljh-config] [set] [a] [b c]
4:1-4:7 [two] […<variable $X is not set in the script>]
6:1-6:40 [tljh-config] [set] [c] [d]
8:1-8:6 [three]
10:7-10:20 [four] [2]
11:1-11:24 [apt-get] [install] [x]
12:10-12:29 [tljh-config] [set] [e] [f]
13:1-13:25 [five]
14:1-14:4 [yes]
14:7-14:17 [ufw] [enable]
15:1-15:58 [tljh-config] [set] [g] [h]
16:32-16:51 [tljh-config] [set] [i] [j]
17:1-17:21 [docker-compose] [up] [-d]
`},
		"written, then run": {`
-- a.sh --
cat > /tmp/x.sh <<'EOF'
tljh-config set limits.cpu $1
EOF
chmod +x /tmp/x.sh
cd /tmp && ./x.sh 3
`, `1:1-1:16 > /tmp/x.sh "tljh-config set limits.cpu $1\n"
4:1-4:19 [chmod] [+x] [/tmp/x.sh]
2:1-2:30 [tljh-config] [set] [limits.cpu] [3]
`},
		"new machine": {`
-- a.sh --
[ -d /opt/tljh ] || install-it
if [ ! -d /opt/tljh ]; then a; else b; fi
if command -v tljh-config >/dev/null; then c; else d; fi
if [ -d /opt/tljh ]; then exit 0; fi
e
`, `1:21-1:31 [install-it]
2:29-2:30 [a]
2:37-2:38 [b] ?
3:4-3:26 [command] [-v] [tljh-config]
3:44-3:45 [c] ?
3:52-3:53 [d]
5:1-5:2 [e]
`},
		"xargs and generated text": {`
-- a.sh --
cut -f1 x | xargs -n1 tljh-config add-item users.allowed
cut -f1 x | xargs -I{} tljh-config add-item users.admin jupyter-{}
eval "$(ssh-agent)"; sh -c "$(curl https://e.org/tljh.sh)"
`, `1:1-1:10 [cut] [-f1] [x]
1:13-1:57 [tljh-config] [add-item] [users.allowed] […<it is read from the input of xargs>] loop
2:1-2:10 [cut] [-f1] [x]
2:13-2:67 [tljh-config] [add-item] [users.admin] [jupyter-…<it is read from the input of xargs>] loop
3:31-3:57 [curl] [https://e.org/tljh.sh]
3:22-3:22 [(unreadable)] [a script is run that is the output of the command "curl"]
`},
		"windows line ends": {"-- a.sh --\nif true; then\r\n  tljh-config set a \\\r\n    b\r\nfi\r\n",
			"2:3-3:7 [tljh-config] [set] [a] [b]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readArchive(t, c.in)
			if d := cmp.Diff(c.want, show(r.Steps)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestValueKeepsPlaceOfItsUse(t *testing.T) {
	r := readArchive(t, "-- a.sh --\nM=4G\ntljh-config set limits.memory \"x$M\"\n")
	if got := r.Steps[0].Argv[3].Span(); got.Start != (span.Pos{Line: 2, Column: 32}) || got.End != (span.Pos{Line: 2, Column: 35}) {
		t.Errorf("value at %v-%v", got.Start, got.End)
	}
	r = readArchive(t, "-- a.sh --\ncat > /f <<EOF\na: 1\nb: $X\nEOF\n")
	if got := r.Steps[0].Content.SpanOf(5, 6); got.Start != (span.Pos{Line: 3, Column: 1}) {
		t.Errorf("heredoc line at %v", got)
	}
}

func TestSyntaxErrorIsNotSilent(t *testing.T) {
	for _, script := range []string{
		"one\nif x; then\ntljh-config set a b\n",
		"one\ntwo )\ntljh-config set a b\n",
		"one\necho 'open\ntljh-config set a b\n",
	} {
		r := readArchive(t, "-- a.sh --\n"+script)
		opaque := false
		for i := range r.Steps {
			_, is := IsOpaque(&r.Steps[i])
			opaque = opaque || is
			if len(r.Steps[i].Argv) == 4 && r.Steps[i].Cond == nil {
				t.Errorf("%q: a command after the error counts as certain", script)
			}
		}
		if !opaque || len(r.Problems) == 0 || show(r.Steps[:1]) != "1:1-1:4 [one]\n" {
			t.Errorf("%q: steps\n%sproblems %v", script, show(r.Steps), r.Problems)
		}
	}
}

func TestMissingFileIsAProblem(t *testing.T) {
	r := readArchive(t, "-- a.sh --\n. ./settings.sh\nbash setup-tljh.sh\n")
	if len(r.Problems) != 2 || len(r.Steps) != 2 {
		t.Fatalf("problems %v steps\n%s", r.Problems, show(r.Steps))
	}
}

func TestBounds(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		fatal bool
	}{
		"source itself":     {"-- a.sh --\n. ./a.sh\n", true},
		"run itself":        {"-- a.sh --\nbash a.sh; bash a.sh\n", true},
		"fork bomb":         {"-- a.sh --\n:() { :|:& }; f() { f; f; }; f\n", true},
		"many turns":        {"-- a.sh --\nfor ((i=0;i<1000000;i++)); do x $i; done\n", false},
		"nested loops":      {"-- a.sh --\n" + strings.Repeat("for i in {1..100}; do\n", 6) + "x\n" + strings.Repeat("done\n", 6), true},
		"doubling":          {"-- a.sh --\nx=aaaaaaaa\n" + strings.Repeat("x=$x$x\n", 60) + "y $x\n", false},
		"brackets":          {"-- a.sh --\n" + strings.Repeat("(", 100000) + "\n", true},
		"large":             {"-- a.sh --\n" + strings.Repeat("# text\n", 200000), true},
		"huge heredoc":      {"-- a.sh --\ncat > /f <<-EOF\n" + strings.Repeat("\tx\n", 200000) + "\tEOF\n", false},
		"long chain":        {"-- a.sh --\n" + strings.Repeat("a && ", 10000) + "b\n", false},
		"long pipe":         {"-- a.sh --\n" + strings.Repeat("a | ", 3000) + "b\n", false},
		"nested quotes":     {"-- a.sh --\n" + strings.Repeat("eval eval ", 5000) + "b\n", true},
		"nested subst":      {"-- a.sh --\ntljh " + strings.Repeat("$(tljh ", 25) + strings.Repeat(")", 25) + "\n", false},
		"braces":            {"-- a.sh --\necho " + strings.Repeat("{1..9}", 12) + "\n", false},
		"elif":              {"-- a.sh --\nif a; then b\n" + strings.Repeat("elif a; then b\n", 5000) + "fi\n", false},
		"function in words": {"-- a.sh --\nf() { x=$(f)$(f); }\nf\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			r := readArchive(t, c.in)
			fatal := false
			for _, p := range r.Problems {
				fatal = fatal || p.Fatal
			}
			if fatal != c.fatal || len(r.Steps) > maxSteps+10 {
				t.Errorf("fatal %v, %d steps, problems %v", fatal, len(r.Steps), r.Problems)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin $1\n",
		"X=${1:-a}; [ -z \"$X\" ] && exit 1\ncat <<EOF > /f\n$X `id`\nEOF\n",
		"for i in {1..3}; do a[$i]=$((i*2)); done; echo ${a[@]:1} ${!x} ${x//a/b}\n",
		"while read -r l; do eval \"$l\"; done <<< 'x'\n", "case $x in a|b) y;& *) z;; esac\n", "f() { local x=$1; shift; f; }; f a\n",
		"printf '%b%q%%\\n' 'a\\x41' $'\\u00e9\\777'\n", "((i++)) && let j=i/0 && [[ a =~ b ]]\n", "cat <<-'A'\r\n\tb\r\n\tA\r\n", "${x:=$(x)} <(a) >(b) &> c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		src := span.NewSource("f.sh", s)
		r := Read(src.Whole(), Options{Files: steptest.Files{"f.sh": s}})
		for i := range r.Steps {
			if r.Steps[i].At.File != "" && r.Steps[i].At.File != "f.sh" {
				t.Fatalf("place in %q", r.Steps[i].At.File)
			}
		}
	})
}

// What a syntax error swallows is not lost without a word.
func TestSyntaxErrorInAStatement(t *testing.T) {
	r := Read(span.NewSource("f", "echo a\ntljh-config set users.admin 'x\n").Whole(), Options{})
	if n := len(r.Steps); n == 0 {
		t.Fatal("nothing stands for the statement that cannot be read")
	} else if _, ok := IsOpaque(&r.Steps[n-1]); !ok {
		t.Errorf("%+v", r.Steps)
	}
}
