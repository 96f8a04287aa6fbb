package yaml12

// strayTab finds a tab outside quoted scalars, block scalars and comments, which ruamel.yaml refuses ("cannot start any
// token") and yaml.v3 lets pass. opaque holds the byte ranges, in order, in which tabs are text.
func strayTab(src string, opaque [][2]int) int {
	k, comment := 0, false
	for i := 0; i < len(src); i++ {
		for k < len(opaque) && opaque[k][1] <= i {
			k++
		}
		if k < len(opaque) && i >= opaque[k][0] {
			i = opaque[k][1] - 1
			continue
		}
		switch c := src[i]; {
		case c == '\n' || c == '\r':
			comment = false
		case comment:
		case c == '#' && (i == 0 || src[i-1] == ' ' || src[i-1] == '\t' || src[i-1] == '\n' || src[i-1] == '\r'):
			comment = true
		case c == '\t':
			return i
		}
	}
	return -1
}
