package markdown

import (
	"net/url"
	"strings"
)

// maxAddress is how long an address may be; browsers and servers refuse much longer ones.
const maxAddress = 2000

// Link is a link with a label that is Markdown already (of Value, Code or our own words); just the label when the address is none
// that a browser should follow.
func Link(label, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return label
	}
	to := target(u.String())
	if len(to) > maxAddress {
		return label
	}
	return "[" + label + "](" + to + ")"
}

// target spells an address so that it cannot end the link around it.
func target(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>[]\\`|\"'{}^*$", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
