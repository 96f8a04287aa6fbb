package github

import (
	"context"
	"fmt"
)

// MaxBlob is the largest blob that Blobs reads, MaxBlobs what it reads altogether.
const (
	MaxBlob  = 4 << 20
	MaxBlobs = 64 << 20

	batchBlobs = 50      // in one GraphQL request
	batchBytes = 2 << 20 // text of one GraphQL request
	inlineBlob = 500_000 // GraphQL cuts longer texts
	restBlobs  = 200     // REST gives one blob a request
)

// BlobRef asks for a blob. Size is what the tree says, 0 if unknown.
type BlobRef struct {
	SHA  string
	Size int64
}

// Blob is the content of a blob, or why it could not be had.
type Blob struct {
	Data []byte
	Err  error
}

// Blobs reads the contents of blobs: many in one GraphQL request, those that GraphQL does not give whole (binary, long, not
// UTF-8) one by one. Every content is checked against its id, so that it is what the commit holds to the byte. Every
// blob that was asked for is in the result.
func (c *Client) Blobs(ctx context.Context, repo Repo, want []BlobRef) (map[string]Blob, error) {
	if err := repo.check(); err != nil {
		return nil, err
	}
	b := &blobReader{c: c, repo: repo, out: make(map[string]Blob, len(want)), left: MaxBlobs}
	var single []BlobRef
	var batch []BlobRef
	var size int64
	flush := func() {
		single = append(single, b.batch(ctx, batch)...)
		batch, size = nil, 0
	}
	seen := map[string]bool{}
	for _, w := range want {
		switch {
		case seen[w.SHA]:
			continue
		case !IsSHA(w.SHA):
			b.fail(w, Invalid, "this is no blob's id")
		case w.Size > MaxBlob:
			b.fail(w, TooLarge, fmt.Sprintf("it has %d bytes, more than %d", w.Size, MaxBlob))
		case w.Size > inlineBlob:
			single = append(single, w)
		default:
			if len(batch) == batchBlobs || size+w.Size > batchBytes {
				flush()
			}
			batch, size = append(batch, w), size+w.Size
		}
		seen[w.SHA] = true
	}
	flush()
	for i, w := range single {
		if i >= restBlobs {
			b.fail(w, TooLarge, fmt.Sprintf("more than %d files would have to be read one by one", restBlobs))
			continue
		}
		b.one(ctx, w)
	}
	return b.out, nil
}
