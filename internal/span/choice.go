package span

import "github.com/tljh-policy/tljh-policy/internal/lazyregexp"

// harmless are values that can be told in a message although nobody knows what they are for: sizes, numbers, yes and no, classes.
var harmless = lazyregexp.New(`^(?:[0-9]{1,3}(?:\.[0-9]{1,3})?[KMGTkmgt]?|true|false|True|False|None|null|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,4})$`)

// Choice names two values of which one holds, `"1G" or "2G"`. It is "" where one of them might be a secret.
func Choice(a, b string) string {
	if len(a) > 80 || len(b) > 80 || !harmless.MatchString(a) || !harmless.MatchString(b) {
		return ""
	}
	return `"` + a + `" or "` + b + `"`
}
