package comment

import (
	"fmt"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// count is "1 rule" or "3 rules".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// list is "a", "a and b" or "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// some is the first n of a list, and how many are left out.
func some[T any](all []T, n int) (shown []T, left int) {
	if len(all) <= n {
		return all, 0
	}
	return all[:n], len(all) - n
}

// be is the verb for n things.
func be(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
