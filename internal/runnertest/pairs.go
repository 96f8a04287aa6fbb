package runnertest

import (
	"fmt"
	"strings"
)

// Pair is one entry of a file command.
type Pair struct{ Key, Value string }

// Pairs reads the text of GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE as FileCommandManager.cs does on Linux: what comes
// first of "=" and "<<" decides the form, the closing delimiter is a whole line, and a carriage return belongs to the value.
func Pairs(text string) ([]Pair, error) {
	var pairs []Pair
	r := lineReader{text: text}
	for {
		line, _, ok := r.next()
		if !ok {
			return pairs, nil
		}
		if line == "" {
			continue
		}
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			pairs = append(pairs, Pair{line[:equals], line[equals+1:]})
		case heredoc >= 0:
			key, delimiter := line[:heredoc], line[heredoc+2:]
			if key == "" || delimiter == "" {
				return pairs, fmt.Errorf("invalid format %q: name and delimiter must not be empty", line)
			}
			value, err := r.until(delimiter)
			if err != nil {
				return pairs, err
			}
			pairs = append(pairs, Pair{key, value})
		default:
			return pairs, fmt.Errorf("invalid format %q", line)
		}
	}
}

type lineReader struct {
	text string
	at   int
}

// next returns the next line and whether a newline ended it; ok is false at the end.
func (r *lineReader) next() (line string, newline, ok bool) {
	if r.at >= len(r.text) {
		return "", false, false
	}
	rest := r.text[r.at:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		r.at += i + 1
		return rest[:i], true, true
	}
	r.at = len(r.text)
	return rest, false, true
}

// until returns what stands before the line that is the delimiter.
func (r *lineReader) until(delimiter string) (string, error) {
	start, end := r.at, r.at
	for {
		line, newline, ok := r.next()
		switch {
		case ok && line == delimiter:
			return r.text[start:max(start, end)], nil
		case !ok:
			return "", fmt.Errorf("matching delimiter not found %q", delimiter)
		case !newline:
			return "", fmt.Errorf("EOF marker %q is missing its new line", delimiter)
		}
		end = r.at - 1
	}
}
