package action

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/github"
	"github.com/tljh-policy/tljh-policy/internal/snapshot"
)

// hosted is the repository at GitHub, as a store of commits. Without a client every question has the same answer.
type hosted struct {
	client *github.Client
	repo   github.Repo
	why    error // why there is no client
}

func (h hosted) BranchTip(ctx context.Context, branch string) (string, error) {
	if h.client == nil {
		return "", h.why
	}
	return h.client.BranchTip(ctx, h.repo, branch)
}

func (h hosted) MergeBase(ctx context.Context, base, head string) (string, error) {
	if h.client == nil {
		return "", h.why
	}
	c, err := h.client.Compare(ctx, h.repo, base, head)
	if err != nil {
		return "", err
	}
	return c.MergeBase, nil
}

// Tree implements snapshot.Store.
func (h hosted) Tree(ctx context.Context, commit string) ([]snapshot.Entry, error) {
	if h.client == nil {
		return nil, h.why
	}
	tree, err := h.client.Tree(ctx, h.repo, commit)
	if err != nil {
		return nil, err
	}
	if tree.Truncated {
		return nil, fmt.Errorf("commit %.12s has more files than GitHub lists", commit)
	}
	var out []snapshot.Entry
	for _, e := range tree.Entries {
		mode, err := strconv.ParseUint(e.Mode, 8, 32)
		if err != nil || e.Type == "tree" {
			continue
		}
		size := e.Size
		if e.Type != "blob" {
			size = -1
		}
		out = append(out, snapshot.Entry{Path: e.Path, Mode: uint32(mode), OID: e.SHA, Size: size})
	}
	return out, nil
}

// Blobs implements snapshot.Store.
func (h hosted) Blobs(ctx context.Context, entries []snapshot.Entry, maxBytes int64) (map[string][]byte, error) {
	if h.client == nil {
		return nil, h.why
	}
	want := make([]github.BlobRef, 0, len(entries))
	for _, e := range entries {
		if e.Size <= maxBytes {
			want = append(want, github.BlobRef{SHA: e.OID, Size: max(e.Size, 0)})
		}
	}
	if len(want) == 0 {
		return nil, nil
	}
	blobs, err := h.client.Blobs(ctx, h.repo, want)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for id, b := range blobs {
		switch {
		case b.Err == nil:
			out[id] = b.Data
		case !errors.Is(b.Err, github.TooLarge):
			return nil, b.Err
		}
	}
	return out, nil
}
