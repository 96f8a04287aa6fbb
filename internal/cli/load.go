package cli

import (
	"context"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// loaded is the hubs of a checkout.
type loaded struct {
	hubs     []*hub.Document
	problems []step.Problem
	close    func()
}

// load reads a checkout.
func load(ctx context.Context, dir string, s *settings.Settings, now time.Time) (*loaded, error) {
	opts := assemble.Options{Now: now}
	for _, h := range s.Hubs {
		opts.Hubs = append(opts.Hubs, assemble.HubSetting{
			Name: h.Name, Dir: h.Dir, Sources: h.Sources, At: h.At,
			Active: number(h.ExpectedUsers.Active), Total: number(h.ExpectedUsers.Total),
		})
	}
	res, err := assemble.Load(ctx, dir, opts)
	if err != nil {
		return nil, unevaluated("%v", err)
	}
	return &loaded{res.Hubs, res.Problems, func() { _ = res.Files.Close() }}, nil
}

func number(n *settings.Number) *int {
	if n == nil {
		return nil
	}
	v := int(n.Value)
	return &v
}
