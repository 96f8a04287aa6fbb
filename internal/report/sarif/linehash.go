package sarif

import (
	"fmt"
	"strconv"
	"unicode/utf16"
)

// lineHashes are the fingerprints that code scanning knows a line by, one for each line of a text: the polynomial of base 37 over
// the line's first 100 characters that are neither blank nor tab, going on into the lines after it, and which line of that hash it is
// (docs "SARIF support for code scanning"; github/codeql-action, which computes it for those who upload with it).
func lineHashes(text string) []string {
	const (
		block = 100
		base  = 37
		end   = 0xffff // stands for the end of the file
	)
	var chars []uint16
	starts := []int{0}
	afterCR := false
	for _, c := range utf16.Encode([]rune(text)) {
		if c == ' ' || c == '\t' || afterCR && c == '\n' {
			afterCR = false
			continue
		}
		if afterCR = c == '\r'; afterCR {
			c = '\n'
		}
		chars = append(chars, c)
		if c == '\n' {
			starts = append(starts, len(chars))
		}
	}
	chars = append(chars, end)
	seen := map[uint64]int{}
	out := make([]string, len(starts))
	for i, start := range starts {
		var hash uint64
		for k := range block {
			hash *= base
			if start+k < len(chars) {
				hash += uint64(chars[start+k])
			}
		}
		seen[hash]++
		out[i] = fmt.Sprintf("%s:%d", strconv.FormatUint(hash, 16), seen[hash])
	}
	return out
}
