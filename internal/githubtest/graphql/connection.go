package graphql

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// Connection returns the page of a list that the arguments first/after or last/before ask for. As on the service, one of
// first and last is needed, and at most 100.
func Connection(typename string, nodes []Object, args Args) (any, error) {
	first, forwards := args.Int("first")
	last, backwards := args.Int("last")
	if !forwards && !backwards {
		return nil, &Error{Type: "MISSING_PAGINATION_BOUNDARIES", Message: "You must provide a `first` or `last` value to properly paginate the connection."}
	}
	if count := max(first, last); count > 100 || count < 0 {
		return nil, &Error{Type: "EXCESSIVE_PAGINATION", Message: fmt.Sprintf("Requesting %d records on the connection exceeds the `first` limit of 100 records.", count)}
	}
	start, end := 0, len(nodes)
	var err error
	if after := args.String("after"); after != "" {
		if start, err = position(after); err != nil {
			return nil, err
		}
	}
	if before := args.String("before"); before != "" {
		if end, err = position(before); err != nil {
			return nil, err
		}
		end--
	}
	start = min(start, len(nodes))
	end = max(start, min(end, len(nodes)))
	if forwards {
		end = min(end, start+first)
	} else {
		start = max(start, end-last)
	}
	info := Object{"__typename": "PageInfo", "hasNextPage": end < len(nodes), "hasPreviousPage": start > 0, "startCursor": nil, "endCursor": nil}
	if end > start {
		info["startCursor"], info["endCursor"] = cursor(start+1), cursor(end)
	}
	return Object{"__typename": typename, "nodes": nodes[start:end], "pageInfo": info, "totalCount": len(nodes)}, nil
}

func cursor(n int) string {
	return base64.StdEncoding.EncodeToString([]byte("cursor:" + strconv.Itoa(n)))
}

func position(text string) (int, error) {
	raw, _ := base64.StdEncoding.DecodeString(text)
	n, err := strconv.Atoi(strings.TrimPrefix(string(raw), "cursor:"))
	if err != nil || n < 1 {
		return 0, &Error{Type: "INVALID_CURSOR_ARGUMENTS", Message: fmt.Sprintf("`%s` does not appear to be a valid cursor.", text)}
	}
	return n, nil
}
