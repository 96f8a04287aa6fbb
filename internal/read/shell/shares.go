package shell

import (
	"path"
	"strconv"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Share is a directory of the checkout ("." for all of it) that the machine sees at Path.
type Share struct{ Path, Checkout string }

// sharePrefix begins the names of the variables that hold the places of shares. Every script has them.
const sharePrefix = "__tljh_policy_share_"

func (r *run) setShares() {
	for n, s := range r.o.Shares {
		r.set(sharePrefix+strconv.Itoa(n), value{s: path.Join(Checkout, s.Checkout)})
	}
}

// unshared is a script with the paths of shares as variables that hold their places in the checkout.
func (r *run) unshared(t span.Text) span.Text {
	if len(r.o.Shares) == 0 {
		return t
	}
	s := t.String()
	var parts []span.Text
	last := 0
	for k := 0; k < len(s) && len(parts) < 2000; k++ {
		if s[k] != '/' || k > 0 && !strings.ContainsRune(" \t\n\"'=:(", rune(s[k-1])) {
			continue
		}
		if n := r.shareAt(s[k:]); n >= 0 {
			end := k + len(r.o.Shares[n].Path)
			parts = append(parts, t.Slice(last, k), span.Literal("${"+sharePrefix+strconv.Itoa(n)+"}", t.Slice(k, end)))
			last, k = end, end-1
		}
	}
	if len(parts) == 0 {
		return t
	}
	return span.Concat(append(parts, t.Slice(last, len(s)))...)
}

// shareAt is the share that a path at the beginning of s lies in: the longest, of equal ones the last; -1 if none.
func (r *run) shareAt(s string) int {
	found := -1
	for n, sh := range r.o.Shares {
		rest, ok := strings.CutPrefix(s, sh.Path)
		if ok && (rest == "" || strings.ContainsRune("/ \t\r\n\"';&|)", rune(rest[0]))) && (found < 0 || len(sh.Path) >= len(r.o.Shares[found].Path)) {
			found = n
		}
	}
	return found
}
