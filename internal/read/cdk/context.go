package cdk

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/read/python"
	"github.com/tljh-policy/tljh-policy/internal/read/python/declare"
)

// contextValue is what cdk.json says of a key of the context. What it does not say may be given when it is deployed.
func (a *app) contextValue(c *python.Call) *python.Value {
	var key string
	ok := false
	if len(c.Args) > 0 {
		key, ok = c.Args[0].Str()
	} else {
		key, ok = c.Named["key"].Str()
	}
	if !ok {
		return python.UnknownOf("it is a key of the context that is not known", c.At)
	}
	if n := a.context.Get(key); n != nil {
		return declare.Value(n)
	}
	where := "cdk.json does not give it"
	if a.at == "" {
		where = "there is no cdk.json"
	}
	return python.UnknownOf("it is the context's "+strconv.Quote(key)+", and "+where+"; write it there, or state the fact in an infra.yaml", c.At)
}
