// Command tljh-policy checks that the repository of a TLJH hub makes a production-ready hub.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/tljh-policy/tljh-policy/internal/cli"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A run is short, and most of it compiles the rules: half the collections cost a MiB and save a fifth of the CPU time.
		debug.SetGCPercent(200)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, os.Args[1:], cli.Streams{Out: os.Stdout, Err: os.Stderr, Env: os.Getenv})
	stop()
	os.Exit(code)
}
