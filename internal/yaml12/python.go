package yaml12

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/doc"
)

// keyName is how a key that is no string is named in the tree: by its Python type and text, as in "$key:int:1000".
func keyName(n *doc.Node) string {
	switch n.Kind {
	case doc.String:
		return n.Value.(string)
	case doc.Null:
		return "$key:NoneType:None"
	case doc.Bool:
		return "$key:bool:" + pyRepr(n)
	case doc.Number:
		if _, ok := n.Value.(int64); ok {
			return "$key:int:" + pyRepr(n)
		}
		return "$key:ScalarFloat:" + pyRepr(n)
	case doc.List:
		return "$key:CommentedKeySeq:" + pyRepr(n)
	}
	if v, ok := n.Get("$date").Str(); ok {
		if t, err := time.Parse("2006-01-02", v); err == nil {
			return fmt.Sprintf("$key:date:datetime.date(%d, %d, %d)", t.Year(), t.Month(), t.Day())
		}
		return "$key:TimeStamp:" + v
	}
	return "$key:CommentedKeyMap:" + pyRepr(n)
}

// pyRepr is Python's repr of a value.
func pyRepr(n *doc.Node) string {
	switch n.Kind {
	case doc.Null:
		return "None"
	case doc.Bool:
		if n.Value.(bool) {
			return "True"
		}
		return "False"
	case doc.Number:
		if f, ok := n.Value.(float64); ok {
			s := strings.ToLower(strconv.FormatFloat(f, 'g', -1, 64))
			if !strings.ContainsAny(s, ".en") && !math.IsInf(f, 0) {
				s += ".0"
			}
			return s
		}
		return strconv.FormatInt(n.Value.(int64), 10)
	case doc.String:
		s := strings.ReplaceAll(n.Value.(string), `\`, `\\`)
		if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
			return `"` + s + `"`
		}
		return "'" + strings.ReplaceAll(strings.ReplaceAll(s, "'", `\'`), "\n", `\n`) + "'"
	case doc.List:
		parts := make([]string, len(n.Items))
		for i, it := range n.Items {
			parts[i] = pyRepr(it)
		}
		if len(parts) == 1 {
			return "(" + parts[0] + ",)"
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	parts := make([]string, len(n.Keys))
	for i, k := range n.Keys {
		key := k
		if _, rest, ok := strings.Cut(strings.TrimPrefix(k, "$key:"), ":"); ok && strings.HasPrefix(k, "$key:") {
			key = rest
		} else {
			key = pyRepr(doc.Of(k, doc.Set, n.At))
		}
		parts[i] = "(" + key + ", " + pyRepr(n.Child[k]) + ")"
	}
	return "ordereddict([" + strings.Join(parts, ", ") + "])"
}
