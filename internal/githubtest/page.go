package githubtest

import (
	"fmt"
	"strconv"
	"strings"
)

// paging reads page and per_page: 30 unless told, at most 100.
func (c *call) paging() (page, size int) {
	page, size = 1, 30
	if n, err := strconv.Atoi(c.query("page")); err == nil && n > 0 {
		page = n
	}
	if n, err := strconv.Atoi(c.query("per_page")); err == nil && n > 0 {
		size = min(n, 100)
	}
	return page, size
}

// paged returns the page that was asked for, and says in Link where the others are.
func paged[T any](c *call, all []T) []T {
	page, size := c.paging()
	last := max(1, (len(all)+size-1)/size)
	var links []string
	link := func(to int, rel string) {
		query := c.http.URL.Query()
		query.Set("page", strconv.Itoa(to))
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.APIURL(), c.http.URL.EscapedPath(), query.Encode(), rel))
	}
	if page > 1 {
		link(min(page-1, last), "prev")
	}
	if page < last {
		link(page+1, "next")
		link(last, "last")
	}
	if page > 1 {
		link(1, "first")
	}
	if len(links) > 0 {
		c.header.Set("Link", strings.Join(links, ", "))
	}
	start := min((page-1)*size, len(all))
	return all[start:min(start+size, len(all))]
}

// jsonList shows each element of a page.
func jsonList[T any](c *call, all []T, show func(T) object) []object {
	list := []object{}
	for _, element := range paged(c, all) {
		list = append(list, show(element))
	}
	return list
}
