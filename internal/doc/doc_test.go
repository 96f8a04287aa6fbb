package doc

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func at(line int) span.Span {
	return span.Span{File: "f", Start: span.Pos{Line: line, Column: 1}, End: span.Pos{Line: line, Column: 2}}
}

func sample() *Node {
	root := NewMap(Set, at(1))
	limits := root.Put("limits", NewMap(Set, at(2)))
	limits.Put("memory", Of("2G", Set, at(3)))
	limits.Put("cpu", Of(nil, Default, span.Span{}))
	root.Put("a/b~c", NewList(Set, span.Span{}, Of(1, Set, at(5)), UnknownOf("why", span.Span{})))
	return root
}

func TestPlainIsJSON(t *testing.T) {
	n := sample()
	n.Put("inf", Of(math.Inf(1), Set, span.Span{}))
	n.Put("whole", Of(2.0, Set, span.Span{}))
	n.Put("token", Of("x"+span.Unknown("no value"), Unknown, span.Span{}))
	got, err := json.Marshal(n.Plain())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a/b~c":[1,null],"inf":{"$float":"inf"},"limits":{"cpu":null,"memory":"2G"},"token":"x…","whole":2}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLocateFallsBackToTheNearestParent(t *testing.T) {
	n := sample()
	for _, c := range []struct {
		path  []any
		line  int
		depth int
	}{
		{[]any{"limits", "memory"}, 3, 2},
		{[]any{"limits", "cpu"}, 2, 1},
		{[]any{"limits", "nothing", "deeper"}, 2, 1},
		{[]any{"a/b~c", 0}, 5, 2},
		{[]any{"a/b~c", "0"}, 5, 2},
		{[]any{"a/b~c", 1}, 1, 0},
		{[]any{"missing"}, 1, 0},
		{nil, 1, 0},
	} {
		got, depth := n.Locate(c.path)
		if got.Start.Line != c.line || depth != c.depth {
			t.Errorf("Locate(%v) = line %d depth %d, want %d %d", c.path, got.Start.Line, depth, c.line, c.depth)
		}
	}
}

func TestFactsNameEveryLeafByPointer(t *testing.T) {
	got := map[string]State{}
	sample().Facts("", func(p string, f Fact) { got[p] = f.State })
	want := map[string]State{
		"": Set, "/limits": Set, "/limits/memory": Set, "/limits/cpu": Default, "/a~1b~0c/0": Set, "/a~1b~0c/1": Unknown,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestJoin(t *testing.T) {
	a, b := sample(), sample()
	b.Get("limits").Put("memory", Of("4G", Set, at(9)))
	b.Get("limits").Put("extra", Of(true, Set, at(10)))
	j := Join(a, b, "order unknown")
	if m := j.Get("limits", "memory"); m.State != Unknown || m.Why != "order unknown" {
		t.Errorf("a disagreement must be unknown, got %+v", m)
	}
	if e := j.Get("limits", "extra"); e.State != Unknown {
		t.Errorf("a key that only one side has must be unknown, got %+v", e)
	}
	if c := j.Get("limits", "cpu"); c.State != Default {
		t.Errorf("what both agree on stays, got %+v", c)
	}
	if !Same(Join(a, a.Copy(), "x"), a) {
		t.Error("joining equal trees must change nothing")
	}
}

func TestJoinOfOpenMaps(t *testing.T) {
	a := NewMap(Set, at(1))
	a.Put("memory", UnknownOf("a script may set it", at(2)))
	b := NewMap(Unknown, at(3)).Because("more may be set elsewhere")
	b.Put("memory", Of("2G", Set, at(4)))
	for _, j := range []*Node{Join(a, b, "order"), Join(b, a, "order")} {
		if j.State != Unknown || j.Get("memory").State != Unknown {
			t.Errorf("a join with an open map must not make known what is not: %v, memory %v", j.State, j.Get("memory").State)
		}
	}
}

func TestDeleteAndCopyAreIndependent(t *testing.T) {
	a := sample()
	c := a.Copy()
	c.Get("limits").Delete("memory")
	c.Get("limits").Delete("memory")
	if a.Get("limits", "memory") == nil || c.Get("limits", "memory") != nil || len(c.Get("limits").Keys) != 1 {
		t.Error("Delete on a copy reached the original, or did nothing")
	}
}
