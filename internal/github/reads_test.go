package github

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestPullRequest(t *testing.T) {
	deleted := map[string]any{}
	if err := json.Unmarshal([]byte(pullJSON(fakeSHA(1))), &deleted); err != nil {
		t.Fatal(err)
	}
	deleted["head"].(map[string]any)["repo"] = nil
	deleted["user"] = nil
	same := strings.ReplaceAll(pullJSON(fakeSHA(1)), "pupil/hub", "Octo-Org/hub")
	tests := []struct {
		name, body   string
		fork, hasOne bool
	}{
		{"fork", pullJSON(fakeSHA(1)), true, true},
		{"deleted fork", asJSON(deleted), true, false},
		{"same repository", same, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := client(t, http.HandlerFunc(say(200, tt.body)))
			pr, err := c.PullRequest(context.Background(), testRepo, 7)
			if err != nil {
				t.Fatal(err)
			}
			if pr.FromFork() != tt.fork || (pr.HeadRepo != nil) != tt.hasOne || pr.BaseRef != "main" || pr.Files != 2 ||
				pr.Target() != (Target{testRepo, 7, fakeSHA(1)}) {
				t.Errorf("%+v", pr)
			}
		})
	}
}

func TestRepoNames(t *testing.T) {
	if r, err := ParseRepo("octo-org/hub.config"); err != nil || r.Name != "hub.config" {
		t.Error(r, err)
	}
	c, _ := client(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was made") }))
	for _, bad := range []string{"", "a", "a/", "/b", "a/b/c", "a/..", "a/b?x", "../b", "a/b#c", "a/b%2f"} {
		if _, err := ParseRepo(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
		owner, name, _ := strings.Cut(bad, "/")
		if _, err := c.PullRequest(context.Background(), Repo{owner, name}, 1); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestBranchTip(t *testing.T) {
	c, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/repos/octo-org/hub/git/ref/heads/feature/a#b" {
			t.Errorf("asked for %s", r.URL)
		}
		fmt.Fprintf(w, `{"ref":"refs/heads/feature/a#b","object":{"sha":%q,"type":"commit"}}`, fakeSHA(3))
	}))
	if got, err := c.BranchTip(context.Background(), testRepo, "refs/heads/feature/a#b"); err != nil || got != fakeSHA(3) {
		t.Error(got, err)
	}
}

func TestCompare(t *testing.T) {
	c, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/repos/octo-org/hub/compare/"+fakeSHA(1)+"..."+fakeSHA(2) {
			t.Errorf("asked for %s", r.URL)
		}
		fmt.Fprintf(w, `{"status":"diverged","ahead_by":2,"behind_by":3,"merge_base_commit":{"sha":%q}}`, fakeSHA(9))
	}))
	got, err := c.Compare(context.Background(), testRepo, fakeSHA(1), fakeSHA(2))
	if err != nil || *got != (Comparison{fakeSHA(9), "diverged", 2, 3}) {
		t.Error(got, err)
	}
	for _, bad := range []string{"main", "", "../x"} {
		if _, err := c.Compare(context.Background(), testRepo, bad, fakeSHA(2)); !errors.Is(err, Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// pages serves n files, per_page at a time, with Link headers.
func pages(t *testing.T, n int) (http.Handler, *int) {
	requests := new(int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		page, per := 1, 30
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		fmt.Sscan(r.URL.Query().Get("per_page"), &per)
		if per != 100 {
			t.Errorf("%d a page", per)
		}
		list := []map[string]any{}
		for i := (page - 1) * per; i < min(page*per, n); i++ {
			list = append(list, map[string]any{"filename": fmt.Sprintf("f%d", i), "status": "modified", "patch": "@@ -1 +1 @@\n-a\n+b"})
		}
		if page*per < n {
			w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?per_page=%d&page=%d>; rel="next"`, r.Host, r.URL.Path, per, page+1))
		}
		fmt.Fprint(w, asJSON(list))
	}), requests
}

func TestPullFiles(t *testing.T) {
	for _, tt := range []struct {
		n, requests int
		whole       bool
	}{{0, 1, true}, {2, 1, true}, {100, 1, true}, {101, 2, true}, {2999, 30, true}, {3000, 30, false}, {4000, 30, false}} {
		h, requests := pages(t, tt.n)
		c, _ := client(t, h)
		got, err := c.PullFiles(context.Background(), testRepo, 7)
		if err != nil || len(got.List) != min(tt.n, MaxFiles) || (got.Incomplete == "") != tt.whole || *requests != tt.requests {
			t.Errorf("%d files: %d in %d requests, %q, %v", tt.n, len(got.List), *requests, got.Incomplete, err)
		}
		if tt.n > 0 && (got.Find("f1") == nil || got.Find("none") != nil) {
			t.Error("Find")
		}
	}
}

func TestHunksOfFiles(t *testing.T) {
	tests := []struct {
		file File
		want string // part of the reason, "" if comments may stand there
	}{
		{File{Status: "modified", Patch: "@@ -1 +1 @@\n-a\n+b"}, ""},
		{File{Status: "added", Patch: "@@ -0,0 +1 @@\n+b"}, ""},
		{File{Status: "renamed"}, "only renamed"},
		{File{Status: "renamed", Patch: "@@ -1 +1 @@\n-a\n+b"}, ""},
		{File{Status: "removed", Patch: "@@ -1 +0,0 @@\n-a"}, "removed"},
		{File{Status: "modified"}, "too large or binary"},
		{File{Status: "modified", Patch: "@@ -1,9 +1 @@\n-a\n+b"}, "cannot be read"},
	}
	for _, tt := range tests {
		hs, err := tt.file.Hunks()
		if tt.want == "" && (err != nil || !hs.Contains(1, 1)) || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%+v: %v", tt.file, err)
		}
	}
}

func TestTree(t *testing.T) {
	c, _ := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("recursive") != "1" {
			t.Error("not recursive")
		}
		fmt.Fprintf(w, `{"sha":%q,"truncated":true,"tree":[{"path":"a/b.yaml","mode":"100644","type":"blob","size":12,"sha":%q},{"path":"a","mode":"040000","type":"tree","sha":%q}]}`,
			fakeSHA(1), fakeSHA(2), fakeSHA(3))
	}))
	got, err := c.Tree(context.Background(), testRepo, fakeSHA(1))
	if err != nil || !got.Truncated || len(got.Entries) != 2 || got.Entries[0] != (TreeEntry{"a/b.yaml", "100644", "blob", fakeSHA(2), 12}) {
		t.Errorf("%+v %v", got, err)
	}
}

// blobServer holds contents by id and counts its requests.
type blobServer struct {
	t       *testing.T
	data    map[string]string
	noGraph bool
	graph   int
	rest    int
}

func (b *blobServer) add(s string) BlobRef {
	id := blobID(fakeSHA(0), []byte(s))
	b.data[id] = s
	return BlobRef{id, int64(len(s))}
}

func (b *blobServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/graphql" {
		b.rest++
		s, ok := b.data[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]]
		if !ok {
			say(404, `{"message":"Not Found"}`)(w, r)
			return
		}
		enc := base64.StdEncoding.EncodeToString([]byte(s))
		fmt.Fprint(w, asJSON(map[string]any{"encoding": "base64", "content": enc[:len(enc)/2] + "\n" + enc[len(enc)/2:] + "\n"}))
		return
	}
	b.graph++
	if b.noGraph {
		say(404, `{"message":"Not Found"}`)(w, r)
		return
	}
	var in struct {
		Query     string
		Variables map[string]string
	}
	body, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(body, &in); err != nil {
		b.t.Error(err)
	}
	out := map[string]any{}
	for name, id := range in.Variables {
		if !strings.HasPrefix(name, "b") {
			continue
		}
		s, ok := b.data[id]
		switch {
		case !ok:
			out[name] = nil
		case strings.ContainsRune(s, 0):
			out[name] = map[string]any{"byteSize": len(s), "isBinary": true, "isTruncated": false, "text": nil}
		default: // as GraphQL does: text must be UTF-8
			out[name] = map[string]any{"byteSize": len(s), "isBinary": false, "isTruncated": false, "text": strings.ToValidUTF8(s, "\uFFFD")}
		}
	}
	fmt.Fprint(w, asJSON(map[string]any{"data": map[string]any{"repository": out}}))
}

func TestBlobs(t *testing.T) {
	b := &blobServer{t: t, data: map[string]string{}}
	var want []BlobRef
	for i := range 120 {
		want = append(want, b.add(fmt.Sprintf("users: %d\n", i)))
	}
	empty, crlf := b.add(""), b.add("a\r\nb\r\n")
	binary, latin := b.add("\x00\x01"), b.add("caf\xe9\n")
	missing, bad, big := BlobRef{fakeSHA(5), 3}, BlobRef{"main:../x", 3}, BlobRef{fakeSHA(6), MaxBlob + 1}
	want = append(want, want[0], empty, crlf, binary, latin, missing, bad, big)
	c, _ := client(t, b)
	got, err := c.Blobs(context.Background(), testRepo, want)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if s, ok := b.data[w.SHA]; ok && (got[w.SHA].Err != nil || string(got[w.SHA].Data) != s) {
			t.Errorf("%q: %q %v", s, got[w.SHA].Data, got[w.SHA].Err)
		}
	}
	for ref, kind := range map[BlobRef]Kind{missing: NotFound, bad: Invalid, big: TooLarge} {
		if !errors.Is(got[ref.SHA].Err, kind) {
			t.Errorf("%v: %v", ref, got[ref.SHA].Err)
		}
	}
	if b.graph != 3 || b.rest != 3 { // 126 by 50; what GraphQL cannot give: binary, Latin-1, missing
		t.Errorf("%d GraphQL and %d REST requests", b.graph, b.rest)
	}
}

func TestBlobsWithoutGraphQL(t *testing.T) {
	b := &blobServer{t: t, data: map[string]string{}, noGraph: true}
	var want []BlobRef
	for i := range restBlobs + 10 {
		want = append(want, b.add(fmt.Sprintf("users: %d\n", i)))
	}
	c, _ := client(t, b)
	got, err := c.Blobs(context.Background(), testRepo, want)
	if err != nil || b.rest != restBlobs || b.graph != 1 {
		t.Errorf("%d GraphQL and %d REST requests, %v", b.graph, b.rest, err)
	}
	if string(got[want[7].SHA].Data) != "users: 7\n" || !errors.Is(got[want[restBlobs+1].SHA].Err, TooLarge) {
		t.Error("contents")
	}
}

func TestBlobThatIsAnother(t *testing.T) {
	b := &blobServer{t: t, data: map[string]string{}}
	ref := b.add("honest\n")
	b.data[ref.SHA] = "forged\n"
	c, _ := client(t, b)
	got, _ := c.Blobs(context.Background(), testRepo, []BlobRef{ref})
	if !errors.Is(got[ref.SHA].Err, BadAnswer) {
		t.Errorf("%q %v", got[ref.SHA].Data, got[ref.SHA].Err)
	}
}
