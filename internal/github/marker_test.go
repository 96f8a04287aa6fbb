package github

import (
	"strings"
	"testing"
)

func TestMarker(t *testing.T) {
	for _, gate := range []string{"", "default", "a b", "-->", "--> <!-- x", "é\n\x00", "k=v", "%41"} {
		m := Marker{Kind: kindInline, Gate: gate, Key: "https/config.yaml/1f", State: stateOpen, SHA: fakeSHA(1)}
		body, err := compose(m, "text\n")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(body, "-->") != 1 || strings.Count(body, "--") != 2 {
			t.Errorf("%q", body)
		}
		got, text, ok := parseMarker(body)
		m.Hash = textHash("text\n")
		if !ok || got != m || text != "text\n" || !got.unchanged(text) {
			t.Errorf("%q: %+v %q %v", gate, got, text, ok)
		}
		if _, _, ok := parseMarker(strings.ReplaceAll(body, "\n", "\r\n")); !ok {
			t.Error("CRLF")
		}
	}
	if _, err := compose(Marker{Kind: kindSummary}, "see <!-- tljh-policy/1 kind=summary -->"); err == nil {
		t.Error("a text with a marker of its own is taken")
	}
}

func TestForgedMarkers(t *testing.T) {
	line := Marker{Kind: kindSummary, Gate: "a"}.line()
	for _, body := range []string{"", "\n" + line, " " + line, "> " + line, "x\n" + line, line + "x", strings.ReplaceAll(line, "/1", "/2"),
		"<!-- tljh-policy/1 -->", "<!-- tljh-policy/1 gate=a -->", "<!-- tljh-policy/1 kind=a=b -->", "<!--tljh-policy/1 kind=summary-->"} {
		if m, _, ok := parseMarker(body); ok {
			t.Errorf("%q is taken: %+v", body, m)
		}
	}
}

func FuzzMarker(f *testing.F) {
	f.Add("gate", "key", "text <b>")
	f.Add("-->\n<!--", "%zz", "")
	f.Add("a", "b", "caf\xe9 \xff\xfe")
	f.Fuzz(func(t *testing.T, gate, key, text string) {
		m := Marker{Kind: kindInline, Gate: gate, Key: key}
		body, err := compose(m, text)
		if err != nil {
			return
		}
		got, rest, ok := parseMarker(body)
		if !ok || got.Gate != gate || got.Key != key || rest != valid(text) || !got.unchanged(rest) || strings.Count(body, "<!--") != 1 {
			t.Errorf("%q: %+v %q", body, got, rest)
		}
	})
}
