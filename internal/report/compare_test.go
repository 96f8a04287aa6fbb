package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// said is one rule's verdict in short: "https fail /config/https/enabled".
func said(t *testing.T, lines ...string) []Verdict {
	t.Helper()
	var out []Verdict
	for _, l := range lines {
		f := strings.Fields(l)
		v := Verdict{Rule: f[0], Outcome: Outcome(f[1])}
		if v.Outcome == RuleError {
			v.Err = fmt.Errorf("broken")
		}
		for _, p := range f[2:] {
			o := v.Outcome
			if rest, ok := strings.CutPrefix(p, "?"); ok {
				o, p = Unknown, rest
			}
			found := Found{Outcome: o, Message: "about " + p}
			for _, e := range strings.Split(strings.Trim(p, "/"), "/") {
				found.Path = append(found.Path, e)
			}
			v.Findings = append(v.Findings, found)
		}
		out = append(out, v)
	}
	return out
}

func built(t *testing.T, hubs map[string][]Verdict, problems ...step.Problem) *Report {
	t.Helper()
	in := input(t, "")
	in.Hubs, in.Problems = nil, problems
	for name, vs := range hubs {
		d := example(name, strings.Replace(script, "# tljh-policy: ignore", "# ignore", 1))
		if name != "physics" {
			d.Dir, d.Sources = "hubs/"+name, []string{"hubs/" + name + "/config.yaml"}
		}
		in.Hubs = append(in.Hubs, Evaluated{d, vs})
	}
	return Build(in)
}

func TestCompare(t *testing.T) {
	fatal := step.Problem{Msg: "install.sh cannot be read", Fatal: true}
	tests := []struct {
		name       string
		base, head []string
		problems   []step.Problem
		want       string // of https: change, then the changes of its findings, then what is fixed
		counts     Comparison
	}{
		{"nothing", []string{"https pass /config"}, []string{"https pass /config"}, nil, " [] []", Comparison{}},
		{"new", []string{"https pass /config"}, []string{"https fail /config"}, nil, "new [new] []", Comparison{Failures: Changes{New: 1}}},
		{"existing", []string{"https fail /config"}, []string{"https fail /config"}, nil, "existing [existing] []", Comparison{Failures: Changes{Existing: 1}}},
		{"fixed", []string{"https fail /config"}, []string{"https pass /config"}, nil, "fixed [] [/config]", Comparison{Failures: Changes{Fixed: 1}}},
		{"one of two fixed", []string{"https fail /config /config/https"}, []string{"https fail /config"}, nil, "existing [existing] [/config/https]", Comparison{Failures: Changes{Existing: 1}}},
		{"a second one", []string{"https fail /config"}, []string{"https fail /config /config/https"}, nil, "new [existing new] []", Comparison{Failures: Changes{New: 1}}},
		{"another one", []string{"https fail /config"}, []string{"https fail /config/https"}, nil, "new [new] [/config]", Comparison{Failures: Changes{New: 1}}},
		{"no longer applies", []string{"https fail /config"}, []string{"https not_applicable /config"}, nil, "fixed [] [/config]", Comparison{Failures: Changes{Fixed: 1}}},
		{"undecided now", []string{"https fail /config"}, []string{"https unknown /config"}, nil, "new [new] []", Comparison{Unknowns: Changes{New: 1}}},
		{"partly undecided now", []string{"https fail /config /config/https"}, []string{"https fail /config ?/config/https"}, nil, "existing [existing new] []", Comparison{Failures: Changes{Existing: 1}}},
		{"settled", []string{"https unknown /config"}, []string{"https pass /config"}, nil, " [] []", Comparison{}},
		{"decided against", []string{"https unknown /config"}, []string{"https fail /config"}, nil, "new [new] []", Comparison{Failures: Changes{New: 1}}},
		{"rule broke", []string{"https fail /config"}, []string{"https error"}, nil, "new [new] []", Comparison{}},
		{"something cannot be read", []string{"https fail /config"}, []string{"https pass /config"}, []step.Problem{fatal}, " [] []", Comparison{}},
		{"rule not asked", []string{"https fail /config"}, []string{"limits pass /config"}, nil, "", Comparison{RulesDropped: []DroppedRule{{"https", "physics", Fail}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := built(t, map[string][]Verdict{"physics": said(t, tt.base...)})
			head := built(t, map[string][]Verdict{"physics": said(t, tt.head...)}, tt.problems...)
			code := head.ExitCode
			Compare(head, base)
			got := ""
			if r := find(head, "https"); r != nil {
				var changes, fixed []string
				for _, f := range r.Findings {
					if f.Change != Unchanged {
						changes = append(changes, string(f.Change))
					}
				}
				for _, f := range r.Fixed {
					fixed = append(fixed, f.Path)
				}
				got = fmt.Sprintf("%s %v %v", r.Change, changes, fixed)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			tt.counts.HubsAdded, tt.counts.HubsRemoved, tt.counts.HubsRenamed = []string{}, []RemovedHub{}, []RenamedHub{}
			if tt.counts.RulesDropped == nil {
				tt.counts.RulesDropped = []DroppedRule{}
			}
			if d := cmp.Diff(&tt.counts, head.Comparison); d != "" {
				t.Error(d)
			}
			if head.ExitCode != code {
				t.Errorf("exit code %d became %d", code, head.ExitCode)
			}
		})
	}
}

// Of two findings about the same thing, the one that is left is the one that says the same.
func TestCompareByWords(t *testing.T) {
	verdict := func(messages ...string) map[string][]Verdict {
		v := Verdict{Rule: "https", Outcome: Fail}
		for _, m := range messages {
			v.Findings = append(v.Findings, Found{Outcome: Fail, Path: []any{"config"}, Message: m})
		}
		return map[string][]Verdict{"physics": {v}}
	}
	head := built(t, verdict("b"))
	Compare(head, built(t, verdict("a", "b")))
	if r := find(head, "https"); len(r.Fixed) != 1 || r.Fixed[0].Message != "a" || r.Findings[0].Change != Existing {
		t.Errorf("%+v", r)
	}
}

func TestCompareHubs(t *testing.T) {
	wrong, right := []string{"https fail /config"}, []string{"https pass /config"}
	tests := []struct {
		name       string
		base, head map[string][]string
		want       string
	}{
		{"gone", map[string][]string{"physics": right, "biology": wrong}, map[string][]string{"physics": right}, "removed [{biology hubs/biology 1 0}] renamed [] added [] fixed 0"},
		{"renamed directory", map[string][]string{"biology": wrong}, map[string][]string{"bio": wrong}, "removed [] renamed [{biology bio}] added [] fixed 0"},
		{"renamed and repaired: nobody can tell", map[string][]string{"biology": wrong}, map[string][]string{"bio": right}, "removed [{biology hubs/biology 1 0}] renamed [] added [bio] fixed 0"},
		{"one goes, two come", map[string][]string{"biology": wrong}, map[string][]string{"bio": wrong, "chemistry": wrong}, "removed [{biology hubs/biology 1 0}] renamed [] added [bio chemistry] fixed 0"},
		{"another one is repaired", map[string][]string{"biology": wrong, "physics": right}, map[string][]string{"biology": right, "physics": right}, "removed [] renamed [] added [] fixed 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			make := func(hubs map[string][]string) *Report {
				all := map[string][]Verdict{}
				for name, lines := range hubs {
					all[name] = said(t, lines...)
				}
				return built(t, all)
			}
			head := make(tt.head)
			Compare(head, make(tt.base))
			c := head.Comparison
			if got := fmt.Sprintf("removed %v renamed %v added %v fixed %d", c.HubsRemoved, c.HubsRenamed, c.HubsAdded, c.Failures.Fixed); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(c.HubsRenamed) == 1 && find(head, "https").Change != Existing {
				t.Error("a renamed hub's failure is new")
			}
		})
	}
}

// A hub with the same directory or files is the same, whatever it is called now.
func TestCompareRenamedHub(t *testing.T) {
	base := built(t, map[string][]Verdict{"biology": said(t, "https fail /config")})
	head := built(t, map[string][]Verdict{"biology": said(t, "https pass /config")})
	head.Hubs[0].Name, head.Results[0].Hub = "life", "life"
	Compare(head, base)
	if c := head.Comparison; len(c.HubsRenamed) != 1 || c.Failures.Fixed != 1 {
		t.Errorf("%+v", c)
	}
}

func TestCompareWaivers(t *testing.T) {
	const expired = "waivers: [{rule: https, reason: r, owner: o, expires: 2026-11-01}]\n"
	head := Build(input(t, ""))
	Compare(head, Build(input(t, expired)))
	if r := find(head, WaiversRule); r == nil || r.Outcome != Pass || r.Change != Fixed || len(r.Fixed) != 1 {
		t.Errorf("%+v", r)
	}
	total := 0
	for _, n := range []int{head.Summary.Pass, head.Summary.Fail, head.Summary.Unknown, head.Summary.Waived, head.Summary.Error} {
		total += n
	}
	if total != len(head.Results) {
		t.Errorf("%+v for %d results", head.Summary, len(head.Results))
	}
}

// What a finding is about stays the same when something is added above it.
func TestFingerprintStays(t *testing.T) {
	first := func(text string, ids ...string) string {
		d := example("physics", text)
		list := d.Root.Get("infra").Put("volumes", doc.NewList(doc.Set, span.Span{}))
		for _, id := range ids {
			item := doc.NewMap(doc.Set, span.Span{})
			item.Put("id", doc.Of(id, doc.Set, span.Span{}))
			list.Add(item)
		}
		in := input(t, "")
		in.Hubs = []Evaluated{{d, []Verdict{{Rule: "disk-backups", Outcome: Fail, Findings: []Found{
			{Outcome: Fail, Path: []any{"infra", "volumes", len(ids) - 1, "size"}, Message: fmt.Sprint(ids)},
		}}}}}
		return Build(in).Results[0].Fingerprint
	}
	want := first(script, "homes")
	if got := first("# a line\n"+script, "data", "homes"); got != want {
		t.Error("a line and an item above make another finding of it")
	}
	if got := first(script, "data"); got == want {
		t.Error("another disk is the same finding")
	}
}

func TestCompareJSON(t *testing.T) {
	base := built(t, map[string][]Verdict{"physics": said(t, "https fail /config", "limits fail /config", "vm-sizing pass /config"), "biology": said(t, "https fail /config")})
	head := built(t, map[string][]Verdict{"physics": said(t, "https fail /config", "limits pass /config")})
	Compare(head, base)
	var b bytes.Buffer
	if err := JSON(&b, head); err != nil {
		t.Fatal(err)
	}
	matchesSchema(t, b.Bytes())
	var back Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if c := back.Comparison; c == nil || len(c.HubsRemoved) != 1 || len(c.RulesDropped) != 1 || find(&back, "https").Change != Existing || len(find(&back, "limits").Fixed) != 1 {
		t.Error(b.String())
	}
}
