package runnertest

import (
	"bufio"
	"io"
)

// eachLine calls f for every line as .NET's StreamReader sees them: a line ends at \n, \r\n or a lone \r.
func eachLine(r io.Reader, f func(string)) error {
	in := bufio.NewReader(r)
	var line []byte
	open := false // something was read since the last line's end
	for {
		b, err := in.ReadByte()
		if err != nil {
			if open {
				f(string(line))
			}
			if err == io.EOF {
				return nil
			}
			return err
		}
		switch b {
		case '\r':
			if next, err := in.Peek(1); err == nil && next[0] == '\n' {
				_, _ = in.ReadByte()
			}
			fallthrough
		case '\n':
			f(string(line))
			line, open = line[:0], false
		default:
			line, open = append(line, b), true
		}
	}
}
