package check

import (
	"context"
	"errors"
	"time"
)

// grace is how long work may take to stop once its time is up; tests shorten it.
var grace = 5 * time.Second

// Within runs work and does not wait for it longer than limit and a grace: neither a panic in it nor something in it
// that cannot be interrupted keeps the command from ending with the right exit code.
func Within(ctx context.Context, limit time.Duration, work func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- Crash(r)
			}
		}()
		done <- work(ctx)
	}()
	hard := time.NewTimer(limit + grace)
	defer hard.Stop()
	select {
	case err := <-done:
		if errors.Is(err, context.DeadlineExceeded) {
			return TimeUp(limit)
		}
		return err
	case <-hard.C:
		return TimeUp(limit)
	}
}
