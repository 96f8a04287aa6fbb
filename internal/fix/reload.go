package fix

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
)

var (
	reloads      = lazyregexp.New(`tljh-config["']?[\s,"']+reload`)
	reloadsProxy = lazyregexp.New(`tljh-config["']?[\s,"']+reload[\s,"']+proxy`)
	reloadLine   = lazyregexp.New(`(?m)^([ \t]*(?:- )?[^#\n"'\[&;|]*tljh-config[ \t]+reload)(?:[ \t]+hub)?[ \t]*(?:#[^\n]*)?\r?$`)
)

// reload has the proxy reloaded too where HTTPS changes and the scripts reload the hub alone: that leaves the hub waiting
// for an entry point that the proxy does not have (reference/tljh.md §11).
func (x *Fixer) reload(ctx context.Context, from *checkout, hubName string, todo []change) (*checkout, error) {
	if !slices.ContainsFunc(todo, func(c change) bool { return c.key[0] == "https" }) {
		return from, nil
	}
	old := from.hub(hubName)
	alone := ""
	for _, file := range old.Sources {
		text, _ := from.text(file)
		if reloadsProxy.MatchString(text) {
			return from, nil
		}
		if reloads.MatchString(text) {
			alone = file
		}
	}
	if alone == "" {
		return from, nil
	}
	text, _ := from.text(alone)
	lines := reloadLine.FindAllStringSubmatchIndex(text, -1)
	if len(lines) == 0 {
		return nil, errors.New(alone + " reloads the hub alone, and HTTPS needs: sudo tljh-config reload proxy")
	}
	m := lines[len(lines)-1]
	end := lineEnd(text, m[0])
	br := "\n"
	if strings.HasPrefix(text[end:], "\r\n") {
		br = "\r\n"
	}
	to := from.with(ctx, alone, text[:end]+br+text[m[2]:m[3]]+" proxy"+text[end:])
	now := to.hub(hubName)
	if now == nil || !reflect.DeepEqual(old.Root.Get("config").Plain(), now.Root.Get("config").Plain()) {
		return nil, errors.New("more would change with " + alone)
	}
	return to, same(old, now, nil)
}
