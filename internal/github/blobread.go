package github

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/google/go-github/v60/github"
)

type blobReader struct {
	c    *Client
	repo Repo
	out  map[string]Blob
	left int64
}

func blobCall(sha string) call { return call{what: fmt.Sprintf("read the file with blob %.12s", sha)} }

func (b *blobReader) fail(w BlobRef, k Kind, why string) {
	b.out[w.SHA] = Blob{Err: &Error{Kind: k, What: blobCall(w.SHA).what, Message: why}}
}

// take keeps a content if it is the blob's.
func (b *blobReader) take(w BlobRef, data []byte) bool {
	if blobID(w.SHA, data) != w.SHA {
		return false
	}
	if b.left -= int64(len(data)); b.left < 0 {
		b.fail(w, TooLarge, fmt.Sprintf("more than %d bytes would have to be read altogether", MaxBlobs))
		return true
	}
	b.out[w.SHA] = Blob{Data: data}
	return true
}

// blobID is the id that git gives a content, with the hash that sha is one of.
func blobID(sha string, data []byte) string {
	var h hash.Hash = sha1.New()
	if len(sha) == 2*sha256.Size {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// batch reads blobs by GraphQL and returns those that it did not give.
func (b *blobReader) batch(ctx context.Context, want []BlobRef) []BlobRef {
	if len(want) == 0 || !b.c.token { // GraphQL needs a token; what is public, REST gives without
		return want
	}
	vars := map[string]any{"owner": b.repo.Owner, "repo": b.repo.Name}
	var decl, body strings.Builder
	for i, w := range want {
		fmt.Fprintf(&decl, ", $b%d: GitObjectID!", i)
		fmt.Fprintf(&body, "    b%d: object(oid: $b%d) { __typename ... on Blob { byteSize isBinary isTruncated text } }\n", i, i)
		vars[fmt.Sprintf("b%d", i)] = w.SHA
	}
	doc := fmt.Sprintf("query Blobs($owner: String!, $repo: String!%s) {\n  repository(owner: $owner, name: $repo) {\n%s  }\n}\n", &decl, &body)
	var data struct {
		Repository map[string]*struct {
			ByteSize    int64
			IsBinary    *bool
			IsTruncated bool
			Text        *string
		}
	}
	if _, err := b.c.graph(ctx, call{what: fmt.Sprintf("read %d files", len(want))}, doc, vars, &data); err != nil && !useREST(err) {
		for _, w := range want {
			b.out[w.SHA] = Blob{Err: err}
		}
		return nil
	}
	var rest []BlobRef
	for i, w := range want {
		got := data.Repository[fmt.Sprintf("b%d", i)]
		switch {
		case got != nil && got.ByteSize > MaxBlob:
			b.fail(w, TooLarge, fmt.Sprintf("it has %d bytes, more than %d", got.ByteSize, MaxBlob))
		case got != nil && got.Text != nil && !got.IsTruncated && b.take(w, []byte(*got.Text)):
		default:
			rest = append(rest, w)
		}
	}
	return rest
}

// one reads a blob by REST, which gives it in base64.
func (b *blobReader) one(ctx context.Context, w BlobRef) {
	var blob *github.Blob
	cl := blobCall(w.SHA)
	cl.limit = MaxBlob*3/2 + 4096
	err := b.c.do(ctx, cl, func(ctx context.Context) (err error) {
		blob, _, err = b.c.rest.Git.GetBlob(ctx, b.repo.Owner, b.repo.Name, w.SHA)
		return err
	})
	if err != nil {
		b.out[w.SHA] = Blob{Err: err}
		return
	}
	data := []byte(blob.GetContent())
	if blob.GetEncoding() == "base64" {
		data, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(blob.GetContent(), "\n", ""))
	}
	switch {
	case err != nil:
		b.fail(w, BadAnswer, "its content is no base64")
	case !b.take(w, data):
		b.fail(w, BadAnswer, "the content is not that of the blob")
	}
}
