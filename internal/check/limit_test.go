package check

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

func TestWithin(t *testing.T) {
	defer func(d time.Duration) { grace = d }(grace)
	grace = 10 * time.Millisecond
	stuck := make(chan bool)
	defer close(stuck)
	tests := map[string]struct {
		work func(ctx context.Context) error
		want int
	}{
		"fine":           {func(context.Context) error { return nil }, 0},
		"own error":      {func(context.Context) error { return Usage("x") }, 2},
		"panic":          {func(context.Context) error { panic("x") }, 3},
		"deadline":       {func(ctx context.Context) error { <-ctx.Done(); return fmt.Errorf("reading: %w", ctx.Err()) }, 3},
		"does not stop":  {func(context.Context) error { <-stuck; return nil }, 3},
		"verdict stands": {func(context.Context) error { return &Error{Code: report.ExitFailed} }, 1},
	}
	for name, tt := range tests {
		code := 0
		if err := Within(context.Background(), 10*time.Millisecond, tt.work); err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%s: %v", name, err)
			}
			code = e.Code
		}
		if code != tt.want {
			t.Errorf("%s: exit %d, want %d", name, code, tt.want)
		}
	}
}
