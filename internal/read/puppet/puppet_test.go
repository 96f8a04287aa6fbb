package puppet

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/read/shell"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

// read applies manifests/site.pp, and shows each step with its place.
func read(files steptest.Files, text string) ([]string, Result) {
	if files == nil {
		files = steptest.Files{}
	}
	files["manifests/a.pp"] = "Exec { path => '/bin' }\n"
	files["manifests/site.pp"] = text
	first, _ := files.Open("manifests/a.pp")
	src, _ := files.Open("manifests/site.pp")
	res := Read(files, []*span.Source{first, src}, Options{Facts: map[string]span.Text{"vagrant": span.Plain("1")}})
	var out []string
	for _, s := range res.Steps {
		var words []string
		for _, a := range s.Argv {
			words = append(words, span.Show(a.String()))
		}
		line := strings.Join(words, " ")
		if s.IsWrite() {
			line = "write " + span.Show(s.Dest.String()) + " " + span.Show(s.Content.String())
		}
		if why, ok := shell.IsOpaque(&s); ok {
			line = "opaque: " + why
		}
		if s.Cond != nil {
			line = "? " + line
		}
		at := fmt.Sprintf("%d:%d", s.At.Start.Line, s.At.Start.Column)
		if s.At.File != "manifests/site.pp" {
			at = path.Base(s.At.File) + ":" + at
		}
		out = append(out, at+" "+line)
	}
	return out, res
}

func TestManifests(t *testing.T) {
	for name, c := range map[string]struct {
		files steptest.Files
		text  string
		want  []string
	}{
		"commands": {nil, "exec { 'a':\n  command => 'run a | run b',\n}\nexec { '/bin/run c': }\nexec { 'd': command => ['run', \"it's\"] }\n", []string{
			"2:15 run a",
			"2:23 run b",
			"4:9 /bin/run c",
			"5:26 run it's"}},
		"guards": {nil, "exec { 'run a': unless => 'test -d /opt/tljh' }\nexec { 'run b': onlyif => 'test -f /etc/x' }\nexec { 'run c': unless => ['test -f /x', $x] }\nexec { 'run d': onlyif => 'true', creates => '/y' }\n", []string{
			"1:9 run a",
			"2:9 ? run b",
			"3:9 ? run c",
			"4:9 run d"}},
		"made before": {nil, "file { '/y': content => 'z' }\nexec { 'run a': creates => '/y' }\nexec { 'i': command => 'python3 bootstrap.py' }\nexec { 'run b': creates => '/opt/tljh/state/x' }\n", []string{
			"1:9 write /y z",
			"2:9 ? run a",
			"3:25 python3 bootstrap.py",
			"4:9 ? run b"}},
		"only when told": {nil, "exec { 'run a': refreshonly => true }\nexec { 'run b': refreshonly => true, subscribe => File['/y'] }\nfile { '/y': content => 'z' }\nfile { '/z': content => 'z', notify => Service['s'] }\nservice { 's': ensure => running, enable => true }\nexec { 'run c': refreshonly => true, subscribe => Exec['run a'] }\n", []string{
			"3:9 write /y z",
			"2:9 run b",
			"4:9 write /z z",
			"5:12 systemctl enable s",
			"5:12 systemctl start s",
			"5:12 systemctl restart s"}},
		"where and how": {steptest.Files{"x.sh": "run x\n"}, "exec { 'run $A': cwd => '/srv', environment => ['A=1', \"B=${vagrant}\"] }\nexec { 'run $B': environment => 'B=2' }\n", []string{
			"1:9 run 1",
			"2:9 run 2"}},
		"packages": {nil, "package { ['a', 'b']: ensure => installed }\npackage { 'c': ensure => '1.2', provider => pip3 }\npackage { 'd': ensure => absent }\npackage { 'e': ensure => $v }\npackage { 'f': provider => 'pip', command => '/opt/tljh/user/bin/pip' }\nensure_packages(['g'])\n", []string{
			"1:13 apt-get install -y a",
			"1:18 apt-get install -y b",
			"2:12 pip3 install c==1.2",
			"3:12 apt-get remove -y d",
			"4:12 ? apt-get install -y e",
			"5:12 /opt/tljh/user/bin/pip install f",
			"6:19 apt-get install -y g"}},
		"files": {steptest.Files{"modules/m/files/f": "text\n", "modules/m/files/d/config/x.py": "y\n"}, "file { '/a': content => \"b\\n\", mode => '0600' }\nfile { 'c': path => '/c', source => 'puppet:///modules/m/f' }\nfile { '/d': ensure => link, target => '/e' }\nfile { '/g': ensure => absent }\nfile { '/h': source => ['puppet:///modules/m/gone', 'puppet:///modules/m/f'] }\nfile { '/i': source => 'puppet:///modules/m/no' }\nfile { '/j': source => 'https://example.org/j' }\nfile { '/k': ensure => directory, recurse => true, source => 'puppet:///modules/m/d' }\nfile { '/l': ensure => directory }\n", []string{
			"1:9 write /a b\n",
			"2:9 write /c text\n",
			"3:9 ln -sf /e /d",
			"4:9 rm -rf /g",
			"5:9 write /h text\n",
			"6:9 write /i …",
			"7:9 curl -fsSL https://example.org/j -o /j",
			"8:9 write /k/config/x.py y\n"}},
		"other types": {nil, "service { 'x': ensure => stopped, enable => false }\ncron { 'n': command => 'run n', minute => [0, 30], hour => 2 }\ncron { 'o': ensure => absent }\nuser { 'ada': groups => ['g'] }\nssh_authorized_key { 'k': user => 'ada', type => 'ssh-ed25519', key => 'AAAA' }\nvcsrepo { '/srv/r': source => 'https://example.org/r.git', revision => 'v1' }\nfile_line { 'l': path => '/etc/f', line => 'x y' }\nfile_line { 'm': path => '/etc/f', line => 'x z', match => '^x' }\nfile_line { 'o': path => '/opt/tljh/config/config.yaml', line => 'a: b' }\n", []string{
			"1:12 systemctl disable x",
			"1:12 systemctl stop x",
			"2:9 write /var/spool/cron/crontabs/root #Ansible: n\n0,30 2 * * * run n\n",
			"3:9 cron:no-job o",
			"4:9 useradd ada",
			"4:9 usermod -aG g ada",
			"5:23 write /home/ada/.ssh/authorized_keys ssh-ed25519 AAAA\n",
			"6:12 git clone -b v1 https://example.org/r.git /srv/r",
			"7:14 write /etc/f x y\n",
			"8:14 ? write /etc/f \nx z\n",
			"9:13 opaque: lines of /opt/tljh/config/config.yaml are edited"}},
		"unknown types": {nil, "ufw::allow { 'ssh': port => 22 }\nthing { 'x': arg => 'tljh-config set a.b c' }\ninclude apache\ninclude tljh\nsysctl { 'y': value => 1 }\n", []string{
			"1:15 (puppet) ufw::allow ufw::allow ssh port 22",
			"2:9 opaque: what it does is not in the repository: thing x arg tljh-config set a.b c",
			"3:9 (puppet) apache apache",
			"4:9 opaque: what it does is not in the repository: tljh",
			"5:11 (puppet) sysctl sysctl y value 1"}},
		"texts": {nil, "$a = 'x'\n$h = { 'k' => ['u', 'v'] }\nexec { \"run ${a} $a ${h['k'][1]} \\$a ${::a}\": }\nexec { 'run ${a} \\'q\\'': }\nexec { \"run ${b}\": }\n$c = @(\"END\"/L)\n  run $a\n    run \\\n  z\n  | END\nexec { $c: }\n", []string{
			"3:9 run x x v … x",
			"4:9 run … q",
			"5:9 run …",
			"7:3 run x",
			"8:5 run z"}},
		"conditions": {nil, "if $facts['os']['family'] == 'Debian' and !false { exec { 'run a': } } else { exec { 'run b': } }\nunless $vagrant { exec { 'run c': } } else { exec { 'run d': } }\ncase $::osfamily { 'RedHat': { exec { 'run e': } } /^deb/, 'Debian': { exec { 'run f': } } default: { exec { 'run g': } } }\nif $x > 1 { exec { 'run h': }\n $v = 1 } elsif $y { $v = 2 } else { exec { 'run i': }\n $v = 3 }\nexec { \"run $v\": }\n$w = $::osfamily ? { 'Debian' => 'deb', default => 'rpm' }\nexec { \"run $w\": }\ncase $z { 'a': { exec { 'run j': } } default: { $k = 2 } }\nexec { \"run $k\": }\n", []string{
			"1:60 run a",
			"2:54 run d",
			"3:80 run f",
			"4:21 ? run h",
			"5:46 ? run i",
			"7:9 run …",
			"9:9 run deb",
			"10:26 ? run j",
			"11:9 run …"}},
		"loops": {nil, "['a', 'b'].each |$x| { exec { \"run $x\": } }\neach({ 'c' => 1 }) |$k, $v| { exec { \"run $k $v\": } }\n$l.each |$x| { exec { \"run x${x}\": } }\n$m = ['d'].map |$i, $x| { \"${x}${i}\" }\nexec { \"run ${join($m + ['e'], ',')}\": }\n", []string{
			"1:32 run a",
			"1:32 run b",
			"2:39 run c 1",
			"3:24 ? run x…",
			"5:9 run d0,e"}},
		"order": {nil, "exec { 'run a': require => Package['p'] }\nexec { 'run b': before => Exec['run a'] }\npackage { 'p': }\nexec { 'run c': } -> exec { 'run d': }\nExec['run f'] -> Exec['run e']\nexec { 'run e': }\nexec { 'run f': require => Exec['run e2'] }\nexec { 'run e2': require => Exec['run f'] }\nPackage <| |> -> Exec['run g']\nexec { 'run g': }\npackage { 'q': }\n", []string{
			"3:12 apt-get install -y p",
			"2:9 run b",
			"1:9 run a",
			"4:9 run c",
			"4:30 run d",
			"8:9 run e2",
			"7:9 run f",
			"6:9 run e",
			"11:12 apt-get install -y q",
			"10:9 run g"}},
		"defaults": {nil, "Exec { environment => ['A=1'] }\nPackage { ensure => absent }\nexec { 'run $A': }\npackage { 'p': }\npackage { default: provider => 'pip'; 'q': ; 'r': ensure => '2' }\n$h = { ensure => present }\npackage { 's': * => $h }\nPackage['s'] { provider => 'gem' }\n", []string{
			"3:9 run 1",
			"4:12 apt-get remove -y p",
			"5:40 pip3 uninstall -y q",
			"5:47 pip3 install r==2",
			"7:12 gem install s"}},
		"classes": {steptest.Files{"modules/m/manifests/init.pp": "class m($a = 1, $b = $a, $c) inherits m::params {\n  exec { \"run $a $b $c $d\": }\n  contain m::sub\n}\n", "modules/m/manifests/params.pp": "class m::params { $d = 4 }\n", "modules/m/manifests/sub.pp": "class m::sub {\n  exec { \"run ${m::params::d}\": }\n}\n"}, "class { 'm': b => 2 }\ninclude ::m\nclass own { exec { 'run own': } }\nif $x { include own }\nrequire own\n", []string{
			"init.pp:2:11 run 1 2 … 4",
			"sub.pp:2:11 run 4",
			"3:21 run own"}},
		"defined types": {steptest.Files{"modules/m/manifests/key.pp": "define m::key($value, $file = \"/f/${title}\") {\n  exec { \"tljh-config set ${title} ${value}\": }\n  -> file { $file: content => $name }\n}\n"}, "m::key { ['a.b', 'c.d']: value => 1, require => Exec['run z'] }\nexec { 'run z': }\ncreate_resources('m::key', { 'e.f' => { 'value' => 2 } })\n@m::key { 'v': value => 3 }\n", []string{
			"2:9 run z",
			"key.pp:2:11 tljh-config set a.b 1",
			"key.pp:1:32 write /f/a.b a.b",
			"key.pp:2:11 tljh-config set c.d 1",
			"key.pp:1:32 write /f/c.d c.d",
			"key.pp:2:11 tljh-config set e.f 2",
			"key.pp:1:32 write /f/e.f e.f",
			"key.pp:2:11 ? tljh-config set v 3",
			"key.pp:1:32 ? write /f/v v"}},
		"virtual": {nil, "@exec { 'run a': }\n@exec { 'run b': }\nrealize(Exec['run b'])\n@package { 'p': }\nPackage <| title == 'p' |>\n", []string{
			"2:10 run b",
			"4:13 ? apt-get install -y p"}},
		"the only machine": {nil, "node 'hub.example.org' { exec { 'run a': } }\n", []string{
			"1:34 run a"}},
		"several machines": {nil, "node /web/ { exec { 'run a': } }\nnode default { exec { 'run b': } }\nexec { 'run c': }\n", []string{
			"3:9 run c",
			"1:22 ? run a",
			"2:24 ? run b"}},
		"templates": {steptest.Files{"modules/m/templates/a.erb": "x <%= @a -%>\n<%# no %>y <%= scope['b'] %> <%%\n", "modules/m/templates/b.erb": "<% if @a %>z<% end %>\n", "modules/m/templates/c.epp": "<%- | $q, $r = 2 | -%>\nx <%= $q %> <%= $facts['os']['family'] %>\n"}, "$a = 1\nfile { '/a': content => template('m/a.erb') }\nfile { '/b': content => template('m/b.erb') }\nfile { '/c': content => epp('m/c.epp', { 'q' => 5 }) }\nfile { '/d': content => inline_template('<%= @a %>') }\nfile { '/e': content => template('m/gone.erb') }\n", []string{
			"2:9 write /a x 1y … <%\n",
			"3:9 write /b …",
			"4:9 write /c x 5 Debian\n",
			"5:9 write /d 1",
			"6:9 write /e …"}},
		"data": {steptest.Files{"data/common.yaml": "hub::mem: 2G\nlist: [a, b]\nshared: x\n", "data/nodes/n.yaml": "shared: y\n"}, "class hub($mem) { exec { \"run $mem\": } }\ninclude hub\nlookup('list').each |$x| { exec { \"run $x\": } }\n$s = hiera('shared')\nexec { \"run $s\": }\n$n = lookup('none')\nexec { $n: }\n", []string{
			"1:27 run 2G",
			"3:36 run a",
			"3:36 run b",
			"5:9 run …",
			"7:8 opaque: a command that is not known: none is looked up in data that are not in the repository"}},
		"data of a hierarchy": {steptest.Files{"hiera.yaml": "version: 5\nhierarchy:\n- paths:\n  - special/%{facts.x}.yaml\n  - common.yaml\n", "data/common.yaml": "m::a: 1\nm::b: 2\n", "data/special/s.yaml": "m::b: 3\n", "modules/m/data/common.yaml": "m::c: 4\nm::a: 5\n", "modules/m/manifests/init.pp": "class m($a, $b, $c, $d = 6) { exec { \"run $a $b $c $d\": } }\n"}, "include m\n", []string{
			"init.pp:1:39 run 1 … 4 6"}},
		"data elsewhere": {steptest.Files{"hiera.yaml": "version: 5\nhierarchy: []\n"}, "class m($d = 6) { exec { \"run $d\": } }\ninclude m\n", []string{
			"1:27 run …"}},
		"it stops": {nil, "exec { 'run a': }\nif $x { fail('perhaps') }\nfail('no')\n", []string{
			"1:9 ? run a"}},
		"functions": {nil, "function own($a) { \"f${a}\" }\n$x = pick(undef, '', 'p')\n$r = range(1, 2)\nexec { \"run ${own(1)} ${x} ${upcase('u')} ${split('a,b', ',')[1]} ${r[1]} ${7 / 2} ${1 + 2 * 3} ${sprintf('%s', 1)}\": }\n", []string{
			"4:9 run f1 p U b 2 3 7 …"}},
		"too much": {nil, "define a() { a { \"${title}x\": } }\na { 'y': }\n", []string{
			"1:18 opaque: the manifests do more than can be followed"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, res := read(c.files, c.text)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n%+v", d, res.Problems)
			}
		})
	}
}

// What is malformed is a problem with its place, and what it may have done is not lost.
func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ text, at, want string }{
		"no end":             {"exec { 'a':\n", "manifests/site.pp:2:1", "1:1 opaque: manifests/site.pp cannot be read"},
		"no title":           {"file { mode => 1 }\n", "manifests/site.pp:1:8", "1:1 opaque: manifests/site.pp cannot be read"},
		"an open text":       {"$a = 'b\n", "manifests/site.pp:1:6", "1:1 opaque: manifests/site.pp cannot be read"},
		"an open expression": {"$a = \"${b\"\n", "manifests/site.pp:1:7", "1:1 opaque: manifests/site.pp cannot be read"},
		"an open heredoc":    {"$a = @(X)\ntext\n", "manifests/site.pp:1:6", "1:1 opaque: manifests/site.pp cannot be read"},
		"an open comment":    {"/* a\n", "manifests/site.pp:1:1", "1:1 opaque: manifests/site.pp cannot be read"},
		"a lone bracket":     {"exec { 'run a': }\n}\n", "manifests/site.pp:2:1", "1:1 opaque: manifests/site.pp cannot be read"},
		"no character":       {"\x00", "manifests/site.pp:1:1", "1:1 opaque: manifests/site.pp cannot be read"},
		"no value":           {"$a = \n", "manifests/site.pp:2:1", "1:1 opaque: manifests/site.pp cannot be read"},
		"deep":               {strings.Repeat("[", 5000), "manifests/site.pp:1:100", "1:1 opaque: manifests/site.pp cannot be read"},
		"an open call":       {"$a = Deferred ( 'x', 1\n", "manifests/site.pp:2:1", "1:1 opaque: manifests/site.pp cannot be read"},
		"itself":             {"class a { include a\n exec { 'run a': } }\ninclude a\n", "", "2:10 run a"},
		"inherits itself":    {"class a inherits b { exec { \"run $x\": } }\nclass b inherits a { exec { 'run b': } }\ninclude a\n", "", "2:30 run b,1:30 run …"},
		"no such class":      {"class { 'gone': x => 1 }\n", "manifests/site.pp:1:9", "1:9 (puppet) gone gone x 1"},
		"an unknown class":   {"include $x\n", "", "1:1 opaque: which class is included is not known: $x is a fact of the machine, or set by whoever runs Puppet"},
		"a grown text":       {"$a = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n" + grown(7) + "exec { \"run $b6\": }\n", "", "9:9 run …"},
		"nothing":            {"", "", ""},
	} {
		got, res := read(nil, c.text)
		if d := cmp.Diff(c.want, strings.Join(got, ",")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if len(res.Problems) > 0 != (c.at != "") || c.at != "" && res.Problems[0].At.String() != c.at {
			t.Errorf("%s: %+v, want a problem at %q", name, res.Problems, c.at)
		}
	}
}

// Puppet does nothing at all where a command is neither a full path nor looked for somewhere.
func TestRefused(t *testing.T) {
	for text, want := range map[string]bool{
		"exec { 'run a': }\nexec { '/bin/b': }\n":                           true,
		"exec { 'run a': }\nExec { path => '/bin' }\n":                      false,
		"exec { '/bin/a': }\nexec { 'x': command => ['run', 'a'] }\n":       true,
		"exec { 'run a': provider => shell }\nexec { \"${x} a\": }\n":       false,
		"exec { 'run a': noop => true }\nexec { '/bin/b': }\n":              false,
		"exec { 'run a': }\nExec <| title == 'run a' |> { path => '/b' }\n": false,
	} {
		src := span.NewSource("site.pp", text)
		res := Read(steptest.Files{"site.pp": text}, []*span.Source{src}, Options{})
		got := len(res.Steps) > 0
		for _, s := range res.Steps {
			got = got && s.Cond != nil
		}
		if got != want || len(res.Problems) > 0 != want {
			t.Errorf("%s: %+v %+v", text, res.Steps, res.Problems)
		}
	}
}

// grown is variables of which each holds the one before four times.
func grown(n int) string {
	var b strings.Builder
	last := "a"
	for i := range n {
		fmt.Fprintf(&b, "$b%d = \"$%s$%s$%s$%s\"\n", i, last, last, last, last)
		last = fmt.Sprintf("b%d", i)
	}
	return b.String()
}

func FuzzRead(f *testing.F) {
	f.Add("class { 'm': a => [1, { b => $c }] }\nif $x =~ /y/ { include m::n } elsif 1 + 2 * 3 > 4 { } else { fail('x') }\n$t = @(\"E\":json/L)\n  a ${b['c'][0].d |$e| { $e }}\n  |- E\n", "define m($a, *$b) { file { $title: content => template('m/t.erb'), * => $a } ~> Exec <| title == 'x' |> { noop => true } }\n")
	f.Add("node 'a', /b/, default { @@user { ['x', 'y']: groups => $z ? { 'a' => b, default => undef } } }\ncreate_resources('m', hiera('k'), {})\n[1,2].each |Integer $i, $j = 3| { realize(User[$i]) }\n", "class m($x = \"${y}\") inherits m::p { exec { \"a${title}\": unless => ['b', \"c'\"], refreshonly => true, subscribe => Class['m'] } }\n")
	f.Add("exec { 'a': command => ['tljh-config', $x], environment => 'A=b' }\ncase $x { 'a', /b/: { $y = 1 } default: { $y = 2 } }\nnotice $y\nExec { path => 1 }\nm { 'x': ; default: a => 1 }\n", "function m(Integer $a) >> String { m($a) }\n")
	f.Fuzz(func(t *testing.T, text, more string) {
		files := steptest.Files{"manifests/site.pp": text, "modules/m/manifests/init.pp": more, "modules/m/templates/t.erb": more, "data/common.yaml": more}
		src, err := files.Open("manifests/site.pp")
		if err != nil {
			return
		}
		res := Read(files, []*span.Source{src}, Options{Class: "m", Open: len(text)%2 == 0})
		for _, s := range res.Steps {
			if _, ok := files[s.At.File]; !ok && s.At.File != "" {
				t.Fatalf("place in %q", s.At.File)
			}
		}
		for _, p := range res.Problems {
			if p.At.File == "" {
				t.Fatalf("a problem without a place: %s", p.Msg)
			}
		}
	})
}
