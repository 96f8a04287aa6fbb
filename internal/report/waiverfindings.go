package report

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// waiverResults are the results of WaiversRule, one a hub that has something to say.
func (b *builder) waiverResults() []Result {
	if s := b.in.Settings.Rule(WaiversRule); s != nil && s.Off != "" {
		return nil
	}
	if _, ok := b.rules[WaiversRule]; !ok {
		return nil
	}
	byHub := map[string][]Finding{}
	add := func(hubName, about string, at span.Span, format string, args ...any) {
		byHub[hubName] = append(byHub[hubName], Finding{
			Outcome: Fail, Message: fmt.Sprintf(format, args...), Location: place(at), Related: []Related{}, about: about,
		})
	}
	b.settingsWaivers(add)
	b.commentWaivers(add)
	var names []string
	for n := range byHub {
		names = append(names, n)
	}
	sort.Strings(names)
	var out []Result
	for _, n := range names {
		res := b.start(n, WaiversRule)
		b.finish(&res, Fail, byHub[n])
		out = append(out, res)
	}
	return out
}

func (b *builder) settingsWaivers(add func(hubName, about string, at span.Span, format string, args ...any)) {
	names := make([]string, len(b.in.Hubs))
	for i, e := range b.in.Hubs {
		names[i] = e.Doc.Name
	}
	for i, s := range b.in.Settings.Waivers {
		about := "settings\x00" + s.Rule + "\x00" + s.Path
		known := s.Hub == "" || contains(names, s.Hub)
		switch expired := settings.Expired(s.Expires, b.in.Now); {
		case !known && b.in.Partial:
		case !known:
			add("", about+"\x00"+s.Hub, s.HubAt, "There is no hub %q, so this waiver covers nothing%s", s.Hub, settings.DidYouMean(s.Hub, names))
		case expired:
			add(s.Hub, about, s.At, "The waiver for %s ended on %s. It was given because: %s. %s should decide what to do now.", s.Rule, s.Expires.Format(time.DateOnly), strings.TrimRight(s.Reason, ". "), s.Owner)
		case !b.waivers.used[i] && !b.in.Partial:
			add(s.Hub, about, s.At, "The waiver for %s covers nothing: %s. Delete it.", s.Rule, b.whyUnused(s.Rule))
		}
	}
}

func (b *builder) commentWaivers(add func(hubName, about string, at span.Span, format string, args ...any)) {
	for _, c := range b.waivers.comments {
		if c.Bad != "" {
			add(c.hubs[0], "comment", c.At, "This waiver comment has no effect: %s.", c.Bad)
			continue
		}
		for _, id := range c.Rules {
			_, known := b.rules[id]
			switch {
			case !known && b.in.Partial:
			case !known:
				ids := make([]string, 0, len(b.in.Rules))
				for _, r := range b.in.Rules {
					ids = append(ids, r.ID)
				}
				add(c.hubs[0], "comment\x00"+id, c.At, "This waiver comment has no effect: there is no rule %q%s", id, settings.DidYouMean(id, ids))
			case settings.Expired(c.Until, b.in.Now):
				add(c.hubs[0], "comment\x00"+id, c.At, "The waiver for %s ended on %s. It was given because: %s. Decide again, or delete the comment.", id, c.Until.Format(time.DateOnly), strings.TrimRight(c.Reason, ". "))
			case !c.used[id] && !b.in.Partial:
				add(c.hubs[0], "comment\x00"+id, c.At, "The waiver for %s covers nothing: %s. Delete the comment.", id, b.whyUnused(id))
			}
		}
	}
}

func (b *builder) whyUnused(rule string) string {
	if s := b.in.Settings.Rule(rule); s != nil && s.Off != "" {
		return "the rule is switched off in the settings"
	}
	return "the rule finds nothing wrong there"
}
