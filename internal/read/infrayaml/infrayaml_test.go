package infrayaml

import (
	"strings"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

var now = time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)

func read(text string) Result {
	return Read(span.NewSource("infra.yaml", text), Options{Now: now})
}

const good = `attested_by: Ann
attested_on: 2026-10-01
valid_until: "2027-06-30"
expected_users: {active: 20, total: 120}
instances:
  - id: hub
    provider: digitalocean
    machine: {type: s-4vcpu-8gb}
    os: {family: ubuntu, version: "24.04"}
    boot_disk: {size_gib: 160, encrypted: true}
    volumes: [homes]
    public_ips: [{kind: static, address: 192.0.2.7}]
    ingress_default: deny
    ingress:
      - {proto: tcp, from: 443, cidrs: [0.0.0.0/0, "::/0"], action: allow}
      - {proto: tcp, from: 22, to: 22, cidrs: [198.51.100.0/24], action: allow}
      - {proto: any, cidrs: [10.0.0.0/8], action: allow}
    ssh: {keys: 2, password_auth: false}
volumes:
  - {id: homes, size_gib: 200, mount: /home, encrypted: true}
backups:
  - {id: nightly, kind: native, covers: [hub, homes], every_hours: 24, keep_days: 14, survives_instance_delete: true, enabled: true}
dns:
  - {fqdn: hub.example.org, type: A, target_kind: static}
`

func TestGood(t *testing.T) {
	r := read(good)
	if len(r.Problems) > 0 {
		t.Fatalf("problems: %v", r.Problems)
	}
	hub := r.Infra.Get("instances").List()[0]
	for _, c := range []struct {
		path  string
		value any
		state doc.State
		place string
	}{
		{"is_hub", true, doc.Derived, "infra.yaml:6:5"},
		{"declared", true, doc.Derived, "infra.yaml:6:5"},
		{"machine.type", "s-4vcpu-8gb", doc.Set, "infra.yaml:8:21"},
		{"machine.vcpu", int64(4), doc.Derived, "infra.yaml:8:21"},
		{"machine.memory_mib", int64(8192), doc.Derived, "infra.yaml:8:21"},
		{"machine.source", "table", doc.Derived, ""},
		{"os.version", "24.04", doc.Set, "infra.yaml:9:35"},
		{"os.pinned", nil, doc.Unknown, ""},
		{"boot_disk.size_gib", int64(160), doc.Set, "infra.yaml:10:27"},
		{"boot_disk.delete_with_instance", nil, doc.Unknown, ""},
		{"ingress.0.scope", "world", doc.Derived, ""},
		{"ingress.0.to", int64(443), doc.Derived, ""},
		{"ingress.1.scope", "restricted", doc.Derived, ""},
		{"ingress.2.scope", "internal", doc.Derived, ""},
		{"ssh.password_auth", false, doc.Set, "infra.yaml:18:35"},
		{"monitoring", nil, doc.Unknown, ""},
	} {
		n := hub.AtPath(path(c.path))
		if n == nil || n.Plain() != c.value || n.State != c.state || c.place != "" && n.At.String() != c.place {
			t.Errorf("%s: %+v, want %v %s %s", c.path, n, c.value, c.state, c.place)
		}
	}
	if n := r.Infra.Get("alerts_sinks"); n.State != doc.Unknown || !strings.Contains(n.Why, "alerts_sinks: []") {
		t.Errorf("a list that is not there is unknown: %+v", n)
	}
	if r.Infra.Get("complete").Value != true {
		t.Errorf("not complete: %v", r.Infra.Get("incomplete").Plain())
	}
	if v, _ := r.ExpectedUsers.Get("total").Int(); v != 120 {
		t.Errorf("expected users: %v", r.ExpectedUsers.Plain())
	}
	a := r.Attestations.List()
	if len(a) != 1 || a[0].Get("expired").Value != false || a[0].Get("by").Value != "Ann" || a[0].Get("covers").Value != "." {
		t.Errorf("attestations: %v", r.Attestations.Plain())
	}
}

func path(s string) []any {
	var out []any
	for _, e := range strings.Split(s, ".") {
		out = append(out, e)
	}
	return out
}

// TestMistakes changes the good file in one place: the mistake is named with its place, and what it touches is unknown.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ old, new, place, msg, unknown string }{
		{"boot_disk:", "boot_dsik:", "10:5", `did you mean "boot_disk"?`, "instances.0.boot_disk"},
		{"encrypted: true}\n    volumes", "encrypted: yes}\n    volumes", "10:43", "true or false, not text", "instances.0.boot_disk.encrypted"},
		{"valid_until:", "valid_til:", "3:1", `did you mean "valid_until"?`, "backups"},
		{"valid_until:", "expires:", "3:1", "there is no key", "instances.0.machine"},
		{"size_gib: 200,", "size_gib: 200, until: 2026-01-01,", "20:32", "there is no key", "volumes.0.encrypted"},
		{`"24.04"`, "24.04", "9:35", "put it in quotes", "instances.0.os.version"},
		{"size_gib: 160", "size_gib: -1", "10:27", "out of range", "instances.0.boot_disk.size_gib"},
		{"size_gib: 160", "size_gib: 160.5", "10:27", "a whole number", "instances.0.boot_disk.size_gib"},
		{"family: ubuntu", "family: ubunut", "9:18", `did you mean "ubuntu"?`, "instances.0.os.family"},
		{"cidrs: [198.51.100.0/24]", "cidr: [198.51.100.0/24]", "16:40", `did you mean "cidrs"?`, "instances.0.ingress"},
		{"198.51.100.0/24", "198.51.100.0/240", "16:47", "not an address range", "instances.0.ingress"},
		{"198.51.100.0/24", `"::ffff:0.0.0.0/96"`, "16:47", "not an address range", "instances.0.ingress"},
		{"from: 22, to: 22, ", "", "16:9", "has to say its ports", "instances.0.ingress"},
		{"from: 443,", "from: 443, scope: restricted,", "15:40", "its addresses make it world", "instances.0.ingress"},
		{"cidrs: [10.0.0.0/8]", "cidrs: []", "17:29", "cidrs is empty", "instances.0.ingress"},
		{"{type: s-4vcpu-8gb}", "{type: s-4vcpu-8gb, memory_mib: 65536}", "8:46", "has 8192", "instances.0.machine.memory_mib"},
		{"covers: [hub, homes], ", "", "22:5", `lacks "covers"`, "backups"},
		{"every_hours: 24", "every_hours: daily", "22:68", "a number, not text", "backups.0.every_hours"},
		{"  - {id: homes,", "  - {id: homes}\n  - {id: homes,", "21:10", "two entries", "volumes"},
		{"  - id: hub", "  - id: [hub]", "6:9", "has to be text", "instances"},
		{"kind: static,", "kind: elastic,", "12:25", "known are", "instances.0.public_ips"},
		{"{active: 20,", "{active: twenty,", "4:26", "a whole number", ""},
		{"attested_on: 2026-10-01", "attested_on: \"2026-13-01\"", "2:14", "has to be a day", "backups"},
		{"attested_on: 2026-10-01", "attested_on: 2027-10-01", "2:14", "in the future", "backups"},
		{"valid_until: \"2027-06-30\"", "valid_until: \"2027-02-30\"", "3:14", "no day of the calendar", "backups"},
		{"{type: s-4vcpu-8gb}", "{vcpu: <cores>}", "8:21", "still holds the placeholder <cores>", "instances.0.machine.vcpu"},
		{"{type: s-4vcpu-8gb}", "{type: <type>}", "8:21", "still holds the placeholder <type>", "instances.0.machine.type"},
		{"valid_until: \"2027-06-30\"", "valid_until: <year-month-day>", "3:14", "placeholder", "backups"},
		{"volumes: [homes]", "volumes: ${var.v}", "11:14", "has to be a list", "instances.0.volumes"},
		{"ingress_default: deny", "is_hub: true\n    is_hub: true", "14:5", "nothing of this file is used", "instances"},
		{"dns:", "\tdns:", "23:1", "nothing of this file is used", "instances"},
		{"dns:", "dns: {", "", "nothing of this file is used", "backups"},
		{"dns:", "---\ndns:", "", "nothing of this file is used", "backups"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if text == good {
			t.Fatalf("%q is not in the file", c.old)
		}
		r := read(text)
		found := false
		for _, p := range r.Problems {
			found = found || strings.Contains(p.Msg, c.msg) && (c.place == "" || p.At.String() == "infra.yaml:"+c.place)
		}
		if !found {
			t.Errorf("%q: %+v, want %s %q", c.new, r.Problems, c.place, c.msg)
		}
		if c.unknown == "" {
			continue
		}
		if n := r.Infra.AtPath(path(c.unknown)); n == nil || n.State != doc.Unknown || n.Why == "" {
			t.Errorf("%q: %s is %+v, want unknown", c.new, c.unknown, n)
		}
		if r.Infra.Get("complete").Value == true {
			t.Errorf("%q: the file counts as complete", c.new)
		}
	}
}

func TestExpired(t *testing.T) {
	r := read(strings.Replace(good, "2027-06-30", "2026-11-21", 1))
	hub := r.Infra.Get("instances").List()[0]
	for _, n := range []*doc.Node{r.Infra.Get("backups"), r.Infra.Get("volumes"), hub.Get("machine"), hub.Get("ingress"), r.ExpectedUsers.Get("active")} {
		if n.State != doc.Unknown || !strings.Contains(n.Why, "the attestation of Ann ended on 2026-11-21") {
			t.Errorf("still there: %+v", n)
		}
	}
	if id, _ := hub.Get("id").Str(); id != "hub" {
		t.Error("the machine lost its name")
	}
	if r := read(strings.Replace(good, "2027-06-30", "2026-11-22", 1)); r.Infra.Get("backups").State == doc.Unknown {
		t.Error("an attestation counts until the end of its last day")
	}
	r = read(strings.Replace(good, "{id: homes, ", "{id: homes, attested_by: Bob, valid_until: 2026-01-01, ", 1))
	v := r.Infra.Get("volumes").List()[0]
	if v.Get("encrypted").State != doc.Unknown || v.Get("id").Value != "homes" || r.Infra.Get("backups").State == doc.Unknown {
		t.Errorf("an entry's own attestation: %+v", v)
	}
	if a := r.Attestations.List(); len(a) != 2 || a[1].Get("covers").Value != "volumes/homes" || a[1].Get("expired").Value != true {
		t.Errorf("attestations: %v", r.Attestations.Plain())
	}
}

func TestOddFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += string(c) + ": &" + string(c) + " [*" + string(c-1) + strings.Repeat(",*"+string(c-1), 9) + "]\n"
	}
	for name, text := range map[string]string{
		"empty": "", "comment": "# nothing\n", "scalar": "42", "list": "- a\n", "null": "null", "binary": "\x00\x01\xff", "bomb": bomb,
		"deep": strings.Repeat("[", 20000), "wrapped": "infra: {instances: []}\n", "number keys": "1: 2\n",
		"loop": "a: &a {b: *a}\n", "two hubs": "instances: [{id: a, is_hub: true}, {id: b, is_hub: true}]\n",
		"no hub": "instances: [{id: a}, {id: b}]\n", "template": "instances: {{ x }}\n",
	} {
		r := read(text)
		if len(r.Problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
		for _, p := range r.Problems {
			if p.At.File == "" || p.Msg == "" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if r.Infra == nil || r.ExpectedUsers == nil || r.Attestations == nil || r.Infra.Get("complete").Value == true {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := read("expected_users: {active: 5}\n"); len(r.Problems) > 0 || r.ExpectedUsers.Get("total").State != doc.Unset {
		t.Errorf("only users: %+v", r)
	}
	if r := read("instances: []\nvolumes: []\nbackups: []\n"); len(r.Problems) > 0 || r.Infra.Get("backups").State != doc.Set {
		t.Errorf("none at all: %+v", r)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(good)
	f.Add("instances: [{id: a, ingress: [{proto: tcp, from: 1, cidrs: [\"1.2.3.4%x\"], action: allow}]}]")
	f.Add("a: &a {b: *a}")
	f.Add("attested_on: 2026-10-01\nvalid_until: null\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := read(text)
		r.Infra.Plain()
		r.Infra.Facts("/infra", func(string, doc.Fact) {})
		r.ExpectedUsers.Plain()
		r.Attestations.Plain()
	})
}
