package check

import (
	"context"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/assemble"
	"github.com/tljh-policy/tljh-policy/internal/hub"
	"github.com/tljh-policy/tljh-policy/internal/settings"
	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step"
)

// Loaded is the hubs of a checkout.
type Loaded struct {
	Hubs     []*hub.Document
	Problems []step.Problem
	Plugin   span.Span // where the checkout says that it is a plugin of TLJH, if it does
	Close    func()

	read *assemble.Result
}

// Load reads a checkout; the settings say what discovery cannot know.
func Load(ctx context.Context, dir string, s *settings.Settings, now time.Time) (*Loaded, error) {
	opts := assemble.Options{Now: now, Runbooks: s.Runbooks}
	for _, h := range s.Hubs {
		opts.Hubs = append(opts.Hubs, assemble.HubSetting{
			Name: h.Name, Dir: h.Dir, Sources: h.Sources, At: h.At,
			Active: number(h.ExpectedUsers.Active), Total: number(h.ExpectedUsers.Total),
		})
	}
	res, err := assemble.Load(ctx, dir, opts)
	if err != nil {
		return nil, Unevaluated("%v", err)
	}
	return &Loaded{res.Hubs, res.Problems, res.Plugin, func() { _ = res.Files.Close() }, res}, nil
}

func number(n *settings.Number) *int {
	if n == nil {
		return nil
	}
	v := int(n.Value)
	return &v
}
