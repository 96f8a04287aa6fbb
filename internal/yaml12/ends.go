package yaml12

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// skipProperties moves past anchors (&x) and tags (!x) to the text of the node itself.
func skipProperties(src string, i int) int {
	for i < len(src) && (src[i] == '&' || src[i] == '!') {
		for i < len(src) && !strings.ContainsRune(" \t\r\n", rune(src[i])) {
			i++
		}
		for i < len(src) {
			switch src[i] {
			case ' ', '\t', '\r', '\n':
				i++
				continue
			case '#':
				for i < len(src) && src[i] != '\n' {
					i++
				}
				continue
			}
			break
		}
	}
	return i
}

// scalarEnd is the offset just after a scalar that starts at i.
func scalarEnd(src string, i int, n *yaml.Node) int {
	style := n.Style &^ yaml.TaggedStyle
	switch {
	case i >= len(src):
		return len(src)
	case style&yaml.DoubleQuotedStyle != 0 && src[i] == '"':
		for j := i + 1; j < len(src); j++ {
			switch src[j] {
			case '\\':
				j++
			case '"':
				return j + 1
			}
		}
		return len(src)
	case style&yaml.SingleQuotedStyle != 0 && src[i] == '\'':
		for j := i + 1; j < len(src); j++ {
			if src[j] != '\'' {
				continue
			}
			if j+1 < len(src) && src[j+1] == '\'' {
				j++
				continue
			}
			return j + 1
		}
		return len(src)
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return blockEnd(src, i)
	}
	return plainEnd(src, i, n.Value)
}

// plainEnd follows the value through the source; a line fold is white space in both.
func plainEnd(src string, i int, value string) int {
	end := i
	for v := 0; v < len(value) && i < len(src); {
		if value[v] == ' ' || value[v] == '\n' {
			v++
			continue
		}
		if strings.ContainsRune(" \t\r\n", rune(src[i])) {
			i++
			continue
		}
		if src[i] != value[v] {
			break
		}
		i++
		v++
		end = i
	}
	return end
}

// blockEnd is the end of a literal or folded scalar whose header (| or >) is at i: after its last line that is not blank.
func blockEnd(src string, i int) int {
	nl := strings.IndexByte(src[i:], '\n')
	if nl < 0 {
		return len(src)
	}
	end := i + len(strings.TrimRight(src[i:i+nl], "\r"))
	indent := -1
	for p := i + nl + 1; p < len(src); {
		stop := len(src)
		if j := strings.IndexByte(src[p:], '\n'); j >= 0 {
			stop = p + j
		}
		line := src[p:stop]
		body := strings.TrimLeft(line, " ")
		if strings.TrimSpace(body) != "" {
			if depth := len(line) - len(body); indent < 0 {
				if depth <= parentIndent(src, i) {
					return end
				}
				indent = depth
			} else if depth < indent {
				return end
			}
			end = p + len(strings.TrimRight(line, "\r"))
		}
		p = stop + 1
	}
	return end
}

// parentIndent is the indentation of the line on which offset i stands; -1 for a scalar that is the whole document.
func parentIndent(src string, i int) int {
	start := strings.LastIndexByte(src[:i], '\n') + 1
	line := src[start:i]
	if strings.TrimLeft(line, " -") == "" || strings.HasPrefix(line, "---") {
		return strings.IndexFunc(line+"x", func(r rune) bool { return r != ' ' }) - 1
	}
	return len(line) - len(strings.TrimLeft(line, " "))
}
