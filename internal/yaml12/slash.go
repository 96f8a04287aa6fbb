package yaml12

import "strings"

// slash stands for an escaped slash while yaml.v3, which does not know that escape, reads the text. It is as long.
const slash = "\u07FE"

// hideSlashes replaces the escape \/ of JSON and YAML 1.2, which yaml.v3 refuses.
func hideSlashes(src string) string {
	if !strings.Contains(src, `\/`) || strings.Contains(src, slash) {
		return src
	}
	var out strings.Builder
	for i := 0; i < len(src); i++ {
		switch {
		case src[i] != '\\' || i+1 == len(src):
			out.WriteByte(src[i])
		case src[i+1] == '/':
			out.WriteString(slash)
			i++
		default:
			out.WriteString(src[i : i+2])
			i++
		}
	}
	return out.String()
}

// unslash undoes hideSlashes in a scalar: only between double quotes was it an escape.
func unslash(s string, escaped bool) string {
	if escaped {
		return strings.ReplaceAll(s, slash, "/")
	}
	return strings.ReplaceAll(s, slash, `\/`)
}
